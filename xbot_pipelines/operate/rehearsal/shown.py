"""A rehearsal as the terminal shows it at its end, and the same as plain values for JSON."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from xbot_pipelines.models import Result
from xbot_pipelines.operate.rehearsal.figures import Figures, JobFigures, Lateness
from xbot_pipelines.operate.rehearsal.goals import Goal
from xbot_pipelines.operate.rehearsal.performing import FAILED
from xbot_pipelines.operate.rehearsal.worth import A_DAY, shares
from xbot_pipelines.text.escape import for_terminal_line
from xbot_pipelines.x.api.prices import dollars

_RESULTS = (Result.DONE.value, Result.NOTHING_TO_DO.value, Result.BLOCKED.value, FAILED)


def shown(figures: Figures, goals: Sequence[Goal]) -> RenderableType:
    """Answers the whole summary."""
    minutes, seconds = divmod(round(figures.real_seconds), 60)
    head = Text(f"{figures.script.hours:g} hours rehearsed in {minutes} min {seconds} s", style="bold")
    kept = [
        Text.assemble(
            ("  ✓ " if goal.kept else "  ✗ ", "green" if goal.kept else "bold red"), for_terminal_line(goal.said)
        )
        for goal in goals
    ]
    return Group(head, *kept, Text(), _table(figures.jobs), Text(), *map(Text, _afterwards(figures)))


def as_plain_values(figures: Figures, goals: Sequence[Goal]) -> dict[str, Any]:
    """Answers everything that a program may want to know."""
    script, tally = figures.script, figures.tally
    return {
        "begins_at": script.begins_at.isoformat(),
        "ends_at": script.ends_at.isoformat(),
        "hours": script.hours,
        "goals": [{"kept": goal.kept, "said": goal.said} for goal in goals],
        "posts": figures.singles,
        "replies": figures.replies,
        "duplicates": figures.duplicates,
        "unrecorded": figures.unrecorded,
        "made_up": figures.made_up,
        "checkpoints": {
            "on_time": tally.on_time,
            "late": tally.late,
            "missed": tally.missed,
            "owed": tally.owed,
            "rate": tally.rate,
        },
        "reading_lateness_seconds": _plain(figures.reading_lateness),
        "publishing_lateness_seconds": _plain(figures.publishing_lateness),
        "most_browsers": figures.most_browsers,
        "person_came": figures.person_came,
        "failed_runs": figures.failed_runs,
        "not_done": [
            {"job": ran.job, "at": ran.began_at.isoformat(), "result": ran.result, "reason": ran.reason}
            for ran in figures.runs
            if ran.result in {FAILED, Result.BLOCKED}
        ],
        "requests": figures.requests,
        "cost": None
        if figures.cost is None
        else {
            "usd": float(figures.cost.usd),
            "billed_usd": float(figures.cost.billed),
            "kinds": {
                what: {"count": charged.count, "usd": float(charged.usd)}
                for what, charged in figures.cost.counted.items()
            },
        },
        "real_seconds": {
            "all": round(figures.real_seconds, 1),
            "runs with the browser": round(figures.browser_seconds, 1),
            "other runs": round(figures.other_seconds, 1),
        },
        "jobs": [
            {
                "job": job.job,
                "runs": dict(job.runs),
                "passed_over": dict(job.passed_over),
                "seconds": round(job.seconds, 2),
                "median_seconds": round(job.median_seconds, 3),
                "longest_seconds": round(job.longest_seconds, 3),
            }
            for job in figures.jobs
        ],
        "worth": [
            {"day": f"{day.since:%Y-%m-%d}", "share": round(day.share, 4), "average": round(day.average, 4)}
            for day in shares(figures.worth, every=A_DAY)
        ],
        "marks": {
            "posts": figures.marks.posts,
            "readings": figures.marks.readings,
            "choices": figures.marks.choices,
        },
    }


def _table(jobs: Sequence[JobFigures]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("job")
    for name in ("runs", *_RESULTS, "passed over", "seconds", "median", "longest"):
        table.add_column(name, justify="right")
    for job in jobs:
        table.add_row(
            job.job,
            str(sum(job.runs.values())),
            *(str(job.runs.get(result, 0) or "–") for result in _RESULTS),
            str(sum(job.passed_over.values()) or "–"),
            f"{job.seconds:.1f}",
            f"{job.median_seconds:.2f}",
            f"{job.longest_seconds:.2f}",
        )
    return table


def _afterwards(figures: Figures) -> list[str]:
    between = figures.real_seconds - figures.browser_seconds - figures.other_seconds
    marks = figures.marks
    where = (
        f"Where the time went: {figures.browser_seconds:.0f} s in runs with the browser, "
        f"{figures.other_seconds:.0f} s in other runs, {between:.0f} s between and around them."
    )
    same = (
        f"X was asked {figures.requests} times. Another rehearsal of this seed should come to the same: "
        f"posts {marks.posts}, readings {marks.readings}, choices {marks.choices}."
    )
    lines = [where, same]
    if figures.cost is not None:
        kinds = (f"{dollars(one.usd)} for {one.count} {what}" for what, one in figures.cost.counted.items())
        lines.append(f"X's API has cost {dollars(figures.cost.usd)}: {', '.join(kinds)}.")
    for what, lateness in (
        ("Posts went out", figures.publishing_lateness),
        ("Checkpoints were read", figures.reading_lateness),
    ):
        if lateness is not None:
            lines.append(
                f"{what} {lateness.median:.0f} s after their moment in the median, {lateness.worst:.0f} s at worst."
            )
    days = shares(figures.worth, every=A_DAY)
    if days:
        lines.append(
            f"Of what the best choices could expect, the posts of the last day had {days[-1].share:.0%}, those of the "
            f"first {days[0].share:.0%}; posts chosen by lot would have had {days[-1].average:.0%}."
        )
    if figures.failed_runs or figures.person_came:
        lines.append(
            f"{figures.failed_runs} runs failed; a person had to resume the account {figures.person_came} times."
        )
    return lines


def _plain(lateness: Lateness | None) -> dict[str, float] | None:
    return None if lateness is None else {"median": lateness.median, "worst": lateness.worst}
