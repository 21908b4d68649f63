"""News worth writing about: kept once each, offered while it is fresh, and used by at most one decision.

What two offers have to share to be the same news is decided in `same_news`; what feeds are remembered by, in `feeds`.
Titles and summaries are data that somebody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import NewsItem
from xbot_pipelines.store.bad_rows import RefusedRow, write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.same_news import Title, canonical_link
from xbot_pipelines.store.schema import news_items

FRESH_FOR = timedelta(days=3)
"""How long news is offered, from when it was published, or found where it does not say. No title comes twice in it."""


class NewsTaken(Exception):
    """A piece of news that is not there, or that another decision used meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """How many items were new, how many known by their link or their title, and those the database did not take."""

    new: int
    known: int
    refused: Sequence[RefusedRow] = ()


def add_news(database: AccountDatabase, items: Sequence[NewsItem], *, now: datetime) -> Added:
    """Keeps what is new of these items, in their order: of two that are the same, the first.

    Links are kept in their canonical form. A moment of publishing that has not come yet is not believed.
    """
    item = news_items.c
    with database.transaction() as connection:
        # Two runs at once would both find a title new.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"news of {database.account}"))))
        rows = connection.execute(
            select(item.title).where(item.account == database.account, item.found_at > now - FRESH_FOR)
        )
        titles = [Title.of(row.title) for row in rows]
        unknown = []
        for offered in items:
            title = Title.of(offered.title)
            if not any(map(title.is_same_as, titles)):
                unknown.append(replace(offered, url=canonical_link(offered.url)))
                titles.append(title)
        new, refused = write_each(
            connection,
            unknown,
            lambda some: [_insert(connection, database.account, item, now) for item in some],
            name=lambda item: f"the news “{item.title[:80]}”",
        )
    return Added(new=sum(new), known=len(items) - sum(new) - len(refused), refused=refused)


def unused_news(database: AccountDatabase, *, now: datetime, limit: int) -> Sequence[NewsItem]:
    """Answers the news that nobody has written about and that is still fresh, freshest first."""
    item = news_items.c
    fresh_at = func.coalesce(item.published_at, item.found_at)
    with database.transaction() as connection:
        rows = connection.execute(
            select(item.url, item.title, item.source, item.summary, item.published_at)
            .where(
                item.account == database.account,
                item.used_at.is_(None),
                item.found_at > now - FRESH_FOR,
                fresh_at > now - FRESH_FOR,
            )
            .order_by(fresh_at.desc(), item.id)
            .limit(limit)
        )
        return [NewsItem(**row) for row in rows.mappings()]


def mark_used(connection: Connection, account: str, url: str, *, now: datetime) -> None:
    """Takes a piece of news for the decision that the same transaction writes.

    Args:
        connection: the transaction that writes the decision.
        account: whose news it is.
        url: its link, as `unused_news` answered it.
        now: when.

    Raises:
        NewsTaken: it is not there, or used already. The decision must not be written.
    """
    item = news_items.c
    used = connection.execute(
        update(news_items)
        .where(item.account == account, item.url == url, item.used_at.is_(None))
        .values(used_at=now)
        .returning(item.id)
    )
    if used.first() is None:
        raise NewsTaken(f"account {account!r} has no unused news at {url}")


def _insert(connection: Connection, account: str, item: NewsItem, now: datetime) -> int:
    published_at = item.published_at if item.published_at is not None and item.published_at <= now else None
    written = connection.execute(
        insert(news_items)
        .values(
            account=account,
            url=item.url,
            title=item.title,
            summary=item.summary,
            source=item.source,
            published_at=published_at,
            found_at=now,
        )
        .on_conflict_do_nothing(index_elements=["account", "url"])
        .returning(news_items.c.id)
    )
    return len(written.all())
