"""When an alert was told to its person: that it began, and that it is over.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step. What is over by now is told to nobody any more; what is open still concerns a person."""
    op.add_column("alerts", sa.Column("told_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("alerts", sa.Column("told_over_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.execute("UPDATE alerts SET told_at = closed_at, told_over_at = closed_at WHERE closed_at IS NOT NULL")
