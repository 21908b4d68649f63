"""The canary: opens each kind of page that we live on, and says of each whether it can still be read (F11).

A page that answers but parses to nothing is a failure that says what is missing. All kinds are tried, so that one look
tells the whole damage; a wall that concerns more than one page ends the look at once.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PostSnapshot, PublishedPost
from xbot_pipelines.store import readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.queries import posts_of
from xbot_pipelines.x.walls import Gone, LayoutChanged

_LOOK_BACK = timedelta(days=2)
_SETTLED = timedelta(minutes=5)
"""A younger post may be missing on a timeline or in search without anything being wrong."""
_SEEN = timedelta(hours=6)
"""X shows no views of a post that nobody has seen; by then somebody has."""


@dataclass(frozen=True, kw_only=True)
class PageCheck:
    """One kind of page: what is `missing` on it, if anything; `skipped` says why it was not opened, if it was not."""

    page: str
    missing: str | None = None
    skipped: str | None = None


def check_pages(
    database: AccountDatabase, client: Callable[[], XClient], *, handle: str, clock: Clock
) -> list[PageCheck]:
    """Looks at each kind of page once, and says what is missing on it.

    Raises:
        Wall: the account, and not one page, has a problem.
    """
    now = clock.now()
    posts = readings.living_posts(database, since=now - _LOOK_BACK, until=now - _SETTLED)
    oldest, newest = (posts[0], posts[-1]) if posts else (None, None)
    x = client()
    looks: Mapping[str, Callable[[], str | None]] = {
        "home": lambda: None if x.whoami().handle.lower() == handle.lower() else "our own handle",
        "profile": lambda: None if x.profile(handle).followers is not None else "the number of followers",
        "own timelines": lambda: _missing_on_the_timelines(x, newest, now),
    }
    looks_at_posts: Sequence[tuple[str, PublishedPost | None, Callable[[PublishedPost], str | None]]] = (
        ("post", oldest, lambda post: _missing_counters(x.post(post.tweet_id), now)),
        # Both may rightly be empty: what X has not counted yet it leaves out. What does not parse raises.
        ("conversation", newest, lambda post: _is_read(x.conversation(post.tweet_id))),
        ("post analytics", newest, lambda post: _is_read(x.post_analytics(post.tweet_id))),
        ("search", newest, lambda post: _missing_in_search(x, handle, post)),
    )
    checks = [_look(page, look) for page, look in looks.items()]
    for page, post, look_at in looks_at_posts:
        if post is None:
            checks.append(PageCheck(page=page, skipped="nothing of ours was published in the last two days"))
        else:
            checks.append(_look(page, partial(look_at, post)))
    return checks


def _look(page: str, look: Callable[[], str | None]) -> PageCheck:
    try:
        return PageCheck(page=page, missing=look())
    except (LayoutChanged, Gone) as wall:
        return PageCheck(page=page, missing=str(wall))


def _is_read(_: object) -> None:
    """Nothing is missing on a page that was read."""


def _missing_counters(post: PostSnapshot, now: datetime) -> str | None:
    """Unknown is a counter's honest value, and so nobody notices one that X has renamed (F11)."""
    unknown = [name for name in COUNTERS if getattr(post, name) is None]
    if now - post.created_at < _SEEN and "views" in unknown:
        unknown.remove("views")
    return f"its {', '.join(unknown)}" if unknown else None


def _missing_on_the_timelines(x: XClient, newest: PublishedPost | None, now: datetime) -> str | None:
    """A timeline on which our newest post is not shown is empty for another reason than that we are silent."""
    seen = {post.id for post in x.own_posts(newest.posted_at - _SETTLED if newest else now)}
    return None if newest is None or newest.tweet_id in seen else f"our newest post, {newest.tweet_id}"


def _missing_in_search(x: XClient, handle: str, newest: PublishedPost) -> str | None:
    query = posts_of(handle, since=newest.posted_at - _SETTLED, until=newest.posted_at + _SETTLED)
    with closing(x.search(query)) as pages:
        found = any(newest.tweet_id in {post.id for post in page.posts} for page in pages)
    return None if found else f"our newest post, {newest.tweet_id}"
