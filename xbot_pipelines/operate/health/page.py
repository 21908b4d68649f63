"""Health as a page for people: one file without a script, which a phone shows as well. Times are the account's own.

What it looks like lies in `pages`. Whatever is put in is escaped: much of it was written by others.
"""

from datetime import datetime
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from xbot_pipelines.operate.health.facts import JobHealth
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.lines import account_rows
from xbot_pipelines.operate.health.reasons import Status
from xbot_pipelines.operate.health.words import ago, lateness, latest
from xbot_pipelines.text.escape import for_template

_PAGES = files("xbot_pipelines.operate.health").joinpath("pages")
_VERDICTS = {
    Status.OK: "All is well",
    Status.DEGRADED: "At work, but not as it should be",
    Status.DOWN: "Not at work",
}

STYLE = _PAGES.joinpath("health.css").read_text(encoding="utf-8")

_PAGE = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    finalize=for_template,
).from_string(_PAGES.joinpath("health.html").read_text(encoding="utf-8"))


def as_page(judgement: Judgement) -> str:
    """Answers the page."""
    facts = judgement.facts

    def time(moment: datetime) -> str:
        there = moment.astimezone(facts.zone)
        today = facts.looked_at.astimezone(facts.zone).date()
        return f"{there:%H:%M}" if there.date() == today else f"{there:%a %H:%M}"

    def succeeded(job: JobHealth) -> str:
        return "never" if job.record.last_success_at is None else ago(facts, job.record.last_success_at)

    return _PAGE.render(
        facts=facts,
        status=judgement.status.value,
        verdict=_VERDICTS[judgement.status],
        reasons=judgement.reasons,
        rows=list(account_rows(facts)),
        time=time,
        succeeded=succeeded,
        result=lambda job: job.record.outcomes[0].ended.value if job.record.outcomes else "",
        latest=lambda job: latest(facts, job),
        lateness=lateness,
    )
