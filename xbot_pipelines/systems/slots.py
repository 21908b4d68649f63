"""Slots: the moments of a day at which posts go out, and which of them the next one takes.

An account that may publish less than its caps let through has a choice of hours, and takes those that are drawn for the
day: no hour more than twice as often as an even day would, nor than the caps allow. One that publishes all day long has
none, and is spread evenly.
"""

import math
import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from xbot_pipelines.learning.arms import HOURS, Dimension
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store.decisions import Queue
from xbot_pipelines.store.quotas import day_began, next_day_begins

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import Beliefs

_HOUR = timedelta(hours=1)


def next_slot(queue: Queue, profile: AccountSettings, beliefs: "Beliefs", now: datetime) -> datetime:
    """The moment for the next post: the first slot after the last that was given away; at once for the very first."""
    if queue.last_slot is None:
        return now
    earliest = max(now, queue.last_slot + _gap(profile))
    day = day_began(earliest, profile.timezone)
    while True:
        for slot in slots_of_day(profile, beliefs, day):
            if slot >= earliest:
                return slot
        day = next_day_begins(day, profile.timezone)


def free_slot(taken: Collection[datetime], profile: AccountSettings, now: datetime) -> datetime:
    """Return the first moment from now on at which one more post keeps the gap and the caps.

    It is for a post that has lost its own slot: any hour will do, not only those that learning prefers.

    Args:
        taken: when the other posts of the account go out, or went out.
        profile: its caps and its time zone.
        now: the earliest moment.
    """
    per_hour, per_day = max(profile.caps.posts_per_hour, 1), max(profile.caps.posts_per_day, 1)
    day = day_began(now, profile.timezone)
    while True:
        tomorrow = next_day_begins(day, profile.timezone)
        if sum(day <= moment < tomorrow for moment in taken) < per_day:
            for slot in _possible(profile, day):
                keeps_gap = all(abs(moment - slot) >= _gap(profile) for moment in taken)
                if slot >= now and keeps_gap and _keeps_hourly_cap(slot, taken, per_hour):
                    return slot
        day = tomorrow


def slots_of_day(profile: AccountSettings, beliefs: "Beliefs", day: datetime) -> Sequence[datetime]:
    """The slots of the account's day that begins at this moment, in order.

    The hours are drawn, with a chance that is the day's own: whoever asks again on the same day is told the same, as
    far as the same is believed.
    """
    chance = random.Random(f"{profile.handle} {day.isoformat()}")
    open_slots, taken = _possible(profile, day), list[datetime]()
    while open_slots and len(taken) < max(profile.caps.posts_per_day, 1):
        hours = {moment: hour_of(moment, profile) for moment in open_slots}
        drawn = beliefs.draw(chance, {Dimension.HOUR: sorted(set(hours.values()))}).value(Dimension.HOUR)
        slot = next(moment for moment, hour in hours.items() if hour == drawn)
        taken.append(slot)
        open_slots = [moment for moment in open_slots if moment != slot and abs(moment - slot) >= _gap(profile)]
    return sorted(taken)


def hour_of(moment: datetime, profile: AccountSettings) -> str:
    """The hour of a moment, where the account lives, as learning calls it."""
    return HOURS[moment.astimezone(profile.timezone).hour]


def _possible(profile: AccountSettings, day: datetime) -> list[datetime]:
    """Every moment of the day that could be a slot: as many an hour as may be used of one, evenly."""
    twice_even = math.ceil(2 * profile.caps.posts_per_day / len(HOURS))
    apart = _HOUR / max(min(twice_even, profile.caps.posts_per_hour), 1)
    number = (next_day_begins(day, profile.timezone) - day) // apart
    return [day + place * apart for place in range(number)]


def _keeps_hourly_cap(slot: datetime, taken: Collection[datetime], per_hour: int) -> bool:
    """Return whether every hour that one more post at this moment falls into has room for it."""
    moments = [*taken, slot]
    return all(
        sum(end - _HOUR < moment <= end for moment in moments) <= per_hour
        for end in moments
        if slot <= end < slot + _HOUR
    )


def _gap(profile: AccountSettings) -> timedelta:
    return timedelta(minutes=profile.caps.minimum_gap_minutes)
