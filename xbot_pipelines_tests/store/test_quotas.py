"""The rules of how much may be published, without a database. What is counted is tested in `test_claiming`."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.models import DecisionType
from xbot_pipelines.settings import Caps
from xbot_pipelines.store.quotas import Tried, day_began, next_day_begins, what_blocks

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CAPS = Caps(posts_per_hour=2, posts_per_day=10, replies_per_hour=4, replies_per_day=20, minimum_gap_minutes=5)
NOTHING_TRIED = Tried(last_hour=0, today=0, last_began_at=None)

# Havana and the Azores set clocks back over midnight, Cairo and Beirut forward over it; Lord Howe by half an hour.
CLOCK_CHANGES = {
    "UTC": ["2026-03-29"],
    "Europe/Vienna": ["2026-03-29", "2026-10-25"],
    "America/Havana": ["2026-03-08", "2026-11-01"],
    "Atlantic/Azores": ["2026-03-29", "2026-10-25"],
    "Africa/Cairo": ["2026-04-24", "2026-10-30"],
    "Asia/Beirut": ["2026-03-29", "2026-10-25"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Pacific/Kiritimati": ["2026-03-29"],
}


@st.composite
def around_a_change_of_clocks(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A moment within a day and a half of the middle of a day on which somewhere the clocks change, and that place."""
    zone = draw(st.sampled_from(sorted(CLOCK_CHANGES)))
    day = draw(st.sampled_from(CLOCK_CHANGES[zone]))
    minutes = draw(st.integers(-36 * 60, 36 * 60))
    return datetime.fromisoformat(f"{day}T12:00Z") + timedelta(minutes=minutes), ZoneInfo(zone)


@pytest.mark.parametrize("kind", DecisionType)
def test_where_nothing_was_tried_nothing_blocks(kind: DecisionType) -> None:
    assert what_blocks(kind, NOTHING_TRIED, CAPS, now=NOW) is None


@pytest.mark.parametrize(
    ("kind", "tried", "reason"),
    [
        (DecisionType.SINGLE, Tried(last_hour=1, today=9, last_began_at=None), None),
        (DecisionType.SINGLE, Tried(last_hour=2, today=2, last_began_at=None), "single: 2 of 2 an hour are used"),
        (DecisionType.SINGLE, Tried(last_hour=5, today=5, last_began_at=None), "single: 5 of 2 an hour are used"),
        (DecisionType.SINGLE, Tried(last_hour=0, today=10, last_began_at=None), "single: 10 of 10 a day are used"),
        (DecisionType.REPLY, Tried(last_hour=3, today=19, last_began_at=None), None),
        (DecisionType.REPLY, Tried(last_hour=4, today=4, last_began_at=None), "reply: 4 of 4 an hour are used"),
        (DecisionType.REPLY, Tried(last_hour=0, today=20, last_began_at=None), "reply: 20 of 20 a day are used"),
    ],
)
def test_each_kind_has_caps_of_its_own_by_hour_and_day(kind: DecisionType, tried: Tried, reason: str | None) -> None:
    assert what_blocks(kind, tried, CAPS, now=NOW) == reason


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        (timedelta(minutes=5), None),
        (timedelta(hours=3), None),
        (timedelta(minutes=5) - timedelta(microseconds=1), "the last publication began 5 minutes ago, the gap is 5"),
        (timedelta(minutes=2), "single: the last publication began 2 minutes ago, the gap is 5"),
        (timedelta(), "single: the last publication began 0 minutes ago, the gap is 5"),
        # Clocks of two machines differ: what seems to begin later is no reason to hurry.
        (timedelta(seconds=-20), "the gap is 5"),
    ],
)
def test_between_any_two_publications_there_is_the_gap(ago: timedelta, reason: str | None) -> None:
    said = what_blocks(DecisionType.SINGLE, Tried(last_hour=1, today=1, last_began_at=NOW - ago), CAPS, now=NOW)

    assert said is None if reason is None else said is not None and reason in said


