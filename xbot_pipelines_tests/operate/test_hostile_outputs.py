"""One hostile text through every output that a person, a program or a chat reads: it is shown, and does nothing."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.models import AttemptState, Counters, DecisionType
from xbot_pipelines.operate.doctor.examination import Examination
from xbot_pipelines.operate.doctor.finding import fault
from xbot_pipelines.operate.doctor.report import as_table
from xbot_pipelines.operate.export import write_export
from xbot_pipelines.operate.export_request import read_request
from xbot_pipelines.operate.happenings import History
from xbot_pipelines.operate.health.alerting import Message
from xbot_pipelines.operate.health.facts import OpenAttempt
from xbot_pipelines.operate.health.telling import Services
from xbot_pipelines.operate.voice import Voice
from xbot_pipelines.orchestration.records import Ended
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import Alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems import reporting
from xbot_pipelines_tests.conftest import NOON, ROOT
from xbot_pipelines_tests.hostile import HOSTILE, STORED, mentions, moves_a_terminal
from xbot_pipelines_tests.lived import Life
from xbot_pipelines_tests.operate.health.receiver import a_mailbox, a_receiver
from xbot_pipelines_tests.operate.health.served import a_server
from xbot_pipelines_tests.operate.health.well import MAY_ACT, activity, dagster, job, outcome, well
from xbot_pipelines_tests.store.reviewing import drafted, found
from xbot_pipelines_tests.text.markdown_reader import rendered

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN = "evil.example"


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    @property
    def acting(self) -> list[str]:
        """What runs, loads or leads somewhere, and is not ours."""
        return [
            f"<{tag} {attributes}>"
            for tag, attributes in self.found
            if tag in {"script", "iframe", "object", "form"}
            or any(name.startswith("on") for name in attributes)
            or (tag == "img" and not (attributes.get("src") or "").startswith("data:image/png;base64,"))
            or (tag == "a" and SHOWN in (attributes.get("href") or ""))
        ]


@pytest.fixture
def hostile_account(database: AccountDatabase, clock: ManualClock, by: Provenance) -> Life:
    """An account that has published, answered, received and been told nothing but the hostile text."""
    life = Life(database)
    post = life.publishes(HOSTILE, clock.now() - 20 * HOUR)
    life.publishes(f"A reply. {HOSTILE}", clock.now() - 10 * HOUR, to="ada", their_text=HOSTILE)
    life.reads(post, clock.now() - 18 * HOUR, Counters(views=1234))
    life.receives(post, clock.now() - 9 * HOUR, author="ada", text=HOSTILE)
    # The commands ask the real clock.
    tomorrow = SystemClock().now() + DAY
    theirs = found(1, text=HOSTILE, expires_at=tomorrow)
    drafted(database, replace(theirs, author=replace(theirs.author, name=HOSTILE, bio=HOSTILE)), text=HOSTILE)
    with database.transaction() as connection:
        raise_alert(connection, database.account, cause="test", sentence=HOSTILE, now=clock.now())
    account.pause(database, reason=HOSTILE, now=clock.now(), by=by)
    return life


def test_the_health_server_shows_it_as_text_in_every_way() -> None:
    attempt = OpenAttempt(
        decision_id="1", kind=DecisionType.SINGLE, state=AttemptState.UNKNOWN, began_at=NOON, detail=HOSTILE
    )
    state = replace(MAY_ACT, paused_at=NOON, paused_reason=HOSTILE, paused_by=HOSTILE)
    alerts = (Alert(cause="test", sentence=HOSTILE, opened_at=NOON),)
    jobs = [job(outcomes=(outcome(NOON, Ended.FAILED, reason=HOSTILE, error=HOSTILE),))]
    with a_server() as served:
        served.facts = replace(
            well(),
            handle=HOSTILE,
            activity=activity(state=state, alerts=alerts, open_attempts=(attempt,)),
            dagster=replace(dagster(), jobs=jobs),
        )
        page, told, metrics = (served.get(path).text for path in ("/", "/api/system/health", "/metrics"))
    assert SHOWN in page
    assert Elements(page).acting == []
    assert SHOWN in told
    assert json.loads(told)["state"]["paused_reason"] == HOSTILE
    [info] = [one for one in text_string_to_metric_families(metrics) if one.name == "xbot_info"]
    assert SHOWN in info.samples[0].labels["handle"]
    assert [moves_a_terminal(one) for one in (page, told, metrics)] == [[], [], []]


def test_a_days_report_shows_it_as_text(
    hostile_account: Life, settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    hostile_account.takes_stock(clock.advance(DAY))
    summary = reporting.write_reports(settings, database, clock=clock)
    html, markdown = (
        "\n".join(file.read_text(encoding="utf-8") for file in files)
        for files in (
            [one.html_file for one in summary.written],
            [one.markdown_file for one in summary.written],
        )
    )
    assert html.count(SHOWN) > 1
    assert Elements(html).acting == []
    page = rendered(markdown)
    assert page.text.count(SHOWN) > 1
    assert page.tags.isdisjoint({"script", "b", "code"})
    assert [attributes for tag, attributes in page.elements if tag in {"a", "img"} and leads_away(attributes)] == []
    assert [moves_a_terminal(one) for one in (html, markdown)] == [[], []]


@pytest.mark.usefixtures("hostile_account")
@pytest.mark.parametrize(
    "command",
    [
        ["review", "--list"],
        ["review", "--json"],
        ["health"],
        ["health", "--json"],
        ["doctor"],
        ["pause", "--reason", STORED.replace("\ufffd", "")],
        ["optout", STORED.replace("\ufffd", "")],
        ["export", "--since", STORED.replace("\ufffd", "")],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_command_lets_it_reach_the_terminal(command: list[str], settings: Settings, database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xbot_pipelines.cli", *command],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(settings.home),
            "XBOT_HOME": str(settings.home),
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
            "XBOT_DATABASE_URL": database_url,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    printed = (done.stdout + done.stderr).decode()
    assert "Traceback" not in printed
    assert SHOWN in printed or command == ["doctor"], printed
    assert moves_a_terminal(printed) == []
    if command[-1] == "--json":
        assert HOSTILE.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") in strings_of(json.loads(done.stdout))


def test_an_argument_that_is_no_text_is_kept_as_one_that_can_be_stored(
    settings: Settings, database: AccountDatabase, database_url: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xbot_pipelines.cli", "pause", "--reason", b"holiday \xff"],
        env={
            "PATH": os.environ["PATH"],
            "XBOT_HOME": str(settings.home),
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
            "XBOT_DATABASE_URL": database_url,
        },
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert b"holiday" in done.stdout
    assert account.state_of(database).paused_reason == "holiday \ufffd"


def leads_away(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element of a report leads to, or loads, something that the hostile text names."""
    return any(word in str(value) for value in attributes.values() for word in (SHOWN, "graphql", "javascript:"))


