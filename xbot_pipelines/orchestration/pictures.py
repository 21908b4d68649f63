"""Pictures in the metadata of assets: small plots that the UI shows beside the figures."""

import base64
import io
from collections.abc import Sequence

from xbot_pipelines.store.readings import PostOutcome

_INK = "#1d4ed8"
_MOST_BARS = 40


def views_picture(outcomes: Sequence[PostOutcome]) -> str:
    """Draws the views of each post in the order of publishing, as a picture inside Markdown.

    Posts of which the views are not known have no bar, so that unknown does not look like zero (F09).
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    shown = [outcome for outcome in outcomes if outcome.views is not None][-_MOST_BARS:]
    if not shown:
        return "X shows no views of these posts yet."
    figure = Figure(figsize=(7, 2.4), layout="constrained")
    axes = figure.subplots()
    axes.bar(range(len(shown)), [outcome.views or 0 for outcome in shown], color=_INK)
    moments = [f"{outcome.posted_at:%d.%m. %H:%M}" for outcome in shown]
    axes.set_xticks(range(len(shown)), moments, rotation=60, fontsize=7)
    axes.set_ylabel("views")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110)
    return f"![views by post](data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()})"
