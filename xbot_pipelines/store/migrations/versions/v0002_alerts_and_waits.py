"""Alerts: what the account's owner must know, once for each cause. And a wait that holds up publishing alone.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step. An account that was paused before there were alerts has its alert from now on."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "uq_alerts_open_cause",
        "alerts",
        ["account", "cause"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.add_column("account_state", sa.Column("posting_wait_until", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("account_state", sa.Column("posting_wait_reason", sa.Text(), nullable=True))
    op.execute(
        """
        INSERT INTO alerts (account, cause, sentence, opened_at)
        SELECT account, 'paused', 'the account is paused: ' || paused_reason, paused_at
        FROM account_state
        WHERE paused_at IS NOT NULL
        """
    )