def strings_of(value: object) -> list[str]:
    """Every text in a value of JSON."""
    match value:
        case str():
            return [value]
        case dict():
            return [one for inner in value.values() for one in strings_of(inner)]
        case list():
            return [one for inner in value for one in strings_of(inner)]
    return []


@pytest.mark.usefixtures("hostile_account")
def test_what_xbot_up_prints_is_one_line_for_each_thing(
    settings: Settings, database: AccountDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    told = History(database, settings).news()
    voice = Voice()
    for line in told:
        voice.say(line)
    printed = capsys.readouterr().out
    assert printed.count(SHOWN) > 3
    assert len(printed.splitlines()) == len(told)
    assert moves_a_terminal(printed) == []


def test_a_finding_of_the_doctor_is_no_markup_of_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    Console(highlight=False, width=2_000).print(
        as_table(Examination(findings=(fault(HOSTILE, HOSTILE, to_do=HOSTILE),)))
    )
    printed = capsys.readouterr().out
    assert "[bold]m[/bold]" in printed
    assert moves_a_terminal(printed) == []


ALERT = Message(sentence=HOSTILE, began_at=NOON)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """What each kind of service was sent for one alert, as it went over the wire: bodies in the order of sending."""
    from apprise.plugins.discord import NotifyDiscord
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram

    with a_receiver() as receiver, a_mailbox() as mailbox:
        place = receiver.url.partition("@")[2]
        # Their addresses are constants of apprise: the services themselves are beyond this machine.
        for plugin in (NotifyDiscord, NotifyTelegram):
            monkeypatch.setattr(plugin, "notify_url", f"http://{place}/{plugin.__name__}")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{place}/slack")
        urls = [
            receiver.url,
            "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
            "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/?format=markdown",
            "tgram://123456789:abcdefg_hijklmnop/12315544",
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
            f"mailto://somebody:s3same@{mailbox.place}?smtp=127.0.0.1&from=a@b.example&to=c@d.example&mode=insecure",
        ]
        assert Services([SecretStr(url) for url in urls], handle="daily_vitals").deliver(ALERT)
        yield {
            "posted": [json.dumps(one, ensure_ascii=False) for one in receiver.received],
            "mailed": mailbox.received,
        }


def test_an_alert_mentions_nobody_and_is_no_markup_wherever_it_is_sent(services: dict[str, list[str]]) -> None:
    assert len(services["posted"]) == 5
    assert len(services["mailed"]) == 1
    for sent in (*services["posted"], *services["mailed"]):
        assert "HYPERLINK" in sent
        assert mentions(sent) == []
        assert "](" not in sent
        assert "<img" not in sent
        assert "<script" not in sent


@pytest.mark.usefixtures("hostile_account")
def test_an_export_is_no_formula_and_is_read_back_exactly(settings: Settings, tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        request = read_request(settings, file_format=file_format, output=tmp_path, tables=["posts"])
        write_export(settings, request, say=lambda _: None)
    with (tmp_path / "posts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in {"=", "+", "-", "@"}] == []
    exact = pd.read_parquet(tmp_path / "posts.parquet")
    assert [row["text"].removeprefix("'") for row in rows] == list(exact["text"]) == [STORED, f"A reply. {STORED}"]
    assert rows[1]["target_text"].removeprefix("'") == exact["target_text"][1] == STORED
