"""What is remembered of feeds and their sites: how far each was read, why it failed, what its robots.txt says.

What they said is kept in `news`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import FeedState, RobotsFile
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import feed_states, robots_files


def known_feeds(database: AccountDatabase) -> Mapping[str, FeedState]:
    """Answers what is remembered of each feed, by its address."""
    feed = feed_states.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(feed.url, feed.etag, feed.last_modified, feed.fetched_at).where(feed.account == database.account)
        )
        return {row["url"]: FeedState(**row) for row in rows.mappings()}


def record_fetched(database: AccountDatabase, feed: FeedState) -> None:
    """Remembers that a feed was read, up to where, and that nothing is wrong with it any more."""
    known = {"etag": feed.etag, "last_modified": feed.last_modified, "fetched_at": feed.fetched_at}
    _record(database, feed.url, {**known, "failed_at": None, "failure": None})


def record_failed(database: AccountDatabase, url: str, *, failure: str, now: datetime) -> None:
    """Remembers why a feed could not be read. How far it was read before stays as it was."""
    _record(database, url, {"failed_at": now, "failure": failure})


def robots_read_since(database: AccountDatabase, since: datetime) -> Sequence[RobotsFile]:
    """Answers every robots.txt that was read after this moment."""
    robots = robots_files.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(robots.origin, robots.text, robots.read_at).where(
                robots.account == database.account, robots.read_at > since
            )
        )
        return [RobotsFile(**row) for row in rows.mappings()]


def save_robots(database: AccountDatabase, files: Iterable[RobotsFile]) -> None:
    """Keeps these copies of robots.txt, each in the place of an older one of the same site."""
    with database.transaction() as connection:
        for file in files:
            values = {"text": file.text, "read_at": file.read_at}
            connection.execute(
                insert(robots_files)
                .values(account=database.account, origin=file.origin, **values)
                .on_conflict_do_update(index_elements=["account", "origin"], set_=values)
            )


def _record(database: AccountDatabase, url: str, values: Mapping[str, object]) -> None:
    with database.transaction() as connection:
        connection.execute(
            insert(feed_states)
            .values(account=database.account, url=url, **values)
            .on_conflict_do_update(index_elements=["account", "url"], set_=dict(values))
        )
