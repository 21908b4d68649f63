"""Pictures of followers: how many there are, and which post won how many."""

from collections.abc import Sequence
from datetime import timedelta

from xbot_pipelines.pictures.drawing import INK, PALE_INK, as_markdown, empty_figure
from xbot_pipelines.store.followers import FollowerSnapshot, FollowerTracking

_MOST_POSTS = 40
_TOGETHER = timedelta(hours=6)


def follower_picture(curve: Sequence[FollowerSnapshot]) -> str:
    """Draws the follower curve, as a picture inside Markdown. It has a gap where nothing was counted for six hours.

    Moments are shown in the timezone that they are given in.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    if not curve:
        return "No page has shown our followers yet."
    figure, axes = empty_figure(height=2.4)
    axes.set_ylabel("followers")
    for stretch in _stretches(curve):
        moments, counts = zip(*stretch, strict=True)
        axes.step(moments, counts, where="post", color=INK, marker="." if len(stretch) == 1 else "")
    zone = curve[0].observed_at.tzinfo
    locator = AutoDateLocator(tz=zone)  # type: ignore[no-untyped-call]  # matplotlib leaves its dates untyped
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=zone, show_offset=False))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return as_markdown(figure, "followers")


def won_picture(tracked: Sequence[FollowerTracking]) -> str:
    """Draws what each post won, with its bounds, in the order given, as a picture inside Markdown.

    A post of which it is unknown has no point, so that unknown does not look like zero (F09).
    """
    shown = [row for row in tracked if row.attributed is not None][-_MOST_POSTS:]
    if not shown:
        return "It is not known yet of any post what it has won."
    figure, axes = empty_figure(height=2.4)
    axes.set_ylabel("followers won")
    places = range(len(shown))
    axes.vlines(
        places,
        [row.attributed_low or 0.0 for row in shown],
        [row.attributed_high or 0.0 for row in shown],
        color=PALE_INK,
        linewidth=4,
    )
    axes.plot(places, [row.attributed or 0.0 for row in shown], "o", color=INK, markersize=4)
    axes.set_xticks([])
    axes.set_xlabel("posts, the newest on the right")
    axes.set_ylim(bottom=0)
    return as_markdown(figure, "followers won by post")


def _stretches(curve: Sequence[FollowerSnapshot]) -> list[list[FollowerSnapshot]]:
    stretches = [[curve[0]]]
    for counted in curve[1:]:
        if counted.observed_at - stretches[-1][-1].observed_at > _TOGETHER:
            stretches.append([])
        stretches[-1].append(counted)
    return stretches
