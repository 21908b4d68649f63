"""One thing broken and repaired, and everything that was said meanwhile."""

import time
from dataclasses import dataclass

from benchmarks.breaking.house import BreakableHouse
from benchmarks.breaking.things import Thing
from benchmarks.houses import wait_until

RED_WITHIN_SECONDS = 120.0
"""What is promised."""

_LONGEST_SECONDS = 400.0
_LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Endured:
    """What health, the doctor and the alerts said of a thing that broke, and how long each took."""

    thing: str
    status: str
    sentence: str
    red_after_seconds: float
    doctor: str | None
    green_after_seconds: float
    alerts: list[str]
    all_clears: int

    @property
    def kept(self) -> bool:
        """Whether it was seen in time, by both, and told of once when it began and once when it was over."""
        in_time = self.red_after_seconds <= RED_WITHIN_SECONDS
        return in_time and self.doctor is not None and len(self.alerts) == 1 and self.all_clears == 1


def endure(house: BreakableHouse, thing: Thing) -> Endured:
    """Breaks one thing, has it seen and told, repairs it, and waits until all is well again.

    Raises:
        TimeoutError: it was not seen, not told, or not well again.
    """
    told_before = len(house.receiver.received)
    with thing.broken(house):
        began = time.monotonic()
        status, sentence = _seen(house, thing)
        red_after = time.monotonic() - began
        found = house.doctors_faults()
        wait_until(lambda: len(house.receiver.received) > told_before, seconds=_LONGEST_SECONDS, what="it is told")
    began = time.monotonic()
    wait_until(lambda: house.health()["ok"], seconds=_LONGEST_SECONDS, what=f"all is well after: {thing.name}")
    green_after = time.monotonic() - began
    wait_until(
        lambda: _is_settled(house, told_before), seconds=_LONGEST_SECONDS, what=f"the end is told of: {thing.name}"
    )
    told = house.receiver.told[told_before:]
    return Endured(
        thing=thing.name,
        status=status,
        sentence=sentence,
        red_after_seconds=red_after,
        doctor=next((said for about, said in found.items() if thing.about in f"{about} {said}".lower()), None),
        green_after_seconds=green_after,
        alerts=[text for title, text, _ in told if "wrong" in title],
        all_clears=sum("over" in title for title, _, _ in told),
    )


def _seen(house: BreakableHouse, thing: Thing) -> tuple[str, str]:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < deadline:
        answer = house.health()
        for reason in answer["reasons"]:
            if reason["cause"] in thing.causes:
                return answer["status"], reason["sentence"]
        time.sleep(_LOOK_EVERY_SECONDS)
    raise TimeoutError(f"health did not see in {_LONGEST_SECONDS:.0f} s: {thing.name}")


def _is_settled(house: BreakableHouse, told_before: int) -> bool:
    """Whether as many things are told to be over as have begun."""
    titles = [title for title, _, _ in house.receiver.told[told_before:]]
    return sum("over" in title for title in titles) >= sum("wrong" in title for title in titles)
