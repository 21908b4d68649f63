"""Walls: pages and answers that are not what we asked for, told apart.

Here belongs how a wall is recognised (X_SURFACE §1-3), as pure functions over what a page or an answer shows. What is
done about a wall belongs to `systems`. A wall is never clicked away: one that needs a person stops the account (F21).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from xbot_pipelines.text.escape import for_terminal_line
from xbot_pipelines.x.graphql import AnswerError

LONGEST_LIMIT = timedelta(days=1)
"""No limit of X's lasts longer, whatever a header says."""


class Wall(Exception):
    """Something stands between us and what we asked for."""

    needs_person: ClassVar[bool] = False

    def __str__(self) -> str:
        """Return the sentence on one line: X's own words may stand in it."""
        return for_terminal_line(super().__str__())


class LoggedOut(Wall):
    """The session is dead or belongs to somebody else: a person has to log in."""

    needs_person = True


class Challenge(Wall):
    """X wants to be shown a human. We are none: a person has to answer it."""

    needs_person = True


class Suspended(Wall):
    """The account is suspended or locked."""

    needs_person = True


class NotPermitted(Wall):
    """X's API does not let our app do this, or wants to be paid first: a person has to look at the app."""

    needs_person = True


class PublishingNotPermitted(Wall):
    """X takes no post from this app or account, or not at this address: what it says is not about this post.

    Publishing stops until a person has looked; reading goes on.
    """


class RateLimited(Wall):
    """Too many requests; `resets_at` says until when, where X told."""

    def __init__(self, message: str, *, resets_at: datetime | None) -> None:
        super().__init__(message)
        self.resets_at = resets_at


class DailyLimit(Wall):
    """X takes no more posts of this account today; `resets_at` says until when, where X told. Reading goes on."""

    def __init__(self, message: str, *, resets_at: datetime | None = None) -> None:
        super().__init__(message)
        self.resets_at = resets_at


class Gone(Wall):
    """The post or the account is deleted, hidden, or was never there."""


class LayoutChanged(Wall):
    """A part of the page or of an answer is missing: `missing` names it, `where` says on which page (F11)."""

    def __init__(self, *, missing: str, where: str) -> None:
        super().__init__(f"{missing} is missing on {where}: the page has changed, or it is not the page we asked for")
        self.missing = missing
        self.where = where


