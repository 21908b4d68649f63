"""Conversations: who answered our posts, and how. Read from the page of each post that has replies we do not know."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PostSnapshot, PublishedPost, ReadingSource, Result
from xbot_pipelines.store import conversations as store
from xbot_pipelines.store import readings
from xbot_pipelines.store.bad_rows import RefusedRow
from xbot_pipelines.store.conversations import CountedReplies
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.opting_out import heed_wishes
from xbot_pipelines.systems.reading import reading_of
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.walls import Gone

READ_UP_TO = timedelta(days=7)
MOST_A_TURN = 8


@dataclass(frozen=True, kw_only=True)
class ConversationSummary:
    """What one turn brought: the replies under each post that was read, and how many of all were not known before.

    `opted_out` asked in one of them to be left alone; `refused` is what the database did not take.
    """

    result: Result
    reason: str | None = None
    read: tuple[tuple[PublishedPost, Sequence[PostSnapshot]], ...] = ()
    new: int = 0
    gone: tuple[PublishedPost, ...] = ()
    opted_out: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def answerers(self) -> Sequence[tuple[str, int]]:
        """Who answered us how often, the most frequent first."""
        handles = (reply.author.handle or reply.author.id for _, replies in self.read for reply in replies)
        return Counter(handles).most_common()

    @property
    def questions(self) -> int:
        """How many of the replies ask something."""
        return sum("?" in reply.visible_text for _, replies in self.read for reply in replies)


def unread(database: AccountDatabase, *, now: datetime) -> Sequence[PublishedPost]:
    """Answers the posts whose conversations are to be read, the one with the most new replies first."""
    return worth_reading(store.counted_replies(database, since=now - READ_UP_TO, until=now))


def worth_reading(counted: Iterable[CountedReplies]) -> Sequence[PublishedPost]:
    """Answers the posts of which X counts more replies than when their conversation was last read.

    It counts some that it does not show; those are not looked for at every turn.
    """
    new = [(one.counted - (one.counted_then or 0), one.post) for one in counted]
    return [post for count, post in sorted(new, key=lambda entry: -entry[0]) if count > 0]


def read_conversations(
    database: AccountDatabase, client: Callable[[], XClient], *, handle: str, by: Provenance, clock: Clock
) -> ConversationSummary:
    """Reads the conversations under our posts, as many as one turn may. Our own words in them are left out.

    Whoever asks to be left alone is.

    Raises:
        Wall: a page could not be read. What was read before it is kept.
    """
    posts = unread(database, now=clock.now())
    if not posts:
        return ConversationSummary(
            result=Result.NOTHING_TO_DO, reason="no post has more replies than when we last looked"
        )
    read: list[tuple[PublishedPost, Sequence[PostSnapshot]]] = []
    gone: list[PublishedPost] = []
    opted_out: list[str] = []
    refused: list[RefusedRow] = []
    new = 0
    for post in posts[:MOST_A_TURN]:
        try:
            shown = client().conversation(post.tweet_id)
        except Gone as wall:
            gone.append(post)
            readings.add_gone(
                database,
                post.tweet_id,
                reason=str(wall),
                observed_at=clock.now(),
                source=ReadingSource.ENHANCED_METRICS,
                run_id=by.run_id,
            )
        else:
            theirs = [reply for reply in shown.answers if (reply.author.handle or "").lower() != handle.lower()]
            seen = [reading_of(shown.post)]
            _, unread_again = readings.add_readings(
                database, seen, source=ReadingSource.ENHANCED_METRICS, run_id=by.run_id
            )
            new_here, unsaved = store.save_replies(database, post, theirs, now=clock.now())
            new += new_here
            refused += [*unread_again, *unsaved]
            opted_out += heed_wishes(database, theirs, now=clock.now(), by=by)
            read.append((post, theirs))
    return ConversationSummary(
        result=Result.DONE,
        read=tuple(read),
        new=new,
        gone=tuple(gone),
        opted_out=tuple(opted_out),
        refused=tuple(map(str, refused)),
    )
