"""Checkpoints: at 2 h, 12 h and 24 h a reading of each post is owed, and is taken as soon as it can be.

Every look at a post counts, whichever job took it: the first one at or after the moment it fell due is the
checkpoint's. Only what nobody has looked at yet is read here. A look that comes late is kept and called late; where X
can tell how the counters stood in the hour that was missed, that is kept in its place, with its source. A post that is
gone by then leaves the checkpoint missed, with the reason, and never a zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import CheckpointStatus, ReadingSource, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import checkpoints, readings
from xbot_pipelines.store.checkpoints import Checkpoint, DueCheckpoint, Look
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.systems.reading import Progress, read_posts
from xbot_pipelines.x.client import XClient
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.walls import Gone, NotPermitted

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class CheckpointSummary:
    """What became of the checkpoints that were due.

    `still_due` were not looked at, because X grants no more for now, or could not be read; `unreadable` are the rows of
    which that is so.
    """

    result: Result
    reason: str | None = None
    recorded: tuple[Checkpoint, ...] = ()
    still_due: int = 0
    unreadable: tuple[UnreadableRow, ...] = ()

    def of(self, status: CheckpointStatus) -> int:
        """How many of the recorded ones ended so."""
        return sum(checkpoint.status == status for checkpoint in self.recorded)


def take_checkpoints(
    database: AccountDatabase,
    profile: AccountSettings,
    client: Callable[[], XClient],
    *,
    since: datetime,
    until: datetime,
    source: ReadingSource,
    run_id: str | None,
    clock: Clock,
    progress: Progress,
) -> CheckpointSummary:
    """Takes every checkpoint that is due of the posts published from `since` up to, not including, `until`.

    `client` is only called where no look that was taken already will do.

    Raises:
        Wall: a page could not be read. What was recorded before it stays.
    """
    checkpoints.owe_missing(database, checkpoints_hours=profile.checkpoints_hours, since=since, until=until)

    def record() -> tuple[list[Checkpoint], list[DueCheckpoint]]:
        due = checkpoints.due_checkpoints(database, now=clock.now(), since=since, until=until)
        decided = list(decide(due, tolerance=profile.checkpoint_tolerance))
        checkpoints.save_checkpoints(database, decided)
        return decided, [checkpoint for checkpoint in due if checkpoint.look is None]

    due = checkpoints.due_checkpoints(database, now=clock.now(), since=since, until=until)
    overdue = _overdue(due, clock.now()) if profile.transport == "api" else ()
    if overdue:
        # Only the API knows of hours: no browser is opened to learn that.
        _fill_from_hours(database, client(), overdue, run_id=run_id, now=clock.now())
    recorded, unseen = record()
    unreadable: tuple[UnreadableRow, ...] = ()
    if unseen:
        posts = {checkpoint.post.tweet_id: checkpoint.post for checkpoint in unseen}
        summary = read_posts(
            database, client, list(posts.values()), source=source, run_id=run_id, clock=clock, progress=progress
        )
        unreadable = summary.unreadable
        more, unseen = record()
        recorded += more
        if unseen:
            return CheckpointSummary(
                result=Result.BLOCKED,
                reason=summary.reason,
                recorded=tuple(recorded),
                still_due=len(unseen),
                unreadable=unreadable,
            )
    if not recorded:
        return CheckpointSummary(result=Result.NOTHING_TO_DO, reason="no checkpoint is due")
    return CheckpointSummary(result=Result.DONE, recorded=tuple(recorded), unreadable=unreadable)


def _overdue(due: Iterable[DueCheckpoint], now: datetime) -> Sequence[DueCheckpoint]:
    """Picks the checkpoints at whose moment nobody looked, nor in the hour after it."""
    return [
        one
        for one in due
        if (now if one.look is None else one.look.observed_at) - one.due_at > _HOUR
        and (one.look is None or one.look.gone_reason is None)
    ]


def _fill_from_hours(
    database: AccountDatabase, client: XClient, overdue: Sequence[DueCheckpoint], *, run_id: str | None, now: datetime
) -> None:
    """Keeps how the counters stood at the end of the hour in which a checkpoint fell due, where X can still tell.

    Nearer to the moment than any look that can be taken now, and marked with its source.
    """
    posts = {one.post.tweet_id: one.post.posted_at for one in overdue}
    # From the beginning of an hour on: what X counts of the hour in which a post was published is all that it counts.
    since = min(posts.values()).replace(minute=0, second=0, microsecond=0)
    try:
        told = client.hours(list(posts), since=since, until=now)
    except (NotPermitted, Gone):
        # Not every app may ask for analytics. A late look is better than none, and nobody has to come for it.
        return
    wanted = [
        next((hour for hour in told if hour.tweet_id == one.post.tweet_id and hour.observed_at >= one.due_at), None)
        for one in overdue
    ]
    hours = [hour for hour in wanted if hour is not None and hour.observed_at <= now]
    readings.add_readings(database, hours, source=ReadingSource.HOURLY_ANALYTICS, run_id=run_id)


def decide(due: Iterable[DueCheckpoint], *, tolerance: timedelta) -> Iterable[Checkpoint]:
    """Says what to record of the due checkpoints that were looked at.

    Args:
        due: of each post in the order of their ages.
        tolerance: how long after its moment a checkpoint's reading still counts as taken in time.
    """
    taken: dict[UUID, Look] = {}
    for checkpoint in due:
        if checkpoint.look is None:
            continue
        before = taken.get(checkpoint.post.decision_id, checkpoint.before)
        yield decide_one(checkpoint, checkpoint.look, before, tolerance=tolerance)
        if checkpoint.look.gone_reason is None:
            taken[checkpoint.post.decision_id] = checkpoint.look


def decide_one(due: DueCheckpoint, look: Look, before: Look | None, *, tolerance: timedelta) -> Checkpoint:
    """Says what a checkpoint's row is, from the first look since it fell due."""
    if look.gone_reason is not None:
        return Checkpoint(
            post=due.post,
            hours=due.hours,
            status=CheckpointStatus.MISSED,
            missed_reason=f"gone when it was looked for at {look.observed_at:%Y-%m-%d %H:%M} UTC: {look.gone_reason}",
        )
    late = look.observed_at - due.due_at
    # Readers have seen nothing of a post at the moment of its publishing: that much is known.
    start = before or Look(observed_at=due.post.posted_at, views=0, likes=0)
    return Checkpoint(
        post=due.post,
        hours=due.hours,
        status=CheckpointStatus.LATE if late > tolerance else CheckpointStatus.ON_TIME,
        observed_at=look.observed_at,
        age=look.observed_at - due.post.posted_at,
        late=late,
        source=look.source,
        views=look.views,
        likes=look.likes,
        reposts=look.reposts,
        replies=look.replies,
        quotes=look.quotes,
        bookmarks=look.bookmarks,
        views_per_hour=_per_hour(start.views, look.views, look.observed_at - start.observed_at),
        likes_per_hour=_per_hour(start.likes, look.likes, look.observed_at - start.observed_at),
    )


def _per_hour(start: int | None, end: int | None, time: timedelta) -> float | None:
    """The rate between two counts. It is negative where X has taken some back; unknown where no time lies between."""
    if start is None or end is None or time <= timedelta(0):
        return None
    return (end - start) / (time / _HOUR)
