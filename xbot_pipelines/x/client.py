"""The port to X: what the rest of the product may ask of it, and what it gets back.

Two clients stand behind it, the browser and the official API; no caller knows which. Reads answer typed snapshots or
raise a `walls.Wall`; publishing answers one of three results, and never anything in between (F02).
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from xbot_pipelines.models import Evidence, PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.text import FIRST_ID_WITH_TIME, first_id_at
from xbot_pipelines.x.walls import Gone, LayoutChanged, Wall

TEXT_DIFFERS = "X shows another text than the one that was sent"
"""The note on a post whose id X has given, and whose text X has changed."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """The post exists: an id that X has given, and where it was found.

    `note` says what is odd about it, such as a text that differs from what was sent. The id is proof all the same.
    """

    post_id: str
    evidence: Evidence
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """X said no, and there is no post.

    `wall` is what stands in the way where the fault is not the text's: the same text may be tried again without it.
    """

    code: int | None
    message: str
    wall: Wall | None = None


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Nobody can tell whether the post exists. It must be looked up, and must not be sent again before that.

    `wall` is what the page became after the click, where it became one.
    """

    reason: str
    wall: Wall | None = None


PublishResult = Posted | Refused | Unknown


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A post that could be sent: by which way, in words, and what X charges for it in US dollars; None: nothing."""

    way: str
    usd: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """Some twenty posts that came in one answer, newest first, each with when it was seen. None is possible, too.

    `requests_left` says how many more such answers X grants before its limit resets; None where it did not say.
    `promoted` counts the posts that were left out because somebody pays for them. `unreadable` are the rows beside
    these posts that could not be read; of our own timeline, those that may be posts of ours.
    """

    posts: Sequence[PostSnapshot]
    requests_left: int | None
    promoted: int = 0
    unreadable: Sequence[UnreadableRow] = ()


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A post, the posts that it answers (`above`), and the posts that answer it, directly or deeper; oldest first."""

    post: PostSnapshot
    answers: Sequence[PostSnapshot]
    above: Sequence[PostSnapshot] = ()


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A post that was asked for and is not to be seen, with X's reason."""

    post_id: str
    reason: str


class Way(StrEnum):
    """How posts of ours can be read."""

    TIMELINE = "our timelines"
    SEARCH = "search"
    BY_ID = "by their ids"


Pages = Generator[PostPage, None, None]
"""Posts page by page, each asked for when the caller wants it. Who stops early closes it; until it is closed or at its
end, the client can be asked nothing else."""


Found = Generator[PostSnapshot | Missing | UnreadableRow, None, None]
"""Posts that were asked for by their ids, each looked up when the caller wants it; a row that could not be read may be
any of them that does not come."""


class XClient(Protocol):
    """One account's way to X."""

    @property
    def handle(self) -> str:
        """Whose way it is: the account's own handle, without the @."""
        ...

    def effort(self, way: Way, posts: int) -> float:
        """Says what it takes to read so many posts in a way: in whatever is dear here, which is only for comparing."""
        ...

    def whoami(self) -> ProfileSnapshot:
        """Answers who is logged in, as the site itself shows it; a cookie alone proves nothing (F20)."""
        ...

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        """Publishes one post, submitting it at most once.

        Args:
            text: the post, at most 280 weighted characters.
            reply_to: id of the post that this one answers, or None.
            before_click: called when everything is ready, right before the one click. What it raises stops the click.

        Raises:
            Wall: something stood in the way before anything was submitted: there is no post.
        """
        ...

    def prepare(self, text: str, *, reply_to: str | None) -> Prepared:
        """Does everything that `publish` does before it submits, and leaves it at that: nothing is submitted.

        Raises:
            Wall: something stands in the way, as it would in that of `publish`.
        """
        ...

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first, each with when it was seen.

        Complete: when the timeline could not be read back as far as `since` or its end, it raises instead.
        """
        ...

    def own_timelines(self, since: datetime) -> Sequence[Pages]:
        """Answers the timelines that `own_posts` is made of, each of which hands out its posts as they come.

        Read one after the other, they hand out each post once. X limits each of them by itself. A timeline ends when it
        was read back as far as `since` or its end, and raises when that cannot be done.
        """
        ...

    def search(self, query: str) -> Pages:
        """Hands out the posts that X finds for a query (see `queries`), newest first, promoted ones left out.

        It ends where X has no more. What X's search finds is no proof: a post that it leaves out may well exist. Raises
        ValueError for an empty query.
        """
        ...

    def mentions(self) -> Pages:
        """Hands out the posts that answer us or name us, newest first. It ends where X has no more."""
        ...

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post. Raises `Gone` when it is deleted, hidden or was never there."""
        ...

    def posts(self, post_ids: Sequence[str]) -> Found:
        """Hands out posts by their ids, each as it is, why it is not there or why it cannot be read, in any order."""
        ...

    def conversation(self, post_id: str) -> Conversation:
        """Answers a post and the posts that answer it, as far as five pages of them go.

        What X keeps folded away ("Show more replies") is not among them. Raises `Gone` as `post` does.
        """
        ...

    def post_analytics(self, post_id: str) -> PrivateCounters:
        """Answers what X tells the author alone of a post of ours.

        Raises `Gone` as `post` does, and where the post is somebody else's: that view does not exist for us.
        """
        ...

    def hours(self, post_ids: Sequence[str], *, since: datetime, until: datetime) -> Sequence[Reading]:
        """Answers how the counters of posts of ours stood at the end of each hour, where X can still tell.

        Empty where this way to X has no such question. `since` is before the first of them was published.
        """
        ...

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts. Raises `Gone` when there is no such account."""
        ...


def all_of(timelines: Sequence[Pages]) -> list[PostSnapshot]:
    """Return the posts of timelines that are read to their ends, newest first.

    Raises:
        LayoutChanged: a row that may be one of these posts could not be read: what is not among the others may be
            there all the same, and must not be sent again (F02).
    """
    pages = [page for timeline in timelines for page in timeline]
    for row in (row for page in pages for row in page.unreadable):
        raise LayoutChanged(missing=row.missing, where=f"our own timeline ({row.where})")
    return sorted((post for page in pages for post in page.posts), key=lambda post: int(post.id), reverse=True)


def may_be_ours(row: UnreadableRow, *, handle: str, since: datetime) -> bool:
    """Return whether a row that could not be read may be a post of ours since a moment."""
    if row.handle is not None and row.handle.lower() != handle.lower():
        return False
    return row.post_id is None or not FIRST_ID_WITH_TIME <= int(row.post_id) < first_id_at(since)


def post_among(found: Found, post_id: str) -> PostSnapshot:
    """Answers the one post that was asked for.

    Raises:
        Gone: it is missing.
        LayoutChanged: it is there, and could not be read.
    """
    for one in found:
        if isinstance(one, PostSnapshot) and one.id == post_id:
            return one
        if isinstance(one, Missing) and one.post_id == post_id:
            raise Gone(f"post {post_id} is gone: {one.reason}")
        if isinstance(one, UnreadableRow):
            raise LayoutChanged(missing=one.missing, where=one.where)
    raise Gone(f"post {post_id} is gone: X has nothing to say of it")
