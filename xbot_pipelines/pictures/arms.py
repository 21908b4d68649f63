"""Pictures of arms: what is believed of each value, with its bounds."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.pictures.drawing import INK, PALE_INK, as_markdown, fitting_figure

if TYPE_CHECKING:
    from xbot_pipelines.learning.beliefs import ArmBelief

_SMALL = 7


def arms_picture(believed: Sequence["ArmBelief"]) -> str:
    """Draws how many times the account's usual each value brings, as a picture inside Markdown.

    Dimensions stand one below the other, in each the best value first, but hours in their order. A bar reaches as far
    as the truth plausibly does. `believed` lie together by dimension.
    """
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    if not believed:
        return "Nothing is believed yet."
    shown = [arm for _, of_one in groupby(believed, key=lambda arm: arm.dimension) for arm in _in_order(list(of_one))]
    figure, axes = fitting_figure(height=0.6 + 0.14 * len(shown))
    places = range(len(shown))
    low, best, high = zip(*(arm.times for arm in shown), strict=True)
    axes.hlines(places, low, high, color=PALE_INK, linewidth=4)
    axes.plot(best, places, "o", color=INK, markersize=3)
    axes.axvline(1.0, color="black", linewidth=0.8)
    axes.set_yticks(places, [f"{arm.dimension} {arm.value}" for arm in shown], fontsize=_SMALL, parse_math=False)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("times the account's usual engagement")
    return as_markdown(figure, "what is believed of each value")


def _in_order(of_one_dimension: Sequence["ArmBelief"]) -> Sequence["ArmBelief"]:
    if of_one_dimension[0].dimension is Dimension.HOUR:
        return of_one_dimension
    return sorted(of_one_dimension, key=lambda arm: arm.mean, reverse=True)
