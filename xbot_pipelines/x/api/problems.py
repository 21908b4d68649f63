"""What the official API says when it does not do what was asked: which wall that is, or what it means for a post.

Pure: an answer in, a wall or a result out. X words a problem as `{title, detail, type, status}` (X_SURFACE §7); its
words are read where nothing else tells two problems apart. What is done about a wall belongs to `systems`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xbot_pipelines.models import Evidence
from xbot_pipelines.text.clean import LONGEST_MATCHED, clean
from xbot_pipelines.x.client import Posted, PublishResult, Refused, Unknown
from xbot_pipelines.x.text import normalised, unescaped
from xbot_pipelines.x.walls import (
    LONGEST_LIMIT,
    Challenge,
    Gone,
    LayoutChanged,
    LoggedOut,
    NotPermitted,
    Suspended,
    Unreachable,
    Wall,
    limit_told,
    moment_told,
)

_REDIRECTION, _BAD_REQUEST, _UNAUTHORIZED, _PAYMENT, _NOT_FOUND, _TOO_MANY = 300, 400, 401, 402, 404, 429
_SERVER_FAULT = 500

_DUPLICATE = re.compile(r"duplicate content", re.IGNORECASE)
_SUSPENDED = re.compile(
    # Ours alone: that somebody else is suspended X says as "User has been suspended: [handle].".
    r"your account is (?:suspended|(?:temporarily )?locked)|user is suspended|account is temporarily locked",
    re.IGNORECASE,
)
_AUTOMATED = re.compile(r"might be automated", re.IGNORECASE)
_NOT_SHOWN = re.compile(
    r"/(?:resource-not-found|not-authorized-for-resource|disallowed-resource|resource-unavailable)$"
)
_OF_THE_APP = re.compile(
    r"client-forbidden|client-not-enrolled|unsupported-authentication|oauth1-permissions|insufficient scope|"
    r"does not have (?:any )?credits|missing.*scope|not permitted to (?:use|access)",
    re.IGNORECASE,
)
_LEADING_MENTIONS = re.compile(r"^(?:@\w{1,15} )+")
_SHORT_LINK = re.compile(r"\bt\.co/\w+")
_NUMBER = re.compile(r"[0-9]{1,10}")
_LONGEST_PROBLEM = 500
_LARGEST_NUMBER = 2**31 - 1
"""What is beyond it is no count of requests and no moment that a limit resets at: the database has no place for it."""


@dataclass(frozen=True, kw_only=True)
class ApiAnswer:
    """One answer of the API: what was asked, its status, its headers in small letters, what it says, when it came.

    `payload` is None where the body is no JSON object.
    """

    endpoint: str
    status: int
    headers: Mapping[str, str]
    payload: Mapping[str, Any] | None
    seen_at: datetime

    @property
    def body(self) -> Mapping[str, Any]:
        """What the answer says.

        Raises:
            LayoutChanged: it is no JSON object.
        """
        if self.payload is None:
            raise LayoutChanged(missing="a JSON object", where=f"the answer to {self.endpoint}")
        return self.payload

    @property
    def requests_granted(self) -> int | None:
        """How many answers of this kind X grants in one window of its limit; None where it does not say."""
        return self._number_in("x-rate-limit-limit")

    @property
    def requests_left(self) -> int | None:
        """How many more answers of this kind X grants before its limit resets; None where it does not say."""
        return self._number_in("x-rate-limit-remaining")

    @property
    def limit_resets_at(self) -> datetime | None:
        """When the limit resets; None where X does not say, or tells a moment that no limit of X's lasts until."""
        moment = moment_told(self.headers.get("x-rate-limit-reset"))
        return moment if moment is None or moment <= self.seen_at + LONGEST_LIMIT else None

    @property
    def problem(self) -> str:
        """What X says against it, in one line; its status, where it says nothing."""
        said = self.payload or {}
        # The detail above a list of errors only says that there are some.
        told = [*_messages(said.get("errors")), said.get("detail"), said.get("title")]
        words = next((words for words in told if isinstance(words, str) and words), None)
        return clean(" ".join(words[:LONGEST_MATCHED].split())[:_LONGEST_PROBLEM]) if words else f"HTTP {self.status}"

    def _number_in(self, header: str) -> int | None:
        value = self.headers.get(header, "")
        return int(value) if _NUMBER.fullmatch(value) and int(value) <= _LARGEST_NUMBER else None


