"""What is remembered of feeds and their sites, and the news that a post was written about.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    op.create_table(
        "feed_states",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(failed_at IS NULL) = (failure IS NULL)", name=op.f("ck_feed_states_a_failure_has_a_sentence")
        ),
        sa.PrimaryKeyConstraint("account", "url", name=op.f("pk_feed_states")),
    )
    op.create_table(
        "robots_files",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "origin", name=op.f("pk_robots_files")),
    )
    op.add_column("content_metadata", sa.Column("news_url", sa.Text(), nullable=True))
    op.create_index("ix_news_items_found", "news_items", ["account", "found_at"])
