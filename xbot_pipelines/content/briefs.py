"""Briefs: what a post should be about and how it should be told, before a word of it is written.

Subject, angle, tone, format and hook are chosen apart, so that each can be weighed on its own later. News may
decide the subject.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.models import NewsItem
from xbot_pipelines.settings import AccountSettings


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One choice of each kind."""

    subject: str
    angle: str
    tone: str
    format: str
    hook: str


def choose_brief(profile: AccountSettings, *, recent_subjects: Sequence[str], random_source: random.Random) -> Brief:
    """Chooses a brief, with a subject that was not written about lately where there is one.

    Args:
        profile: what the account may choose from.
        recent_subjects: subjects of the last posts, newest first.
        random_source: what decides among equals; seeded, so that a choice can be made again.
    """
    resting = set(recent_subjects[: len(profile.subjects) // 2])
    fresh = [subject for subject in profile.subjects if subject not in resting]
    return Brief(
        subject=random_source.choice(fresh or list(profile.subjects)),
        angle=random_source.choice(profile.angles),
        tone=random_source.choice(profile.tones),
        format=random_source.choice(profile.formats),
        hook=random_source.choice(profile.hooks),
    )


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
