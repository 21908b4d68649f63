"""The pictures that only a rehearsal has: whose the browser was, and how well was chosen."""

from collections.abc import Sequence
from datetime import timedelta

from xbot_pipelines.operate.rehearsal.performing import Ran
from xbot_pipelines.operate.rehearsal.play import Script
from xbot_pipelines.operate.rehearsal.worth import A_DAY, Worth, shares
from xbot_pipelines.pictures.drawing import INK, PALE_INK, as_markdown, empty_figure, fitting_figure

_HOUR_SECONDS = 3600
_MOST_HOURS = 48
_LONG_HOURS, _PART_OF_A_DAY = 72, timedelta(hours=3)


def learning_picture(worth: Sequence[Worth], script: Script) -> str:
    """Draws how well was chosen over time: expected engagement as a share of what the best choices could have had."""
    if not worth:
        return "What choices were worth is not known: the readers of practice X do not know a word of this account's."
    found = shares(worth, every=A_DAY if script.hours > _LONG_HOURS else _PART_OF_A_DAY)
    figure, axes = empty_figure(height=2.4)
    days = [(one.since - script.begins_at) / A_DAY for one in found]
    axes.plot(days, [one.share for one in found], color=INK, marker="o", markersize=4, label="chosen")
    axes.plot(days, [one.average for one in found], color=PALE_INK, marker=".", linestyle="--", label="by lot")
    axes.axhline(1.0, color=INK, linewidth=0.6, linestyle=":")
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("days since the beginning")
    axes.set_ylabel("share of the best")
    axes.legend(frameon=False, fontsize=8)
    return as_markdown(figure, "expected engagement beside that of the best choices")


def browser_picture(runs: Sequence[Ran], script: Script) -> str:
    """Draws a row for each hour, and in it the runs that had the browser, in a colour for each job."""
    from matplotlib import colormaps
    from matplotlib.patches import Patch

    with_browser = [ran for ran in runs if ran.uses_browser and ran.began_at >= script.begins_at]
    hours = min(int(script.hours) + 1, _MOST_HOURS)
    jobs = sorted({ran.job for ran in with_browser})
    inks = {job: colormaps["tab10"](place % 10) for place, job in enumerate(jobs)}
    figure, axes = fitting_figure(height=1.2 + 0.16 * hours)
    for ran in with_browser:
        began = (ran.began_at - script.begins_at).total_seconds()
        hour, second = divmod(began, _HOUR_SECONDS)
        if hour < hours:
            length = (ran.ended_at - ran.began_at).total_seconds()
            axes.broken_barh([(second / 60, length / 60)], (hour - 0.4, 0.8), facecolors=inks[ran.job])
    axes.set_xlim(0, 60)
    axes.set_xticks(range(0, 61, 5), [f":{minute % 60:02}" for minute in range(0, 61, 5)])
    axes.set_ylim(hours - 0.5, -0.5)
    axes.set_ylabel("hour")
    axes.grid(visible=True, axis="x", linewidth=0.4)
    axes.set_axisbelow(True)
    legend = [Patch(color=inks[job], label=job) for job in jobs]
    figure.legend(handles=legend, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return as_markdown(figure, "whose the browser was, hour by hour")
