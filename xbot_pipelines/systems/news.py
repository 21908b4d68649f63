"""News: what the feeds of the account offer, looked at one by one, so that none stops the others.

How a feed is fetched and read lies in `feeds`, what is the same news and what is kept in `store`. Nothing is written
about it from here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.prompt_injection.detection import detect_prompt_injection
from xbot_pipelines.feeds.apart import read_apart
from xbot_pipelines.feeds.errors import FeedFailed, shown
from xbot_pipelines.feeds.fetching import FeedFetcher, Fetched
from xbot_pipelines.feeds.reading import Contents, Entry
from xbot_pipelines.feeds.robots import KEPT_FOR
from xbot_pipelines.models import FeedState, NewsItem, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import feeds, news
from xbot_pipelines.store.database import AccountDatabase

_AT_ONCE = 4
_OLD = f"older than {news.FRESH_FOR.days} days"
_ORDERS = "giving orders to a program"
_NOT_STORED = "could not be stored"


class Look(StrEnum):
    """How a look at one feed ended. An error is not an empty feed (F22)."""

    READ = "read"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class FeedSummary:
    """What one feed offered. Each of its `entries` is either new, or known, or refused for one reason.

    `sentence` says what it came to, for a person.
    """

    url: str
    look: Look
    sentence: str
    new: int = 0
    known: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        """How many entries the feed had."""
        return self.new + self.known + sum(self.refused.values())


@dataclass(frozen=True, kw_only=True)
class NewsSummary:
    """What one look at all feeds came to, in the order of the settings."""

    result: Result
    reason: str | None = None
    feeds: Sequence[FeedSummary] = ()

    @property
    def new(self) -> int:
        """How many items are new."""
        return sum(feed.new for feed in self.feeds)

    @property
    def known(self) -> int:
        """How many entries were known already."""
        return sum(feed.known for feed in self.feeds)

    @property
    def refused(self) -> Mapping[str, int]:
        """How many entries were refused, for each reason."""
        return sum((Counter(feed.refused) for feed in self.feeds), Counter())

    @property
    def failure(self) -> str | None:
        """Why not a single feed could be read, feed by feed; None where one could, or where there are none."""
        failed = [feed.sentence for feed in self.feeds if feed.look == Look.FAILED]
        if not failed or len(failed) < len(self.feeds):
            return None
        return f"no feed could be read: {'; '.join(failed)}"

    def count(self, look: Look) -> int:
        """How many feeds ended like this."""
        return sum(feed.look == look for feed in self.feeds)


def gather(database: AccountDatabase, profile: AccountSettings, fetcher: FeedFetcher, *, clock: Clock) -> NewsSummary:
    """Looks at every feed of the account, and keeps what is new."""
    if not profile.feeds:
        return NewsSummary(result=Result.NOTHING_TO_DO, reason="the account names no feeds: `feeds` is empty")
    fetcher.remember(feeds.robots_read_since(database, clock.now() - KEPT_FOR))
    known = feeds.known_feeds(database)
    states = [known.get(url, FeedState(url=url)) for url in profile.feeds]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looks = pool.map(lambda state: _look(fetcher, state), states)
        summaries = [_keep(database, state, found, now=clock.now()) for state, found in zip(states, looks, strict=True)]
    feeds.save_robots(database, fetcher.robots)
    return _summed_up(summaries)


def sort_out(entries: Sequence[Entry], *, source: str, now: datetime) -> tuple[Sequence[NewsItem], Mapping[str, int]]:
    """Tells entries that may be news from those too old, or giving orders to a program, and counts these."""
    fresh = [entry for entry in entries if entry.published_at is None or entry.published_at > now - news.FRESH_FOR]
    harmless = [entry for entry in fresh if not any(map(detect_prompt_injection, (entry.title, entry.summary or "")))]
    refused = {_OLD: len(entries) - len(fresh), _ORDERS: len(fresh) - len(harmless)}
    items = [
        NewsItem(
            url=entry.link,
            title=entry.title,
            source=source,
            summary=entry.summary,
            published_at=entry.published_at,
            guid=entry.guid,
        )
        for entry in harmless
    ]
    return items, {reason: count for reason, count in refused.items() if count}


def _look(fetcher: FeedFetcher, state: FeedState) -> tuple[Fetched, Contents | None] | FeedFailed:
    """Fetches and reads a feed, and answers how it failed where it did."""
    try:
        fetched = fetcher.fetch(state)
        if fetched.content is None:
            return fetched, None
        contents = read_apart(
            fetched.content, url=state.url, address=fetched.address, content_type=fetched.content_type
        )
    except FeedFailed as failure:
        return failure
    return fetched, contents


def _keep(
    database: AccountDatabase,
    state: FeedState,
    found: tuple[Fetched, Contents | None] | FeedFailed,
    *,
    now: datetime,
) -> FeedSummary:
    """Writes down what a look at a feed found; last of all up to where, so that a crash before means a second look."""
    if isinstance(found, FeedFailed):
        feeds.record_failed(database, state.url, failure=found.sentence, now=now)
        return FeedSummary(url=state.url, look=Look.FAILED, sentence=str(found))
    fetched, contents = found
    seen = FeedState(url=state.url, etag=fetched.etag, last_modified=fetched.last_modified, fetched_at=now)
    if contents is None:
        feeds.record_fetched(database, seen)
        return FeedSummary(url=state.url, look=Look.UNCHANGED, sentence=f"{shown(state.url)} has not changed")
    items, old = sort_out(contents.entries, source=urlsplit(state.url).netloc, now=now)
    added = news.add_news(database, items, now=now)
    not_stored = {_NOT_STORED: len(added.refused)} if added.refused else {}
    refused = {**contents.refused, **old, **not_stored}
    feeds.record_fetched(database, seen)
    return FeedSummary(
        url=state.url,
        look=Look.READ,
        sentence=_sentence(state.url, added, refused, contents.flaw),
        new=added.new,
        known=added.known,
        refused=refused,
    )


def _sentence(url: str, added: news.Added, refused: Mapping[str, int], flaw: str | None) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in refused.items())
    counted = f"{added.new} new, {added.known} known, {sum(refused.values())} refused"
    return f"{shown(url)}: {counted}{f' ({reasons})' if reasons else ''}{f'; it {flaw}' if flaw else ''}"


def _summed_up(summaries: Sequence[FeedSummary]) -> NewsSummary:
    failed = sum(feed.look == Look.FAILED for feed in summaries)
    if failed == len(summaries):
        return NewsSummary(result=Result.BLOCKED, reason=f"none of {failed} feeds could be read", feeds=summaries)
    reason = f"{failed} of {len(summaries)} feeds could not be read" if failed else None
    if any(feed.new for feed in summaries):
        return NewsSummary(result=Result.DONE, reason=reason, feeds=summaries)
    nothing = "nothing is new" + (f", and {reason}" if reason else "")
    return NewsSummary(result=Result.NOTHING_TO_DO, reason=nothing, feeds=summaries)
