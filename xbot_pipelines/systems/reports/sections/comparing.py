"""The best and the weakest posts of the last seven days, each beside the median: a comparison that is fair, in words.

Posts are compared with posts and replies with replies, at the same age, and only where they were read at that age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from xbot_pipelines.models import CheckpointStatus, DecisionType
from xbot_pipelines.store.days import PostAtCheckpoint
from xbot_pipelines.systems.reports.sections.section import Section
from xbot_pipelines.systems.reports.words import counted, number

COMPARED_DAYS = 7
FEWEST_COMPARED = 4
"""With fewer, the best and the weakest would be the ones that the median is made of."""

_MOST_SHOWN = 3
_THE_MEDIAN = "the median of the last seven days"
_ONE_DECIMAL_BELOW = 10
_ONE_PERCENT = 0.01


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A post, and how it did beside the others of its kind."""

    post: PostAtCheckpoint
    beside_the_median: str


@dataclass(frozen=True, kw_only=True)
class OfKind:
    """The posts, or the replies, that can be compared: how many, their median of views, the best and the weakest.

    `left_out` were read late, or without views: they are not compared.
    """

    count: int
    left_out: int
    median: float | None
    best: Sequence[Compared] = ()
    weakest: Sequence[Compared] = ()


@dataclass(frozen=True, kw_only=True)
class Comparison(Section):
    """The posts and replies of the last seven days at the checkpoint of so many hours."""

    hours: int
    posts: OfKind
    replies: OfKind

    @property
    def is_empty(self) -> bool:
        """Whether none was read at that checkpoint."""
        return not any(of_kind.count or of_kind.left_out for of_kind in (self.posts, self.replies))

    @property
    def in_short(self) -> str:
        """How the best post did."""
        if not self.posts.best:
            return ""
        return f"After {self.hours} hours the best post had {self.posts.best[0].beside_the_median}."


def compare(posts: Sequence[PostAtCheckpoint], kind: DecisionType) -> OfKind:
    """Finds the best and the weakest of one kind, at most three of each and never one as both."""
    of_kind = [post for post in posts if post.kind == kind]
    on_time = [
        (post.views, post) for post in of_kind if post.status == CheckpointStatus.ON_TIME and post.views is not None
    ]
    ranked = sorted(on_time, key=lambda entry: -entry[0])
    left_out = len(of_kind) - len(ranked)
    if len(ranked) < FEWEST_COMPARED:
        return OfKind(count=len(ranked), left_out=left_out, median=None)
    middle = median(views for views, _ in ranked)
    compared = [Compared(post=post, beside_the_median=beside(views, middle)) for views, post in ranked]
    shown = min(_MOST_SHOWN, len(compared) // 2)
    return OfKind(
        count=len(ranked),
        left_out=left_out,
        median=middle,
        best=compared[:shown],
        weakest=compared[: -shown - 1 : -1],
    )


def beside(views: int, middle: float) -> str:
    """Says how often a post was seen beside the median: `640 views, 3.1 times the median of the last seven days`."""
    if not views or not middle:
        return f"{counted(views, 'view')}, {_THE_MEDIAN} being {number(middle)}"
    times = views / middle
    if times >= _ONE_DECIMAL_BELOW:
        how = f"{times:,.0f} times"
    elif round(times, 1) > 1:
        how = f"{times:.1f} times"
    elif round(times, 1) == 1:
        how = "about"
    else:
        how = f"{times * 100:.0f} % of" if times >= _ONE_PERCENT else "less than 1 % of"
    return f"{number(views)} {'view' if views == 1 else 'views'}, {how} {_THE_MEDIAN}"
