"""What is believed of each arm, given what the posts have taught: one linear model, solved in closed form.

    reward = usual + Σ_d (lasting + passing · 2^(-age / 10 days)) of its value in d + its day + news + noise

over the dimensions d. Everything on the right is a normal distribution around zero before anything is seen, and one
joint normal distribution afterwards, so that what cannot be told apart is known to be in doubt.

*Shrinkage.* The effects of a dimension share one spread, which is learned: where values hardly differ, each is believed
to be near the average, and a lucky post proves little.

*Hours* are a circle: neighbours are alike, with the correlation exp(-2 sin²(π · distance / 24 h)), which is 0.87 at two
hours and 0.14 at twelve.

*Drift.* Of what readers like some part lasts and some passes. The passing part speaks of the present: half of it is in
the posts of ten days ago. How much of a dimension passes is a spread again, and learned. Besides, every post counts for
half as much after sixty days, so what nobody tries any more becomes uncertain again.

*The day* takes in what all posts of one day have in common: a weekend, a holiday, a mood of X, a growing account. What
was chosen on good days does not get the credit for them. *News* does the same for posts about news.

*Noise* has heavy tails: it is Student's t with four degrees of freedom, fitted by weights: a post that is r off counts
for (4 + 1) / (4 + r²/s²) of one, where s is the usual. One that goes viral is seen, and believed to be luck.

Spreads, weights and noise depend on the effects and these on them: they are found in a dozen rounds, each in closed
form (expectation and maximisation), from assumptions that count as much as four values, or five posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from xbot_pipelines.learning.arms import HOURS, Dimension, Lesson, Values
from xbot_pipelines.learning.attention import Numbers
from xbot_pipelines.learning.beliefs import Beliefs

_ROUNDS = 12


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What is assumed before anything is seen; spreads are standard deviations of the logarithm.

    `passes` and `forgotten` are half-lives: of the passing part of an effect, and of what a post counts for.
    """

    lasting: float = 0.3
    passing: float = 0.2
    day: float = 0.15
    news: float = 0.5
    noise: float = 0.8
    passes: timedelta = timedelta(days=10)
    forgotten: timedelta = timedelta(days=60)
    tails: float = 4.0
    count_as_values: float = 4.0
    count_as_posts: float = 5.0


@dataclass(frozen=True)
class _Part:
    """A term of the model: what each post has of each of its effects, a row for each post, and their spread."""

    of_posts: Numbers
    spread: float
    is_learned: bool = True


def fit(lessons: Sequence[Lesson], values: Values, *, now: datetime, assumed: Assumptions | None = None) -> Beliefs:
    """Answers what is believed of these values, at this moment.

    Args:
        lessons: of one account, in any order. They may be of values that are not there any more: those explain their
            posts, and are believed in no longer.
        values: what may be chosen, of every dimension.
        now: the moment for which it is believed.
        assumed: what is assumed before anything is seen, if it is not the usual.
    """
    assumed = assumed or Assumptions()
    ages = np.array([(now - lesson.trial.published_at) / timedelta(days=1) for lesson in lessons])
    fading = 0.5 ** (ages / (assumed.passes / timedelta(days=1)))[:, None]
    counts_for = 0.5 ** (ages / (assumed.forgotten / timedelta(days=1)))
    parts = _background(lessons, assumed)
    width = sum(part.of_posts.shape[1] for part in parts)
    arms, pulls = [], []
    for dimension in Dimension:
        known = _known(lessons, values, dimension)
        chosen = _one_hot([lesson.trial.values[dimension] for lesson in lessons], known)
        basis = _circle() if dimension is Dimension.HOUR else np.eye(len(known))
        parts += [_Part(chosen @ basis, assumed.lasting), _Part(chosen @ basis * fading, assumed.passing)]
        offered = basis[: len(values[dimension])]
        # What is believed of a value is told beside the average of those that may be chosen.
        arms.append((width, offered - offered.mean(axis=0)))
        pulls.append(counts_for @ chosen[:, : len(offered)])
        width += 2 * len(known)
    mean, covariance, noise = _solve(parts, lessons, counts_for, assumed)
    now_effects = np.zeros((sum(len(offered) for _, offered in arms), width))
    row = 0
    for column, offered in arms:
        count, size = offered.shape
        now_effects[row : row + count, column : column + 2 * size] = np.hstack([offered, offered])
        row += count
    return Beliefs(
        values,
        mean=now_effects @ mean,
        covariance=now_effects @ covariance @ now_effects.T,
        pulls=np.concatenate(pulls),
        noise=noise,
    )


