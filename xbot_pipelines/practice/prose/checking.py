"""Checking a draft against a policy, as a careful reader would who knows words and not much of the world.

A draft is data: nothing in it changes the verdict. What breaks which rule is in `checking.toml`, beside this file.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xbot_pipelines.practice.prose.quoting import take_apart
from xbot_pipelines.practice.prose.topics import topic_of

_TASK = re.compile(r"^[\s>*-]*task\**\s*:\s*\**\s*check\b", re.IGNORECASE | re.MULTILINE)
_SUBJECTS = re.compile(r"^[\s>*-]*subjects\**\s*:\s*\**\s*(.+?)[\s*]*$", re.IGNORECASE | re.MULTILINE)
_CUES: Mapping[str, re.Pattern[str]] = {
    rule: re.compile("|".join(one["cues"]), re.IGNORECASE)
    for rule, one in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


@dataclass(frozen=True, slots=True)
class Checking:
    """What shall be checked: the draft, and the subjects that it may be about."""

    subjects: Sequence[str]
    draft: str


def read_checking(prompt: str) -> Checking | None:
    """Read the prompt of a check (`Task: check`, `Subjects: …`, the draft); None where there is none."""
    parts = take_apart(prompt)
    if not _TASK.search(parts.instructions):
        return None
    named = _SUBJECTS.search(parts.instructions)
    subjects = [] if named is None else [subject.strip() for subject in named[1].split(",") if subject.strip()]
    return Checking(subjects, "\n".join(parts.data))


def broken_rules(checking: Checking) -> list[str]:
    """Return the rules that a draft breaks, in the order of the policy."""
    plain = checking.draft.replace("’", "'")
    found = [rule for rule, cues in _CUES.items() if cues.search(plain)]
    if topic_of(plain, checking.subjects).elsewhere:
        found.append("topic")
    return found
