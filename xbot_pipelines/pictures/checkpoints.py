"""Pictures of checkpoints: how fast posts were seen, and how late we looked."""

from collections.abc import Sequence
from itertools import groupby

from xbot_pipelines.pictures.drawing import INK, as_markdown, empty_figure
from xbot_pipelines.store.checkpoints import Checkpoint

_MOST_CURVES = 40


def velocity_picture(checkpoints: Sequence[Checkpoint]) -> str:
    """Draws a curve for each post, from publishing over its checkpoints: views against age in hours.

    What is not known has no point (F09). `checkpoints` lie together by post, the earliest first.
    """
    figure, axes = empty_figure(height=2.8)
    curves = [list(of_a_post) for _, of_a_post in groupby(checkpoints, key=lambda row: row.post.tweet_id)]
    drawn = 0
    for curve in curves[-_MOST_CURVES:]:
        known = [(row.age.total_seconds() / 3600, row.views) for row in curve if row.age and row.views is not None]
        if known:
            drawn += 1
            axes.plot(*zip((0.0, 0), *known, strict=True), color=INK, alpha=0.5, marker=".", linewidth=1)
    if not drawn:
        return "No checkpoint with known views yet."
    axes.set_xlabel("age in hours")
    axes.set_ylabel("views")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    return as_markdown(figure, "views of each post by its age")


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
