"""The saved session of an account: the cookies of one X, which go to no other and are overwritten by no other (F28).

It lies outside git, readable by its owner alone. Which X it belongs to is what the domains of its cookies say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import XSite, is_this_machine
from xbot_pipelines.text.parse_json import parse_json
from xbot_pipelines.x.walls import LoggedOut

if TYPE_CHECKING:
    from playwright.sync_api import StorageState

_DOMAINS_OF_X = ("x.com", "twitter.com")
"""X still sets cookies of its old name."""


@dataclass(frozen=True, kw_only=True)
class SessionFile:
    """Where the session of an account lies, and the X that the account belongs to."""

    path: Path
    x: XSite

    def load(self) -> "StorageState":
        """Return the session, without what belongs to other sites than the account's X.

        Raises:
            LoggedOut: none is saved, what is saved is no session, or it belongs to another X.
        """
        try:
            saved = _session_in(self.path.read_bytes())
        except FileNotFoundError:
            raise LoggedOut(f"no session is saved in {self.path}: log in with `xbot login`") from None
        if saved is None:
            raise self.is_no_session()
        self._assert_own(saved)
        return self._own_part(saved)

    def assert_own(self) -> None:
        """Make sure that no session of another X is saved here; no session at all is fine.

        Raises:
            LoggedOut: one is.
        """
        if self.path.exists() and (saved := _session_in(self.path.read_bytes())) is not None:
            self._assert_own(saved)

    def save(self, state: "StorageState") -> None:
        """Save a session in place of the one before, without what belongs to other sites than the account's X.

        Raises:
            LoggedOut: a session of another X is saved here. It stays.
        """
        self.assert_own()
        write_private(self.path, json.dumps(self._own_part(state)))

    def is_no_session(self) -> LoggedOut:
        """Return the error for a file that holds something else than a session."""
        return LoggedOut(f"{self.path} does not hold a saved session: log in again with `xbot login`")

    def _assert_own(self, saved: "StorageState") -> None:
        others = {_x_of(cookie["domain"]) for cookie in saved["cookies"]} - {self.x, None}
        if others:
            other = others.pop()
            raise LoggedOut(
                f"{self.path} holds a session of {_NAMES[other]}, but the account belongs to {_NAMES[self.x]}: it was "
                f'not sent, and stays as it is. Write x = "{other}" into the account\'s file if that is right, or take '
                "another account name"
            )

    def _own_part(self, state: "StorageState") -> "StorageState":
        cookies = [cookie for cookie in state["cookies"] if _x_of(cookie["domain"]) == self.x]
        origins = [one for one in state["origins"] if _x_of(urlsplit(one["origin"]).netloc) == self.x]
        return {"cookies": cookies, "origins": origins}


_NAMES: Mapping[XSite | None, str] = {"practice": "practice X", "x.com": "X itself"}


def _session_in(content: bytes) -> "StorageState | None":
    """Return a saved session, as far as is looked at here; None for anything else."""
    try:
        saved = parse_json(content)
        session = {"cookies": saved["cookies"], "origins": saved.get("origins", [])}
        hosts = [one["domain"] for one in session["cookies"]]
        hosts += [urlsplit(one["origin"]).netloc for one in session["origins"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return cast("StorageState", session) if all(isinstance(host, str) for host in hosts) else None


def _x_of(host: str) -> XSite | None:
    """Return the X that a cookie's domain, or the host of an origin, belongs to; None for any other site."""
    name = host.lstrip(".").lower()
    if is_this_machine(f"http://{name}"):
        return "practice"
    return "x.com" if any(name == own or name.endswith(f".{own}") for own in _DOMAINS_OF_X) else None
