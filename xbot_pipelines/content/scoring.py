"""Scoring: how good a draft is that has passed the gates, part by part. Pure.

A gate says no for one reason; a score weighs what is better or worse. What readers made of a post is another matter,
and belongs to `learning`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from xbot_pipelines.x.text import LONGEST_POST, weighted_length

LEAST_SCORE = 0.4
"""What a draft has to reach; the total of a flat, short text that resembles others lies below it."""

_WEIGHTS = {"the model's own rating": 0.5, "novelty": 0.3, "substance": 0.2}
_SUBSTANTIAL = LONGEST_POST // 3


@dataclass(frozen=True)
class Score:
    """The score of a draft: parts that sum up to `total`, from 0 to 1."""

    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return round(sum(self.parts.values()), 4)

    @property
    def objection(self) -> str | None:
        """What speaks against a draft with this score, or None when it is good enough."""
        if self.total >= LEAST_SCORE:
            return None
        told = ", ".join(f"{name} {points:.2f} of {_WEIGHTS[name]:.2f}" for name, points in self.parts.items())
        return f"it scores {self.total:.2f} where {LEAST_SCORE:.2f} are needed ({told})"


def score_draft(text: str, *, rating: float, recent_texts: Sequence[str]) -> Score:
    """Scores a draft.

    Args:
        text: the draft.
        rating: what the model itself thinks of it, 0 to 1.
        recent_texts: what was written lately; the less it is like the likest of them, the newer it is.
    """
    likeness = 0.0
    if recent_texts:
        _, likeness, _ = process.extractOne(
            text, recent_texts, scorer=fuzz.token_sort_ratio, processor=utils.default_process
        )
    marks = {
        "the model's own rating": rating,
        "novelty": 1 - likeness / 100,
        "substance": min(1.0, weighted_length(text) / _SUBSTANTIAL),
    }
    return Score({name: round(_WEIGHTS[name] * mark, 4) for name, mark in marks.items()})
