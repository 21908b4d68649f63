"""Publishing alone is stopped until a person has looked: since when, and why.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. Nothing was stopped before it."""
    op.add_column("account_state", sa.Column("posting_stopped_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("account_state", sa.Column("posting_stopped_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_account_state_a_stop_has_a_reason"),
        "account_state",
        "(posting_stopped_at IS NULL) = (posting_stopped_reason IS NULL)",
    )
