"""Pictures of checkpoints: how fast posts were seen, and how late we looked."""

from collections.abc import Iterable, Sequence
from itertools import chain, groupby

from xbot_pipelines.pictures.drawing import INK, as_markdown, empty_figure
from xbot_pipelines.store.checkpoints import Checkpoint

_MOST_CURVES = 40


def velocity_picture(checkpoints: Sequence[Checkpoint]) -> str:
    """Draws a curve for each post, from publishing over its checkpoints: views against age in hours.

    What is not known has no point (F09). `checkpoints` lie together by post, the earliest first.
    """
    from matplotlib.collections import LineCollection

    figure, axes = empty_figure(height=2.8)
    known = list(map(_known, groupby(checkpoints, key=lambda row: row.post.tweet_id)))[-_MOST_CURVES:]
    curves = [[(0.0, 0.0), *points] for points in known if points]
    if not curves:
        return "No checkpoint with known views yet."
    axes.add_collection(LineCollection(curves, colors=INK, alpha=0.5, linewidths=1))
    axes.plot(*zip(*chain.from_iterable(curves), strict=True), ".", color=INK, alpha=0.5)
    axes.set_xlabel("age in hours")
    axes.set_ylabel("views")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    return as_markdown(figure, "views of each post by its age")


def _known(of_a_post: tuple[str, Iterable[Checkpoint]]) -> list[tuple[float, float]]:
    """The age in hours and the views of each checkpoint of a post of which both are known."""
    _, rows = of_a_post
    return [(row.age.total_seconds() / 3600, row.views) for row in rows if row.age and row.views is not None]


def lateness_picture(checkpoints: Sequence[Checkpoint]) -> str:
    """Draws how many checkpoints were read how many seconds late."""
    late = [row.late.total_seconds() for row in checkpoints if row.late is not None]
    if not late:
        return "No checkpoint was read yet."
    figure, axes = empty_figure(height=2.2)
    axes.hist(late, bins=min(30, max(5, len(set(late)))), color=INK)
    axes.set_xlabel("seconds late")
    axes.set_ylabel("checkpoints")
    return as_markdown(figure, "how late checkpoints were read")