class Unreachable(Wall):
    """The site did not answer, or answered with a fault of its own. Reading again later may do."""


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What a page shows to whoever looks for walls: its address, its visible words, the hosts of its frames."""

    url: str
    text: str
    frame_urls: tuple[str, ...] = ()


_LOGIN_PATHS = re.compile(r"^https?://[^/]+/(login|i/flow/login|i/jf/onboarding)\b")
_ACCESS_PATH = re.compile(r"^https?://[^/]+/account/access\b")
_LOCKED = "Your account has been locked"
_SUSPENDED = re.compile(r"Your account is suspended", re.IGNORECASE)
_CHALLENGES = (
    "Let’s confirm you are a human",
    "Let's confirm you are a human",
    "Verify your identity",
    "Just a moment",
)
_RATE_LIMIT = re.compile(r"Rate limit exceeded|you are rate limited", re.IGNORECASE)
_GONE = re.compile(
    r"this page doesn[’']t exist|This Post was deleted by the Post author|from a suspended account\."
    r"|from an account that no longer exists|This Post is unavailable"
)

_SESSION_CODES = frozenset({32, 89, 353})
_SUSPENDED_CODES = frozenset({64, 37, 326})
_CHALLENGE_CODES = frozenset({226})
_DAILY_LIMIT_CODES = frozenset({344, 185})
_RATE_LIMIT_CODES = frozenset({88})
_DAY_LIMITS = ("x-user-limit-24hour", "x-app-limit-24hour")
_UNIX_TIME = re.compile(r"[0-9]{9,13}")
_FIRST_IN_MILLISECONDS = 10**12
_LAST_UNIX_TIME = 2**31 - 1
NOT_PERMITTED_CODES = frozenset({87, 220, 261, 453})
"""The app or the account may not do this at all: no client permission, read-only, not in this access level."""


def wall_of_page(facts: PageFacts) -> Wall | None:
    """Answers the wall that a page is, or None for a page that is none."""
    if any("arkoselabs" in url for url in facts.frame_urls) or any(words in facts.text for words in _CHALLENGES):
        return Challenge("X asks to confirm that a human is there: open X in a browser of your own and answer it")
    if _SUSPENDED.search(facts.text):
        return Suspended("X has suspended the account: appeal in a browser of your own")
    if _ACCESS_PATH.match(facts.url) or _LOCKED in facts.text:
        return Suspended("X has locked the account: open X in a browser of your own and follow what it asks for")
    if _LOGIN_PATHS.match(facts.url):
        return LoggedOut("X shows its login page: the session has ended, log in again with `xbot login`")
    if _RATE_LIMIT.search(facts.text):
        return RateLimited("X says that the rate limit is exceeded", resets_at=None)
    return None


def gone_in(facts: PageFacts) -> str | None:
    """Answers the words with which a page says that a post or an account is gone, or None."""
    found = _GONE.search(facts.text)
    return found.group(0) if found else None


def wall_of_answer(
    operation: str, status: int, headers: Mapping[str, str], errors: Iterable[AnswerError]
) -> Wall | None:
    """Answers the wall that an answer of X stands for, or None where it is no wall.

    Args:
        operation: the GraphQL operation that was asked.
        status: the HTTP status.
        headers: the answer's headers, with names in lower case.
        errors: the errors in the body, which also come with HTTP 200.
    """
    codes = {error.code: error.message for error in errors if error.code is not None}
    said = "; ".join(f"{message} ({code})" for code, message in codes.items()) or f"HTTP {status}"
    if codes.keys() & _DAILY_LIMIT_CODES:
        return DailyLimit(f"{operation}: the daily limit is reached: {said}", resets_at=_day_reset(headers))
    if status == 429 or codes.keys() & _RATE_LIMIT_CODES:  # noqa: PLR2004 - Too Many Requests
        return limit_told(operation, said, headers)
    if codes.keys() & _CHALLENGE_CODES:
        return Challenge(f"{operation}: X takes the request for automated: {said}")
    if codes.keys() & _SUSPENDED_CODES:
        return Suspended(f"{operation}: the account is suspended or locked: {said}")
    if codes.keys() & _SESSION_CODES or status in {401, 403}:
        return LoggedOut(f"{operation}: the session is not accepted ({said}): log in again with `xbot login`")
    if status >= 500:  # noqa: PLR2004 - a fault of the server
        return Unreachable(f"{operation}: X answered HTTP {status}")
    return None


def limit_told(asked: str, said: str, headers: Mapping[str, str]) -> Wall:
    """Return the limit that an answer with HTTP 429 tells of: of the day where its headers say so, else of a window."""
    remaining = [headers.get(f"{limit}-remaining") for limit in _DAY_LIMITS]
    of_the_day = any(headers.get(f"{limit}-reset") for limit in _DAY_LIMITS) and "x-rate-limit-reset" not in headers
    if "0" in remaining or (of_the_day and remaining == [None, None]):
        return DailyLimit(f"{asked}: the daily limit is reached: {said}", resets_at=_day_reset(headers))
    return RateLimited(f"{asked}: rate limit exceeded", resets_at=moment_told(headers.get("x-rate-limit-reset")))


def moment_told(written: str | None) -> datetime | None:
    """Return the moment that a header tells in Unix seconds or milliseconds; None for what is no moment of our time.

    It may have passed, or be years away. How long is really waited is decided in `systems.walls`.
    """
    if written is None or not _UNIX_TIME.fullmatch(written):
        return None
    number = int(written)
    seconds = number // 1000 if number >= _FIRST_IN_MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC) if seconds <= _LAST_UNIX_TIME else None


def _day_reset(headers: Mapping[str, str]) -> datetime | None:
    """When a limit of the day resets: the later one, where X tells that several are used up."""
    used_up = [limit for limit in _DAY_LIMITS if headers.get(f"{limit}-remaining") == "0"]
    told = [moment_told(headers.get(f"{limit}-reset")) for limit in used_up or _DAY_LIMITS]
    return max((moment for moment in told if moment is not None), default=None)
