"""Hours of looking around, each held against what the site knows of every post at that moment."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.answering.house import House
from xbot_pipelines.content.opportunities import Against
from xbot_pipelines.store import opportunities
from xbot_pipelines.systems.discovery import discover

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One turn: what it found, how many of that are right, and how many of all that are right it recognised by then.

    `right` leaves out authors whom the settings leave out: too few or too many followers. `adds_up`: every post that
    was seen was found, or turned away for one reason.
    """

    at: datetime
    seen: int
    found: int
    found_right: int
    right: int
    recognised: int
    adds_up: bool
    seconds: float


def hours(house: House, count: int) -> Iterator[Hour]:
    """Looks around once an hour."""
    for number in range(count):
        if number:
            house.move(_HOUR)
        began = time.monotonic()
        summary = discover(house.desk, house.client, house.client)
        seconds = time.monotonic() - began
        truth = {post["id"]: post for post in house.practice.ask("GET", "truth/opportunities")["posts"]}
        right = {post_id for post_id, post in truth.items() if post["right"] and _wanted(house, post)}
        found = [one.post_id for one in summary.found]
        yield Hour(
            at=house.clock.now(),
            seen=summary.seen,
            found=len(found),
            found_right=sum(_is_right(truth.get(post_id)) for post_id in found),
            right=len(right),
            recognised=len(right & _recognised(house, right)),
            adds_up=summary.seen == len(found) + sum(summary.turned_away.values()),
            seconds=seconds,
        )


def _wanted(house: House, post: dict[str, Any]) -> bool:
    replies = house.desk.profile.replies
    return replies.least_followers <= post["followers"] <= replies.most_followers


def _is_right(post: dict[str, Any] | None) -> bool:
    """Says whether a post is right to answer; somebody who addressed us may do so with any words."""
    if post is None:
        return False
    addressed = "@" in post["text"]
    forgiven = {"off_subject", "other_language", "stale", "reply"} if addressed else set()
    reasons: set[str] = set(post["reasons"])
    return reasons <= forgiven


def _recognised(house: House, post_ids: set[str]) -> set[str]:
    """The posts that were judged right, kept or not because others were better."""
    judged = opportunities.verdicts(house.desk.database, post_ids)
    return {post_id for post_id, reason in judged.items() if reason in {None, Against.BELOW_THE_BEST.value}}
