"""Readings that X's hourly analytics told later, and which source each checkpoint was filled from.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SOURCES = """source IN ('metrics_scraper', 'velocity_tracker', 'data_collection', 'analytics', 'enhanced_metrics', 'backfill', 'on_demand', 'hourly_analytics')"""


def upgrade() -> None:
    """Takes the step."""
    for table in ("tweet_metrics", "outcomes"):
        op.drop_constraint(op.f(f"ck_{table}_source_known"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_source_known"), table, _SOURCES)
    op.add_column("post_velocity_tracking", sa.Column("source", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_post_velocity_tracking_source_known"), "post_velocity_tracking", _SOURCES)
