"""What the doctor found, as a table for people and as JSON for programs."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from xbot_pipelines.operate.doctor.examination import Examination
from xbot_pipelines.operate.doctor.finding import Finding, Verdict
from xbot_pipelines.text.escape import for_terminal, for_terminal_line

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {
    Verdict.FINE: "[green]fine[/]",
    Verdict.WARNING: "[yellow]warning[/]",
    Verdict.FAULT: "[bold red]FAULT[/]",
    Verdict.NOT_LOOKED_AT: "[dim]—[/]",
}


def as_table(examination: Examination) -> "Table":
    """What a person reads: each thing, how it was found, and below that what to do."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in examination.findings:
        about, said = for_terminal_line(finding.about), for_terminal(_sentences(finding))
        table.add_row(_MARKS[finding.verdict], Text(about), Text(said))
    return table


def in_short(examination: Examination) -> str:
    """The last line: how many of each, and whether anything is broken."""
    counted = Counter(finding.verdict for finding in examination.findings)
    counts = ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])
    return f"{'nothing is broken' if examination.is_fine else 'something is broken'}: {counts}"


def as_json(examination: Examination) -> dict[str, Any]:
    """What a program reads."""
    findings = [
        {
            "about": finding.about,
            "verdict": finding.verdict.value,
            "found": finding.found,
            "to_do": finding.to_do,
        }
        for finding in examination.findings
    ]
    return {"ok": examination.is_fine, "findings": findings}


def _sentences(finding: Finding) -> str:
    return finding.found if finding.to_do is None else f"{finding.found}\n→ {finding.to_do}"
