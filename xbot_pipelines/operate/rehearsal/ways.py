"""The two ways to rehearse: a day with everything and a browser, or weeks of what learning lives on, without one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xbot_pipelines.operate.rehearsal.performing import Turns
    from xbot_pipelines.operate.rehearsal.play import Script
    from xbot_pipelines.operate.rehearsal.stage import Stage


class Way(StrEnum):
    """How X is reached."""

    BROWSER = "browser"
    BARE = "bare client"


WORDS: Mapping[Way, str] = {
    Way.BROWSER: "every job, in a real Chromium",
    Way.BARE: "no browser: a bare client of practice X, and only the jobs that learning lives on",
}
"""Each way as a report says it."""

_LEARNING_LIVES_ON = frozenset(
    {"posting", "plan", "velocity_tracker", "learning", "sync_followers", "real_outcomes", "daily_report"}
)


def script_of(way: Way, *, begins_at: datetime, ends_at: datetime) -> "Script":
    """Answers what is played in a way."""
    from xbot_pipelines.operate.rehearsal.play import Script
    from xbot_pipelines.orchestration.timetable import TIMETABLE

    turns = [turn for turn in TIMETABLE if way is Way.BROWSER or turn.job in _LEARNING_LIVES_ON]
    return Script(begins_at=begins_at, ends_at=ends_at, turns=turns)


@contextmanager
def way_to_x(way: Way, stage: "Stage") -> "Iterator[Turns]":
    """Hands out what makes the turns of runs at X, for as long as the block lasts.

    Raises:
        ChromiumMissing: a browser is wanted, and there is none.
    """
    if way is Way.BARE:
        from xbot_pipelines.operate.rehearsal.bare_client import bare_turns

        yield bare_turns(stage)
        return
    from xbot_pipelines.operate.rehearsal.warm_browser import WarmBrowser
    from xbot_pipelines.x.chromium import find_chromium

    find_chromium(stage.settings.chromium)
    with WarmBrowser(stage) as browser:
        yield browser.turn
