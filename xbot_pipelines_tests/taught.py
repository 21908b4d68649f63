"""An account that has something to learn from: posts with what was chosen of them, and checkpoints that were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from xbot_pipelines.models import CheckpointStatus, Counters, PublishedPost
from xbot_pipelines.store.checkpoints import Checkpoint, save_checkpoints
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import add_follower_snapshot
from xbot_pipelines.store.schema import content_metadata
from xbot_pipelines_tests.history import Past, record_past

BRIEF = {
    "topic": "sleep",
    "angle": "common mistake",
    "tone": "warm",
    "format": "short list",
    "hook": "question",
}
FULL_DAY = Counters(views=1000, likes=20, reposts=4, replies=3, quotes=2, bookmarks=1)


@dataclass(frozen=True, kw_only=True)
class Taught:
    """One post: when it was published, what was chosen (else of `BRIEF`), and what was counted at its checkpoints.

    A checkpoint was read as late as `late` says.
    """

    posted_at: datetime
    chosen: Mapping[str, str | None] = field(default_factory=dict)
    counted: Mapping[int, Counters] = field(default_factory=lambda: {24: FULL_DAY})
    late: timedelta = timedelta(seconds=20)
    answers: str | None = None


def teach(database: AccountDatabase, posts: Sequence[Taught], *, followers: int | None = 1000) -> list[UUID]:
    """Puts the posts into the tables, with a follower count from half an hour before each; answers their decisions."""
    past = [
        Past(
            tweet_id=str(1_900_000_000_000_000_000 + round(post.posted_at.timestamp())),
            text=f"Post of {post.posted_at:%d %H:%M}.",
            posted_at=post.posted_at,
            answers=post.answers,
        )
        for post in posts
    ]
    decisions = record_past(database, past)
    checkpoints = []
    with database.transaction() as connection:
        for told, post in zip(past, posts, strict=True):
            decision_id = decisions[told.tweet_id]
            connection.execute(
                update(content_metadata)
                .where(content_metadata.c.decision_id == decision_id)
                .values({**BRIEF, **post.chosen})
            )
            checkpoints += [
                Checkpoint(
                    post=PublishedPost(
                        decision_id=decision_id, tweet_id=told.tweet_id, posted_at=told.posted_at, text=told.text
                    ),
                    hours=hours,
                    status=CheckpointStatus.LATE if post.late > timedelta(minutes=5) else CheckpointStatus.ON_TIME,
                    observed_at=told.posted_at + timedelta(hours=hours) + post.late,
                    age=timedelta(hours=hours) + post.late,
                    late=post.late,
                    **vars(counters),
                )
                for hours, counters in post.counted.items()
            ]
    save_checkpoints(database, checkpoints)
    if followers is not None:
        for post in posts:
            add_follower_snapshot(
                database, followers=followers, observed_at=post.posted_at - timedelta(minutes=30), run_id=None
            )
    return list(decisions.values())


def weeks_of_posts(
    until: datetime, *, days: int = 14, best: tuple[str, Sequence[str]] = ("hook", ["number"])
) -> list[Taught]:
    """Six posts a day until two days ago, in which one value of one column brings five times what the others do.

    `best` is the column with the values that are taken in turn, the best of them first.
    """
    column, values = best
    posts = []
    for number in range(days * 6):
        value = values[number % len(values)]
        times = 5 if value == values[0] else 1
        counters = Counters(views=1000 * times, likes=20 * times, reposts=4, replies=3, quotes=2, bookmarks=1)
        posted_at = until - timedelta(days=2) - number * timedelta(hours=4)
        posts.append(Taught(posted_at=posted_at, chosen={column: value}, counted={24: counters}))
    return posts
