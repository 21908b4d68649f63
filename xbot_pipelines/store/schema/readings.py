"""What posts did: readings, what they add up to, checkpoints, and the follower curve."""

import sqlalchemy as sa

from xbot_pipelines.models import CheckpointStatus, ReadingSource
from xbot_pipelines.store.schema.columns import (
    COUNTERS,
    PRIVATE_COUNTERS,
    account,
    counts,
    metadata,
    moment,
    not_negative,
    of_decision,
    one_of,
)

tweet_metrics = sa.Table(
    "tweet_metrics",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    account(),
    sa.Column("tweet_id", sa.Text, nullable=False),
    moment("observed_at", required=True),
    *counts(*COUNTERS, *PRIVATE_COUNTERS),
    sa.Column("gone_reason", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text),
    sa.ForeignKeyConstraint(["account", "tweet_id"], ["posted_decisions.account", "posted_decisions.tweet_id"]),
    sa.UniqueConstraint("tweet_id", "observed_at"),
    one_of("source", ReadingSource),
    not_negative(*COUNTERS, *PRIVATE_COUNTERS),
    sa.CheckConstraint(
        f"gone_reason IS NULL OR num_nonnulls({', '.join((*COUNTERS, *PRIVATE_COUNTERS))}) = 0",
        name="gone_has_no_counters",
    ),
    sa.Index("ix_tweet_metrics_observed", "account", "observed_at"),
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("decision_id", sa.Uuid, primary_key=True),
    account(),
    *counts(*COUNTERS, *PRIVATE_COUNTERS),
    sa.Column("engagement_rate", sa.Double),
    sa.Column("followers_gained_low", sa.Double),
    sa.Column("followers_gained", sa.Double),
    sa.Column("followers_gained_high", sa.Double),
    moment("collected_at"),
    moment("gone_at"),
    sa.Column("source", sa.Text),
    of_decision("posted_decisions"),
    one_of("source", ReadingSource),
    not_negative(*COUNTERS, *PRIVATE_COUNTERS),
    sa.CheckConstraint("(collected_at IS NULL) = (source IS NULL)", name="a_collected_outcome_has_a_source"),
    sa.Index("ix_outcomes_collected", "account", "collected_at"),
    sa.Index(
        "ix_outcomes_uncollected", "account", postgresql_where=sa.text("collected_at IS NULL AND gone_at IS NULL")
    ),
)

# A queue: the transaction that records a post owes its checkpoints, and the one that records a checkpoint takes it out.
# What is due is found in one short index, however many posts there are.
owed_checkpoints = sa.Table(
    "owed_checkpoints",
    metadata,
    sa.Column("decision_id", sa.Uuid, primary_key=True),
    sa.Column("checkpoint_hours", sa.Integer, primary_key=True),
    account(),
    moment("due_at", required=True),
    of_decision("posted_decisions"),
    sa.CheckConstraint("checkpoint_hours > 0", name="checkpoint_hours_positive"),
    sa.Index("ix_owed_checkpoints_due", "account", "due_at"),
)

post_velocity_tracking = sa.Table(
    "post_velocity_tracking",
    metadata,
    sa.Column("decision_id", sa.Uuid, primary_key=True),
    sa.Column("checkpoint_hours", sa.Integer, primary_key=True),
    account(),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("missed_reason", sa.Text),
    moment("observed_at"),
    sa.Column("age_seconds", sa.Double),
    sa.Column("late_seconds", sa.Double),
    sa.Column("source", sa.Text),
    *counts(*COUNTERS),
    sa.Column("views_per_hour", sa.Double),
    sa.Column("likes_per_hour", sa.Double),
    of_decision("posted_decisions"),
    one_of("status", CheckpointStatus),
    one_of("source", ReadingSource),
    sa.CheckConstraint("checkpoint_hours > 0", name="checkpoint_hours_positive"),
    sa.CheckConstraint("(status = 'missed') = (observed_at IS NULL)", name="missed_has_no_reading"),
    not_negative(*COUNTERS),
)

post_follower_tracking = sa.Table(
    "post_follower_tracking",
    metadata,
    sa.Column("decision_id", sa.Uuid, primary_key=True),
    sa.Column("checkpoint_hours", sa.Integer, primary_key=True),
    account(),
    moment("observed_at", required=True),
    sa.Column("followers", sa.BigInteger, nullable=False),
    sa.Column("attributed_low", sa.Double),
    sa.Column("attributed", sa.Double),
    sa.Column("attributed_high", sa.Double),
    of_decision("posted_decisions"),
    sa.CheckConstraint("checkpoint_hours >= 0", name="checkpoint_hours_not_negative"),
    not_negative("followers"),
)

follower_snapshots = sa.Table(
    "follower_snapshots",
    metadata,
    account(),
    moment("observed_at", required=True),
    sa.Column("followers", sa.BigInteger, nullable=False),
    sa.Column("run_id", sa.Text),
    sa.PrimaryKeyConstraint("account", "observed_at"),
    not_negative("followers"),
)
