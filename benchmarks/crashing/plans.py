"""What is killed, at which step of publishing, under which fault: drawn from a seed, nothing is done here."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Step(StrEnum):
    """How far a posting run has come, as somebody sees it who only looks at the tables, at Dagster and at X."""

    WAITING = "waiting"
    STARTING = "starting"
    SETTLING = "settling"
    CLAIMED = "claimed"
    TYPING = "typing"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RECORDING = "recording"


class Victim(StrEnum):
    """What is killed. Practice X is none: it is the world."""

    WORKER = "run worker"
    CHROMIUM = "Chromium"
    DRIVER = "Playwright driver"
    CODE_SERVER = "code server"
    DAEMON = "daemon"
    DATABASE = "database"
    WARM_INTERPRETER = "warm interpreter"


_SERVICES = (Victim.CODE_SERVER, Victim.DAEMON, Victim.DATABASE, Victim.WARM_INTERPRETER)
_BEFORE_THE_BROWSER = (Victim.WORKER, *_SERVICES)
VICTIMS: Mapping[Step, Sequence[Victim]] = {
    Step.WAITING: _SERVICES,
    Step.STARTING: _BEFORE_THE_BROWSER,
    Step.CLAIMED: _BEFORE_THE_BROWSER,
    **{step: tuple(Victim) for step in (Step.SETTLING, Step.TYPING, Step.SUBMITTED, Step.ACCEPTED, Step.RECORDING)},
}
"""Who lives at each step."""

RECORDING_ANSWER_SECONDS = 0.6
"""Says when the answer comes: what happens right after that is the recording."""

_SECOND_BLOWS = 0.1
"""A rare one in ten: where a run's code server and its worker both die, Dagster waits for its deadline of 240 s."""

_UNTIL_THE_NEXT_PLAN = 99
"""More posts than there can be before X is told something else."""

Fault = Mapping[str, Any]


def _of_create(kind: str, **fields: Any) -> Fault:
    return {"operation": "CreateTweet", "kind": kind, **fields}


# Both hold a moment open that is else too short to be met, and for every post until the next plan: the first one that
# comes may belong to the run that was hit before.
_SLOW_ANSWER = _of_create("slow", seconds=2, count=_UNTIL_THE_NEXT_PLAN)
_ANSWER_AT_A_KNOWN_MOMENT = _of_create("slow", seconds=RECORDING_ANSWER_SECONDS, count=_UNTIL_THE_NEXT_PLAN)
_BEFORE_ACCEPTANCE: Sequence[Fault] = (
    _of_create("http_500_before"),
    _of_create("connection_reset"),
    _of_create("empty_tweet_results", accepted=False),
    _of_create("error_code", code=187),
)
_AFTER_ACCEPTANCE: Sequence[Fault] = (
    _of_create("answer_lost"),
    _of_create("http_500_after"),
    _of_create("empty_tweet_results", accepted=True),
    _SLOW_ANSWER,
)
_ON_THE_PAGE: Sequence[Fault] = (
    {"operation": "compose", "kind": "toast_never"},
    {"operation": "compose", "kind": "toast_vanishes"},
    {"operation": "compose", "kind": "typeahead"},
    {"operation": "compose", "kind": "connection_reset"},
    {"operation": "home", "kind": "http_500_before"},
)
_ON_THE_TIMELINE: Sequence[Fault] = (
    {"operation": "UserRepliesTimeline", "kind": "http_500_before", "count": 2},
    {"operation": "UserOriginalsTimeline", "kind": "connection_reset", "count": 2},
    {"operation": "UserRepliesTimeline", "kind": "slow", "seconds": 2, "count": 2},
)
_ANY: Sequence[Fault] = (*_BEFORE_ACCEPTANCE, *_AFTER_ACCEPTANCE, *_ON_THE_PAGE, *_ON_THE_TIMELINE)
_FAULTS: Mapping[Step, Sequence[Fault]] = {
    **dict.fromkeys(Step, _ANY),
    Step.SETTLING: _ON_THE_TIMELINE,
    Step.SUBMITTED: (*_BEFORE_ACCEPTANCE, *_AFTER_ACCEPTANCE),
    Step.ACCEPTED: _AFTER_ACCEPTANCE,
}


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


def plans(draw: random.Random) -> Iterator[Plan]:
    """Answers kills without end: every victim at every step once, in an order of chance, and then all over again."""
    while True:
        cells = [(step, victim) for step, victims in VICTIMS.items() for victim in victims]
        draw.shuffle(cells)
        for step, victim in cells:
            is_second_blow = draw.random() < _SECOND_BLOWS
            yield Plan(step=step, victim=victim, faults=_faults(step, draw), is_second_blow=is_second_blow)


def short_plans() -> Sequence[Plan]:
    """Answers eight kills that know every step and every victim.

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
        Step.SETTLING: [_of_create("http_500_before")],
        Step.ACCEPTED: [_SLOW_ANSWER],
        Step.RECORDING: [_ANSWER_AT_A_KNOWN_MOMENT],
    }
    return [Plan(step=step, victim=victim, faults=faults.get(step, ())) for step, victim in chosen]


def _faults(step: Step, draw: random.Random) -> Sequence[Fault]:
    """Every second kill comes with a fault, and always where the step would else be too short, or would not come."""
    drawn = [draw.choice(_FAULTS[step])] if draw.random() < 0.5 else []  # noqa: PLR2004 - one half
    match step:
        case Step.ACCEPTED:
            return drawn or [_SLOW_ANSWER]
        case Step.RECORDING:
            return [_ANSWER_AT_A_KNOWN_MOMENT]
        case Step.SETTLING:
            return [draw.choice(_BEFORE_ACCEPTANCE), *drawn]
        case _:
            return drawn
