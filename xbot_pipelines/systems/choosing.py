"""Choosing: what the next post is about, and how it is told, drawn from what its forerunners have taught.

News may give the subject, and the slot gives the hour; a subject that was just written about rests. Why each was chosen
goes into the row of the decision.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xbot_pipelines.content.briefs import Brief, choose_news, rested
from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.models import NewsItem
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import news
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.decisions import Written
from xbot_pipelines.systems.learning import values_of
from xbot_pipelines.systems.slots import hour_of

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import Beliefs, Choice

_POSTS_BETWEEN_NEWS = 2
_NEWS_LOOKED_AT = 50


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What to write, about which news where there is some, and because of what, in plain values that go into JSON."""

    brief: Brief
    news: NewsItem | None
    because: Mapping[str, Any]


def choose(
    database: AccountDatabase,
    profile: AccountSettings,
    beliefs: "Beliefs",
    recent: Sequence[Written],
    *,
    slot: datetime,
    random_source: random.Random,
    now: datetime,
) -> Chosen:
    """Draws a brief for the post of this slot. One in three is about news at most, where some is of our subjects."""
    given = _news(database, profile, recent, now)
    written_about = [content.topic for content in recent if content.topic]
    choice = beliefs.draw(
        random_source,
        {
            **values_of(profile),
            Dimension.SUBJECT: [given[0]] if given else rested(profile.subjects, written_about),
            Dimension.HOUR: [hour_of(slot, profile)],
        },
    )
    brief = Brief(
        subject=choice.value(Dimension.SUBJECT),
        angle=choice.value(Dimension.ANGLE),
        tone=choice.value(Dimension.TONE),
        format=choice.value(Dimension.FORMAT),
        hook=choice.value(Dimension.HOOK),
    )
    return Chosen(brief=brief, news=given[1] if given else None, because=because(choice))


def because(choice: "Choice") -> Mapping[str, Any]:
    """Says of each dimension what was taken, how many times the usual is expected of it, what was drawn, and why."""
    return {
        "expected": _times(choice.expected),
        **{
            dimension.value: {
                "value": drawn.value,
                "expected": _times(drawn.expected),
                "drawn": _times(drawn.sampled),
                "why": drawn.why.value,
            }
            for dimension, drawn in choice.drawn.items()
        },
    }


def _news(
    database: AccountDatabase, profile: AccountSettings, recent: Sequence[Written], now: datetime
) -> tuple[str, NewsItem] | None:
    """The news that the next post is about, and its subject; None where it is about none."""
    if any(content.news_url for content in recent[:_POSTS_BETWEEN_NEWS]):
        return None
    return choose_news(news.unused_news(database, now=now, limit=_NEWS_LOOKED_AT), profile.subjects)


def _times(effect: float) -> float:
    return round(math.exp(effect), 3)
