"""The account's session on practice X, where nobody has to type a password: asked for, and kept as any other is."""

import json
from pathlib import Path

import httpx2

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.private_files import write_private


def provide_practice_session(x_url: str, *, handle: str, file: Path) -> None:
    """Sees to it that `file` holds a session that practice X accepts.

    Raises:
        CannotRun: practice X gives none.
    """
    with httpx2.Client(base_url=x_url, timeout=10, trust_env=False) as client:
        if file.exists() and _is_accepted(client, file):
            return
        answer = client.post("/practice/session", json={"handle": handle})
    if answer.status_code != httpx2.codes.OK:
        raise CannotRun(f"Practice X at {x_url} gives no session for @{handle}: {answer.text.strip()}")
    write_private(file, answer.text)


def _is_accepted(client: httpx2.Client, file: Path) -> bool:
    """Whether the home page is shown with these cookies: who is not logged in is sent to the login page."""
    try:
        cookies = {cookie["name"]: cookie["value"] for cookie in json.loads(file.read_text())["cookies"]}
    except (ValueError, KeyError, TypeError):
        return False
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return client.get("/home", headers={"cookie": header}).status_code == httpx2.codes.OK
