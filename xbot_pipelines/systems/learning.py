"""Learning: what the account's own posts have taught about subjects, angles, tones, formats, hooks and hours.

Nothing is learned from what is not known: of a post that teaches something all counters are known, and our followers
when it was published. How beliefs are reckoned is mathematics, in `learning`; drawing from them belongs to `choosing`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from xbot_pipelines.clock import Clock
from xbot_pipelines.learning.arms import HOURS, Dimension, Figures, Trial, Values
from xbot_pipelines.models import CheckpointStatus, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import arms
from xbot_pipelines.store.arms import LearnedArm, Observation
from xbot_pipelines.store.database import AccountDatabase

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import ArmBelief, Beliefs

LEAST_POSTS = 10
"""So many posts have to be finished before beliefs are written down. Planning draws from fewer, which say less."""

_LEARNED_FROM = timedelta(days=120)
_A_DAY = 24
_SURE = 0.975


@dataclass(frozen=True, kw_only=True)
class LearningSummary:
    """What one look at the outcomes came to.

    `finished` posts have passed the checkpoint of a day, of `young` ones only an earlier one is known, and of `unknown`
    ones no checkpoint with all counters, or not how many followed us then: they teach nothing. `arms` are all that is
    believed, `works` says it in a sentence, `luck` how far posts are from it.
    """

    result: Result
    reason: str | None = None
    finished: int = 0
    young: int = 0
    unknown: int = 0
    evidence_at: datetime | None = None
    arms: Sequence["ArmBelief"] = ()
    works: str | None = None
    luck: str | None = None


def why_not_now(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> str | None:
    """Says why there is nothing to learn now, or None when there is something."""
    there = arms.evidence(
        database, since=now - _LEARNED_FROM, until=now, finished_hours=finished_hours(profile.checkpoints_hours)
    )
    if there.finished < LEAST_POSTS:
        return _too_few(there.finished)
    learned = arms.learned(database)
    offered = {(dimension.value, value) for dimension, values in values_of(profile).items() for value in values}
    if learned.arms != offered or learned.evidence_at != there.latest_at:
        return None
    return f"no checkpoint of ours was read since {there.latest_at:%Y-%m-%d %H:%M} UTC"


def learn(database: AccountDatabase, profile: AccountSettings, *, clock: Clock) -> LearningSummary:
    """Writes down what is to be believed after the posts of the last 120 days, if there is anything new."""
    now = clock.now()
    nothing = why_not_now(database, profile, now=now)
    if nothing:
        return LearningSummary(result=Result.NOTHING_TO_DO, reason=nothing)
    observed = _observed(database, now)
    trials = trials_of(observed, profile)
    finished = sum(trial.figures[-1].hours == finished_hours(profile.checkpoints_hours) for trial in trials)
    unknown = len({one.decision_id for one in observed}) - len(trials)
    summary = LearningSummary(
        result=Result.NOTHING_TO_DO,
        reason=_too_few(finished, unknown),
        finished=finished,
        young=len(trials) - finished,
        unknown=unknown,
    )
    if finished < LEAST_POSTS:
        return summary
    beliefs, evidence_at = _beliefs(trials, profile, now), max(one.observed_at for one in observed)
    arms.replace_arms(database, [_row(arm) for arm in beliefs.arms], evidence_at=evidence_at, now=now)
    return replace(
        summary,
        result=Result.DONE,
        reason=None,
        evidence_at=evidence_at,
        arms=beliefs.arms,
        works=what_works(beliefs.arms),
        luck=f"two posts of three bring between {math.exp(-beliefs.noise):.1f} and {math.exp(beliefs.noise):.1f} times "
        "what is expected of them",
    )


def believed(database: AccountDatabase, profile: AccountSettings) -> "Sequence[ArmBelief]":
    """Answers what was written down last of the values that the account may choose from, together by dimension."""
    from xbot_pipelines.learning.beliefs import ArmBelief

    written = {(row.dimension, row.value): row for row in arms.believed(database)}
    return [
        ArmBelief(dimension=dimension, value=value, mean=row.mean, deviation=math.sqrt(row.variance), pulls=row.pulls)
        for dimension, values in values_of(profile).items()
        for value in values
        if (row := written.get((dimension.value, value))) is not None
    ]


def beliefs_of(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> "Beliefs":
    """Answers what is believed now, reckoned afresh: what is written down does not say what is uncertain together."""
    return _beliefs(trials_of(_observed(database, now), profile), profile, now)


def values_of(profile: AccountSettings) -> Values:
    """What the account may choose from."""
    return {
        Dimension.SUBJECT: profile.subjects,
        Dimension.ANGLE: profile.angles,
        Dimension.TONE: profile.tones,
        Dimension.FORMAT: profile.formats,
        Dimension.HOOK: profile.hooks,
        Dimension.HOUR: HOURS,
    }


def finished_hours(checkpoints_hours: Sequence[int]) -> int:
    """The checkpoint at which a post counts as finished: the first one after a day, else the last one."""
    return next((hours for hours in checkpoints_hours if hours >= _A_DAY), checkpoints_hours[-1])


def trials_of(observed: Iterable[Observation], profile: AccountSettings) -> list[Trial]:
    """Makes trials of what was observed, which lies together by post; leaves out posts that teach nothing.

    An early checkpoint that was read late says nothing of its age, and is left out as well. The last one may be late:
    after a day hardly anything comes.
    """
    finished = finished_hours(profile.checkpoints_hours)
    trials = []
    for _, of_a_post in groupby(observed, key=lambda one: one.decision_id):
        checkpoints = list(of_a_post)
        figures = [
            Figures(hours=one.hours, views=one.views, engagements=engagements)
            for one in checkpoints
            if one.hours == finished or (one.hours < finished and one.status == CheckpointStatus.ON_TIME)
            if one.views is not None and (engagements := _engagements(one)) is not None
        ]
        first = checkpoints[0]
        if figures and first.followers is not None:
            there = first.posted_at.astimezone(profile.timezone)
            trials.append(
                Trial(
                    published_at=first.posted_at,
                    day=there.date(),
                    values={
                        Dimension.SUBJECT: first.chosen["topic"],
                        Dimension.ANGLE: first.chosen["angle"],
                        Dimension.TONE: first.chosen["tone"],
                        Dimension.FORMAT: first.chosen["format"],
                        Dimension.HOOK: first.chosen["hook"],
                        Dimension.HOUR: HOURS[there.hour],
                    },
                    about_news=first.about_news,
                    followers=first.followers,
                    figures=figures,
                )
            )
    return trials


def what_works(believed: Sequence["ArmBelief"]) -> str:
    """Says in a sentence or two what works, what does not, and how sure that is."""
    surest_first = sorted(believed, key=lambda arm: arm.probability_above_average, reverse=True)
    works, works_not = surest_first[0], surest_first[-1]
    if works.probability_above_average < _SURE:
        return f"Nothing is sure yet; the most promising is {_named(works)}: {in_words(works)}."
    sentence = f"What works most surely is {_named(works)}: {in_words(works)}."
    if works_not.probability_above_average < 1 - _SURE:
        sentence += f" What surely does not is {_named(works_not)}: {in_words(works_not)}."
    sure = sum(not 1 - _SURE < arm.probability_above_average < _SURE for arm in believed)
    return f"{sentence} {sure} of {len(believed)} values can be told from the average so far."


def in_words(arm: "ArmBelief") -> str:
    """Says what is believed of an arm: "1.4 times the account's usual, between 1.1 and 1.8"."""
    low, best, high = arm.times
    return f"{best:.1f} times the account's usual, between {low:.1f} and {high:.1f}"


def _named(arm: "ArmBelief") -> str:
    return f"the {arm.dimension} '{arm.value}'"


def _observed(database: AccountDatabase, now: datetime) -> Sequence[Observation]:
    return arms.observations(database, since=now - _LEARNED_FROM, until=now)


def _beliefs(trials: Sequence[Trial], profile: AccountSettings, now: datetime) -> "Beliefs":
    # Numbers are heavy to load, and definitions that only name these functions need none.
    from xbot_pipelines.learning.model import fit
    from xbot_pipelines.learning.reward import lessons_of

    lessons = lessons_of(trials, finished_hours=finished_hours(profile.checkpoints_hours))
    return fit(lessons, values_of(profile), now=now)


def _engagements(one: Observation) -> int | None:
    """All that readers did, or None where any part of it is not known."""
    parts = (one.likes, one.reposts, one.replies, one.quotes, one.bookmarks)
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _row(arm: "ArmBelief") -> LearnedArm:
    return LearnedArm(
        dimension=arm.dimension, value=arm.value, mean=arm.mean, variance=arm.deviation**2, pulls=arm.pulls
    )


def _too_few(finished: int, unknown: int = 0) -> str:
    sentence = f"too few outcomes yet: {finished} posts have passed their day, and {LEAST_POSTS} are needed"
    return f"{sentence}; of {unknown} more something is not known" if unknown else sentence
