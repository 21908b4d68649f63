"""What a feed calls an item: several items may share one link.

A migration is history: it says what the tables were on its day, and is never changed to follow `schema`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Takes the step."""
    op.add_column("news_items", sa.Column("guid", sa.Text(), server_default="", nullable=False))
    op.drop_constraint("uq_news_items_account_url", "news_items", type_="unique")
    op.create_unique_constraint("uq_news_items_account_url_guid", "news_items", ["account", "url", "guid"])
