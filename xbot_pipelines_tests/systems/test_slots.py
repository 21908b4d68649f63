"""When posts go out: evenly where every hour is needed, else in the hours that are believed to be good."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.learning.arms import HOURS
from xbot_pipelines.learning.beliefs import Beliefs
from xbot_pipelines.learning.model import fit
from xbot_pipelines.settings import AccountSettings, Caps
from xbot_pipelines.store.decisions import Queue
from xbot_pipelines.systems.learning import values_of
from xbot_pipelines.systems.slots import free_slot, hour_of, next_slot, slots_of_day
from xbot_pipelines_tests.learning.teaching import lesson

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def account(*, timezone: str = "UTC", **caps: int) -> AccountSettings:
    return AccountSettings(
        handle="tester", timezone=ZoneInfo(timezone), persona="Somebody.", subjects=("sleep",), caps=Caps(**caps)
    )


def nothing_known(profile: AccountSettings) -> Beliefs:
    return fit([], values_of(profile), now=MIDNIGHT)


def evenings_known(profile: AccountSettings) -> Beliefs:
    """An account that has learned that its readers are there in the evening."""
    told = [
        lesson(-4.5 if 18 <= number % 24 < 22 else -6.0, {"hour": HOURS[number % 24]}, days_ago=number / 10)
        for number in range(480)
    ]
    return fit(told, values_of(profile), now=MIDNIGHT)


def queue(last_slot: datetime | None) -> Queue:
    return Queue(waiting=0, unapproved=0, due=0, last_slot=last_slot)


def test_the_very_first_post_goes_out_at_once() -> None:
    profile = account()
    now = MIDNIGHT + 7 * MINUTE
    assert next_slot(queue(None), profile, nothing_known(profile), now) == now


def test_an_account_that_publishes_all_day_long_is_spread_evenly_whatever_it_believes() -> None:
    profile = account(posts_per_day=48, posts_per_hour=2)
    half_hours = [MIDNIGHT + number * 30 * MINUTE for number in range(48)]
    assert slots_of_day(profile, nothing_known(profile), MIDNIGHT) == half_hours
    assert slots_of_day(profile, evenings_known(profile), MIDNIGHT) == half_hours


def test_an_account_that_may_choose_takes_the_hours_that_are_believed_to_be_good() -> None:
    profile = account(posts_per_day=4)
    beliefs = evenings_known(profile)
    days = [slots_of_day(profile, beliefs, MIDNIGHT + number * DAY) for number in range(30)]
    assert all(len(slots) == len(set(slots)) == 4 for slots in days)
    hours = Counter(slot.hour for slots in days for slot in slots)
    assert sum(hours[hour] for hour in range(17, 23)) > 0.85 * hours.total()


def test_without_beliefs_every_hour_has_its_turn() -> None:
    profile = account(posts_per_day=6)
    beliefs = nothing_known(profile)
    hours = {slot.hour for number in range(60) for slot in slots_of_day(profile, beliefs, MIDNIGHT + number * DAY)}
    assert hours == set(range(24))


def test_whoever_asks_again_on_the_same_day_is_told_the_same() -> None:
    profile = account(posts_per_day=10)
    beliefs = nothing_known(profile)
    assert slots_of_day(profile, beliefs, MIDNIGHT) == slots_of_day(profile, beliefs, MIDNIGHT)
    assert slots_of_day(profile, beliefs, MIDNIGHT) != slots_of_day(profile, beliefs, MIDNIGHT + DAY)


@pytest.mark.parametrize(("posts", "most"), [(12, 1), (20, 2), (40, 2)])
def test_no_hour_has_more_than_twice_its_even_share_nor_more_than_the_caps_allow(posts: int, most: int) -> None:
    profile = account(posts_per_hour=2, posts_per_day=posts)
    hours = Counter(slot.hour for slot in slots_of_day(profile, evenings_known(profile), MIDNIGHT))
    assert hours.total() == posts
    assert max(hours.values()) == most


@pytest.mark.parametrize("gap", [5, 50, 200])
def test_slots_are_never_closer_than_the_gap(gap: int) -> None:
    profile = account(posts_per_day=20, minimum_gap_minutes=gap)
    beliefs, slots = nothing_known(profile), [MIDNIGHT]
    for _ in range(60):
        slots.append(next_slot(queue(slots[-1]), profile, beliefs, MIDNIGHT))
    apart = [later - earlier for earlier, later in pairwise(slots)]
    assert min(apart) >= gap * MINUTE


def test_the_slots_of_a_day_keep_the_gap_among_themselves_whatever_hours_are_good() -> None:
    profile = account(posts_per_day=20, minimum_gap_minutes=50)
    slots = slots_of_day(profile, evenings_known(profile), MIDNIGHT)
    assert len(slots) > 10
    assert min(later - earlier for earlier, later in pairwise(slots)) >= 50 * MINUTE


def test_the_next_slot_lies_after_the_last_one_and_after_now() -> None:
    profile = account(posts_per_day=2)
    beliefs = nothing_known(profile)
    first, second = slots_of_day(profile, beliefs, MIDNIGHT)
    tomorrow = slots_of_day(profile, beliefs, MIDNIGHT + DAY)
    assert next_slot(queue(MIDNIGHT - HOUR), profile, beliefs, MIDNIGHT - HOUR) == first
    assert next_slot(queue(first), profile, beliefs, MIDNIGHT) == second
    assert next_slot(queue(first), profile, beliefs, second + MINUTE) == tomorrow[0]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])
def test_a_day_is_the_accounts_own_however_long_it_is(day: str) -> None:
    vienna = ZoneInfo("Europe/Vienna")
    profile = account(timezone="Europe/Vienna", posts_per_day=48)
    midnight = datetime.fromisoformat(day).replace(tzinfo=vienna).astimezone(UTC)
    slots = slots_of_day(profile, nothing_known(profile), midnight)
    assert slots[0] == midnight
    assert {slot.astimezone(vienna).date().isoformat() for slot in slots} == {day}
    assert len(slots) == {"2026-03-29": 46, "2026-10-25": 48, "2026-06-01": 48}[day]


def test_an_hour_is_that_of_the_accounts_own_clock() -> None:
    assert hour_of(datetime(2026, 6, 1, 22, 30, tzinfo=UTC), account(timezone="Europe/Vienna")) == "00"
    assert hour_of(datetime(2026, 6, 1, 22, 30, tzinfo=UTC), account()) == "22"


def test_caps_of_nothing_a_day_do_not_keep_planning_from_ending() -> None:
    profile = account(posts_per_day=0, posts_per_hour=0)
    assert next_slot(queue(MIDNIGHT), profile, nothing_known(profile), MIDNIGHT) > MIDNIGHT


def most_within_an_hour(moments: list[datetime]) -> int:
    return max(sum(end - HOUR < moment <= end for moment in moments) for end in moments)


@given(
    per_hour=st.integers(0, 4),
    per_day=st.integers(0, 48),
    gap=st.integers(0, 90),
    minutes=st.lists(st.integers(0, 3 * 24 * 60), max_size=12),
    now=st.integers(0, 24 * 60),
)
def test_a_free_slot_keeps_the_gap_and_the_caps_wherever_others_lie(
    per_hour: int, per_day: int, gap: int, minutes: list[int], now: int
) -> None:
    profile = account(posts_per_hour=per_hour, posts_per_day=per_day, minimum_gap_minutes=gap)
    taken, earliest = [MIDNIGHT + minute * MINUTE for minute in minutes], MIDNIGHT + now * MINUTE
    slot = free_slot(taken, profile, earliest)
    assert slot >= earliest
    assert all(abs(moment - slot) >= gap * MINUTE for moment in taken)
    assert sum(moment.date() == slot.date() for moment in [*taken, slot]) <= max(per_day, 1)
    near = [moment for moment in taken if abs(moment - slot) < HOUR]
    allowed = max(per_hour, 1, most_within_an_hour(taken) if len(near) > per_hour else 0)
    assert most_within_an_hour([*near, slot]) <= allowed


def test_a_free_slot_is_any_hour_of_the_day_that_has_room() -> None:
    profile = account(posts_per_hour=1, posts_per_day=1)
    assert free_slot([], profile, MIDNIGHT + 7 * MINUTE) == MIDNIGHT + HOUR
    assert free_slot([MIDNIGHT + 9 * HOUR], profile, MIDNIGHT + 7 * MINUTE) == MIDNIGHT + DAY
