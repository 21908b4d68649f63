"""What comes from outside: people and posts we may answer, the replies we received, news worth writing about."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from xbot_pipelines.models import OpportunityStatus
from xbot_pipelines.store.schema.columns import (
    COUNTERS,
    account,
    counts,
    is_post_id,
    metadata,
    moment,
    not_negative,
    of_decision,
    one_of,
)

discovered_accounts = sa.Table(
    "discovered_accounts",
    metadata,
    account(),
    sa.Column("handle", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("bio", sa.Text),
    sa.Column("followers", sa.BigInteger),
    sa.Column("protected", sa.Boolean),
    sa.Column("posts_judged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("posts_on_subject", sa.Integer, nullable=False, server_default="0"),
    # How much of what they write is about our subjects: the mean of a Beta(1, 1) belief, because one post proves little
    # (Laplace's rule of succession).
    sa.Column(
        "relevance",
        sa.Double,
        sa.Computed("(posts_on_subject + 1)::double precision / (posts_judged + 2)", persisted=True),
        nullable=False,
    ),
    sa.Column("source", sa.Text),
    moment("discovered_at", required=True),
    moment("refreshed_at"),
    moment("looked_at"),
    moment("last_replied_at"),
    moment("opted_out_at"),
    sa.Column("opted_out_words", sa.Text),
    sa.PrimaryKeyConstraint("account", "handle"),
    sa.CheckConstraint("handle = lower(handle)", name="handle_in_small_letters"),
    not_negative("followers", "posts_judged", "posts_on_subject"),
    sa.Index("ix_discovered_accounts_user_id", "account", "user_id"),
)

reply_opportunities = sa.Table(
    "reply_opportunities",
    metadata,
    account(),
    sa.Column("tweet_id", sa.Text, nullable=False),
    sa.Column("author_handle", sa.Text, nullable=False),
    sa.Column("author_id", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text),
    sa.Column("author_bio", sa.Text),
    sa.Column("author_followers", sa.BigInteger),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("addressed_us", sa.Boolean, nullable=False),
    *counts(*COUNTERS),
    moment("posted_at", required=True),
    moment("found_at", required=True),
    moment("expires_at", required=True),
    sa.Column("score", sa.Double),
    sa.Column("score_parts", postgresql.JSONB),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("turned_away_reason", sa.Text),
    sa.Column("decision_id", sa.Uuid),
    sa.PrimaryKeyConstraint("account", "tweet_id"),
    of_decision(),
    one_of("status", OpportunityStatus),
    is_post_id("tweet_id"),
    not_negative("author_followers", *COUNTERS),
    sa.Index("ix_reply_opportunities_decision", "decision_id"),
    sa.Index("ix_reply_opportunities_found", "account", "found_at"),
    sa.Index(
        "ix_reply_opportunities_open",
        "account",
        "expires_at",
        postgresql_where=sa.text("status = 'open'"),
    ),
)

news_items = sa.Table(
    "news_items",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    account(),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    moment("published_at"),
    moment("found_at", required=True),
    moment("used_at"),
    sa.Column("guid", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("account", "url", "guid"),
    sa.Index("ix_news_items_found", "account", "found_at"),
)

feed_states = sa.Table(
    "feed_states",
    metadata,
    account(),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    moment("fetched_at"),
    moment("failed_at"),
    sa.Column("failure", sa.Text),
    sa.PrimaryKeyConstraint("account", "url"),
    sa.CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="a_failure_has_a_sentence"),
)

robots_files = sa.Table(
    "robots_files",
    metadata,
    account(),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    moment("read_at", required=True),
    sa.PrimaryKeyConstraint("account", "origin"),
)

received_replies = sa.Table(
    "received_replies",
    metadata,
    account(),
    sa.Column("tweet_id", sa.Text, nullable=False),
    sa.Column("decision_id", sa.Uuid, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_followers", sa.BigInteger),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("lang", sa.Text),
    moment("posted_at", required=True),
    sa.Column("answers_tweet_id", sa.Text),
    *counts(*COUNTERS),
    moment("first_seen_at", required=True),
    moment("last_seen_at", required=True),
    sa.PrimaryKeyConstraint("account", "tweet_id"),
    of_decision("posted_decisions"),
    is_post_id("tweet_id"),
    is_post_id("answers_tweet_id"),
    not_negative(*COUNTERS),
    sa.Index("ix_received_replies_decision", "decision_id"),
    sa.Index("ix_received_replies_seen", "account", "last_seen_at"),
)
