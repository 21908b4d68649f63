"""Who is logged in: sessions and the cookies that carry them, as a browser holds them for X (X_SURFACE §1 and §6)."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from xbot_pipelines.practice.archive import Archive, SessionRow
from xbot_pipelines.practice.clock import WorldClock
from xbot_pipelines.practice.people import Person

PASSWORD = "practice"  # noqa: S105 - the one password of all practice accounts, told to whoever asks

_CT0_LIFETIME = timedelta(hours=6)
_COOKIE_LIFETIME_SECONDS = 365 * 86400
_NAMES = ("auth_token", "ct0", "twid")


class Sessions:
    """All living sessions of the world; each change is on the disk before it is answered."""

    def __init__(self, archive: Archive, clock: WorldClock) -> None:
        self._archive = archive
        self._clock = clock
        self._living = {row.token: row for row in archive.sessions()}

    def log_in(self, account: Person) -> SessionRow:
        """A new session of this account."""
        row = SessionRow(secrets.token_hex(20), account.id, secrets.token_hex(32), None, self._clock.now())
        return self._keep(row)

    def find(self, token: str | None) -> SessionRow | None:
        """The living session of an `auth_token` cookie."""
        return None if token is None else self._living.get(token)

    def end(self, token: str) -> None:
        """Log out. The cookies in the browser stay, and are dead."""
        if self._living.pop(token, None) is not None:
            self._archive.drop_session(token)

    def reissue(self, session: SessionRow) -> SessionRow | None:
        """The session with a new ct0, if its ct0 is due; None while it is not."""
        now = self._clock.now()
        if now - session.ct0_at < _CT0_LIFETIME:
            return None
        return self._keep(replace(session, ct0=secrets.token_hex(32), previous_ct0=session.ct0, ct0_at=now))

    def _keep(self, row: SessionRow) -> SessionRow:
        self._archive.keep_session(row)
        self._living[row.token] = row
        return row


def csrf_matches(session: SessionRow, *, cookie: str | None, header: str | None) -> bool:
    """Whether the `x-csrf-token` header is the `ct0` cookie.

    A ct0 that was replaced while the request was under way still counts: the page had read the old one.
    """
    return bool(header) and header in {cookie, session.previous_ct0}


def cookie_values(session: SessionRow) -> dict[str, str]:
    """The cookies of a session."""
    return {"auth_token": session.token, "ct0": session.ct0, "twid": f"u%3D{session.account_id}"}


def set_cookies(response: Response, session: SessionRow) -> None:
    """Give a browser the session's cookies, and the language cookie."""
    for name, value in (*cookie_values(session).items(), ("lang", "en")):
        _set(response, name, value)


def set_ct0(response: Response, session: SessionRow) -> None:
    """Give a browser a reissued ct0."""
    _set(response, "ct0", session.ct0)


def clear_cookies(response: Response) -> None:
    """Take the session's cookies from a browser."""
    for name in _NAMES:
        response.delete_cookie(name)


def storage_state(session: SessionRow, *, host: str, expires: float) -> dict[str, Any]:
    """The session as Playwright's `storage_state`: what a browser context starts from when a person has logged in.

    Args:
        session: The session.
        host: The host name the cookies belong to.
        expires: When they end, in Unix seconds of real time (a browser knows no other).
    """
    return {
        "cookies": [
            {
                "name": name,
                "value": value,
                "domain": host,
                "path": "/",
                "expires": expires,
                "httpOnly": name == "auth_token",
                "secure": False,
                "sameSite": "Lax",
            }
            for name, value in (*cookie_values(session).items(), ("lang", "en"))
        ],
        "origins": [],
    }


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_COOKIE_LIFETIME_SECONDS, httponly=name == "auth_token", samesite="lax")
