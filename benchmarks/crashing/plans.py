"""What is killed, at which step of publishing, under which fault: drawn from a seed, nothing is done here."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.crashing.grounds import Fault, Ground
from benchmarks.crashing.steps import Step, Victim

_SECOND_BLOWS = 0.1
"""A rare one in ten: where a run's code server and its worker both die, Dagster waits for its deadline of 240 s."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One kill to come. `faults` is what X is told to do wrong meanwhile.

    A second blow may hit the very run that the kill before has hit; any other kill waits for the next run.
    """

    step: Step
    victim: Victim
    faults: Sequence[Fault] = ()
    is_second_blow: bool = False

    @property
    def faults_in_words(self) -> str:
        """What X does wrong, in short."""
        return " and ".join(f"{fault['kind']} on {fault['operation']}" for fault in self.faults)

    def __str__(self) -> str:
        what = f" with {self.faults_in_words}" if self.faults else ""
        return f"{self.victim} while {self.step}{what}{', a second blow' if self.is_second_blow else ''}"


def plans(ground: Ground, draw: random.Random) -> Iterator[Plan]:
    """Answers kills without end: every victim at every step once, in an order of chance, and then all over again."""
    while True:
        cells = [(step, victim) for step, victims in ground.victims.items() for victim in victims]
        draw.shuffle(cells)
        for step, victim in cells:
            is_second_blow = draw.random() < _SECOND_BLOWS
            yield Plan(step=step, victim=victim, faults=_faults(ground, step, draw), is_second_blow=is_second_blow)


def short_plans(ground: Ground) -> Sequence[Plan]:
    """Answers some kills that know every step and every victim of a ground, eight where all of them are there.

    First those that leave a post unknown: X has two minutes to show it, and the others pass meanwhile.
    """
    chosen = (
        (Step.SUBMITTED, Victim.WORKER),
        (Step.SETTLING, Victim.DRIVER),
        (Step.TYPING, Victim.WARM_INTERPRETER),
        (Step.ACCEPTED, Victim.DATABASE),
        (Step.WAITING, Victim.DAEMON),
        (Step.RECORDING, Victim.CHROMIUM),
        (Step.CLAIMED, Victim.WORKER),
        (Step.STARTING, Victim.CODE_SERVER),
    )
    faults = {
        # Strikes only where the kill before has left nothing to settle.
        Step.SETTLING: [ground.before_acceptance[0]],
        Step.ACCEPTED: [ground.slow_answer],
        Step.RECORDING: [ground.answer_at_a_known_moment],
    }
    there = [(step, victim) for step, victim in chosen if step in ground.victims]
    return [
        Plan(
            step=step,
            # In the place of who does not live here, the one who does the work dies.
            victim=victim if victim in ground.victims[step] else Victim.WORKER,
            faults=faults.get(step, ()),
        )
        for step, victim in there
    ]


def _faults(ground: Ground, step: Step, draw: random.Random) -> Sequence[Fault]:
    """Every second kill comes with a fault, and always where the step would else be too short, or would not come."""
    drawn = [draw.choice(_faults_at(ground, step))] if draw.random() < 0.5 else []  # noqa: PLR2004 - one half
    match step:
        case Step.ACCEPTED:
            return drawn or [ground.slow_answer]
        case Step.RECORDING:
            return [ground.answer_at_a_known_moment]
        case Step.SETTLING:
            return [draw.choice(ground.before_acceptance), *drawn]
        case _:
            return drawn


def _faults_at(ground: Ground, step: Step) -> Sequence[Fault]:
    match step:
        case Step.SETTLING:
            return ground.on_the_timeline
        case Step.SUBMITTED:
            return (*ground.before_acceptance, *ground.after_acceptance)
        case Step.ACCEPTED:
            return ground.after_acceptance
        case _:
            return (*ground.before_acceptance, *ground.after_acceptance, *ground.on_the_way, *ground.on_the_timeline)
