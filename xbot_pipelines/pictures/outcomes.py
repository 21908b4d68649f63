"""Pictures of outcomes: what each post has come to."""

from collections.abc import Sequence

from xbot_pipelines.pictures.drawing import INK, as_markdown, empty_figure
from xbot_pipelines.store.outcomes import PostOutcome

_MOST_BARS = 40


def views_picture(outcomes: Sequence[PostOutcome]) -> str:
    """Draws the views of each post in the order of publishing, as a picture inside Markdown.

    Posts of which the views are not known have no bar, so that unknown does not look like zero (F09).
    """
    from matplotlib.ticker import MaxNLocator

    shown = [outcome for outcome in outcomes if outcome.views is not None][-_MOST_BARS:]
    if not shown:
        return "X shows no views of these posts yet."
    figure, axes = empty_figure(height=2.4, bottom=0.85)
    axes.bar(range(len(shown)), [outcome.views or 0 for outcome in shown], color=INK)
    moments = [f"{outcome.posted_at:%d.%m. %H:%M}" for outcome in shown]
    axes.set_xticks(range(len(shown)), moments, rotation=60, fontsize=7)
    axes.set_ylabel("views")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return as_markdown(figure, "views by post")
