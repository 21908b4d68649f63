"""Pictures of outcomes: what each post has come to."""

import math
from collections.abc import Sequence

from xbot_pipelines.pictures.drawing import INK, as_markdown, empty_figure
from xbot_pipelines.store.outcomes import PostOutcome

_MOST_BARS = 40
_MOST_NAMED = 10
_WIDEST_BAR, _ALL_BARS = 12.0, 300.0  # points


def views_picture(outcomes: Sequence[PostOutcome]) -> str:
    """Draws the views of each post in the order of publishing, as a picture inside Markdown.

    Posts of which the views are not known have no bar, so that unknown does not look like zero (F09).
    """
    from matplotlib.ticker import MaxNLocator

    shown = [outcome for outcome in outcomes if outcome.views is not None][-_MOST_BARS:]
    if not shown:
        return "X shows no views of these posts yet."
    figure, axes = empty_figure(height=2.4, bottom=0.85)
    width = min(_WIDEST_BAR, _ALL_BARS / len(shown))
    axes.vlines(range(len(shown)), 0, [outcome.views or 0 for outcome in shown], color=INK, linewidth=width)
    # Words take longer to draw than anything else, and forty moments nobody reads.
    named = range(0, len(shown), math.ceil(len(shown) / _MOST_NAMED))
    moments = [f"{shown[place].posted_at:%d.%m. %H:%M}" for place in named]
    axes.set_xticks(named, moments, rotation=60, fontsize=7)
    axes.set_ylabel("views")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return as_markdown(figure, "views by post")
