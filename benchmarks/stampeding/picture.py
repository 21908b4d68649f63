"""The picture of the three ways: how many browsers were open when, and what they weighed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.stampeding.measured import Measured, Way
from xbot_pipelines.pictures.drawing import INK, PALE_INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GIBIBYTE = 1024**3
_GREY, _POSTED = "#6b7280", "#16a34a"
_ROOM_ABOVE, _ROOM_BESIDE = 1.15, 1.02

_TITLES = {
    Way.AT_ONCE: "All at once",
    Way.STAGGERED: "Stagger only: a start every {every:.1f} s",
    Way.OURS: "One browser: one run after the other",
}


def draw(ways: Sequence[Measured], file: Path) -> None:
    """Draws a panel for each way, all with the same axes, as a PNG."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 5.6), layout="constrained")
    panels = figure.subplots(len(ways), sharex=True, sharey=True)
    heaviest = max(measured.peak_of_browsers.held for measured in ways) / _GIBIBYTE
    for axes, measured in zip(panels, ways, strict=True):
        memory = axes.twinx()
        _draw_memory(memory, measured)
        memory.set_ylim(0, heaviest * _ROOM_ABOVE)
        _draw_browsers(axes, measured)
        axes.set_ylabel("browsers open", color=INK, fontsize=9)
        memory.set_ylabel("their memory, GB", color=_GREY, fontsize=9)
        # The memory lies behind: it has its axis on the right, and the later axes would be drawn above.
        axes.set_zorder(memory.get_zorder() + 1)
        axes.patch.set_visible(False)
    panels[0].set_xlim(0, max(measured.seconds for measured in ways) * _ROOM_BESIDE)
    panels[0].set_ylim(0, max(measured.most_browsers for measured in ways) * _ROOM_ABOVE)
    panels[0].yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    panels[-1].set_xlabel("seconds", color=_GREY)
    figure.savefig(file, format="png", dpi=160, facecolor="white")


def _draw_browsers(axes: "Axes", measured: Measured) -> None:
    seconds = [look.at - measured.zero for look in measured.looks]
    counts = [look.browsers for look in measured.looks]
    axes.step(seconds, counts, where="post", color=INK, linewidth=1.4)
    if measured.posted_after is not None:
        axes.axvline(measured.posted_after, color=_POSTED, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.annotate(
            f"posted after {measured.posted_after:.0f} s",
            (measured.posted_after, 1),
            xycoords=("data", "axes fraction"),
            xytext=(5, -3),
            textcoords="offset points",
            va="top",
            color=_POSTED,
            fontsize=9,
        )
    title = _TITLES[measured.way].format(every=measured.stagger_seconds)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.set_title(_in_words(measured), loc="right", fontsize=9, color=_GREY)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_GREY, labelsize=8)


def _draw_memory(axes: "Axes", measured: Measured) -> None:
    seconds = [weighing.at - measured.zero for weighing in measured.weighings]
    sizes = [weighing.browsers.held / _GIBIBYTE for weighing in measured.weighings]
    axes.fill_between(seconds, sizes, color=PALE_INK, alpha=0.45, linewidth=0)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.tick_params(colors=_GREY, labelsize=8)


def _in_words(measured: Measured) -> str:
    return (
        f"{measured.most_browsers} open at most, {measured.peak_of_browsers.held / _GIBIBYTE:.1f} GB; "
        f"{measured.succeeded} of {len(measured.runs)} runs succeed"
    )
