"""Indexes by which a day is found: how decisions moved in it, what was judged, which alerts were open.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    op.create_index("ix_decision_events_happened", "decision_events", ["account", "happened_at"])
    op.create_index("ix_reply_opportunities_found", "reply_opportunities", ["account", "found_at"])
    op.create_index("ix_alerts_closed", "alerts", ["account", "closed_at"])
