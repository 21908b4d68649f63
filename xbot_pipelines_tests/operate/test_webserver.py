"""Dagster's webserver as we start it: a real process, attacked by requests and by a real web page."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Page, sync_playwright

from xbot_pipelines.x.chromium import find_chromium, launch_arguments
from xbot_pipelines_tests.operate.foreign_site import foreign_site
from xbot_pipelines_tests.operate.programs import free_ports

pytestmark = pytest.mark.timeout(240)

# It changes something that can be asked for, and needs neither a code location nor a run.
MUTATION = 'mutation { setConcurrencyLimit(concurrencyKey: "attacked", limit: 7) }'
QUESTION = '{ instance { concurrencyLimit(concurrencyKey: "attacked") { slotCount } } }'


_SECONDS_TO_START = 90.0


@dataclass(frozen=True)
class Ui:
    """A running webserver with storage of its own."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asks(self, query: str, **headers: str) -> httpx2.Response:
        """Send GraphQL as the UI does."""
        return httpx2.post(f"{self.url}/graphql", json={"query": query}, headers=headers, trust_env=False, timeout=30)

    def was_changed(self) -> bool:
        """Return whether a mutation was executed; the next one can be seen again."""
        limit = self.asks(QUESTION).json()["data"]["instance"]["concurrencyLimit"]["slotCount"]
        self.asks('mutation { deleteConcurrencyLimit(concurrencyKey: "attacked") }')
        return bool(limit == 7)


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    [port] = free_ports(1)
    command = [sys.executable, "-m", "xbot_pipelines.operate.webserver", "--empty-workspace", "--port", str(port)]
    environment = {**os.environ, "DAGSTER_HOME": str(home), "XBOT_ALLOWED_HOSTS": "dagster.example"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + _SECONDS_TO_START
            while not _listens(port):
                assert time.monotonic() < deadline, "the webserver does not listen"
                assert process.poll() is None
                time.sleep(0.1)
            yield Ui(port)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_mutation_as_the_ui_sends_it_is_executed(ui: Ui) -> None:
    assert ui.asks(MUTATION, origin=ui.url).status_code == 200
    assert ui.was_changed()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept": "text/html"},
        {"content-type": "text/plain"},
        {"content-type": "text/plain; x=application/json"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/graphql"},
    ],
    ids=str,
)
def test_graphql_in_any_other_way_is_not_executed(ui: Ui, method: str, headers: dict[str, str]) -> None:
    for address in (f"/graphql?query={quote(MUTATION)}", f"/graphql/?query={quote(MUTATION)}"):
        answer = httpx2.request(
            method, f"{ui.url}{address}", headers=headers, content='{"query": "x"}', trust_env=False, timeout=30
        )
        assert answer.status_code in {405, 415} or "/vendor/graphiql" in answer.text or answer.status_code == 307
    assert not ui.was_changed()


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_request_that_a_web_page_has_caused_is_refused(ui: Ui, headers: dict[str, str]) -> None:
    assert ui.asks(MUTATION, **headers).status_code in {403, 421}
    assert not ui.was_changed()


def test_name_that_was_given_is_answered(ui: Ui) -> None:
    assert ui.asks(QUESTION, host="dagster.example", origin="https://dagster.example").status_code == 200


@pytest.mark.parametrize("headers", [["Origin: http://evil.example"], ["Host: evil.example"]], ids=str)
def test_websocket_of_another_site_is_refused(ui: Ui, headers: list[str]) -> None:
    ours = ["Host: 127.0.0.1", f"Origin: {ui.url}".replace(f":{ui.port}", "")]
    assert _upgraded(ui, *ours)
    names = {header.partition(":")[0] for header in headers}
    assert not _upgraded(ui, *headers, *(header for header in ours if header.partition(":")[0] not in names))


def _upgraded(ui: Ui, *headers: str) -> bool:
    lines = [
        "GET /graphql HTTP/1.1",
        *headers,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
    ]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: graphql-ws", "", ""]
    with socket.create_connection(("127.0.0.1", ui.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return b" 101 " in connection.recv(4096)


@pytest.fixture(scope="module")
def evil() -> Iterator[str]:
    """The address of a site of somebody else on this machine."""
    with foreign_site() as address:
        yield address


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of a browser in which the name rebound.example leads to this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[*launch_arguments(), "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
        )
        yield browser.new_page()
        browser.close()


ATTACKS = {
    "image": """new Promise((done) => {
        const image = new Image();
        image.onload = image.onerror = done;
        image.src = byGet;
    })""",
    "simple request": "fetch(byGet, {mode: 'no-cors'}).catch(() => 0)",
    "text/plain": """fetch(`${url}/graphql`, {
        method: 'POST', mode: 'no-cors', headers: {'content-type': 'text/plain; x=application/json'},
        body: JSON.stringify({query}),
    }).catch(() => 0)""",
    "websocket": """new Promise((done) => {
        const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-ws');
        socket.onopen = () => socket.send(JSON.stringify({type: 'start', id: '1', payload: {query}}));
        socket.onmessage = socket.onerror = socket.onclose = done;
    })""",
    "form": """new Promise((done) => {
        document.body.innerHTML = '<iframe name="frame"></iframe><form method="POST" target="frame"></form>';
        const [frame, form] = document.body.children;
        form.action = byGet;
        frame.onload = done;
        form.submit();
    })""",
}


@pytest.mark.browser
@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_page_of_another_site_changes_nothing(page: Page, ui: Ui, evil: str, attack: str) -> None:
    page.goto(evil)
    given = "const byGet = `${url}/graphql?query=${encodeURIComponent(query)}`;"
    page.evaluate(f"([url, query]) => {{ {given} return {ATTACKS[attack]} }}", [ui.url, MUTATION])
    assert not ui.was_changed()


@pytest.mark.browser
def test_link_with_a_mutation_opens_a_page_and_executes_nothing(page: Page, ui: Ui, evil: str) -> None:
    page.goto(evil)
    page.goto(f"{ui.url}/graphql?query={quote(MUTATION)}")
    assert "GraphQL is taken by POST alone" in page.inner_text("body")
    assert not ui.was_changed()


@pytest.mark.browser
def test_page_whose_name_leads_here_reads_nothing(ui: Ui, page: Page) -> None:
    """DNS rebinding: the browser takes the page and the UI for one site, but asks by the page's name."""
    page.goto(f"http://rebound.example:{ui.port}/server_info")
    assert "does not answer to that host name" in page.inner_text("body")
    assert "dagster_version" not in page.content()
