"""What the official API says when it does not do what was asked: which wall that is, or what it means for a post.

A refusal is about *this post* only where X names the post: its text, its media, the post that it answers. Everything
else concerns the app, the account or the address, and would refuse the next post too.

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
from xbot_pipelines.x.answer_errors import parse_errors
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, PublishResult, Refused, Unknown
from xbot_pipelines.x.text import normalised, unescaped
from xbot_pipelines.x.walls import (
    LONGEST_LIMIT,
    NOT_PERMITTED_CODES,
    Challenge,
    DailyLimit,
    Gone,
    LayoutChanged,
    LoggedOut,
    NotPermitted,
    PublishingNotPermitted,
    Suspended,
    Unreachable,
    Wall,
    limit_told,
    moment_told,
)

_REDIRECTION, _BAD_REQUEST, _UNAUTHORIZED, _PAYMENT, _TOO_MANY = 300, 400, 401, 402, 429
_SERVER_FAULT = 500

_DUPLICATE = re.compile(r"duplicate content", re.IGNORECASE)
_SUSPENDED = re.compile(
    # Ours alone: that somebody else is suspended X says as "User has been suspended: [handle].".
    r"your account is (?:suspended|(?:temporarily )?locked)|user is suspended|account is temporarily locked",
    re.IGNORECASE,
)
_AUTOMATED = re.compile(r"might be automated", re.IGNORECASE)
_NAMED = re.compile(r"\[[^\]]+\]")
_OF_THIS_POST = re.compile(
    r"text is too long|needs to be a bit shorter|must not be empty|media ids?\b|"
    r"attempted to reply to a|reply to this conversation is not allowed|restricted who can reply|"
    r"not allowed to (?:reply|quote)|quot\w+ .{0,40}not (?:allowed|permitted)|cashtag|"
    r"identified .{0,60}as (?:being )?(?:potentially )?(?:harmful|malicious|spam)",
    re.IGNORECASE,
)
_FIELDS_OF_A_POST = re.compile(r"\$?\.?(?:text|media|reply|poll|quote_tweet_id|quote_post_id)\b")
_UNKNOWN_FIELD = re.compile(r"not defined in the schema", re.IGNORECASE)
_SUSPENDED_CODES, _AUTOMATED_CODE, _DUPLICATE_CODE = frozenset({37, 63, 64, 326}), 226, 187
_DAY_CODES, _POST_CODES = frozenset({185, 344}), frozenset({170, 186, 324, 385, 433})
_NOT_SHOWN = re.compile(
    r"/(?:resource-not-found|not-authorized-for-resource|disallowed-resource|resource-unavailable)$"
)
_OF_THE_APP = re.compile(
    r"usage-capped|client-forbidden|client-not-enrolled|unsupported-authentication|oauth1-permissions|"
    r"insufficient scope|does not have (?:any )?credits|missing.*scope|not permitted to (?:use|access)",
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
    """Return the wall that an answer stands for, or None where it is no wall."""
    said = f"{answer.endpoint}: {answer.problem}"
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
        case _ if (wall := _about_the_account(answer)) is not None:
            return wall
        case _ if _is_about_the_app(answer):
            return NotPermitted(
                f"{said}: look at the app, its credits and its permissions in X's developer console, then `xbot login`"
            )
        case status if status == _TOO_MANY:
            return limit_told(answer.endpoint, answer.problem, answer.headers)
        case status if status == _UNAUTHORIZED:
            return LoggedOut(f"{answer.endpoint}: the API does not take the account's token: log in with `xbot login`")
        case _ if _names_a_resource(answer):
            return Gone(said)
        case _:
            return LayoutChanged(missing=f"an answer (HTTP {answer.status}: {answer.problem})", where=answer.endpoint)


def _about_the_account(answer: ApiAnswer) -> Wall | None:
    codes, said = _codes_of(answer), f"{answer.endpoint}: {answer.problem}"
    if codes & _SUSPENDED_CODES or _SUSPENDED.search(answer.problem):
        return Suspended(f"{said}: open X in a browser of your own and follow what it asks for")
    if _AUTOMATED_CODE in codes or _AUTOMATED.search(answer.problem):
        return Challenge(f"{said}: X takes the request for automated; open X in a browser of your own")
    return DailyLimit(f"{said}: the daily limit is reached") if codes & _DAY_CODES else None


def _is_about_the_app(answer: ApiAnswer) -> bool:
    said = f"{' '.join(_types_of(answer))} {answer.problem}"
    return answer.status == _PAYMENT or bool(_codes_of(answer) & NOT_PERMITTED_CODES or _OF_THE_APP.search(said))


def what_became_of(answer: ApiAnswer, text: str) -> PublishResult:
    """Answers what the API's answer to a new post says of it. Nothing is guessed: a fault of the server is unknown."""
    if answer.status >= _SERVER_FAULT:
        return Unknown(reason=f"{answer.problem} (HTTP {answer.status}): X may have taken the post before that")
    if answer.status >= _BAD_REQUEST:
        return _against_it(answer)
    if answer.status >= _REDIRECTION:
        return Unknown(reason=f"HTTP {answer.status} leads elsewhere, and does not say what became of the post")
    said = (answer.payload or {}).get("data")
    post_id = str(said.get("id")) if isinstance(said, dict) else ""
    if not isinstance(said, dict) or not re.fullmatch(r"[0-9]{1,19}", post_id):
        return Unknown(reason=f"HTTP {answer.status}, and X's answer names no post ({answer.problem})")
    shown = said.get("text")
    differs = isinstance(shown, str) and not _says(shown[:LONGEST_MATCHED], text)
    return Posted(post_id=post_id, evidence=Evidence.ANSWER, note=TEXT_DIFFERS if differs else None)


