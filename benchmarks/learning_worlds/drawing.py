"""The picture of the benchmark: what a post could expect, day by day, by each way."""

from pathlib import Path
from statistics import fmean

from benchmarks.learning_worlds.living import DAYS
from benchmarks.learning_worlds.readers import DRIFTS_ON
from benchmarks.learning_worlds.summary import Summary

_INKS = {"oracle": "#111827", "ours": "#1d4ed8", "epsilon-greedy": "#d97706", "uniform": "#9ca3af"}


def draw(summary: Summary, file: Path) -> None:
    """Draws the mean share of the oracle's engagement on each day: left where readers are steady, right where not."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.4), layout="constrained")
    both = figure.subplots(1, 2, sharey=True)
    for axes, drifts, title in zip(both, (False, True), ("readers keep their minds", "and change them"), strict=True):
        worlds = summary.worlds(drifts=drifts)
        for way, ink in _INKS.items():
            shares = [fmean(one.share(way, slice(day, day + 1)) for one in worlds) for day in range(DAYS)]
            axes.plot(range(1, DAYS + 1), shares, color=ink, label=way)
        if drifts:
            axes.axvline(DRIFTS_ON + 0.5, color="black", linewidth=0.8, linestyle=":")
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("day")
        axes.set_ylim(0, 1.05)
        axes.spines[["top", "right"]].set_visible(False)
    both[0].set_ylabel("engagement of a post, of the oracle's")
    figure.legend(*both[0].get_legend_handles_labels(), loc="outside right center", frameon=False, fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