def wall_of(answer: ApiAnswer) -> Wall | None:
    """Answers the wall that an answer stands for, or None where it is no wall."""
    said = f"{answer.endpoint}: {answer.problem}"
    kind = f"{_type_of(answer)} {answer.problem}"
    match answer.status:
        case status if status < _REDIRECTION:
            return None
        case status if status < _BAD_REQUEST:
            # Nobody else is asked in X's place: who answers may be told a token.
            return LayoutChanged(
                missing=f"an answer (HTTP {status} leads elsewhere: is this X's API?)", where=answer.endpoint
            )
        case status if status >= _SERVER_FAULT:
            return Unreachable(f"{said} (HTTP {status})")
        case _ if _SUSPENDED.search(answer.problem):
            return Suspended(f"{said}: open X in a browser of your own and follow what it asks for")
        case _ if _AUTOMATED.search(answer.problem):
            return Challenge(f"{said}: X takes the request for automated; open X in a browser of your own")
        case _ if answer.status == _PAYMENT or "usage-capped" in kind or _OF_THE_APP.search(kind):
            return NotPermitted(
                f"{said}: look at the app, its credits and its permissions in X's developer console, then `xbot login`"
            )
        case status if status == _TOO_MANY:
            return limit_told(answer.endpoint, answer.problem, answer.headers)
        case status if status == _UNAUTHORIZED:
            return LoggedOut(f"{answer.endpoint}: the API does not take the account's token: log in with `xbot login`")
        case status if (status == _NOT_FOUND and answer.payload) or _NOT_SHOWN.search(_type_of(answer)):
            return Gone(said)
        case _:
            return LayoutChanged(missing=f"an answer (HTTP {answer.status}: {answer.problem})", where=answer.endpoint)


def what_became_of(answer: ApiAnswer, text: str) -> PublishResult:
    """Answers what the API's answer to a new post says of it. Nothing is guessed: a fault of the server is unknown."""
    if answer.status >= _SERVER_FAULT:
        return Unknown(reason=f"{answer.problem} (HTTP {answer.status}): X may have taken the post before that")
    if answer.status >= _BAD_REQUEST:
        return _against_it(answer)
    if answer.status >= _REDIRECTION:
        return Unknown(reason=f"HTTP {answer.status} leads elsewhere, and does not say what became of the post")
    said = (answer.payload or {}).get("data")
    post_id = said.get("id") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(post_id, str) or not re.fullmatch(r"[0-9]{1,19}", post_id):
        return Unknown(reason=f"HTTP {answer.status}, and X's answer names no post ({answer.problem})")
    shown = said.get("text")
    if isinstance(shown, str) and not _says(shown[:LONGEST_MATCHED], text):
        return Unknown(reason=f"X answered post {post_id}, which says something else")
    return Posted(post_id=post_id, evidence=Evidence.ANSWER)


def _against_it(answer: ApiAnswer) -> PublishResult:
    if _DUPLICATE.search(answer.problem):
        return Unknown(reason=f"X has this text already, perhaps from an earlier try: {answer.problem}")
    wall = wall_of(answer)
    if answer.payload and isinstance(wall, LayoutChanged | Gone):
        # What X objects to is this very post: its text, or the post that it answers. A page of somebody in between, or
        # at a wrong address, objects to nothing.
        return Refused(code=answer.status, message=answer.problem)
    return Refused(code=answer.status, message=str(wall), wall=wall)


def _says(shown: str, text: str) -> bool:
    """Whether what X shows can be this text: links have become t.co there, and mentions may stand in front of it."""
    whole = normalised(unescaped(shown))
    return any(
        re.fullmatch(r"\S+".join(map(re.escape, _SHORT_LINK.split(one))), normalised(text))
        for one in (whole, _LEADING_MENTIONS.sub("", whole))
    )


def _type_of(answer: ApiAnswer) -> str:
    kind = (answer.payload or {}).get("type")
    return kind[:_LONGEST_PROBLEM] if isinstance(kind, str) else ""


def _messages(errors: object) -> list[Any]:
    listed = errors if isinstance(errors, list) else []
    return [error.get("message") or error.get("detail") for error in listed if isinstance(error, dict)]
