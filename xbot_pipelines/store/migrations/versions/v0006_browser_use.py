"""How long each run had the browser, and what for.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    moments = {"asked_at": True, "began_at": False, "leased_at": False}
    moments |= dict.fromkeys(("opened_at", "done_at", "closed_at"), True)
    op.create_table(
        "browser_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        *(sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=nullable) for name, nullable in moments.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_use")),
    )
    op.create_index("ix_browser_use_leased", "browser_use", ["account", "leased_at"])
