"""Gates: what a draft has to pass before it may be queued. Pure; each answers an objection in words, or nothing.

The model is asked for all of this already, and a model can be talked into anything: here it is checked.
"""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, utils

from xbot_pipelines.x.text import weighted_length

_LONGEST = 280
_TOO_ALIKE = 85.0
_LINK = re.compile(r"https?://|www\.|\bt\.co/|\b[\w-]+\.(?:com|net|org|io|co|info|ly|me|app|dev)\b", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@\w{1,15}")
_DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|iu|ml)\b", re.IGNORECASE)
_MEDICINE = re.compile(
    r"\b(?:stop|start|skip|double|halve|replace)\b[^.!?\n]{0,30}\b(?:medication|medicine|medicines|insulin|statins?|"
    r"antidepressants?|antibiotics?|prescription|pills?|tablets?)\b|\b(?:cures?|heals?|treats?)\s+(?:your\s+)?"
    r"(?:cancer|diabetes|depression|anxiety|adhd|autism|covid)",
    re.IGNORECASE,
)


def objections(text: str, *, recent_texts: Sequence[str], allowed_mention: str | None = None) -> list[str]:
    """Answers everything that speaks against a draft; an empty list lets it pass.

    Args:
        text: the draft.
        recent_texts: what was written lately, which it must not repeat.
        allowed_mention: the handle of the one person who may be named in it, without the @.
    """
    found = (
        _length(text),
        _links(text),
        _mentions(text, allowed_mention),
        _medical_instruction(text),
        _repetition(text, recent_texts),
    )
    return [objection for objection in found if objection is not None]


def _length(text: str) -> str | None:
    if not text.strip():
        return "it is empty"
    length = weighted_length(text)
    return f"it is {length} characters long as X counts, {_LONGEST} are allowed" if length > _LONGEST else None


def _links(text: str) -> str | None:
    found = _LINK.search(text)
    return f"it holds a link ({found.group(0)})" if found else None


def _mentions(text: str, allowed: str | None) -> str | None:
    strangers = [name for name in _MENTION.findall(text) if name[1:].lower() != (allowed or "").lower()]
    return f"it mentions {', '.join(strangers)}" if strangers else None


def _medical_instruction(text: str) -> str | None:
    found = _DOSE.search(text) or _MEDICINE.search(text)
    return f"it reads like a medical instruction ({found.group(0)!r})" if found else None


def _repetition(text: str, recent_texts: Iterable[str]) -> str | None:
    for recent in recent_texts:
        likeness = fuzz.token_sort_ratio(text, recent, processor=utils.default_process)
        if likeness >= _TOO_ALIKE:
            return f"it is {likeness:.0f} % like an earlier post: {recent[:80]!r}"
    return None
