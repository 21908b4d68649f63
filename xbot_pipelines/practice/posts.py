"""A post as the world keeps it, the counters it shows, and the ids X gives to posts ("snowflakes").

How many readers see a post is no matter of this module (see `audience`), nor is its JSON (see `post_shapes`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

EPOCH_MILLISECONDS = 1288834974657
SEQUENCE_BITS = 22

# Readers' replies are computed, not published: the upper half of the sequence is theirs, so that they never
# take the id of a published post.
READER_SEQUENCES = range(1 << (SEQUENCE_BITS - 1), 1 << SEQUENCE_BITS)

# So are the posts of the cast (see `society`): the quarter below that is theirs.
CAST_SEQUENCES = range(1 << (SEQUENCE_BITS - 2), 1 << (SEQUENCE_BITS - 1))

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """One post.

    `author_followers` is the author's audience when it was published: everything that happens to the post
    follows from it, so that the future of a post never depends on the posts after it. So is `freshness`, the part of
    that audience (0 to 1) to which it is shown although the author has said much the same lately. `seeded` marks a
    post that was put there for a test or a history, not published by CreateTweet. `reply_policy` is X's word for who
    alone may answer it; None is everybody.
    """

    id: int
    author_id: int
    text: str
    created_at: datetime
    in_reply_to: int | None
    conversation_id: int
    author_followers: int
    seeded: bool = False
    language: str = "en"
    reply_policy: str | None = None
    freshness: float = 1.0


@dataclass(frozen=True, slots=True)
class Counters:
    """What has come of one post up to one moment. The last four are private: X shows them to the author only."""

    views: int
    likes: int
    reposts: int
    replies: int
    quotes: int
    bookmarks: int
    profile_visits: int
    detail_expands: int
    link_clicks: int
    follows: int

    @property
    def engagements(self) -> int:
        """Everything that anybody did with the post, as X sums it up for the author; a view alone is none."""
        public = self.likes + self.reposts + self.replies + self.quotes + self.bookmarks
        return public + self.detail_expands + self.profile_visits + self.link_clicks

    def changed(self, by: Mapping[str, int]) -> "Counters":
        """These counters with something added to some of them; none falls below zero."""
        return replace(self, **{name: max(0, getattr(self, name) + change) for name, change in by.items()})


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware moment."""
    return (moment - _UNIX_EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(milliseconds: int) -> datetime:
    """The moment (UTC) that many milliseconds after 1970."""
    return _UNIX_EPOCH + timedelta(milliseconds=milliseconds)


def snowflake(moment: datetime, sequence: int) -> int:
    """The id of the `sequence`-th post of a millisecond.

    Source: X_SURFACE §5, `(id >> 22) + 1288834974657` is the time in milliseconds.
    """
    return ((to_milliseconds(moment) - EPOCH_MILLISECONDS) << SEQUENCE_BITS) | sequence


def moment_of(post_id: int) -> datetime:
    """When the post with this id was published."""
    return from_milliseconds((post_id >> SEQUENCE_BITS) + EPOCH_MILLISECONDS)


def as_post_id(value: object) -> int | None:
    """The id that a request names, as a number or as digits; None for what cannot be an id."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def is_readers_reply(post_id: int) -> bool:
    """Whether the id is one of those that readers' computed replies have."""
    return post_id % (1 << SEQUENCE_BITS) in READER_SEQUENCES


def is_of_the_cast(post_id: int) -> bool:
    """Whether the id is one of those that the computed posts of the cast have."""
    return post_id % (1 << SEQUENCE_BITS) in CAST_SEQUENCES
