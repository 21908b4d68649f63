"""The door to the GraphQL operations: addresses, sessions, csrf, limits, and the faults that strike there.

What an operation answers is decided in `operations`. Rules: X_SURFACE §3.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xbot_pipelines.practice.archive import SessionRow
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.connections import cut
from xbot_pipelines.practice.faults import Fault
from xbot_pipelines.practice.operations import OPERATIONS, Call, Operation, error_body
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.rate_limits import used_up
from xbot_pipelines.practice.rules import Refusal
from xbot_pipelines.practice.sessions import csrf_matches, set_ct0

_MESSAGES: Mapping[int, str] = {
    32: "Could not authenticate you.",
    37: "Authorization: Your account is suspended. (37)",
    64: "Authorization: Your account is suspended and is not permitted to access this feature. (64)",
    88: "Rate limit exceeded.",
    130: "Over capacity",
    89: "Invalid or expired token.",
    29: "Timeout: Unspecified",
    185: "User is over daily status update limit.",
    186: "Authorization: Tweet needs to be a bit shorter. (186)",
    187: "Authorization: Status is a duplicate. (187)",
    226: (
        "Authorization: This request looks like it might be automated. To protect our users from spam and other "
        "malicious activity, we can't complete this action right now. Please try again later. (226)"
    ),
    324: "The validation of media ids failed.",
    326: "Authorization: To protect our users from spam and other malicious activity, this account is locked. (326)",
    344: (
        "Authorization: You have reached your daily limit for sending Tweets and messages. "
        "Please try again later. (344)"
    ),
    353: "This request requires a matching csrf cookie and header.",
    385: "You attempted to reply to a Tweet that is deleted or not visible to you.",
}


class _BadVariablesError(ValueError):
    """The variables of a request are none."""


def route(backstage: Backstage) -> Route:
    """The route of all operations: `/i/api/graphql/<queryId>/<Operation>`."""

    async def endpoint(request: Request) -> Response:
        name = request.path_params["operation"]
        operation = OPERATIONS.get(name)
        if operation is None or not backstage.query_ids.takes(name, request.path_params["query_id"]):
            return Response(status_code=404)
        if operation.changes and request.method != "POST":
            return Response(status_code=405)
        backstage.requests[name] += 1
        try:
            variables = await _variables(request)
        except (ValueError, RecursionError) as error:
            return _failure(400, 214, str(error))
        fault = backstage.faults.strike_operation(name)
        early = None
        if fault is not None:
            _prepare(backstage, request, fault, variables)
            early = await _instead(backstage, request, fault)
        if early is not None:
            return early
        response = _answer(backstage, request, name, operation, variables)
        return response if fault is None else await _after(request, fault, response)

    return Route("/i/api/graphql/{query_id}/{operation}", endpoint, methods=["GET", "POST"])


async def _variables(request: Request) -> dict[str, Any]:
    if request.method == "POST":
        body = await request.json()
        variables = body.get("variables") if isinstance(body, dict) else None
    else:
        variables = json.loads(request.query_params.get("variables", "{}"))
    if not isinstance(variables, dict):
        raise _BadVariablesError("'variables' must be a JSON object")
    return variables


def _answer(
    backstage: Backstage, request: Request, name: str, operation: Operation, variables: Mapping[str, Any]
) -> Response:
    token = request.cookies.get("auth_token")
    session = backstage.sessions.find(token)
    if session is None and (token is not None or not operation.for_guests):
        return _failure(401, 32)
    if session is not None and not _csrf_matches(session, request):
        return _failure(403, 353)
    now = backstage.world.clock.now()
    allowance = backstage.rate_limits.use(
        account_id=None if session is None else session.account_id,
        operation=name,
        limit=operation.limit,
        now=now,
    )
    if not allowance.granted:
        return _failure(429, 88, headers=allowance.headers())
    caller = None if session is None else backstage.world.person(session.account_id)
    try:
        body = operation.answer(Call(backstage.world, now, caller, variables))
    except ValueError as error:
        return _failure(400, 214, str(error))
    response = JSONResponse(body, headers=allowance.headers())
    reissued = None if session is None else backstage.sessions.reissue(session)
    if reissued is not None:
        set_ct0(response, reissued)
    return response


def _csrf_matches(session: SessionRow, request: Request) -> bool:
    return csrf_matches(session, cookie=request.cookies.get("ct0"), header=request.headers.get("x-csrf-token"))


def _failure(
    status: int, code: int, message: str | None = None, *, headers: Mapping[str, str] | None = None
) -> Response:
    error = {"code": code, "message": message or _MESSAGES[code]}
    return JSONResponse({"errors": [error]}, status_code=status, headers=headers)


async def _instead(backstage: Backstage, request: Request, fault: Fault) -> Response | None:
    """Return what a fault answers before anything is accepted; None lets the request go on."""
    match fault.kind:
        case "connection_reset":
            return await cut(request)
        case "http_500_before":
            return _failure(500, 131, "Internal error")
        case "http_503":
            return _failure(503, 130)
        case "http_429":
            return _failure(429, 88, headers=used_up(backstage.world.clock.now()).headers())
        case "error_code":
            code = int(fault.fields["code"])
            message = fault.fields.get("message") or _MESSAGES.get(code) or f"Authorization: Refused. ({code})"
            return JSONResponse(error_body(Refusal(code, message), _path(request)))
        case "answer":
            return Response(fault.fields["body"], int(fault.fields["status"]), media_type="application/json")
        case "empty_tweet_results" if not fault.fields.get("accepted", False):
            return _withheld()
    return None


def _prepare(backstage: Backstage, request: Request, fault: Fault, variables: dict[str, Any]) -> None:
    """Change what a fault changes before the request is looked at."""
    match fault.kind:
        case "altered_text":
            variables["tweet_text"] = fault.fields["text"]
        case "logged_out":
            backstage.sessions.end(request.cookies.get("auth_token", ""))
        case "deleted_target":
            call = Call(backstage.world, backstage.world.clock.now(), None, variables)
            target = as_post_id(call.part("reply").get("in_reply_to_tweet_id"))
            if target is not None and backstage.world.find(target) is not None:
                backstage.world.delete(target)


async def _after(request: Request, fault: Fault, response: Response) -> Response:
    """Play a fault that strikes after the request was accepted; by now what it changed is on the disk."""
    match fault.kind:
        case "answer_lost":
            return await cut(request)
        case "http_500_after":
            return _failure(500, 131, "Internal error")
        case "empty_tweet_results":
            return _withheld()
        case "slow":
            await asyncio.sleep(float(fault.fields["seconds"]))
    return response


def _withheld() -> Response:
    return JSONResponse({"data": {"create_tweet": {"tweet_results": {}}}})


def _path(request: Request) -> str:
    """The operation's name as GraphQL errors write it: CreateTweet is `create_tweet`."""
    name: str = request.path_params["operation"]
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
