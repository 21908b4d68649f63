"""The reward of a post: how much its readers did, for an account of that size, on a scale on which effects add up.

    reward = log [ (views + 1) · (engagements + 1) / (views + 1 / usual) ] - log (followers + 100)

which is the logarithm of its engagements per follower. *The logarithm*, because what readers like multiplies (a good
hook brings so many times as many), and because a post that goes viral is then ln 1000 = 7 away and not a thousand
times. *One engagement more*, at the account's usual rate per view: of a post that nobody liked all that can be said
is how often it was seen without. *A hundred followers more*, because strangers see posts as well: what an account of
three brings is not a thirtieth of what one of a hundred does.

*Usual* is engagements per view over the account's own finished posts, where none counts for more views than the median
one has, so that a viral post does not make the rule; before there are any it is one in fifty.

*Early evidence.* A post that is not finished has the figures of an earlier checkpoint, and still grows by the

    gap = finished reward - early reward       at this checkpoint, over the account's own finished posts

whose median is added to the early reward, and whose spread becomes its variance: what grows unevenly teaches little.
Before there are any, the gap is that of the typical post (`attention`), give or take as much again and a tenth. This
counts as eight posts.
"""

from collections.abc import Sequence

import numpy as np

from xbot_pipelines.learning.arms import Figures, Lesson, Trial
from xbot_pipelines.learning.attention import Numbers, typical_share

_STRANGERS = 100
_USUAL_AT_FIRST = 1 / 50
_HOUR = 3600.0
# Eight draws of a normal distribution as they lie in the mean, and its standard deviation over its median deviation.
_TYPICAL_DEVIATIONS = np.array([-1.53, -0.89, -0.49, -0.16, 0.16, 0.49, 0.89, 1.53])
_SPREAD_OF_MEDIAN_DEVIATION = 1.4826


def lessons_of(trials: Sequence[Trial], *, finished_hours: int) -> list[Lesson]:
    """Reckons what each trial is worth. One of which nothing was counted yet teaches nothing, and is left out.

    Args:
        trials: posts of one account, in any order.
        finished_hours: the checkpoint at which a post counts as finished.
    """
    counted = [trial for trial in trials if trial.figures]
    finished = [trial for trial in counted if trial.figures[-1].hours >= finished_hours]
    usual = usual_rate([trial.figures[-1] for trial in finished])
    gaps = {
        hours: _gap(finished, hours, finished_hours, usual)
        for hours in {figures.hours for trial in counted for figures in trial.figures if figures.hours < finished_hours}
    }
    lessons = []
    for trial in counted:
        last = trial.figures[-1]
        gap, variance = gaps.get(last.hours, (0.0, 0.0))
        lessons.append(Lesson(trial=trial, reward=reward(last, trial.followers, usual) + gap, variance=variance))
    return lessons


def reward(figures: Figures, followers: int, usual: float) -> float:
    """The reward of a post with these figures, as they are; `usual` is the account's engagements per view."""
    engagements = (figures.views + 1) * (figures.engagements + 1) / (figures.views + 1 / usual)
    return float(np.log(engagements / (followers + _STRANGERS)))


def usual_rate(figures: Sequence[Figures]) -> float:
    """The account's usual engagements per view: above zero, and not made by a single post."""
    views = np.array([float(one.views) for one in figures])
    engagements = np.array([float(one.engagements) for one in figures])
    weights = np.minimum(1.0, np.median(views) / np.maximum(views, 1.0)) if figures else views
    return float((1 + weights @ engagements) / (1 / _USUAL_AT_FIRST + weights @ views))


def _gap(finished: Sequence[Trial], hours: int, finished_hours: int, usual: float) -> tuple[float, float]:
    """The median by which a post still grows from this checkpoint on, and the variance of that."""
    typical = float(-np.log(typical_share(np.array(hours * _HOUR)) / typical_share(np.array(finished_hours * _HOUR))))
    own = [
        reward(trial.figures[-1], trial.followers, usual) - reward(early, trial.followers, usual)
        for trial in finished
        for early in trial.figures
        if early.hours == hours
    ]
    gaps: Numbers = np.concatenate([own, typical + (typical + 0.1) * _TYPICAL_DEVIATIONS])
    median = float(np.median(gaps))
    return median, float(_SPREAD_OF_MEDIAN_DEVIATION * np.median(np.abs(gaps - median))) ** 2
