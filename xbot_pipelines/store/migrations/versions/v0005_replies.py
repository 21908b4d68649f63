"""What is known of the people we may answer, and what a post that is worth a reply has to tell.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step. Nothing has ever written into the two tables of replies: they may demand what they like."""
    op.add_column("discovered_accounts", sa.Column("protected", sa.Boolean(), nullable=True))
    for name in ("posts_judged", "posts_on_subject"):
        op.add_column("discovered_accounts", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.drop_column("discovered_accounts", "relevance")
    op.add_column(
        "discovered_accounts",
        sa.Column(
            "relevance",
            sa.Double(),
            sa.Computed("(posts_on_subject + 1)::double precision / (posts_judged + 2)", persisted=True),
            nullable=False,
        ),
    )
    op.add_column("discovered_accounts", sa.Column("looked_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("discovered_accounts", sa.Column("opted_out_words", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_discovered_accounts_counters_not_negative"), "discovered_accounts")
    op.create_check_constraint(
        op.f("ck_discovered_accounts_counters_not_negative"),
        "discovered_accounts",
        "followers >= 0 AND posts_judged >= 0 AND posts_on_subject >= 0",
    )
    op.create_check_constraint(
        op.f("ck_discovered_accounts_handle_in_small_letters"), "discovered_accounts", "handle = lower(handle)"
    )
    op.create_index("ix_discovered_accounts_user_id", "discovered_accounts", ["account", "user_id"])

    op.add_column("reply_opportunities", sa.Column("author_id", sa.Text(), nullable=False))
    for name in ("author_name", "author_bio", "subject"):
        op.add_column("reply_opportunities", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("reply_opportunities", sa.Column("addressed_us", sa.Boolean(), nullable=False))
    op.create_index("ix_reply_opportunities_decision", "reply_opportunities", ["decision_id"])

    op.create_index(
        "ix_content_metadata_target",
        "content_metadata",
        ["account", sa.text("lower(target_author)"), "created_at"],
        postgresql_where=sa.text("target_author IS NOT NULL"),
    )
