"""Which X an account belongs to.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. The tables do not say which X an account of before belongs to: it is recorded at its next use."""
    op.add_column("account_state", sa.Column("x", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_account_state_x_is_known"), "account_state", "x IN ('practice', 'x.com')")
