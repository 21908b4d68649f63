"""A report as HTML and as Markdown, each one file that needs no other: styles and pictures lie in it.

Whatever a template puts in is escaped for what it is put into, unless it says that it is markup already: what others
wrote is shown, and does nothing. What a report looks like lies in `templates`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from xbot_pipelines.pictures.drawing import embedded
from xbot_pipelines.systems.reports import words
from xbot_pipelines.systems.reports.day_report import DayReport
from xbot_pipelines.text.escape import Markdown, for_markdown, for_markdown_quote, for_template

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = files("xbot_pipelines.systems.reports").joinpath("templates")


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A report as it is written down: its summary (as plain text), itself in both ways, its pictures by section.

    A picture is one inside Markdown, or the sentence that says why nothing was drawn.
    """

    summary: str
    html: str
    markdown: str
    pictures: dict[str, str]


def render(report: DayReport) -> Rendered:
    """Draws a report's pictures, and writes it down in both ways."""
    pictures = {
        name: picture for name, section in report.sections.items() if (picture := section.picture()) is not None
    }
    return Rendered(
        summary=report.summary,
        html=_html(report).get_template("html/report.html").render(report=report, pictures=pictures),
        markdown=_markdown(report).get_template("markdown/report.md").render(report=report, pictures=pictures),
        pictures=pictures,
    )


def _html(report: DayReport) -> "Environment":
    return _environment(report, {"embedded": embedded}, autoescape=True, finalize=for_template)


def _markdown(report: DayReport) -> "Environment":
    def shown(value: Any) -> Any:
        return for_markdown(value) if isinstance(value, str) and not isinstance(value, Markdown) else value

    return _environment(report, {"quoted": for_markdown_quote, "markdown": Markdown}, autoescape=False, finalize=shown)


def _environment(report: DayReport, filters: Mapping[str, Callable[..., Any]], **escaping: Any) -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(  # noqa: S701 - what Markdown needs is escaped by `finalize`
        loader=FunctionLoader(lambda name: _TEMPLATES.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **escaping,
    )
    environment.filters |= {
        "long_date": words.long_date,
        "counted": words.counted,
        "number": words.number,
        "signed": words.signed,
        "percent": words.percent,
        "dollars": words.dollars,
        "time_of_day": lambda moment: words.time_of_day(moment, report.day.zone),
        "day_and_time": lambda moment: words.day_and_time(moment, report.day.zone),
        **filters,
    }
    return environment
