"""What all pictures have in common: their size, their ink, and how metadata carries one."""

import base64
import io
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 7.0  # inches

INK, PALE_INK = "#1d4ed8", "#93c5fd"


class Embedded(NamedTuple):
    """A picture that carries itself: its title, and the data URI that holds it."""

    title: str
    address: str


# In inches. What lies beside the axes is known in advance where labels are short.
_LEFT, _RIGHT, _TOP = 0.85, 0.15, 0.15


def empty_figure(*, height: float, bottom: float = 0.5) -> "tuple[Figure, Axes]":
    """Answers a figure to draw in, as wide as the UI shows it; its height and the room below its axes in inches."""
    figure, axes = _figure(height)
    figure.subplots_adjust(
        left=_LEFT / _WIDTH, right=1 - _RIGHT / _WIDTH, top=1 - _TOP / height, bottom=bottom / height
    )
    return figure, axes


def fitting_figure(*, height: float) -> "tuple[Figure, Axes]":
    """Answers a figure that finds out how much room its labels and legends need. It takes twice as long to draw."""
    figure, axes = _figure(height)
    figure.set_layout_engine("constrained")
    return figure, axes


def _figure(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height))
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
