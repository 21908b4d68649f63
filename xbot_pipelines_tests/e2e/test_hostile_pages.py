"""A stranger's hostile post in the pages of the real Dagster UI: it is read there line by line, and does nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from playwright.sync_api import Page, Request

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.definitions import defs
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Target
from xbot_pipelines.operate.dagster_ui import DagsterUi
from xbot_pipelines.orchestration.resources import RESOURCES
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import decisions
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.x.api.credentials import TokenFile
from xbot_pipelines.x.session import open_browser
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.e2e.dagster_pages import TALL
from xbot_pipelines_tests.e2e.newcomer import LONGEST_START_SECONDS, wait_until
from xbot_pipelines_tests.hostile import HOSTILE, MUTATION
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.x.api_way import saved_tokens

pytestmark = [pytest.mark.house, pytest.mark.browser, pytest.mark.timeout(300)]

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
LINES = ["What helps you sleep?", "", f"![a](/graphql?query={MUTATION})", "", "  A dark room?"]
THEIRS = "\n".join(LINES)


@pytest.fixture
def dagster_home(tmp_path: Path) -> Path:
    """Where this Dagster keeps its runs; it greets nobody and calls nobody."""
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\nnux: {enabled: false}\n")
    return tmp_path


@pytest.fixture
def dry_run(
    settings: Settings,
    database: AccountDatabase,
    practice: Practice,
    by: Provenance,
    dagster_home: Path,
) -> str:
    """A dry run of posting, executed for real: it shows a draft and the hostile post that it answers; its id."""
    practice.ask("POST", "clock", {"running": False})
    clock = ManualClock(practice.now())
    saved_tokens(practice, TokenFile(path=settings.token_file, api_url=practice.url), expires_in=30 * 86400)
    ann, *_ = people(practice)
    [post] = practice.put({"author": ann, "text": THEIRS})
    decisions.add_decision(
        database,
        Draft(
            decision_type=DecisionType.REPLY,
            text=f"A dark room.\n\n{HOSTILE}"[:200],
            target=Target(post_id=post, author_handle=ann, text=THEIRS),
        ),
        status=DecisionStatus.QUEUED,
        scheduled_at=clock.now(),
        expires_at=None,
        now=clock.now(),
        by=by,
    )
    publishing = settings.profile.publishing.model_copy(update={"dry_run": True})
    profile = settings.profile.model_copy(update={"transport": "api", "publishing": publishing})
    dry = settings.model_copy(update={"profile": profile, "x_url": practice.url})
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        ran = defs.resolve_job_def("posting").execute_in_process(
            instance=instance, resources={**RESOURCES, "settings": dry, "clock": clock, "database": database}
        )
    return ran.run_id


@pytest.fixture
def ui(dagster_home: Path, settings: Settings, database_url: str) -> Iterator[DagsterUi]:
    """The webserver with our definitions, over those runs."""
    [port] = free_ports(1)
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "dagster_webserver", "--host", "127.0.0.1", "--port", str(port)),
            *("-m", "xbot_pipelines.definitions", "--dagster-log-level", "warning"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(dagster_home),
            "DAGSTER_HOME": str(dagster_home),
            "XBOT_HOME": str(settings.home),
            "XBOT_DATABASE_URL": database_url,
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
        },
        cwd=ROOT,
    ) as server:
        try:
            with closing(DagsterUi(f"http://127.0.0.1:{port}", location="xbot_pipelines.definitions")) as ui:
                wait_until(lambda: ui.shows_the_location(LONG_AGO), LONGEST_START_SECONDS, lambda: "our definitions")
                yield ui
        finally:
            server.terminate()


def test_a_hostile_post_is_read_line_by_line_and_asks_for_nothing(dry_run: str, ui: DagsterUi, tmp_path: Path) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    with open_browser(None, home=tmp_path) as browser:
        page = browser.new_page(viewport=TALL, reduced_motion="reduce")
        page.on("request", note)
        page.goto(f"{ui.url}/assets/practice/posted_decisions?view=overview")
        read_line_by_line(page, THEIRS)
        page.goto(f"{ui.url}/runs/{dry_run}")
        page.get_by_text("ASSET_MATERIALIZATION").first.wait_for()
        page.get_by_text("View full message").last.click()
        page.get_by_role("dialog").get_by_text("[Show Markdown]").last.click()
        read_line_by_line(page, THEIRS)
    assert [one.url for one in asked if not one.url.startswith((ui.url, "data:", "blob:"))] == []
    assert [one.url for one in asked if "/graphql" in one.url and one.method == "GET"] == []
    assert [
        one.url for one in asked if "mutation" in one.url or (one.resource_type == "image" and "graphql" in one.url)
    ] == []
    assert ui.shows_the_location(LONG_AGO), "the mutation has run"


def read_line_by_line(page: Page, text: str) -> None:
    """Waits until the page shows a text with its line breaks, its blank lines and its indentation."""
    block = page.locator("pre code", has_text=text.split("\n", maxsplit=1)[0]).first
    block.wait_for()
    assert block.inner_text().rstrip("\n") == text
    assert block.locator("img, a").count() == 0
