"""Briefs: what a post should be about and how it should be told, before a word of it is written.

Subject, angle, tone, format and hook are chosen apart, so that learning can weigh each on its own. They are drawn in
`systems.choosing`; news may decide the subject.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.models import NewsItem


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One choice of each kind."""

    subject: str
    angle: str
    tone: str
    format: str
    hook: str


def rested(subjects: Sequence[str], recent_subjects: Sequence[str]) -> Sequence[str]:
    """Answers the subjects that were not written about lately; all of them where there is no other.

    Args:
        subjects: what the account writes about.
        recent_subjects: subjects of the last posts, newest first.
    """
    resting = set(recent_subjects[: len(subjects) // 2])
    return [subject for subject in subjects if subject not in resting] or subjects


def choose_news(offered: Sequence[NewsItem], subjects: Sequence[str]) -> tuple[str, NewsItem] | None:
    """Answers the first news that names one of the subjects, and that subject; None where none does.

    Args:
        offered: news, in the order in which it is preferred.
        subjects: what the account writes about.
    """
    for item in offered:
        told = f"{item.title} {item.summary or ''}"
        named = (one for one in subjects if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", told, re.IGNORECASE))
        subject = next(named, None)
        if subject is not None:
            return subject, item
    return None
