"""Replies that wait for a person, brought there the way that drafting does it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from xbot_pipelines.models import DecisionStatus, Opportunity, ProfileSnapshot
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import Judged, add_reply, keep
from xbot_pipelines_tests.store.given import BY, reply
from xbot_pipelines_tests.store.rows import NOON

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

FOUND = Opportunity(
    post_id="1900000000000000001",
    author=ProfileSnapshot(id="7", handle="ada", name="Ada", bio="walks a lot", followers=120),
    text="Who else sleeps badly?",
    subject="sleep",
    addressed_us=False,
    posted_at=NOON - 30 * MINUTE,
    found_at=NOON,
    expires_at=NOON + HOUR,
    score=1.75,
    score_parts={"worth": 0.5, "fresh": 1.25},
    likes=3,
    replies=0,
)


def found(number: int, *, handle: str = "ada", author_id: str = "7", **changes: Any) -> Opportunity:
    """A post that is worth a reply, each `number` another one."""
    author = replace(FOUND.author, handle=handle, id=author_id)
    return replace(FOUND, **{"post_id": f"{1900000000000000000 + number}", "author": author, **changes})


def drafted(
    database: AccountDatabase,
    opportunity: Opportunity = FOUND,
    *,
    text: str = "A dark room helped me.",
    status: DecisionStatus = DecisionStatus.NEEDS_REVIEW,
) -> UUID:
    """A reply to this post that waits for a person, unless the test says otherwise."""
    now = opportunity.found_at
    keep(database, [Judged(opportunity=opportunity, source="search")], now=now)
    # The day begins now: tests want several replies to the same author.
    return add_reply(
        database,
        opportunity,
        replace(reply(text), target=opportunity.target, topic=opportunity.subject, quality=0.8),
        status=status,
        day_began=now + timedelta(days=1),
        now=now,
        by=BY,
        reason="a stranger",
    )
