"""Why a post is about what it is about, and up to where the evidence of a belief goes.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step. Nothing has ever written into the table of arms: it may demand what it likes."""
    op.add_column(
        "content_metadata", sa.Column("chosen_because", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("learned_arms", sa.Column("evidence_at", sa.TIMESTAMP(timezone=True), nullable=False))
