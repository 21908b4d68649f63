"""The practice site that all ways read: a process of its own, and a few days of our account put into it.

Its clock stands still, so that what each way reads can be held against the site's own truth.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2

from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Json, Practice

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POSTS_A_DAY, REPLIES_A_DAY = 48, 40
"""What the account's caps allow."""

_LONGEST_START_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.05
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class History:
    """Posts of ours on the site: their true counters by id, and a moment before the oldest of them."""

    since: datetime
    counters: dict[str, dict[str, int]]


@contextmanager
def practice_site() -> Iterator[Practice]:
    """Runs practice X in a process of its own: in ours it would take turns with whoever reads it."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="xbot-practice-") as folder:
        command = ["-m", "xbot_pipelines.cli", "practice", "--port", str(port), "--data", folder]
        site = subprocess.Popen([sys.executable, *command])
        try:
            with httpx2.Client(base_url=url, trust_env=False) as control:
                _wait_until_it_answers(control, site)
                yield Practice(url, control)
        finally:
            site.terminate()
            site.wait()


def put_history(practice: Practice, *, days: int) -> History:
    """Stops the site's clock, and puts so many days of our posts and replies before it, evenly spread."""
    practice.ask("POST", "clock", {"now": NOW.isoformat(), "running": False})
    since = NOW - days * _DAY
    reader = practice.ask("GET", "people")[0]["handle"]
    posts = [_post(practice.handle, moment) for moment in _moments(days, POSTS_A_DAY)]
    answered = [_post(reader, moment - timedelta(minutes=5)) for moment in _moments(days, REPLIES_A_DAY)]
    replies = [
        {**_post(practice.handle, moment), "in_reply_to": target}
        for moment, target in zip(_moments(days, REPLIES_A_DAY), practice.put(*answered), strict=True)
    ]
    practice.put(*posts, *replies)
    counters = {post["id"]: post["counters"] for post in practice.truth()["posts"]}
    return History(since=since, counters=counters)


def _moments(days: int, a_day: int) -> list[datetime]:
    return [NOW - _DAY / a_day * (number + 0.5) for number in range(days * a_day)]


def _post(author: str, moment: datetime) -> Json:
    text = f"What we noted at {moment:%H:%M} on day {moment:%j}: a glass of water before the first coffee."
    return {"author": author, "text": text, "created_at": moment.isoformat()}


def _wait_until_it_answers(control: httpx2.Client, site: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _LONGEST_START_SECONDS
    while True:
        try:
            control.get("/practice/ready").raise_for_status()
        except httpx2.TransportError as failure:
            if site.poll() is not None or time.monotonic() >= deadline:
                raise RuntimeError("practice X did not start: its own words are above") from failure
            time.sleep(_LOOK_EVERY_SECONDS)
        else:
            return
