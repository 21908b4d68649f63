"""What all pictures have in common: their size, their ink, and how metadata carries one."""

import base64
import io
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE_INK = "#1d4ed8", "#93c5fd"


class Embedded(NamedTuple):
    """A picture that carries itself: its title, and the data URI that holds it."""

    title: str
    address: str


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


def embedded(markdown: str) -> Embedded | None:
    """Takes a picture out of its Markdown; None: there is none, only the sentence that says why nothing was drawn."""
    found = re.fullmatch(r"!\[([^\]]*)\]\((data:image/png;base64,[A-Za-z0-9+/=]+)\)", markdown)
    return Embedded(*found.groups()) if found else None
