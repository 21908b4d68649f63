"""A picture of one day: when posts and replies were published, and how often each was seen."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from xbot_pipelines.models import DecisionType
from xbot_pipelines.pictures.drawing import INK, PALE_INK, as_markdown, fitting_figure
from xbot_pipelines.store.days import DayPost

_INKS = ((DecisionType.SINGLE, "posts", INK), (DecisionType.REPLY, "replies", PALE_INK))
_HOURS_BETWEEN_MARKS = 3
_HOUR = timedelta(hours=1)
_GREY = "#9ca3af"


def day_picture(posts: Sequence[DayPost], *, since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """Draws each post at its hour of the account's own day, as high as it was seen, as a picture inside Markdown.

    A post of which the views are not known has no height: a dotted line marks its moment (F09).
    """
    from matplotlib.ticker import MaxNLocator

    if not posts:
        return "Nothing was published on this day."
    figure, axes = fitting_figure(height=2.6)
    for kind, name, ink in _INKS:
        known = [(post.posted_at, post.views) for post in posts if post.kind == kind and post.views is not None]
        if known:
            hours, views = [_hours(moment - since) for moment, _ in known], [seen for _, seen in known]
            axes.vlines(hours, 0, views, color=ink, linewidth=1.5)
            axes.plot(hours, views, "o", color=ink, markersize=5, label=name)
    unknown = [_hours(post.posted_at - since) for post in posts if post.views is None]
    if unknown:
        whole = axes.get_xaxis_transform()
        axes.vlines(unknown, 0, 1, transform=whole, color=_GREY, linestyle=":", linewidth=1, label="views unknown")
    axes.set_xlim(0, _hours(until - since))
    axes.set_ylim(bottom=0)
    marks = range(0, math.ceil(_hours(until - since)) + 1, _HOURS_BETWEEN_MARKS)
    axes.set_xticks(marks, [f"{(since + mark * _HOUR).astimezone(zone):%H:%M}" for mark in marks])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("views")
    figure.legend(loc="outside upper right", ncols=len(_INKS) + 1, frameon=False, fontsize=8)
    return as_markdown(figure, "posts and replies by hour")


def _hours(time: timedelta) -> float:
    return time / _HOUR
