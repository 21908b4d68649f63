"""How people talk, for `topics` to learn from: about each subject, in other meanings of its name, about all else.

The lines are what the cast likes to say (`society/talk.toml`), the prose of the subjects, and `topics.toml`, beside
this file, which adds the words and the other meanings that are met outside of this world.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xbot_pipelines.practice.prose.subjects import SUBJECTS
from xbot_pipelines.practice.society import talk

ELSEWHERE = "not "
"""What stands before a subject in the name of the kind that means something else by it."""

_CHAT = "chat about "
_ABOUT = ("acts", "slips", "questions", "unsaid", "de", "es")
_PLACE = re.compile(r"\{\w+\}")


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


_TALK = _read(Path(talk.__file__).with_suffix(".toml"))
_WORDS = _read(Path(__file__).with_name("topics.toml"))
_TOPICS = _WORDS["subject"]


def _about(subject: str) -> list[str]:
    said = _TALK["subject"].get(subject, {})
    lines = [line for kind in _ABOUT for line in said.get(kind, ())]
    prose = SUBJECTS.get(subject)
    if prose is not None:
        lines += [*prose.acts, *prose.slips, *prose.reasons, *(line for pair in prose.myths for line in pair)]
    return lines


def _elsewhere(subject: str) -> list[str]:
    return [*_TALK["subject"].get(subject, {}).get("other", ()), *_TOPICS[subject]["elsewhere"]]


NAMES: Mapping[str, Sequence[str]] = {subject: known["name"] for subject, known in _TOPICS.items()}
"""How people call each subject, in small letters; its own name is the first or among them."""

WORDS: Mapping[str, Sequence[str]] = {subject: known["words"].split() for subject, known in _TOPICS.items()}
"""Words that speak for a subject; the parts of a compound are joined by hyphens."""

SAYING_NOTHING = frozenset(str(_WORDS["saying_nothing"]).split())
"""Words that alone tell nothing, in small letters."""

LINES: Mapping[str, Sequence[str]] = {
    **{subject: _about(subject) for subject in _TOPICS},
    **{ELSEWHERE + subject: _elsewhere(subject) for subject in _TOPICS},
    **{_CHAT + topic: lines for topic, lines in _TALK["topic"].items()},
}
"""Lines of each kind of talk."""

FRAMES: Sequence[str] = [
    *(_PLACE.sub(" ", line) for lines in _TALK["frames"].values() for line in lines),
    *(line for name in ("mood", "opening", "relative") for line in _TALK["fill"][name]),
]
"""What is said around anything."""
