"""Every job run for real over hostile text: nothing that the Dagster UI is told renders, runs, or moves a terminal.

The text comes from posts on practice X, from the tables, from the model and from errors.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.definitions import defs
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, NewsItem, Target
from xbot_pipelines.orchestration.jobs import JOBS
from xbot_pipelines.orchestration.metadata import link, picture, post_text
from xbot_pipelines.orchestration.resources import RESOURCES
from xbot_pipelines.orchestration.schedules import SCHEDULES
from xbot_pipelines.pictures.drawing import embedded
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account, decisions, news
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.hostile import HOSTILE, hostile_model, moves_a_terminal
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.store.given import posted
from xbot_pipelines_tests.text.markdown_reader import rendered

BY_THE_API = True
HOUR = timedelta(hours=1)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class Told:
    """What Dagster was told in some runs: values of metadata, and sentences."""

    def __init__(self) -> None:
        self.values: list[tuple[str, dg.MetadataValue[Any]]] = []
        self.sentences: list[tuple[str, str]] = []

    def add(self, where: str, instance: dg.DagsterInstance, run_id: str) -> None:
        for entry in instance.all_logs(run_id):
            self.sentences.append((where, entry.user_message))
            if entry.dagster_event is None:
                continue
            data = entry.dagster_event.event_specific_data
            found = [data, getattr(data, "materialization", None), getattr(data, "user_failure_data", None)]
            for holder in found:
                self.values += [(where, value) for value in (getattr(holder, "metadata", None) or {}).values()]
                if (description := getattr(holder, "description", None)) is not None:
                    self.sentences.append((where, description))
            if (error := getattr(data, "error", None)) is not None:
                self.sentences.append((where, error.message))

    @property
    def strings(self) -> list[tuple[str, str]]:
        return [*self.sentences, *((where, one) for where, value in self.values for one in strings_in(value))]


def strings_in(value: Any) -> Iterator[str]:
    """Every text in a value of metadata, whatever it is made of."""
    match value:
        case str():
            yield value
        case dg.TableMetadataValue():
            yield from strings_in([dict(record.data) for record in value.records])
        case dg.MetadataValue() if value.value is not value:
            yield from strings_in(value.value)
        case dict():
            for name, inner in value.items():
                yield from strings_in([name, inner])
        case list() | tuple():
            for inner in value:
                yield from strings_in(inner)


def is_harmless_markdown(markdown: str) -> bool:
    """Whether Markdown is one of our own pictures, or a block of code and nothing else."""
    return embedded(markdown) is not None or [tag for tag, _ in rendered(markdown).elements] == ["pre", "code"]


def run(told: Told, job: str, *, instance: dg.DagsterInstance, clock: ManualClock, **resources: Any) -> None:
    """Executes a job, today's partition of it where it has partitions, and notes what Dagster was told."""
    definition = defs.resolve_job_def(job)
    ran = definition.execute_in_process(
        instance=instance,
        resources={**RESOURCES, "clock": clock, **resources},
        partition_key=f"{clock.now():%Y-%m-%d}" if definition.partitions_def else None,
        raise_on_error=False,
    )
    told.add(job, instance, ran.run_id)


def put_hostile_rows(database: AccountDatabase, clock: ManualClock, by: Provenance) -> None:
    """A post of ours on X, one that is queued, and a piece of news, all hostile."""
    target = Target(post_id="1900000000000000777", author_handle="ada", text=HOSTILE)
    posted(database, "1900000000000000001", at=clock.now() - 3 * HOUR, text=HOSTILE)
    decisions.add_decision(
        database,
        Draft(decision_type=DecisionType.REPLY, text=HOSTILE, target=target),
        status=DecisionStatus.QUEUED,
        scheduled_at=clock.now() - HOUR,
        expires_at=None,
        now=clock.now() - HOUR,
        by=by,
    )
    item = NewsItem(url="https://evil.example/news", title=HOSTILE, source="evil.example", summary=HOSTILE)
    news.add_news(database, [item], now=clock.now())


