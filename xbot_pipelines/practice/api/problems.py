"""What X's API says when it refuses: whole answers (`Refused`), and the errors that stand beside what it does answer.

Source: X's documentation ("Response codes and errors"), RFC 9457, and X's own words as clients have met them. When a
post is refused is decided in `rules`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

Json = dict[str, Any]

_TYPES = "https://api.x.com/2/problems/"
_TITLES: Mapping[int, str] = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_AUTOMATED = (
    "This request looks like it might be automated. To protect our users from spam and other malicious activity, "
    "we can't complete this action right now. Please try again later."
)
# What the codes of API v1.1 are here: the HTTP status, and the detail where it is not the status's own title.
_CODES: Mapping[int, tuple[int, str | None]] = {
    32: (401, None),
    37: (403, "Your account is suspended and is not permitted to access this feature."),
    64: (403, "User is suspended. Your account is not permitted to access this feature."),
    88: (429, None),
    89: (401, None),
    130: (503, None),
    131: (500, None),
    185: (429, None),
    187: (403, "You are not allowed to create a Tweet with duplicate content."),
    226: (403, _AUTOMATED),
    326: (403, "Your account is temporarily locked. Please log in to https://x.com to unlock your account."),
    385: (403, "You attempted to reply to a Tweet that is deleted or not visible to you."),
    433: (403, "The original Tweet author restricted who can reply to this Tweet."),
}
_BAD_BODIES: Mapping[int, str] = {
    170: "The `text` of a Post must not be empty.",
    186: "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://docs.x.com/fundamentals/counting-characters.",
    324: "Your media IDs are invalid.",
}


class Refused(Exception):
    """A request is not answered; `body` is the problem as it goes over the wire."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body.get('detail')}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    def response(self, headers: Mapping[str, str]) -> Response:
        """The answer, with further headers."""
        return JSONResponse(self.body, self.status, {**headers, **self.headers}, media_type="application/problem+json")


def refused(status: int, detail: str | None = None, headers: Mapping[str, str] | None = None) -> Refused:
    """A refusal that says no more than its status, or one sentence."""
    title = _TITLES[status]
    body = {"title": title, "detail": detail or title, "type": "about:blank", "status": status}
    return Refused(status, body, headers)


def daily_limit(limit: int, resets_at: datetime) -> Refused:
    """The 429 of an account that has published as much as X takes from it within 24 hours."""
    headers = {
        "x-user-limit-24hour-limit": str(limit),
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(int(resets_at.timestamp())),
    }
    return refused(429, headers=headers)


def invalid_parameter(name: str, value: str, message: str) -> Refused:
    """A 400 about one parameter; `message` is what X says of it."""
    error = {"parameters": {name: [value]}, "message": message}
    return Refused(
        400,
        {
            "errors": [error],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{_TYPES}invalid-request",
        },
    )


def of_code(code: int, message: str | None = None) -> Refused:
    """The refusal that stands for an error code of API v1.1.

    Args:
        code: The code. One that is not known here is a 403.
        message: What to say instead of X's own words.
    """
    if code in _BAD_BODIES:
        return invalid_parameter("text", "", message or _BAD_BODIES[code])
    status, detail = _CODES.get(code, (403, f"You are not permitted to perform this action. ({code})"))
    return refused(status, message or detail)


def not_found(resource_type: str, parameter: str, value: str) -> Json:
    """The error beside an answer from which something is missing: deleted, hidden, or never there."""
    return {
        "value": value,
        "detail": f"Could not find {resource_type} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource_type,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{_TYPES}resource-not-found",
    }


def not_authorized(resource_type: str, parameter: str, value: str) -> Json:
    """The error beside an answer from which something is missing that only others may see."""
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {resource_type} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "resource_type": resource_type,
        "parameter": parameter,
        "resource_id": value,
        "section": "data",
        "type": f"{_TYPES}not-authorized-for-resource",
    }


def field_not_authorized(resource_type: str, parameter: str, value: str, field: str) -> Json:
    """The error beside a post that came without a field, because only its author gets it, and only for a month."""
    resource = f"{resource_type} with {parameter}: [{value}]"
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to access '{field}' on the {resource}.",
        "title": "Field Authorization Error",
        "field": field,
        "resource_type": resource_type,
        "parameter": parameter,
        "resource_id": value,
        "section": "data",
        "type": f"{_TYPES}not-authorized-for-resource",
    }
