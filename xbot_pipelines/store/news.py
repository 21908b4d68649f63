"""News worth writing about: kept once each, offered while it is fresh, and used by at most one decision.

What two offers have to share to be the same news is decided in `same_news`; what feeds are remembered by, in `feeds`.
Titles and summaries are data that somebody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from xbot_pipelines.models import NewsItem
from xbot_pipelines.store.bad_rows import RefusedRow, write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.same_news import Title, canonical_link, same_guid, same_page_links
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

    Items with one link are the same, however it is written, unless their source calls them by two names. Links are kept
    in their canonical form. A moment of publishing that has not come yet is not believed.
    """
    item = news_items.c
    with database.transaction() as connection:
        # Two runs at once would both find a title new.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"news of {database.account}"))))
        rows = connection.execute(
            select(item.title).where(item.account == database.account, item.found_at > now - FRESH_FOR)
        )
        titles = [Title.of(row.title) for row in rows]
        new = 0
        refused: list[RefusedRow] = []
        for offered in items:
            title = Title.of(offered.title)
            # One by one: what this very page offers twice is known the second time.
            if any(map(title.is_same_as, titles)) or _is_known(connection, database.account, offered):
                continue
            stored, turned_away = write_each(
                connection,
                [replace(offered, url=canonical_link(offered.url))],
                lambda some: _insert(connection, database.account, some, now),
                name=lambda item: f"the news “{item.title[:80]}”",
            )
            new, refused = new + len(stored), [*refused, *turned_away]
            titles += [title] * len(stored)
    return Added(new=new, known=len(items) - new - len(refused), refused=refused)


def unused_news(database: AccountDatabase, *, now: datetime, limit: int) -> Sequence[NewsItem]:
    """Answers the news that nobody has written about and that is still fresh, freshest first."""
    item = news_items.c
    fresh_at = func.coalesce(item.published_at, item.found_at)
    with database.transaction() as connection:
        rows = connection.execute(
            select(item.url, item.title, item.source, item.summary, item.published_at, item.guid)
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


def mark_used(connection: Connection, account: str, url: str, guid: str = "", *, now: datetime) -> None:
    """Takes a piece of news for the decision that the same transaction writes.

    Args:
        connection: the transaction that writes the decision.
        account: whose news it is.
        url: its link, as `unused_news` answered it.
        guid: what its source calls it, as `unused_news` answered it.
        now: when.

    Raises:
        NewsTaken: it is not there, or used already. The decision must not be written.
    """
    item = news_items.c
    used = connection.execute(
        update(news_items)
        .where(item.account == account, item.url == url, item.guid == guid, item.used_at.is_(None))
        .values(used_at=now)
        .returning(item.id)
    )
    if used.first() is None:
        raise NewsTaken(f"account {account!r} has no unused news at {url}")


def _is_known(connection: Connection, account: str, offered: NewsItem) -> bool:
    """Return whether an item with this link is there that its source does not call by another name."""
    item = news_items.c
    rows = connection.execute(
        select(item.source, item.guid).where(item.account == account, item.url.in_(same_page_links(offered.url)))
    )
    return any(
        row.source != offered.source or not (row.guid and offered.guid) or same_guid(row.guid, offered.guid)
        for row in rows
    )


def _insert(connection: Connection, account: str, items: Sequence[NewsItem], now: datetime) -> Sequence[NewsItem]:
    connection.execute(
        insert(news_items),
        [
            {
                "account": account,
                "url": item.url,
                "title": item.title,
                "summary": item.summary,
                "source": item.source,
                "published_at": _past(item.published_at, now),
                "found_at": now,
                "guid": item.guid,
            }
            for item in items
        ],
    )
    return items


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment <= now else None
