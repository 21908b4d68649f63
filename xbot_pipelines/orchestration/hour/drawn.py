"""The hour as a plot, for the metadata of its asset: when which job has the browser, and for how long."""

from xbot_pipelines.orchestration.hour.capacity import Hour
from xbot_pipelines.pictures.drawing import INK, PALE_INK, as_markdown, fitting_figure

_LEAST_MINUTES = 0.35
"""A run of some seconds would be thinner than a line."""


def hour_picture(hour: Hour) -> str:
    """Draws a row for each browser job: its turns as long as their p50, and paler as their p95."""
    figure, axes = fitting_figure(height=2.9)
    jobs = sorted(hour.browser_jobs, key=lambda job: job.turn.priority)
    for row, job in enumerate(jobs):
        for part, colour in (("p95", PALE_INK), ("p50", INK)):
            minutes = getattr(job.runs, part).total_seconds() / 60 if job.runs else 0.0
            bars = [(minute, max(minutes, _LEAST_MINUTES)) for minute in job.turn.minutes]
            axes.broken_barh(bars, (row - 0.35, 0.7), facecolors=colour)
    axes.set_yticks(range(len(jobs)), [job.turn.job for job in jobs])
    axes.set_xlim(0, 60)
    axes.set_xticks(range(0, 61, 5), [f":{minute % 60:02}" for minute in range(0, 61, 5)])
    axes.grid(visible=True, axis="x", linewidth=0.4)
    axes.set_axisbelow(True)
    return as_markdown(figure, "the browser's hour")
