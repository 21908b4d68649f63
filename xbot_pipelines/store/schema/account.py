"""What the account itself knows: whether it may act, what its owner must know, what it has learned, what it uses up."""

import sqlalchemy as sa

from xbot_pipelines.store.schema.columns import account, metadata, moment, not_negative

account_state = sa.Table(
    "account_state",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    moment("paused_at"),
    sa.Column("paused_reason", sa.Text),
    sa.Column("paused_by", sa.Text),
    moment("wait_until"),
    sa.Column("wait_reason", sa.Text),
    moment("posting_wait_until"),
    sa.Column("posting_wait_reason", sa.Text),
    moment("posting_stopped_at"),
    sa.Column("posting_stopped_reason", sa.Text),
    sa.Column("x", sa.Text),
    sa.CheckConstraint("x IN ('practice', 'x.com')", name="x_is_known"),
    sa.CheckConstraint("(paused_at IS NULL) = (paused_reason IS NULL)", name="a_pause_has_a_reason"),
    sa.CheckConstraint("(posting_stopped_at IS NULL) = (posting_stopped_reason IS NULL)", name="a_stop_has_a_reason"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    account(),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    moment("opened_at", required=True),
    moment("closed_at"),
    moment("told_at"),
    moment("told_over_at"),
    sa.Index("ix_alerts_closed", "account", "closed_at"),
    sa.Index("uq_alerts_open_cause", "account", "cause", unique=True, postgresql_where=sa.text("closed_at IS NULL")),
)

learned_arms = sa.Table(
    "learned_arms",
    metadata,
    account(),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("mean", sa.Double, nullable=False),
    sa.Column("variance", sa.Double, nullable=False),
    sa.Column("pulls", sa.Double, nullable=False),
    moment("evidence_at", required=True),
    moment("updated_at", required=True),
    sa.PrimaryKeyConstraint("account", "dimension", "value"),
    sa.CheckConstraint("variance >= 0 AND pulls >= 0", name="belief_is_possible"),
)

llm_calls = sa.Table(
    "llm_calls",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    account(),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt_tokens", sa.Integer, nullable=False),
    sa.Column("completion_tokens", sa.Integer, nullable=False),
    sa.Column("cost_usd", sa.Numeric(12, 6)),
    sa.Column("latency_seconds", sa.Double, nullable=False),
    moment("called_at", required=True),
    sa.Column("run_id", sa.Text),
    not_negative("prompt_tokens", "completion_tokens"),
    sa.Index("ix_llm_calls_called", "account", "called_at"),
)

browser_use = sa.Table(
    "browser_use",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    account(),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text),
    moment("asked_at"),
    moment("began_at", required=True),
    moment("leased_at", required=True),
    moment("opened_at"),
    moment("done_at"),
    moment("closed_at"),
    sa.Index("ix_browser_use_leased", "account", "leased_at"),
)

x_charges = sa.Table(
    "x_charges",
    metadata,
    account(),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("usd", sa.Numeric(12, 6), nullable=False),
    moment("charged_at", required=True),
    sa.Column("run_id", sa.Text),
    sa.PrimaryKeyConstraint("account", "day", "what", "resource"),
    not_negative("usd"),
)

x_rate_limits = sa.Table(
    "x_rate_limits",
    metadata,
    account(),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("granted", sa.Integer, nullable=False),
    sa.Column("remaining", sa.Integer, nullable=False),
    moment("resets_at", required=True),
    moment("seen_at", required=True),
    sa.PrimaryKeyConstraint("account", "endpoint"),
    not_negative("granted", "remaining"),
)
