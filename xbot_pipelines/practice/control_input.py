"""What a control request brings: its body, moments, ids and people, each checked, and the answer when one is wrong.

Input that cannot be worked with is a ValueError whose text is one sentence for the person; `guarded` makes a 400 of it.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.world import World

Json = dict[str, Any]


def guarded(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler's answer as JSON; what it cannot work with as a 400 with a sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


class BadInputError(ValueError):
    """A request that cannot be worked with; its text is the sentence for the person."""


async def body_of(request: Request) -> Any:
    """The JSON that a request carries; an empty object when it carries nothing."""
    body = await request.body()
    try:
        return json.loads(body) if body else {}
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"the body is no JSON: {error}") from error


async def object_of(request: Request, *allowed: str) -> Json:
    """The JSON object that a request carries, with no fields but these."""
    body = await body_of(request)
    if not isinstance(body, dict):
        raise BadInputError(f"the body must be a JSON object with {', '.join(allowed)}")
    refuse_others(body, *allowed)
    return body


def refuse_others(body: Json, *allowed: str) -> None:
    """Let an object pass that has no fields but these."""
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise BadInputError(f"unknown field {unknown[0]!r}: allowed are {', '.join(allowed)}")


def moment_from(value: object, name: str) -> datetime:
    """The moment (UTC) of an ISO time with a time zone; `name` is what the request calls it."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadInputError(f"{name!r} must be an ISO time, not {value!r}") from error
    if moment.tzinfo is None:
        raise BadInputError(f"{name!r} must name its time zone, e.g. {value}+00:00")
    return moment.astimezone(UTC)


def count_from(value: str, name: str) -> int:
    """A number of things, 1 or more."""
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise BadInputError(f"{name!r} must be a whole number from 1 on, not {value!r}")
    return int(value)


def id_from(value: object, name: str) -> int:
    """The id of a post; `name` is what the request calls it."""
    post_id = as_post_id(value)
    if post_id is None:
        raise BadInputError(f"{name!r} must be the id of a post, not {value!r}")
    return post_id


def person_from(world: World, handle: str) -> Person:
    """Somebody in the world, by handle."""
    person = world.person_by_handle(handle.removeprefix("@"))
    if person is None:
        raise BadInputError(f"nobody here is @{handle}: see /practice/people for readers, /practice/ready for accounts")
    return person


def account_from(world: World, handle: str) -> Person:
    """An account of ours, by handle."""
    account = person_from(world, handle)
    if not world.is_ours(account.id):
        raise BadInputError(f"@{account.handle} is no account of ours: nobody can log in as a reader")
    return account
