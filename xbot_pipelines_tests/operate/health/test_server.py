"""The health over real HTTP: what is answered, to whom, and what never is."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from shutil import which

import httpx2
import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.health.facts import Facts
from xbot_pipelines.operate.health.judging import judge
from xbot_pipelines.operate.health.plain_values import as_json
from xbot_pipelines.operate.health.server import serve, watching
from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.operate.health.served import Served, a_server
from xbot_pipelines_tests.operate.health.well import surroundings, well

BROKEN = well(surroundings=surroundings(browser_fault="No browser was found"))
LITTLE = well(surroundings=surroundings(disk_free_bytes=200 * 1024**2))


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with a_server() as served:
        yield served


@pytest.fixture
def served(server: Served) -> Served:
    server.facts = well()
    return server


@pytest.mark.parametrize(("facts", "status"), [(well(), "ok"), (LITTLE, "degraded"), (BROKEN, "down")])
def test_programs_are_answered_with_all_there_is_and_503_when_it_is_down(
    served: Served, facts: Facts, status: str
) -> None:
    served.facts = facts
    answer = served.get("/api/system/health")
    assert answer.status_code == (503 if status == "down" else 200)
    assert answer.json() == json.loads(json.dumps(as_json(judge(facts))))
    assert answer.json()["status"] == status


@pytest.mark.skipif(not (which("curl") and which("jq")), reason="curl or jq is not installed")
def test_the_old_systems_checks_work_the_address_piped_to_jq(served: Served) -> None:
    served.facts = BROKEN
    command = (
        f"curl -s {served.url}/api/system/health | jq -r '.status, .reasons[0].sentence, .jobs.posting.last_result'"
    )
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["down", "No browser was found", "done"]


def test_prometheus_is_answered_in_its_own_format(served: Served) -> None:
    answer = served.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'xbot_status{account="practice",status="ok"} 1.0' in answer.text


def test_people_get_a_page_whatever_is_wrong(served: Served) -> None:
    served.facts = replace(BROKEN, activity=None, dagster=None, database_fault="gone")
    answer = served.get("/")
    assert answer.status_code == 200
    assert "No browser was found" in answer.text


@pytest.mark.parametrize("path", ["/", "/health.css", "/api/system/health", "/metrics"])
def test_nothing_takes_orders_is_kept_or_runs_a_script(served: Served, path: str) -> None:
    headers = served.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    for method in ("POST", "PUT", "DELETE"):
        answer = httpx2.request(method, f"{served.url}{path}", trust_env=False)
        assert answer.status_code == 405


def test_a_page_in_a_browser_that_asks_in_another_name_is_turned_away(served: Served) -> None:
    assert served.get("/api/system/health", host="evil.example").status_code == 421
    assert served.get("/api/system/health", host="localhost").status_code == 200


@pytest.mark.parametrize("path", ["/", "/health.css", "/api/system/health", "/metrics"])
def test_foreign_host_or_origin_reads_nothing_on_any_route(path: str) -> None:
    """Wherever it listens: a name has to be given to it first."""
    with a_server(hosts=["health.example"]) as served:
        assert served.get(path, host="health.example:3070").status_code == 200
        assert served.get(path, host="evil.example").status_code == 421
        assert served.get(path, origin="http://evil.example").status_code == 403


def test_f28_what_is_shown_has_no_secret_of_the_settings(settings: Settings, served: Served) -> None:
    secret = settings.model_validate({**settings.model_dump(), "alert_urls": "json://u:s3same@127.0.0.1"})
    assert "s3same" not in repr(secret)
    with watching(secret.model_copy(update={"database_url": None}), SystemClock()) as watch:
        served.facts = watch.judgement.facts
    shown = "".join(served.get(path).text for path in ("/", "/api/system/health", "/metrics"))
    assert "s3same" not in shown


def test_a_port_that_is_taken_is_one_sentence(settings: Settings, served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(CannotRun, match=rf"Port {port}, meant for the health server, is taken .* XBOT_HEALTH_PORT"):
        serve(settings.model_copy(update={"health_port": port}), SystemClock())
