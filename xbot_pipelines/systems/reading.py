"""Reading posts of ours, in whichever way takes the least: our own timelines, search, or a look at each by its id.

What is read is kept page by page, so that a run which ends in the middle has lost nothing, and binds to a post by its
id alone (F07). A post that is nowhere to be seen is looked for on its own page, and what that says is kept too: gone,
with X's own words, and never a zero. Which posts are to be read is decided by whoever calls.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PostSnapshot, PublishedPost, Reading, ReadingSource
from xbot_pipelines.store import publishing, readings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.x.client import Missing, Pages, Way, XClient
from xbot_pipelines.x.queries import posts_of
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.walls import LayoutChanged

LEFT_TO_OTHERS = 10
"""So many requests of each of X's windows are not used here: posting settles by the same timelines."""

MOST_BY_ID = 40
"""So many single posts are looked up in one run at most; X grants 150 of their pages in a quarter of an hour."""

Progress = Callable[[int, int], None]
"""Is told how many posts were read, of how many."""


@dataclass(frozen=True, kw_only=True)
class ReadSummary:
    """What one reading of posts brought.

    `unread` were not looked at, because X grants no more for now; `unreadable` are rows that X showed and that could
    not be read; `strangers` are posts on our timeline that no table knows, which means that somebody else posts for
    this account (F24). `refused` is what the database did not take.
    """

    read: tuple[tuple[PublishedPost, Reading], ...] = ()
    gone: tuple[tuple[PublishedPost, str], ...] = ()
    unread: tuple[PublishedPost, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    strangers: tuple[PostSnapshot, ...] = ()
    new_readings: int = 0
    followers: int | None = None
    refused: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why some were not looked at or not read, and what happens to them; None where all were."""
        return "; ".join(filter(None, (self._limited, unreadable_rows(self.unreadable)))) or None

    @property
    def _limited(self) -> str | None:
        if not self.unread:
            return None
        asked = len(self.read) + len(self.gone) + len(self.unread)
        return (
            f"X grants no more requests for now: {asked - len(self.unread)} of {asked} posts were looked at, and what "
            f"they showed is kept; the other {len(self.unread)} can be read when its window of 15 minutes is over"
        )


def read_posts(
    database: AccountDatabase,
    client: Callable[[], XClient],
    posts: Sequence[PublishedPost],
    *,
    source: ReadingSource,
    run_id: str | None,
    clock: Clock,
    progress: Progress,
) -> ReadSummary:
    """Takes a reading of each of these posts. `client` is only called when there are any.

    Raises:
        Wall: a page could not be read. What was read before it is kept.
    """
    if not posts:
        return ReadSummary()
    oldest, newest = min(post.posted_at for post in posts), max(post.posted_at for post in posts)
    pile = _Pile(database, posts, source=source, run_id=run_id, clock=clock, progress=progress)
    x = client()
    ways = ways_to_read(
        {
            Way.TIMELINE: x.effort(Way.TIMELINE, readings.count_posts(database, since=oldest, until=clock.now())),
            Way.SEARCH: x.effort(Way.SEARCH, readings.count_posts(database, since=oldest, until=newest)),
            Way.BY_ID: x.effort(Way.BY_ID, len(posts)),
        }
    )
    for way in ways:
        if pile.wanted:
            pile.go(way, x)
    pile.check_readable()
    return pile.summary()


def ways_to_read(efforts: Mapping[Way, float]) -> Sequence[Way]:
    """Answers the ways to read some posts, the one with the least effort first.

    A single page proves that a post is gone, so that way comes last in any case: for what the others did not show.

    Args:
        efforts: what each way takes. The timelines show everything since the oldest of the posts, search everything
            between the oldest and the newest of them.
    """
    cheapest = sorted(efforts, key=lambda way: efforts[way])
    return [*cheapest[: cheapest.index(Way.BY_ID)], Way.BY_ID]


class _Pile:
    """The posts that are still to be read, and what was read so far."""

    def __init__(
        self,
        database: AccountDatabase,
        posts: Sequence[PublishedPost],
        *,
        source: ReadingSource,
        run_id: str | None,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self.wanted = {post.tweet_id: post for post in posts}
        self._database = database
        self._source = source
        self._run_id = run_id
        self._clock = clock
        self._progress = progress
        self._all = len(posts)
        self._known = publishing.known_post_ids(database, since=min(post.posted_at for post in posts))
        self._read: list[tuple[PublishedPost, Reading]] = []
        self._gone: list[tuple[PublishedPost, str]] = []
        self._unreadable: dict[str, UnreadableRow] = {}
        self._strangers: dict[str, PostSnapshot] = {}
        self._new_readings = 0
        self._refused: list[str] = []
        self._followers: int | None = None

    def go(self, way: Way, client: XClient) -> None:
        """Reads what it can in this way."""
        oldest = min(post.posted_at for post in self.wanted.values())
        newest = max(post.posted_at for post in self.wanted.values())
        match way:
            case Way.TIMELINE:
                # Each has a limit of its own: the one may go on where the other's is used up.
                for timeline in client.own_timelines(oldest):
                    self._turn(timeline)
            case Way.SEARCH:
                self._turn(client.search(posts_of(client.handle, since=oldest, until=newest + _A_SECOND)))
            case Way.BY_ID:
                for found in client.posts(list(self.wanted)[:MOST_BY_ID]):
                    self._look_at(found)

    def check_readable(self) -> None:
        """Let the summary pass, unless nothing at all could be read of what X showed (F11).

        Raises:
            LayoutChanged: see above.
        """
        if self._unreadable and not self._read and not self._gone:
            row = next(iter(self._unreadable.values()))
            raise LayoutChanged(missing=row.missing, where=row.where)

    def summary(self) -> ReadSummary:
        """What came of it."""
        return ReadSummary(
            read=tuple(self._read),
            gone=tuple(self._gone),
            unread=tuple(self.wanted.values()),
            unreadable=tuple(self._unreadable.values()),
            strangers=tuple(self._strangers.values()),
            new_readings=self._new_readings,
            followers=self._followers,
            refused=tuple(self._refused),
        )

    def _turn(self, pages: Pages) -> None:
        """Takes page after page, while there is something to read and the rest of X's window is not others'."""
        with closing(pages):
            while self.wanted and (page := next(pages, None)) is not None:
                self._keep(page.posts)
                self._unreadable.update({row.row_id: row for row in page.unreadable})
                if page.requests_left is not None and page.requests_left < LEFT_TO_OTHERS:
                    return

    def _look_at(self, found: PostSnapshot | Missing | UnreadableRow) -> None:
        if isinstance(found, PostSnapshot):
            self._keep([found])
            return
        if isinstance(found, UnreadableRow):
            self._unreadable[found.row_id] = found
            self.wanted.pop(found.post_id or "", None)
            return
        self._gone.append((self.wanted.pop(found.post_id), found.reason))
        readings.add_gone(
            self._database,
            found.post_id,
            reason=found.reason,
            observed_at=self._clock.now(),
            source=self._source,
            run_id=self._run_id,
        )

    def _keep(self, seen: Sequence[PostSnapshot]) -> None:
        """Keeps a reading of every post that is ours, also of one that nobody asked for: its page was read anyway."""
        ours = {post.id: reading_of(post) for post in seen if post.id in self._known}
        self._strangers.update({post.id: post for post in seen if post.id not in self._known})
        new, refused = readings.add_readings(
            self._database, list(ours.values()), source=self._source, run_id=self._run_id
        )
        self._new_readings += new
        self._refused += map(str, refused)
        self._read += [
            (self.wanted.pop(post_id), reading) for post_id, reading in ours.items() if post_id in self.wanted
        ]
        self._keep_followers(seen)
        self._progress(len(self._read) + len(self._gone), self._all)

    def _keep_followers(self, seen: Sequence[PostSnapshot]) -> None:
        latest = max(seen, key=seen_at, default=None)
        if latest is not None and latest.author.followers is not None:
            self._followers = latest.author.followers
            readings.add_follower_snapshot(
                self._database, followers=self._followers, observed_at=seen_at(latest), run_id=self._run_id
            )


def unreadable_rows(rows: Sequence[UnreadableRow]) -> str | None:
    """Return a sentence about rows that could not be read; None where there are none."""
    return f"{len(rows)} of X's rows could not be read, the first: {rows[0]}" if rows else None


_A_SECOND = timedelta(seconds=1)


def reading_of(post: PostSnapshot) -> Reading:
    """Answers what a snapshot counts."""
    return Reading(
        tweet_id=post.id,
        observed_at=seen_at(post),
        views=post.views,
        likes=post.likes,
        reposts=post.reposts,
        replies=post.replies,
        quotes=post.quotes,
        bookmarks=post.bookmarks,
        private=post.private,
    )


def seen_at(post: PostSnapshot) -> datetime:
    """Answers when a snapshot was taken."""
    assert post.observed_at is not None, "a client says of every post when it saw it"
    return post.observed_at
