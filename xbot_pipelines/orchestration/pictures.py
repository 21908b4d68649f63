"""Pictures in the metadata of assets: small plots that the UI shows beside the figures."""

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xbot_pipelines.store.outcomes import PostOutcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1d4ed8"
_MOST_BARS = 40


def empty_figure(*, height: float) -> "tuple[Figure, Axes]":
    """Answers a figure to draw in, as wide as the UI shows it; `height` in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def as_markdown(figure: "Figure", title: str) -> str:
    """Answers a figure as a picture inside Markdown, which is how metadata carries one."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110)
    return f"![{title}](data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()})"


def views_picture(outcomes: Sequence[PostOutcome]) -> str:
    """Draws the views of each post in the order of publishing, as a picture inside Markdown.

    Posts of which the views are not known have no bar, so that unknown does not look like zero (F09).
    """
    from matplotlib.ticker import MaxNLocator

    shown = [outcome for outcome in outcomes if outcome.views is not None][-_MOST_BARS:]
    if not shown:
        return "X shows no views of these posts yet."
    figure, axes = empty_figure(height=2.4)
    axes.bar(range(len(shown)), [outcome.views or 0 for outcome in shown], color=INK)
    moments = [f"{outcome.posted_at:%d.%m. %H:%M}" for outcome in shown]
    axes.set_xticks(range(len(shown)), moments, rotation=60, fontsize=7)
    axes.set_ylabel("views")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return as_markdown(figure, "views by post")
