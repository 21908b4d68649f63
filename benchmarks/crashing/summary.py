"""What a trial came to: the table by step and by victim, the verdict, and the same figures for a file."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.crashing.verdict import Findings, Kill, Try, open_at, seconds_to_next_claim, seconds_to_settle


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was killed, what is wrong in the end, and how much was published meanwhile."""

    kills: Sequence[Kill]
    tries: Sequence[Try]
    findings: Findings
    hands: Sequence[str]
    unfinished_runs: Sequence[str]
    posts: int
    decisions: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether everything happened exactly once, and nobody had to help."""
        return not (self.findings.count or self.hands or self.unfinished_runs)

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong, a sentence each."""
        found = self.findings
        return [*found.duplicates, *found.resent, *found.lost, *found.stuck, *self.hands, *self.unfinished_runs]


@dataclass(frozen=True, kw_only=True)
class Line:
    """The kills of one kind. Seconds are None where nothing was open at any of them; inf where it still is."""

    what: str
    kills: int
    met: int
    duplicates: int
    lost: int
    with_open_attempt: int
    settle_median: float | None
    settle_worst: float | None
    next_claim_median: float | None
    next_claim_worst: float | None


def line_of(what: str, kills: Sequence[Kill], outcome: Outcome) -> Line:
    """Sums up some of the kills."""
    settled = _known(kills, lambda kill: seconds_to_settle(kill, outcome.tries))
    claimed = _known(kills, lambda kill: seconds_to_next_claim(kill, outcome.tries))
    at_hand = {one.decision_id for kill in kills for one in open_at(kill.at, outcome.tries)}
    guilty = outcome.findings.guilty
    return Line(
        what=what,
        kills=len(kills),
        met=sum(kill.met for kill in kills),
        duplicates=sum(decision in at_hand for decision in guilty.get("duplicates", ())),
        lost=sum(decision in at_hand for decision in guilty.get("lost", ())),
        with_open_attempt=len(settled),
        settle_median=median(settled) if settled else None,
        settle_worst=max(settled, default=None),
        next_claim_median=median(claimed) if claimed else None,
        next_claim_worst=max(claimed, default=None),
    )


def lines(outcome: Outcome) -> dict[str, list[Line]]:
    """Answers the figures by step, by victim, with and without a fault, and for all kills."""
    kills = outcome.kills
    by: dict[str, Callable[[Kill], str]] = {
        "step": lambda kill: str(kill.plan.step),
        "victim": lambda kill: str(kill.plan.victim),
        "fault": lambda kill: "with a fault of X" if kill.plan.faults else "without any",
    }
    grouped = {
        name: [
            line_of(key, [kill for kill in kills if key_of(kill) == key], outcome)
            for key in dict.fromkeys(sorted(map(key_of, kills)))
        ]
        for name, key_of in by.items()
    }
    return {**grouped, "all": [line_of("all", kills, outcome)]}


def show(outcome: Outcome) -> None:
    """Prints the table and the verdict."""
    console = Console(highlight=False)
    table = Table(
        "killed",
        *("kills", "met", "twice", "lost", "settled", "worst", "next", "worst"),
        title=f"exactly once: {len(outcome.kills)} kills, {outcome.posts} posts, {outcome.seconds / 60:.0f} min",
        caption="met: the step still went on at the kill. settled: median seconds until it was settled what became of "
        "the attempt (X is given 120 s to show a post). next: until the next decision was taken up.",
    )
    for group in lines(outcome).values():
        for line in group:
            table.add_row(
                line.what,
                *map(str, (line.kills, line.met, line.duplicates, line.lost)),
                *map(_seconds, (line.settle_median, line.settle_worst, line.next_claim_median, line.next_claim_worst)),
            )
        table.add_section()
    console.print(table)
    found = outcome.findings
    console.print(
        f"twice: {len(found.duplicates)}, sent again blind: {len(found.resent)}, lost: {len(found.lost)}, "
        f"rows stuck: {len(found.stuck)}, runs stuck: {len(outcome.unfinished_runs)}, "
        f"hands needed: {len(outcome.hands)}"
    )
    for sentence in outcome.wrong:
        console.print(f"  {sentence}", markup=False)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Answers the same figures as plain values."""
    found = outcome.findings
    return {
        "clean": outcome.is_clean,
        "kills": len(outcome.kills),
        "posts": outcome.posts,
        "decisions": outcome.decisions,
        "seconds": round(outcome.seconds, 1),
        "duplicates": list(found.duplicates),
        "sent_again_blind": list(found.resent),
        "lost": list(found.lost),
        "rows_stuck": list(found.stuck),
        "runs_stuck": list(outcome.unfinished_runs),
        "hands_needed": list(outcome.hands),
        "figures": {name: [_finite(asdict(line)) for line in group] for name, group in lines(outcome).items()},
        "each": [
            {
                "at": kill.at.isoformat(),
                "step": kill.plan.step,
                "victim": kill.plan.victim,
                "faults": [dict(fault) for fault in kill.plan.faults],
                "met": kill.met,
                "seconds_to_settle": _rounded(seconds_to_settle(kill, outcome.tries)),
                "seconds_to_next_claim": _rounded(seconds_to_next_claim(kill, outcome.tries)),
            }
            for kill in outcome.kills
        ],
    }


def _known(kills: Sequence[Kill], seconds: Callable[[Kill], float | None]) -> list[float]:
    return [value for kill in kills if (value := seconds(kill)) is not None]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _rounded(value: float | None) -> float | None:
    # JSON knows no infinity; what is not settled is listed among what is stuck.
    return round(value, 2) if value is not None and math.isfinite(value) else None


def _finite(line: dict[str, Any]) -> dict[str, Any]:
    return {name: _rounded(value) if isinstance(value, float) else value for name, value in line.items()}
