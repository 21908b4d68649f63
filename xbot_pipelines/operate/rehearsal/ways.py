"""The ways to rehearse: a day with everything, by a browser or by the API, or weeks of what learning lives on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xbot_pipelines.operate.rehearsal.performing import Turns
    from xbot_pipelines.operate.rehearsal.play import Script
    from xbot_pipelines.operate.rehearsal.stage import Stage
    from xbot_pipelines.store.database import Provenance


class Way(StrEnum):
    """How X is reached."""

    BROWSER = "browser"
    API = "api"
    BARE = "bare client"


WORDS: Mapping[Way, str] = {
    Way.BROWSER: "every job, in a real Chromium",
    Way.API: "every job, by X's official API",
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

    turns = [turn for turn in TIMETABLE if way is not Way.BARE or turn.job in _LEARNING_LIVES_ON]
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
    if way is Way.API:
        yield _turns_by_the_api(stage)
        return
    from xbot_pipelines.operate.rehearsal.warm_browser import WarmBrowser
    from xbot_pipelines.x.chromium import find_chromium

    find_chromium(stage.settings.chromium)
    with WarmBrowser(stage) as browser:
        yield browser.turn


def _turns_by_the_api(stage: "Stage") -> "Turns":
    """Answers what makes the turns of runs that reach X as they always do: nothing has to be kept warm."""
    from xbot_pipelines.systems.browser_turn import BrowserTurn

    def turn(by: "Provenance", asked_at: datetime) -> BrowserTurn:
        return BrowserTurn(stage.settings, stage.database, stage.clock, by=by, asked_at=asked_at)

    return turn
