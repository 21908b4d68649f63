"""The errors that X puts into its answers, usually at HTTP 200. What to do about a code is in X_SURFACE §3."""

import re
from dataclasses import dataclass
from typing import Any

from xbot_pipelines.text.clean import clean

POST_NOT_SHOWN = frozenset({144, 179})
"""There is no such post, or it is not for us: of a protected account, or asked about as only its author may."""
_LONGEST_MESSAGE = 500
_CODE_IN_MESSAGE = re.compile(r"\(([0-9]{2,3})\)")


@dataclass(frozen=True)
class AnswerError:
    """One error of an answer. `code` and `name` are None where X does not say them."""

    code: int | None
    name: str | None
    message: str


def parse_errors(payload: object) -> list[AnswerError]:
    """Reads the errors of an answer, of GraphQL's shape or of the old API's. An answer without any gives an empty list.

    Usable data may stand beside them: keep the data, log the errors (X_SURFACE §3).
    """
    if not isinstance(payload, dict):
        return []
    errors = payload.get("errors") or payload.get("error")
    if not errors:
        return []
    return [_error(error) for error in (errors if isinstance(errors, list) else [errors])]


def _error(error: Any) -> AnswerError:
    if isinstance(error, str):
        error = {"message": error}
    if not isinstance(error, dict):
        error = {}
    extensions = error.get("extensions")
    places = [error, extensions if isinstance(extensions, dict) else {}]
    message = error.get("message")
    if not isinstance(message, str):
        message = "X gave an error without a message"
    code = next((place["code"] for place in places if type(place.get("code")) is int), None)
    if code is None and (in_message := _CODE_IN_MESSAGE.search(message[:_LONGEST_MESSAGE])):
        code = int(in_message[1])
    name = next((place["name"] for place in places if isinstance(place.get("name"), str)), None)
    return AnswerError(code, name and clean(name), clean(message[:_LONGEST_MESSAGE]))
