"""What choices were worth: what each post could expect of the readers, beside what the best choice could have.

Only practice X can tell that, and only to somebody who looks from outside: nothing that learns is told. Expected
engagement is what readers' tastes bring before luck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil

from xbot_pipelines.operate.rehearsal.practice_site import PracticeSite, Refused
from xbot_pipelines.settings import AccountSettings

A_DAY = timedelta(days=1)

_MOST_ASKED = 600
"""To reckon what the best of some thousand combinations could expect takes practice X a tenth of a second."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """One post: the engagements that it could expect, the best choice of its moment could, and the average one."""

    at: datetime
    expected: float
    best: float
    mean: float


@dataclass(frozen=True, kw_only=True)
class Share:
    """Posts of a stretch of time: which share of the best choices' expected engagement they had, and average ones."""

    since: datetime
    share: float
    average: float


def worth_of(site: PracticeSite, profile: AccountSettings, posts: Sequence[Mapping[str, object]]) -> Sequence[Worth]:
    """Asks practice X about posts of ours that answer nobody; about some of them where there are very many.

    None is known where its readers do not know a word of the account's: then nothing is told.
    """
    values = {
        "subject": list(profile.subjects),
        "angle": list(profile.angles),
        "tone": list(profile.tones),
        "format": list(profile.formats),
        "hook": list(profile.hooks),
    }
    own = [post for post in posts if post["in_reply_to"] is None and post["expected"] is not None]
    try:
        return [_worth(site, values, post) for post in own[:: max(1, ceil(len(own) / _MOST_ASKED))]]
    except Refused:
        return []


def shares(worth: Sequence[Worth], *, every: timedelta) -> Sequence[Share]:
    """Sums posts up by stretches of time, each so long and the first from midnight on; those with no post left out."""
    if not worth:
        return []
    midnight = worth[0].at.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for place, together in groupby(worth, key=lambda one: (one.at - midnight) // every):
        posts = list(together)
        best = sum(one.best for one in posts)
        found.append(
            Share(
                since=midnight + place * every,
                share=sum(one.expected for one in posts) / best,
                average=sum(one.mean for one in posts) / best,
            )
        )
    return found


def _worth(site: PracticeSite, values: Mapping[str, Sequence[str]], post: Mapping[str, object]) -> Worth:
    at = datetime.fromisoformat(str(post["created_at"]))
    told = site.expected(at, values)
    expected = post["expected"]
    assert isinstance(expected, dict), "practice X tells it as an object"
    return Worth(
        at=at,
        expected=float(expected["engagements"]),
        best=float(told["best"]["engagements"]),
        mean=float(told["mean"]["engagements"]),
    )
