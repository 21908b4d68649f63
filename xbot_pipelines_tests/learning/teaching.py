"""What tests of learning begin with: trials and what they teach, of an account with few values to choose from."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from xbot_pipelines.learning.arms import HOURS, Dimension, Figures, Lesson, Trial, Values

NOW = datetime(2026, 3, 30, tzinfo=UTC)
DAY = timedelta(days=1)

VALUES: Values = {
    Dimension.SUBJECT: ("sleep", "walking", "stress", "focus"),
    Dimension.ANGLE: ("myth", "routine", "mistake"),
    Dimension.TONE: ("warm", "plain"),
    Dimension.FORMAT: ("list", "story"),
    Dimension.HOOK: ("question", "number", "confession"),
    Dimension.HOUR: HOURS,
}
PLAIN = {dimension: values[-1] for dimension, values in VALUES.items()} | {Dimension.HOUR: "12"}
"""What is chosen of each dimension unless a test says otherwise."""


def trial(
    *figures: Figures,
    chosen: Mapping[str, str] | None = None,
    days_ago: float = 2,
    followers: int = 1000,
    about_news: bool = False,
) -> Trial:
    """A post that was published so many days ago; `chosen` has what differs from `PLAIN`."""
    published_at = NOW - days_ago * DAY
    return Trial(
        published_at=published_at,
        day=published_at.date(),
        values={**PLAIN, **{Dimension(name): value for name, value in (chosen or {}).items()}},
        about_news=about_news,
        followers=followers,
        figures=figures,
    )


def lesson(
    reward: float,
    chosen: Mapping[str, str] | None = None,
    *,
    days_ago: float = 2,
    variance: float = 0.0,
    about_news: bool = False,
) -> Lesson:
    """What such a post teaches: `lesson(-5.0, {"tone": "warm"})`."""
    told = trial(chosen=chosen, days_ago=days_ago, about_news=about_news)
    return Lesson(trial=told, reward=reward, variance=variance)