def test_no_run_tells_dagster_anything_that_acts(
    instance: dg.DagsterInstance,
    settings: Settings,
    database: AccountDatabase,
    practice: Practice,
    clock: ManualClock,
    by: Provenance,
) -> None:
    put_hostile_rows(database, clock, by)
    ann, ben, *_ = people(practice)
    before = (clock.now() - HOUR).isoformat()
    [ours] = practice.put({"author": practice.handle, "text": "A dark room helps sleep.", "created_at": before})
    written = HOSTILE.replace("\ud800", "")
    practice.put(
        {"author": ann, "text": f"@{practice.handle} sleep {written}", "in_reply_to": ours, "created_at": before},
        {"author": ben, "text": f"sleep and https://evil.example/sleep {written}", "created_at": before},
    )
    posted(database, ours, at=clock.now() - HOUR, text="A dark room helps sleep.")
    told = Told()
    with hostile_model(HOSTILE) as model:
        live = settings.model_copy(update={"openai_base_url": model})
        publishing = live.profile.publishing.model_copy(update={"dry_run": True})
        dry = live.model_copy(update={"profile": live.profile.model_copy(update={"publishing": publishing})})
        run(told, "posting", instance=instance, clock=clock, settings=dry)
        for job in JOBS:
            run(told, job, instance=instance, clock=clock, settings=live)
        account.pause(database, reason=HOSTILE, now=clock.now(), by=by)
        for job in ("posting", "replies", "session_check"):
            run(told, job, instance=instance, clock=clock, settings=live)

    assert [(where, found) for where, one in told.strings if (found := moves_a_terminal(one))] == []
    markdown = [(where, value.value) for where, value in told.values if isinstance(value, dg.MarkdownMetadataValue)]
    assert [one for one in markdown if not is_harmless_markdown(one[1])] == []
    links = [str(value.value) for _, value in told.values if isinstance(value, dg.UrlMetadataValue)]
    assert [one for one in links if not re.match("https?://", one)] == []
    spoken = {where for where, one in told.strings if "evil.example" in one}
    assert spoken >= {"plan", "posting", "replies", "session_check"}, "the hostile text was shown nowhere"


def test_a_schedule_that_passes_over_says_so_on_one_line(
    instance: dg.DagsterInstance, settings: Settings, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    account.pause(database, reason=HOSTILE, now=clock.now(), by=by)
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=clock.now(),
        resources={"settings": settings, "database": database, "clock": clock},
    ) as context:
        said = SCHEDULES["session_check"].evaluate_tick(context).skip_message
    assert said is not None
    assert "evil.example" in said
    assert (moves_a_terminal(said), len(said.splitlines())) == ([], 1)


def test_the_text_of_a_post_keeps_its_lines_and_is_no_markup() -> None:
    ordinary = "A glass of water.\n\n  That is the *whole* habit. 🚰"
    shown = post_text(ordinary)
    assert isinstance(shown, dg.MarkdownMetadataValue)
    assert shown.value == f"```\n{ordinary}\n```"
    assert post_text("One line *only*.") == dg.MetadataValue.text("One line *only*.")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://x.example/\u202e", "//evil", ""]
)
def test_what_leads_nowhere_on_the_web_is_no_link(address: str) -> None:
    assert isinstance(link(address), dg.TextMetadataValue)


def test_only_pictures_are_pictures() -> None:
    assert isinstance(picture("![a](/graphql?query=x)"), dg.TextMetadataValue)
    assert isinstance(picture("![a](data:image/png;base64,AAAA)"), dg.MarkdownMetadataValue)


SOURCES = sorted((ROOT / "xbot_pipelines").rglob("*.py"))
MAKERS = {"MetadataValue", "TableRecord", "Failure", "MarkdownMetadataValue", "UrlMetadataValue", "JsonMetadataValue"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_module_makes_metadata_and_log_entries_are_escaped(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert makes_no_metadata(node) or source.name == "metadata.py", f"{source}:{node.lineno}"
            assert not raw_entries(node), f"{source}:{node.lineno}: escape it with `for_log`"


def makes_no_metadata(call: ast.Call) -> bool:
    """Whether a call makes no value of metadata, and gives no description to the result of a check."""
    names = {part.attr for part in ast.walk(call.func) if isinstance(part, ast.Attribute)}
    names |= {part.id for part in ast.walk(call.func) if isinstance(part, ast.Name)}
    describes = any(keyword.arg == "description" for keyword in call.keywords)
    return not names & MAKERS and not ("AssetCheckResult" in names and describes)


def raw_entries(call: ast.Call) -> Sequence[str]:
    """What a call writes into the log of a run without escaping it: each `%s` has to be given by `for_…`."""
    match call.func:
        case ast.Attribute(attr="info" | "warning" | "error", value=ast.Attribute(attr="log")):
            pass
        case _:
            return ()
    first, *given = call.args
    assert isinstance(first, ast.Constant), "the format is not a constant"
    kinds = re.findall("%[sd]", str(first.value))
    return [
        ast.unparse(argument)
        for kind, argument in zip(kinds, given, strict=True)
        if kind == "%s" and not ast.unparse(argument).startswith("for_")
    ]
