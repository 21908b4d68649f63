"""What X's API has cost, and the limits that it told.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "x_charges",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("usd", sa.Numeric(12, 6), nullable=False),
        sa.Column("charged_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint("usd >= 0", name=op.f("ck_x_charges_counters_not_negative")),
        sa.PrimaryKeyConstraint("account", "day", "what", "resource", name=op.f("pk_x_charges")),
    )
    op.create_table(
        "x_rate_limits",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("resets_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("granted >= 0 AND remaining >= 0", name=op.f("ck_x_rate_limits_counters_not_negative")),
        sa.PrimaryKeyConstraint("account", "endpoint", name=op.f("pk_x_rate_limits")),
    )