def _solve(
    parts: Sequence[_Part], lessons: Sequence[Lesson], counts_for: Numbers, assumed: Assumptions
) -> tuple[Numbers, Numbers, float]:
    """The mean and covariance of all effects, and the standard deviation of the noise."""
    rewards = np.array([lesson.reward for lesson in lessons])
    unfinished = np.array([lesson.variance for lesson in lessons])
    design = np.hstack([part.of_posts for part in parts])
    spreads = [part.spread for part in parts]
    sizes = [part.of_posts.shape[1] for part in parts]
    pieces = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    noise, weights = assumed.noise**2, np.ones(len(lessons))
    for _ in range(_ROUNDS):
        precision = counts_for * weights / (noise + unfinished)
        scaled = design * np.sqrt(precision)[:, None]
        told = scaled.T @ scaled
        covariance = np.asarray(np.linalg.inv(told + np.diag(np.repeat(spreads, sizes) ** -2.0)), dtype=float)
        mean = covariance @ (design.T @ (precision * rewards))
        off = (rewards - design @ mean) ** 2
        weights = (assumed.tails + 1) / (assumed.tails + off / (noise + unfinished))
        squares = mean**2 + np.diag(covariance)
        for number, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
            if part.is_learned:
                known = assumed.count_as_values * part.spread**2 + squares[piece].sum()
                spreads[number] = np.sqrt(known / (assumed.count_as_values + len(piece)))
        # Of each post its share in its own noise: what is not finished says less of it.
        shares = precision @ off + np.sum(told * covariance)
        noise = (assumed.count_as_posts * assumed.noise**2 + noise * shares) / (
            assumed.count_as_posts + counts_for.sum()
        )
    return mean, covariance, float(np.sqrt(noise))


def _background(lessons: Sequence[Lesson], assumed: Assumptions) -> list[_Part]:
    """What has its part in a reward and is not chosen: how large it usually is, the day, and news."""
    days = [lesson.trial.day.isoformat() for lesson in lessons]
    news = np.array([float(lesson.trial.about_news) for lesson in lessons])
    return [
        # Wide enough to be no assumption at all.
        _Part(np.ones((len(lessons), 1)), spread=100.0, is_learned=False),
        _Part(_one_hot(days, sorted(set(days))), spread=assumed.day),
        _Part(news[:, None], spread=assumed.news, is_learned=False),
    ]


def _known(lessons: Sequence[Lesson], values: Values, dimension: Dimension) -> list[str]:
    """The values of a dimension: those that may be chosen, then those that only were."""
    offered = list(values[dimension])
    return offered + sorted({lesson.trial.values[dimension] for lesson in lessons} - set(offered))


def _one_hot(chosen: Sequence[str], known: Sequence[str]) -> Numbers:
    """A row for each post, with a one where its value stands."""
    places = {value: place for place, value in enumerate(known)}
    rows = np.zeros((len(chosen), len(known)))
    rows[np.arange(len(chosen)), np.array([places[value] for value in chosen], dtype=int)] = 1.0
    return rows


def _circle() -> Numbers:
    """The effects of the hours, from as many independent ones, so that neighbours are alike."""
    hours = np.arange(len(HOURS))
    angles = np.pi * (hours[:, None] - hours) / len(HOURS)
    # The diagonal is raised a little, because rounding leaves no root of the bare matrix.
    return np.linalg.cholesky(np.exp(-2 * np.sin(angles) ** 2) + 1e-6 * np.eye(len(HOURS)))
