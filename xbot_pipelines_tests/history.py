"""An account with a past: many posts put into the tables at once, as if each had gone through the posting door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert

from xbot_pipelines.models import AttemptState, DecisionStatus, DecisionType, Evidence
from xbot_pipelines.store.checkpoints import owe
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import content_metadata, outcomes, posted_decisions, posting_attempts
from xbot_pipelines.x.text import post_time
from xbot_pipelines_tests.practice_site import Practice

CHECKPOINTS = (2, 12, 24)


@dataclass(frozen=True, kw_only=True)
class Past:
    """One post of the past, as practice X knows it."""

    tweet_id: str
    text: str
    posted_at: datetime
    answers: str | None = None


def put_past(
    practice: Practice, moments: Sequence[datetime], *, answering: str | None = None, words: str = "Note"
) -> list[Past]:
    """Puts posts of ours into the world, one for each moment, and answers them as the site has them."""
    texts = [f"{words} {number}: a glass of water before the first coffee." for number in range(len(moments))]
    ids = practice.put(
        *(
            {
                "author": practice.handle,
                "text": text,
                "created_at": moment.isoformat(),
                **({"in_reply_to": answering} if answering else {}),
            }
            for text, moment in zip(texts, moments, strict=True)
        )
    )
    return [
        Past(tweet_id=tweet_id, text=text, posted_at=post_time(tweet_id), answers=answering)
        for tweet_id, text in zip(ids, texts, strict=True)
    ]


def record_past(
    database: AccountDatabase, posts: Sequence[Past], *, checkpoints_hours: Sequence[int] = CHECKPOINTS
) -> dict[str, UUID]:
    """Writes posts into the tables as published and confirmed; answers their decisions by post id."""
    decisions = {post.tweet_id: uuid4() for post in posts}
    attempts = {post.tweet_id: uuid4() for post in posts}
    by = {"run_id": "run-1", "version": "0"}
    both = {"account": database.account}
    rows = [(post, {**both, "decision_id": decisions[post.tweet_id]}) for post in posts]
    with database.transaction() as connection:
        connection.execute(
            insert(content_metadata),
            [
                {
                    **row,
                    "decision_type": DecisionType.REPLY if post.answers else DecisionType.SINGLE,
                    "text": post.text,
                    "status": DecisionStatus.POSTED,
                    "scheduled_at": post.posted_at,
                    "target_tweet_id": post.answers,
                    "created_at": post.posted_at - timedelta(minutes=30),
                    "updated_at": post.posted_at,
                }
                for post, row in rows
            ],
        )
        connection.execute(
            insert(posting_attempts),
            [
                {
                    **row,
                    **by,
                    "id": attempts[post.tweet_id],
                    "decision_type": DecisionType.REPLY if post.answers else DecisionType.SINGLE,
                    "state": AttemptState.CONFIRMED,
                    "began_at": post.posted_at,
                    "submitted_at": post.posted_at,
                    "settled_at": post.posted_at,
                    "tweet_id": post.tweet_id,
                    "evidence": Evidence.ANSWER,
                }
                for post, row in rows
            ],
        )
        connection.execute(
            insert(posted_decisions),
            [
                {
                    **row,
                    **by,
                    "tweet_id": post.tweet_id,
                    "posted_at": post.posted_at,
                    "evidence": Evidence.ANSWER,
                    "attempt_id": attempts[post.tweet_id],
                }
                for post, row in rows
            ],
        )
        connection.execute(insert(outcomes), [row for _, row in rows])
        for post in posts:
            owe(
                connection,
                database.account,
                decisions[post.tweet_id],
                posted_at=post.posted_at,
                checkpoints_hours=checkpoints_hours,
            )
    return decisions
