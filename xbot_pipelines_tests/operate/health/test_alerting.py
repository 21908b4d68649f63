"""One alert for each cause that lasts, ended by itself; an outage of the database is kept in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.health.activity import activity_of
from xbot_pipelines.operate.health.alerting import LASTING, AlertKeeper, Message, Outages, Settling
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status, is_judged, of_job
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.alerts import PAUSED, open_alerts, raise_alert, untold
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.operate.health.well import HOUR, SECOND, well

FULL = Reason(cause=Cause.DISK, status=Status.DOWN, sentence="the disk is full")
SILENT = Reason(cause=of_job("posting"), status=Status.DOWN, sentence="posting was silent")
LOST = Reason(cause=Cause.DATABASE, status=Status.DOWN, sentence="the database does not answer")


class Looking:
    """Looks every fifteen seconds at what it is told to see, and has the keeper heed it."""

    def __init__(self, settings: Settings, database: AccountDatabase) -> None:
        self.outages = Outages()
        self.now = NOON
        self._settings, self._database = settings, database
        self._keeper = AlertKeeper(partial(account_tables, settings), self.outages)

    def sees(self, *reasons: Reason, times: int = 1) -> None:
        for _ in range(times):
            known = LOST not in reasons
            activity = activity_of(self._database, self._settings.profile, now=self.now) if known else None
            facts = well(activity=activity, looked_at=self.now)
            self._keeper.heed(Judgement(facts=facts, reasons=reasons))
            self.now += 15 * SECOND

    def open(self) -> list[str]:
        return [alert.cause for alert in open_alerts(self._database)]

    def ever(self) -> list[tuple[str, bool]]:
        """Each alert that there ever was: what it says, and whether it is over."""
        told = untold(self._database, since=NOON - HOUR)
        return [(one.sentence, one.closed_at is not None) for one in told]


@pytest.fixture
def looking(settings: Settings, database: AccountDatabase) -> Looking:
    return Looking(settings, database)


def test_f21_what_lasts_is_one_alert_and_it_is_over_by_itself(looking: Looking) -> None:
    looking.sees(FULL, times=3)
    assert looking.open() == []
    looking.sees(FULL, times=20)
    assert looking.open() == [Cause.DISK]
    looking.sees(times=3)
    assert looking.open() == [Cause.DISK]
    looking.sees(times=2)
    assert looking.open() == []
    assert looking.ever() == [("the disk is full", False), ("the disk is full", True)]


def test_what_comes_and_goes_is_no_alert_and_a_hiccup_does_not_end_one(looking: Looking) -> None:
    for _ in range(8):
        looking.sees(FULL, times=2)
        looking.sees()
    assert looking.ever() == []
    looking.sees(FULL, times=4)
    looking.sees(times=2)
    looking.sees(FULL, times=4)
    assert looking.ever() == [("the disk is full", False)]


def test_causes_are_kept_apart(looking: Looking) -> None:
    looking.sees(FULL, SILENT, times=4)
    looking.sees(SILENT, times=4)
    assert looking.open() == ["job posting"]


def test_f27_a_clock_that_is_set_back_by_an_hour_holds_no_alert_up(looking: Looking) -> None:
    looking.sees(FULL)
    looking.now -= HOUR
    looking.sees(FULL, times=4)
    assert looking.open() == [Cause.DISK]


def test_alerts_that_others_raise_are_left_to_them(looking: Looking, database: AccountDatabase) -> None:
    with database.transaction() as connection:
        for cause in (PAUSED, "model budget", "budget of X's API"):
            raise_alert(connection, "practice", cause=cause, sentence="so it is", now=NOON)
    paused = Reason(cause=PAUSED, status=Status.DOWN, sentence="the account is paused")
    looking.sees(paused, times=6)
    looking.sees(times=6)
    assert looking.open() == [PAUSED, "model budget", "budget of X's API"]


def test_a_watch_that_begins_anew_ends_what_is_over_and_begins_nothing_twice(
    looking: Looking, settings: Settings, database: AccountDatabase
) -> None:
    looking.sees(FULL, SILENT, times=4)
    anew = Looking(settings, database)
    anew.now = looking.now
    anew.sees(SILENT, times=6)
    assert anew.open() == ["job posting"]
    assert len(anew.ever()) == 3


def test_an_outage_of_the_database_is_kept_in_memory(looking: Looking) -> None:
    looking.sees(LOST, times=3)
    assert looking.outages.untold() == ()
    looking.sees(LOST, times=5)
    assert looking.outages.untold() == (Message(sentence=LOST.sentence, began_at=NOON + LASTING),)
    looking.sees(times=6)
    began, over = looking.outages.untold()
    assert began.ended_at is None
    assert over.ended_at is not None
    assert not looking.outages.is_on
    assert looking.ever() == []
    looking.outages.note_told(began)
    assert looking.outages.untold() == (over,)


def test_a_database_that_is_lost_right_then_is_no_error_and_the_alert_begins_later(
    settings: Settings, database: AccountDatabase
) -> None:
    lost = True

    def tables() -> object:
        if lost:
            raise CannotRun("the database does not answer")
        return account_tables(settings)

    looking = Looking(settings, database)
    looking._keeper = AlertKeeper(tables, looking.outages)  # type: ignore[arg-type]  # it opens what it is asked to
    looking.sees(FULL, times=6)
    assert looking.open() == []
    lost = False
    looking.sees(FULL)
    assert looking.open() == [Cause.DISK]


@pytest.mark.parametrize("cause", [*Cause, of_job("posting")])
def test_every_cause_of_a_judgement_is_known_as_one(cause: str) -> None:
    assert is_judged(cause)


LOOKS = st.lists(st.tuples(st.booleans(), st.timedeltas(SECOND, 3 * LASTING)), min_size=1, max_size=40)


@given(LOOKS)
def test_an_alert_is_begun_after_it_lasted_and_ended_after_it_was_over_for_as_long(
    looks: Sequence[tuple[bool, timedelta]],
) -> None:
    settling, now, begun = Settling(), NOON, False
    changed_at: datetime | None = None
    before: bool | None = None
    for there, pause in looks:
        now += pause
        if there is not before:
            before, changed_at = there, now
        assert changed_at is not None
        changes = settling.changes([FULL] if there else [], [Cause.DISK] if begun else [], now=now)
        lasting = now - changed_at >= LASTING
        assert bool(changes.begin) == (there and not begun and lasting)
        assert bool(changes.end) == (not there and begun and lasting)
        begun = (begun or bool(changes.begin)) and not changes.end
