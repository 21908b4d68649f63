"""How alike two texts are by their words, and which of several drafts is least like what was written before."""

import re
from collections.abc import Sequence


def likeness(one: str, other: str) -> float:
    """The share of their words that two texts have in common, from 0 to 1 (Jaccard)."""
    words, others = _words(one), _words(other)
    return len(words & others) / max(1, len(words | others))


def freshest(drafts: Sequence[str], recent: Sequence[str]) -> str:
    """The draft whose nearest among the recent texts is the farthest."""
    return min(drafts, key=lambda draft: max((likeness(draft, text) for text in recent), default=0.0))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))
