"""The tables, as SQLAlchemy sees them: a file for each part of the story. What changes them lies in `migrations/`.

Every row has `account`, and every foreign key to a decision carries it along, so that two accounts in one
database cannot touch. All times are `timestamptz`. Counters are NULL where they are unknown, and never negative.
"""

from xbot_pipelines.store.schema.account import (
    account_state,
    alerts,
    browser_use,
    learned_arms,
    llm_calls,
    x_charges,
    x_rate_limits,
)
from xbot_pipelines.store.schema.columns import COUNTERS, PRIVATE_COUNTERS, metadata
from xbot_pipelines.store.schema.publishing import (
    content_metadata,
    decision_events,
    posted_decisions,
    posting_attempts,
)
from xbot_pipelines.store.schema.readings import (
    follower_snapshots,
    outcomes,
    owed_checkpoints,
    post_follower_tracking,
    post_velocity_tracking,
    tweet_metrics,
)
from xbot_pipelines.store.schema.world import (
    discovered_accounts,
    feed_states,
    news_items,
    received_replies,
    reply_opportunities,
    robots_files,
)

__all__ = [
    "COUNTERS",
    "PRIVATE_COUNTERS",
    "account_state",
    "alerts",
    "browser_use",
    "content_metadata",
    "decision_events",
    "discovered_accounts",
    "feed_states",
    "follower_snapshots",
    "learned_arms",
    "llm_calls",
    "metadata",
    "news_items",
    "outcomes",
    "owed_checkpoints",
    "post_follower_tracking",
    "post_velocity_tracking",
    "posted_decisions",
    "posting_attempts",
    "received_replies",
    "reply_opportunities",
    "robots_files",
    "tweet_metrics",
    "x_charges",
    "x_rate_limits",
]
