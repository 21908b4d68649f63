"""Where a person's browser lands after a login at X: what it is shown, whatever becomes of the login."""

import re
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from xbot_pipelines.operate.landing import Ending, address_of, landing
from xbot_pipelines.x.api.authorization import ask_for
from xbot_pipelines_tests.allowing import arrive, paragraph
from xbot_pipelines_tests.operate.programs import PATIENCE_SECONDS, free_ports, wait_until
from xbot_pipelines_tests.practice_site import client_of

A_WHILE = timedelta(seconds=PATIENCE_SECONDS)


@pytest.fixture
def port() -> int:
    """A port that nothing listens on."""
    [port] = free_ports(1)
    return port


def test_the_last_page_needs_nothing_from_elsewhere_and_shows_what_it_is_told_as_text(port: int) -> None:
    question = ask_for("the-app", x_url="https://x.com", redirect_uri="")
    back = f"{address_of(port)}?code=c0de&state={question.state}"
    with landing(port, question) as site, ThreadPoolExecutor(max_workers=1) as browser:
        loads = browser.submit(arrive, back)
        assert site.wait(A_WHILE) is not None
        site.show(Ending(heading="Not <b>logged in", sentence="<script src='https://evil.example'></script>"))
        page = loads.result()
    assert paragraph(page) == "&lt;script src=&#x27;https://evil.example&#x27;&gt;&lt;/script&gt;"
    assert "<h1>Not &lt;b&gt;logged in</h1>" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["cache-control"] == "no-store"
    assert "c0de" not in page.text
    assert not re.search(r"(src|href)=\"(?!data:)", page.text)


def test_a_login_that_breaks_off_leaves_no_browser_waiting(port: int) -> None:
    question = ask_for("the-app", x_url="https://x.com", redirect_uri="")
    back = f"{address_of(port)}?error=access_denied&state={question.state}"
    with ThreadPoolExecutor(max_workers=1) as browser:
        with landing(port, question) as site:
            loads = browser.submit(arrive, back)
            assert site.wait(A_WHILE) is not None
        assert "Look into the terminal" in paragraph(loads.result(timeout=PATIENCE_SECONDS))


def test_a_browser_that_goes_away_is_no_news(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    question = ask_for("the-app", x_url="https://x.com", redirect_uri="")
    back = f"{address_of(port)}?code=c0de&state={question.state}"
    with landing(port, question) as site:
        with client_of(back) as browser:
            assert browser.get(back).headers["location"] == "/end"
        for request in (b"GET /end HTTP/1.0\r\n\r\n", b"GET http://[ HTTP/1.0\r\n\r\n", b""):
            with socket.create_connection(("127.0.0.1", port)) as gone:
                gone.sendall(request)
                # It breaks the connection off instead of ending it.
                gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        site.show(Ending(heading="Logged in", sentence="Nobody reads this."))
    wait_until(lambda: not any("process_request" in one.name for one in threading.enumerate()), "all are answered")
    assert capfd.readouterr() == ("", "")
