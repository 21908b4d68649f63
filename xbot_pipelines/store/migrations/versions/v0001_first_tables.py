"""The first tables.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "account_state",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.Column("paused_by", sa.Text(), nullable=True),
        sa.Column("wait_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("wait_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (paused_reason IS NULL)",
            name=op.f("ck_account_state_a_pause_has_a_reason"),
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_state")),
    )
    op.create_table(
        "content_metadata",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("decision_type", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("angle", sa.Text(), nullable=True),
        sa.Column("tone", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("hook", sa.Text(), nullable=True),
        sa.Column("quality_score", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("scheduled_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("not_before", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("target_tweet_id", sa.Text(), nullable=True),
        sa.Column("target_author", sa.Text(), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=True),
        sa.Column("target_author_followers", sa.BigInteger(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_version", sa.Text(), nullable=True),
        sa.Column("prompt_tokens", sa.Integer(), nullable=True),
        sa.Column("completion_tokens", sa.Integer(), nullable=True),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decision_type = 'reply') = (target_tweet_id IS NOT NULL)",
            name=op.f("ck_content_metadata_a_reply_has_a_target"),
        ),
        sa.CheckConstraint(
            "decision_type IN ('single', 'reply')", name=op.f("ck_content_metadata_decision_type_known")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'needs_review', 'queued', 'posting', 'posted', 'rejected', 'unconfirmed', 'failed', 'expired', 'refused')",
            name=op.f("ck_content_metadata_status_known"),
        ),
        sa.CheckConstraint(
            "target_tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_content_metadata_target_tweet_id_is_an_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_content_metadata")),
        sa.UniqueConstraint("account", "decision_id", name=op.f("uq_content_metadata_account_decision_id")),
    )
    op.create_index(
        "ix_content_metadata_due",
        "content_metadata",
        ["account", "decision_type", "scheduled_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_content_metadata_recent",
        "content_metadata",
        ["account", "decision_type", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_content_metadata_slots",
        "content_metadata",
        ["account", "decision_type", "scheduled_at"],
        unique=False,
    )
    op.create_table(
        "discovered_accounts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("relevance", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("discovered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_replied_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("opted_out_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("followers >= 0", name=op.f("ck_discovered_accounts_counters_not_negative")),
        sa.PrimaryKeyConstraint("account", "handle", name=op.f("pk_discovered_accounts")),
    )
    op.create_table(
        "follower_snapshots",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint("followers >= 0", name=op.f("ck_follower_snapshots_counters_not_negative")),
        sa.PrimaryKeyConstraint("account", "observed_at", name=op.f("pk_follower_snapshots")),
    )
    op.create_table(
        "learned_arms",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=False),
        sa.Column("pulls", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("variance >= 0 AND pulls >= 0", name=op.f("ck_learned_arms_belief_is_possible")),
        sa.PrimaryKeyConstraint("account", "dimension", "value", name=op.f("pk_learned_arms")),
    )
    op.create_table(
        "llm_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("latency_seconds", sa.Double(), nullable=False),
        sa.Column("called_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "prompt_tokens >= 0 AND completion_tokens >= 0", name=op.f("ck_llm_calls_counters_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_calls")),
    )
    op.create_index("ix_llm_calls_called", "llm_calls", ["account", "called_at"], unique=False)
    op.create_table(
        "news_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("found_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_items")),
        sa.UniqueConstraint("account", "url", name=op.f("uq_news_items_account_url")),
    )
    op.create_table(
        "decision_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "to_status IN ('draft', 'needs_review', 'queued', 'posting', 'posted', 'rejected', 'unconfirmed', 'failed', 'expired', 'refused')",
            name=op.f("ck_decision_events_to_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["content_metadata.account", "content_metadata.decision_id"],
            name=op.f("fk_decision_events_content_metadata"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_events")),
    )
    op.create_index("ix_decision_events_decision", "decision_events", ["decision_id", "id"], unique=False)
    op.create_table(
        "posting_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("decision_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("tweet_id", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("refusal_code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (tweet_id IS NOT NULL AND evidence IS NOT NULL)",
            name=op.f("ck_posting_attempts_confirmed_by_evidence"),
        ),
        sa.CheckConstraint(
            "decision_type IN ('single', 'reply')", name=op.f("ck_posting_attempts_decision_type_known")
        ),
        sa.CheckConstraint(
            "evidence IN ('answer', 'toast', 'timeline')", name=op.f("ck_posting_attempts_evidence_known")
        ),
        sa.CheckConstraint(
            "state IN ('intended', 'submitted', 'confirmed', 'absent', 'unknown')",
            name=op.f("ck_posting_attempts_state_known"),
        ),
        sa.CheckConstraint("tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_posting_attempts_tweet_id_is_an_id")),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["content_metadata.account", "content_metadata.decision_id"],
            name=op.f("fk_posting_attempts_content_metadata"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_attempts")),
        sa.UniqueConstraint("account", "decision_id", "id", name=op.f("uq_posting_attempts_account_decision_id_id")),
    )
    op.create_index(
        "ix_posting_attempts_quota",
        "posting_attempts",
        ["account", "decision_type", "began_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'absent'"),
    )
    op.create_index(
        "uq_posting_attempts_confirmed_decision",
        "posting_attempts",
        ["decision_id"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
    )
    op.create_index(
        "uq_posting_attempts_open_decision",
        "posting_attempts",
        ["decision_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('intended', 'submitted', 'unknown')"),
    )
    op.create_table(
        "reply_opportunities",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tweet_id", sa.Text(), nullable=False),
        sa.Column("author_handle", sa.Text(), nullable=False),
        sa.Column("author_followers", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.BigInteger(), nullable=True),
        sa.Column("quotes", sa.BigInteger(), nullable=True),
        sa.Column("bookmarks", sa.BigInteger(), nullable=True),
        sa.Column("posted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("found_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_parts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("turned_away_reason", sa.Text(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'drafted', 'answered', 'turned_away', 'expired')",
            name=op.f("ck_reply_opportunities_status_known"),
        ),
        sa.CheckConstraint("tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_reply_opportunities_tweet_id_is_an_id")),
        sa.CheckConstraint(
            "author_followers >= 0 AND views >= 0 AND likes >= 0 AND reposts >= 0 AND replies >= 0 AND quotes >= 0 AND bookmarks >= 0",
            name=op.f("ck_reply_opportunities_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["content_metadata.account", "content_metadata.decision_id"],
            name=op.f("fk_reply_opportunities_content_metadata"),
        ),
        sa.PrimaryKeyConstraint("account", "tweet_id", name=op.f("pk_reply_opportunities")),
    )
    op.create_index(
        "ix_reply_opportunities_open",
        "reply_opportunities",
        ["account", "expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "posted_decisions",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tweet_id", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "evidence IN ('answer', 'toast', 'timeline')", name=op.f("ck_posted_decisions_evidence_known")
        ),
        sa.CheckConstraint("tweet_id ~ '^[0-9]{1,20}$'", name=op.f("ck_posted_decisions_tweet_id_is_an_id")),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["content_metadata.account", "content_metadata.decision_id"],
            name=op.f("fk_posted_decisions_content_metadata"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id", "attempt_id"],
            ["posting_attempts.account", "posting_attempts.decision_id", "posting_attempts.id"],
            name=op.f("fk_posted_decisions_posting_attempts"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_posted_decisions")),
        sa.UniqueConstraint("account", "decision_id", name=op.f("uq_posted_decisions_account_decision_id")),
        sa.UniqueConstraint("account", "tweet_id", name=op.f("uq_posted_decisions_account_tweet_id")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_posted_decisions_attempt_id")),
        sa.UniqueConstraint("tweet_id", name=op.f("uq_posted_decisions_tweet_id")),
    )
    op.create_index("ix_posted_decisions_posted", "posted_decisions", ["account", "posted_at"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.BigInteger(), nullable=True),
        sa.Column("quotes", sa.BigInteger(), nullable=True),
        sa.Column("bookmarks", sa.BigInteger(), nullable=True),
        sa.Column("profile_visits", sa.BigInteger(), nullable=True),
        sa.Column("detail_expands", sa.BigInteger(), nullable=True),
        sa.Column("link_clicks", sa.BigInteger(), nullable=True),
        sa.Column("engagement_rate", sa.Double(), nullable=True),
        sa.Column("followers_gained_low", sa.Double(), nullable=True),
        sa.Column("followers_gained", sa.Double(), nullable=True),
        sa.Column("followers_gained_high", sa.Double(), nullable=True),
        sa.Column("collected_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source IN ('metrics_scraper', 'velocity_tracker', 'data_collection', 'backfill')",
            name=op.f("ck_outcomes_source_known"),
        ),
        sa.CheckConstraint(
            "(collected_at IS NULL) = (source IS NULL)",
            name=op.f("ck_outcomes_a_collected_outcome_has_a_source"),
        ),
        sa.CheckConstraint(
            "views >= 0 AND likes >= 0 AND reposts >= 0 AND replies >= 0 AND quotes >= 0 AND bookmarks >= 0 AND profile_visits >= 0 AND detail_expands >= 0 AND link_clicks >= 0",
            name=op.f("ck_outcomes_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["posted_decisions.account", "posted_decisions.decision_id"],
            name=op.f("fk_outcomes_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_outcomes")),
    )
    op.create_index("ix_outcomes_collected", "outcomes", ["account", "collected_at"], unique=False)
    op.create_table(
        "post_follower_tracking",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint_hours", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=False),
        sa.Column("attributed_low", sa.Double(), nullable=True),
        sa.Column("attributed", sa.Double(), nullable=True),
        sa.Column("attributed_high", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "checkpoint_hours >= 0", name=op.f("ck_post_follower_tracking_checkpoint_hours_not_negative")
        ),
        sa.CheckConstraint("followers >= 0", name=op.f("ck_post_follower_tracking_counters_not_negative")),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["posted_decisions.account", "posted_decisions.decision_id"],
            name=op.f("fk_post_follower_tracking_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "checkpoint_hours", name=op.f("pk_post_follower_tracking")),
    )
    op.create_table(
        "post_velocity_tracking",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint_hours", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("missed_reason", sa.Text(), nullable=True),
        sa.Column("observed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("age_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.BigInteger(), nullable=True),
        sa.Column("quotes", sa.BigInteger(), nullable=True),
        sa.Column("bookmarks", sa.BigInteger(), nullable=True),
        sa.Column("views_per_hour", sa.Double(), nullable=True),
        sa.Column("likes_per_hour", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(status = 'missed') = (observed_at IS NULL)",
            name=op.f("ck_post_velocity_tracking_missed_has_no_reading"),
        ),
        sa.CheckConstraint(
            "status IN ('on_time', 'late', 'missed')", name=op.f("ck_post_velocity_tracking_status_known")
        ),
        sa.CheckConstraint("checkpoint_hours > 0", name=op.f("ck_post_velocity_tracking_checkpoint_hours_positive")),
        sa.CheckConstraint(
            "views >= 0 AND likes >= 0 AND reposts >= 0 AND replies >= 0 AND quotes >= 0 AND bookmarks >= 0",
            name=op.f("ck_post_velocity_tracking_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "decision_id"],
            ["posted_decisions.account", "posted_decisions.decision_id"],
            name=op.f("fk_post_velocity_tracking_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "checkpoint_hours", name=op.f("pk_post_velocity_tracking")),
    )
    op.create_table(
        "tweet_metrics",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tweet_id", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("replies", sa.BigInteger(), nullable=True),
        sa.Column("quotes", sa.BigInteger(), nullable=True),
        sa.Column("bookmarks", sa.BigInteger(), nullable=True),
        sa.Column("profile_visits", sa.BigInteger(), nullable=True),
        sa.Column("detail_expands", sa.BigInteger(), nullable=True),
        sa.Column("link_clicks", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source IN ('metrics_scraper', 'velocity_tracker', 'data_collection', 'backfill')",
            name=op.f("ck_tweet_metrics_source_known"),
        ),
        sa.CheckConstraint(
            "views >= 0 AND likes >= 0 AND reposts >= 0 AND replies >= 0 AND quotes >= 0 AND bookmarks >= 0 AND profile_visits >= 0 AND detail_expands >= 0 AND link_clicks >= 0",
            name=op.f("ck_tweet_metrics_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "tweet_id"],
            ["posted_decisions.account", "posted_decisions.tweet_id"],
            name=op.f("fk_tweet_metrics_posted_decisions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tweet_metrics")),
        sa.UniqueConstraint("tweet_id", "observed_at", name=op.f("uq_tweet_metrics_tweet_id_observed_at")),
    )
    op.create_index("ix_tweet_metrics_observed", "tweet_metrics", ["account", "observed_at"], unique=False)
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_a_reading() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'tweet_metrics is append-only: a reading is a fact, take another one instead';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER tweet_metrics_is_append_only BEFORE UPDATE ON tweet_metrics
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_a_reading()
        """
    )