def _against_it(answer: ApiAnswer) -> PublishResult:
    if _DUPLICATE_CODE in _codes_of(answer) or _DUPLICATE.search(answer.problem):
        return Unknown(reason=f"X has this text already, perhaps from an earlier try: {answer.problem}")
    wall = wall_of(answer)
    if isinstance(wall, NotPermitted | LayoutChanged | Gone):
        if _is_about_this_post(answer):
            return Refused(code=answer.status, message=answer.problem)
        wall = PublishingNotPermitted(
            f"X takes no posts from this app (HTTP {answer.status}: {answer.problem}): look at the app, its access "
            "level and its permissions in X's developer console, then `xbot resume`"
        )
    return Refused(code=answer.status, message=str(wall), wall=wall)


def _is_about_this_post(answer: ApiAnswer) -> bool:
    if _codes_of(answer) & _POST_CODES or _OF_THIS_POST.search(answer.problem):
        return True
    if any(_NOT_SHOWN.search(kind) for kind in _types_of(answer)) and _names_a_resource(answer):
        return True
    return any(
        _FIELDS_OF_A_POST.match(field) and not _UNKNOWN_FIELD.search(str(error.get("message")))
        for error in _errors_of(answer)
        if isinstance(parameters := error.get("parameters"), dict)
        for field in parameters
    )


def _says(shown: str, text: str) -> bool:
    """Whether what X shows can be this text: links have become t.co there, and mentions may stand in front of it."""
    whole = normalised(unescaped(shown))
    return any(
        re.fullmatch(r"\S+".join(map(re.escape, _SHORT_LINK.split(one))), normalised(text))
        for one in (whole, _LEADING_MENTIONS.sub("", whole))
    )


def _errors_of(answer: ApiAnswer) -> list[Mapping[str, Any]]:
    """Return the problem itself and those that it lists: X says either way what is wrong."""
    listed = (answer.payload or {}).get("errors")
    return [
        answer.payload or {},
        *(one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)),
    ]


def _types_of(answer: ApiAnswer) -> list[str]:
    return [kind[:_LONGEST_PROBLEM] for error in _errors_of(answer) if isinstance(kind := error.get("type"), str)]


def _codes_of(answer: ApiAnswer) -> frozenset[int]:
    """Return the codes of API v1.1, which some endpoints still give."""
    return frozenset(error.code for error in parse_errors(answer.payload) if error.code is not None)


def _names_a_resource(answer: ApiAnswer) -> bool:
    """Whether X says that one resource is not there, or not for us. A bare 404 speaks of the address that was asked."""
    return any(
        isinstance(kind := error.get("type"), str)
        and _NOT_SHOWN.search(kind)
        and (
            error.get("resource_id") or error.get("value") or _NAMED.search(str(error.get("detail"))[:LONGEST_MATCHED])
        )
        for error in _errors_of(answer)
    )


def _messages(errors: object) -> list[Any]:
    listed = errors if isinstance(errors, list) else []
    return [error.get("message") or error.get("detail") for error in listed if isinstance(error, dict)]
