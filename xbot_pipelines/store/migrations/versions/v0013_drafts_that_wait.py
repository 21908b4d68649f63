"""An index of the drafts that wait for a person: health counts them every ten seconds.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_index(
        "ix_content_metadata_unapproved",
        "content_metadata",
        ["account", "decision_type", "scheduled_at"],
        postgresql_where=sa.text("status = 'needs_review'"),
    )
