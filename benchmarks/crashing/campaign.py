"""A campaign: waits for the step of a plan, kills, and goes on to the next, while the house helps itself.

Nothing is repaired from here. What must be put right is put right by the house, or counted in the end.
"""

import random
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from benchmarks.crashing.plans import Plan
from benchmarks.crashing.sight import Eye, Sight
from benchmarks.crashing.steps import RECORDING_ANSWER_SECONDS, Step, Victim
from benchmarks.crashing.supply import Supply
from benchmarks.crashing.verdict import Kill
from benchmarks.crashing.victims import Victims

_LOOK_EVERY_SECONDS = 0.015
_LONGEST_WAIT_SECONDS = 330.0
"""A run whose worker and whose code server both died is given up after its deadline of 240 s, and a poll."""

_LATER_BY_SECONDS = {
    Step.WAITING: 0.3,
    Step.STARTING: 0.8,
    Step.SETTLING: 0.8,
    Step.CLAIMED: 0.2,
    Step.TYPING: 0.5,
    Step.SUBMITTED: 0.02,
    Step.ACCEPTED: 0.8,
    Step.RECORDING: 0.08,
}
"""How long after a step was seen to begin the kill may come: within most of the time that it lasts."""


class HouseEnded(Exception):
    """`xbot up` itself is no more: a person would have to start it again."""


class Campaign:
    """Kills in one house.

    Args:
        house: the `xbot up` that must go on through all of it.
        victims: its processes.
        eye: looks at its tables.
        supply: keeps its work coming.
        draw: the source of chance.
        say: takes a line for whoever watches.
    """

    def __init__(
        self,
        *,
        house: subprocess.Popen[bytes],
        victims: Victims,
        eye: Eye,
        supply: Supply,
        draw: random.Random,
        say: Callable[[str], None],
    ) -> None:
        self._house = house
        self._victims = victims
        self._eye = eye
        self._supply = supply
        self._draw = draw
        self._say = say
        self._asked_before = 0
        self._hit_runs: set[str] = set()

    def run(self, plans: Iterable[Plan]) -> list[Kill]:
        """Carries out these plans one after the other, and answers what was killed.

        Raises:
            HouseEnded: the house is down, and nobody but a person brings it up again.
        """
        kills: list[Kill] = []
        for number, plan in enumerate(plans, start=1):
            self._supply.set_faults(plan.faults)
            began = time.monotonic()
            kill = self._carry_out(plan)
            waited = time.monotonic() - began
            verdict = "" if kill.met else " (at a random instant: the step had passed)"
            self._say(f"{number}: {plan}, after {waited:.1f} s{verdict}")
            kills.append(kill)
        self._supply.set_faults([])
        return kills

    def _carry_out(self, plan: Plan) -> Kill:
        give_up = time.monotonic() + _LONGEST_WAIT_SECONDS
        while True:
            self._demand_house()
            process = self._await(plan, give_up)
            if plan.step == Step.RECORDING:
                time.sleep(RECORDING_ANSWER_SECONDS)
            time.sleep(self._draw.uniform(0, _LATER_BY_SECONDS[plan.step]))
            sight = self._eye.look()
            met = sight is not None and self._is_at(plan, sight)
            at = datetime.now(UTC)
            with suppress(psutil.NoSuchProcess):
                process.kill()
                runs = frozenset(sight.runs if sight else ())
                self._hit_runs |= runs
                return Kill(plan=plan, at=at, met=met, runs=runs)

    def _await(self, plan: Plan, give_up: float) -> psutil.Process:
        """Waits until the step goes on and the victim lives; after a long while the victim is enough."""
        while True:
            sight = self._eye.look()
            if sight is not None and self._is_at(plan, sight):
                process = self._victims.find(plan.victim)
                if process is not None:
                    return process
            if time.monotonic() > give_up and (process := self._victims.find(plan.victim)) is not None:
                return process
            self._demand_house()
            time.sleep(_LOOK_EVERY_SECONDS)

    def _is_at(self, plan: Plan, sight: Sight) -> bool:
        # A run that was hit may be dead and taken for running: it is at no step. Only a second blow looks for it.
        seen = sight.step() if plan.is_second_blow else sight.without(self._hit_runs).step()
        match plan.step:
            case Step.WAITING:
                return not sight.runs
            case Step.TYPING:
                return seen == Step.CLAIMED and self._victims.find(Victim.CHROMIUM) is not None
            case Step.ACCEPTED | Step.RECORDING if seen in {Step.CLAIMED, Step.SUBMITTED}:
                return self._was_asked(seen)
            case step:
                return seen == step

    def _was_asked(self, seen: Step) -> bool:
        """Whether X was asked to take a post since the present attempt was seen before its click."""
        asked = self._eye.posts_asked_for()
        if seen == Step.CLAIMED:
            self._asked_before = asked
        return asked > self._asked_before

    def _demand_house(self) -> None:
        if self._house.poll() is not None:
            raise HouseEnded(f"xbot up ended by itself with exit code {self._house.returncode}")
