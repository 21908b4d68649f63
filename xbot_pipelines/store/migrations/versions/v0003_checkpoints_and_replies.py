"""Checkpoints that are owed, looks that found a post gone, and the replies that our posts received.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SOURCES = (
    "'metrics_scraper', 'velocity_tracker', 'data_collection', 'analytics', 'enhanced_metrics', 'backfill', 'on_demand'"
)
_CHECKPOINTS = (2, 12, 24)


def upgrade() -> None:
    """Takes the step. Posts that were published before owe the checkpoints that nobody has taken."""
    for table in ("tweet_metrics", "outcomes"):
        op.drop_constraint(f"ck_{table}_source_known", table)
        op.create_check_constraint(op.f(f"ck_{table}_source_known"), table, f"source IN ({_SOURCES})")
    op.add_column("tweet_metrics", sa.Column("gone_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_tweet_metrics_gone_has_no_counters"),
        "tweet_metrics",
        "gone_reason IS NULL OR num_nonnulls(views, likes, reposts, replies, quotes, bookmarks,"
        " profile_visits, detail_expands, link_clicks) = 0",
    )
    op.add_column("outcomes", sa.Column("gone_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_index(
        "ix_outcomes_uncollected",
        "outcomes",
        ["account"],
        postgresql_where=sa.text("collected_at IS NULL AND gone_at IS NULL"),
    )
    op.create_table(
        "owed_checkpoints",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint_hours", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("checkpoint_hours > 0", name=op.f("ck_owed_checkpoints_checkpoint_hours_positive")),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["posted_decisions.account", "posted_decisions.decision_id"],
            name=op.f("fk_owed_checkpoints_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "checkpoint_hours", name=op.f("pk_owed_checkpoints")),
    )
    op.create_index("ix_owed_checkpoints_due", "owed_checkpoints", ["account", "due_at"])
    for hours in _CHECKPOINTS:
        op.execute(
            f"""
            INSERT INTO owed_checkpoints (account, decision_id, checkpoint_hours, due_at)
            SELECT account, decision_id, {hours}, posted_at + interval '{hours} hours' FROM posted_decisions
            WHERE NOT EXISTS (
                SELECT FROM post_velocity_tracking AS taken
                WHERE taken.decision_id = posted_decisions.decision_id AND taken.checkpoint_hours = {hours}
            )
            """  # noqa: S608 - numbers of our own
        )
    op.create_table(
        "received_replies",
        sa.Column("tweet_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_followers", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("posted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answers_tweet_id", sa.Text(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.BigInteger(), nullable=True),
        sa.Column("quotes", sa.BigInteger(), nullable=True),
        sa.Column("bookmarks", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_received_replies_tweet_id_is_an_id")),
        sa.CheckConstraint(
            "answers_tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_received_replies_answers_tweet_id_is_an_id")
        ),
        sa.CheckConstraint(
            "views >= 0 AND likes >= 0 AND reposts >= 0 AND replies >= 0 AND quotes >= 0 AND bookmarks >= 0",
            name=op.f("ck_received_replies_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["posted_decisions.account", "posted_decisions.decision_id"],
            name=op.f("fk_received_replies_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("account", "tweet_id", name=op.f("pk_received_replies")),
    )
    op.create_index("ix_received_replies_decision", "received_replies", ["decision_id"])
    op.create_index("ix_received_replies_seen", "received_replies", ["account", "last_seen_at"])