def test_a_cap_of_nothing_blocks_everything() -> None:
    none = Caps(posts_per_hour=0, replies_per_day=0)

    assert what_blocks(DecisionType.SINGLE, NOTHING_TRIED, none, now=NOW) == "single: 0 of 0 an hour are used"
    assert what_blocks(DecisionType.REPLY, NOTHING_TRIED, none, now=NOW) == "reply: 0 of 0 a day are used"


@given(
    st.sampled_from(DecisionType),
    st.integers(0, 30),
    st.integers(0, 30),
    st.none() | st.timedeltas(timedelta(), timedelta(hours=2)),
)
def test_f04_nothing_passes_that_a_cap_forbids_and_nothing_is_blocked_that_none_does(
    kind: DecisionType, last_hour: int, today: int, ago: timedelta | None
) -> None:
    per_hour, per_day = (2, 10) if kind is DecisionType.SINGLE else (4, 20)
    allowed = last_hour < per_hour and today < per_day and (ago is None or ago >= timedelta(minutes=5))
    tried = Tried(last_hour=last_hour, today=today, last_began_at=None if ago is None else NOW - ago)

    assert (what_blocks(kind, tried, CAPS, now=NOW) is None) == allowed


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        ("UTC", "2026-03-02T12:00Z", "2026-03-02T00:00Z"),
        ("UTC", "2026-03-02T00:00Z", "2026-03-02T00:00Z"),
        ("Europe/Vienna", "2026-03-02T12:00Z", "2026-03-01T23:00Z"),
        ("Europe/Vienna", "2026-03-02T22:59Z", "2026-03-01T23:00Z"),
        ("Europe/Vienna", "2026-03-02T23:00Z", "2026-03-02T23:00Z"),
        ("America/Los_Angeles", "2026-03-02T07:59Z", "2026-03-01T08:00Z"),
        ("Pacific/Kiritimati", "2026-03-02T12:00Z", "2026-03-02T10:00Z"),
        # The day on which clocks go forward has 23 hours, the one on which they go back 25.
        ("Europe/Vienna", "2026-03-29T12:00Z", "2026-03-28T23:00Z"),
        ("Europe/Vienna", "2026-03-30T12:00Z", "2026-03-29T22:00Z"),
        ("Europe/Vienna", "2026-10-25T12:00Z", "2026-10-24T22:00Z"),
        ("Europe/Vienna", "2026-10-26T12:00Z", "2026-10-25T23:00Z"),
        # Where there is no midnight, the day begins at the first moment that there is.
        ("Africa/Cairo", "2026-04-24T12:00Z", "2026-04-23T22:00Z"),
        # Where midnight comes twice, the day begins at the first.
        ("Atlantic/Azores", "2026-10-25T00:30Z", "2026-10-25T00:00Z"),
        ("Atlantic/Azores", "2026-10-25T01:30Z", "2026-10-25T00:00Z"),
        ("Atlantic/Azores", "2026-10-25T02:30Z", "2026-10-25T00:00Z"),
    ],
)
def test_f27_a_day_begins_at_midnight_where_the_account_lives(zone: str, now: str, began: str) -> None:
    answer = day_began(datetime.fromisoformat(now), ZoneInfo(zone))

    assert answer == datetime.fromisoformat(began)
    assert answer.utcoffset() == timedelta()


@given(around_a_change_of_clocks())
def test_f27_a_day_has_one_beginning_and_it_is_its_first_moment(there: tuple[datetime, ZoneInfo]) -> None:
    moment, timezone = there
    began = day_began(moment, timezone)
    day = moment.astimezone(timezone).date()

    assert began <= moment < began + timedelta(hours=25)
    assert began.astimezone(timezone).date() == day
    assert (began - timedelta(microseconds=1)).astimezone(timezone).date() < day


@pytest.mark.parametrize(
    ("zone", "now", "begins"),
    [
        ("Europe/Vienna", datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 23, tzinfo=UTC)),
        ("Europe/Vienna", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("Europe/Vienna", datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 6, 1, 0, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)),
    ],
)
def test_f27_the_next_day_begins_at_the_accounts_own_midnight(zone: str, now: datetime, begins: datetime) -> None:
    """On days of 23 and 25 hours as well."""
    assert next_day_begins(now, ZoneInfo(zone)) == begins
