"""What all pictures have in common: their size, their ink, and how metadata carries one."""

import base64
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE_INK = "#1d4ed8", "#93c5fd"


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
