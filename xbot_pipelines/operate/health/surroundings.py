"""What lies around the account: the disk, the browser, the saved session, practice X, Dagster's UI."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from xbot_pipelines.operate.health.facts import Login, Proof, Surroundings
from xbot_pipelines.operate.house import House
from xbot_pipelines.operate.lock import runs_here
from xbot_pipelines.operate.ports import by_whom
from xbot_pipelines.operate.probes import http_answers
from xbot_pipelines.settings import Settings
from xbot_pipelines.systems.transports import proof_of
from xbot_pipelines.text.parse_json import parse_json
from xbot_pipelines.x.api.credentials import Keys
from xbot_pipelines.x.chromium import ChromiumMissing, find_chromium

_SESSION_COOKIE = "auth_token"


def surroundings_of(settings: Settings, *, now: datetime) -> Surroundings:
    """Looks around. What does not answer is waited for two seconds."""
    house = House(settings)
    disk = shutil.disk_usage(_existing(settings.home))
    return Surroundings(
        disk_free_bytes=disk.free,
        disk_total_bytes=disk.total,
        browser_fault=_browser_fault(settings),
        practice_fault=_silence(house.practice_ready, house.practice_port, now) if settings.is_practice else None,
        # Where it runs in a container of its own, or not at all, it is none of ours.
        ui_fault=_silence(f"{house.ui}/server_info", settings.ui_port, now) if runs_here(settings.home) else None,
    )


def login_of(settings: Settings, *, now: datetime) -> Login:
    """Answers by what the account is known to X."""
    if settings.profile.transport == "browser":
        ended_at = _session_ended_at(settings.session_file, now)
        return Login(proof=Proof.SESSION, saved_at=_saved_at(settings.session_file), ended_at=ended_at)
    if isinstance(proof_of(settings), Keys):
        return Login(proof=Proof.KEYS, saved_at=None)
    return Login(proof=Proof.TOKENS, saved_at=_saved_at(settings.token_file))


def _silence(url: str, port: int, now: datetime) -> str | None:
    if http_answers(url)(now):
        return None
    holder = by_whom(port)
    return f"{url} (the port is {f'taken{holder}' if holder else 'free'})"


def _browser_fault(settings: Settings) -> str | None:
    if settings.profile.transport != "browser":
        return None
    try:
        find_chromium(settings.chromium)
    except ChromiumMissing as missing:
        return str(missing)
    return None


def _existing(folder: Path) -> Path:
    """The folder, or what it will be made in."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _saved_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _session_ended_at(file: Path, now: datetime) -> datetime | None:
    """When the session's own cookie has ended, if it has. What cannot be read is left to the run that opens it."""
    try:
        saved = parse_json(file.read_text(encoding="utf-8"))
        ends = [cookie["expires"] for cookie in saved["cookies"] if cookie["name"] == _SESSION_COOKIE]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # Playwright writes -1 for a cookie that ends with its browser.
    ended = [datetime.fromtimestamp(end, UTC) for end in ends if 0 < end <= now.timestamp()]
    return max(ended, default=None)
