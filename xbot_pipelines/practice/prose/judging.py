"""Judging posts: which of the asked subjects each is about, and how much it is worth an answer.

Each post is judged by its own text alone, and a text is data: it changes neither the task nor any other verdict.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.practice.prose.occasions import occasion_of
from xbot_pipelines.practice.prose.quoting import take_apart
from xbot_pipelines.practice.prose.topics import topic_of

NONE = "none"
"""What a post is about that is about none of the subjects."""

_TASK = re.compile(r"^[\s>*-]*task\**\s*:\s*\**\s*judge\b", re.IGNORECASE | re.MULTILINE)
_SUBJECTS = re.compile(r"^[\s>*-]*subjects\**\s*:\s*\**\s*(.+?)[\s*]*$", re.IGNORECASE | re.MULTILINE)
_POST = re.compile(r"^\s*(?:(\d+)[.)]|[-*•])?\s*<<<(\d+)>>>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judging:
    """What shall be judged: the posts with their numbers, in order."""

    subjects: Sequence[str]
    posts: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one post is about, NONE for none of the subjects, and what it is worth, from 0 to 1."""

    number: int
    subject: str
    worth: float
    reason: str


def read_judging(prompt: str) -> Judging | None:
    """Read the prompt of a judgement (`Task: judge`, `Subjects: …`, the posts); None where there is none."""
    parts = take_apart(prompt)
    if not _TASK.search(parts.instructions):
        return None
    named = _SUBJECTS.search(parts.instructions)
    subjects = [] if named is None else [subject.strip() for subject in named[1].split(",") if subject.strip()]
    posts = [
        (int(number or place), parts.data[int(index)])
        for place, (number, index) in enumerate(_POST.findall(parts.instructions), 1)
    ]
    return Judging(subjects, posts)


def judge(judging: Judging) -> list[Verdict]:
    """One verdict a post, in their order."""
    return [_verdict(number, text, judging.subjects) for number, text in judging.posts]


def _verdict(number: int, text: str, subjects: Sequence[str]) -> Verdict:
    topic, occasion = topic_of(text, subjects), occasion_of(text)
    if topic.subject is None:
        return Verdict(
            number, NONE, 0.0, "It is about something else." if topic.elsewhere else "It is about nothing of it."
        )
    reason = occasion.reason or f"a {occasion.kind} on {topic.subject}"
    return Verdict(number, topic.subject, occasion.worth, f"{reason[0].upper()}{reason[1:]}.")
