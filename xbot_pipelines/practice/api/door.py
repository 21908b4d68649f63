"""The door to X's API: addresses, tokens, limits, the bill, and the faults that strike there.

What an endpoint answers is decided in `endpoints`, what a refusal looks like in `problems`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.api.bill import Charge
from xbot_pipelines.practice.api.calls import Call
from xbot_pipelines.practice.api.endpoints import ENDPOINTS, Endpoint
from xbot_pipelines.practice.api.fields import asked, parameters
from xbot_pipelines.practice.api.generations import generation_of
from xbot_pipelines.practice.api.identity import Identity, identify
from xbot_pipelines.practice.api.parameters import Parameters
from xbot_pipelines.practice.api.problems import Refused, invalid_parameter, of_code, refused
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.connections import cut
from xbot_pipelines.practice.faults import Fault
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.rate_limits import Allowance, used_up

Json = dict[str, Any]

_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The routes of all endpoints, and of everything else under `/2`."""
    return [
        *(
            Route(endpoint.path, _handler(backstage, name, endpoint), methods=[endpoint.method])
            for name, endpoint in ENDPOINTS.items()
        ),
        Route("/2/{rest:path}", _unknown, methods=_METHODS),
    ]


async def _unknown(_: Request) -> Response:
    return refused(404).response({})


def _handler(backstage: Backstage, name: str, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        backstage.requests[name] += 1
        fault = backstage.faults.strike_operation(name)
        try:
            body = await _body(request)
            early = None if fault is None else await _before(backstage, request, fault, body)
            if early is not None:
                return early
            caller = _caller(backstage, request, endpoint)
            allowance = _allowance(backstage, caller, name, endpoint)
        except Refused as refusal:
            return refusal.response({})
        response, charges = _answer(backstage, request, endpoint, caller, allowance, body)
        if fault is None or fault.kind != "http_500_after":
            backstage.bill.add(charges, backstage.world.clock.now())
        return response if fault is None else await _after(request, fault, response)

    return handle


async def _body(request: Request) -> Json:
    content = await request.body()
    try:
        body = json.loads(content) if content else {}
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise invalid_parameter("body", "", "The request body must be a JSON object")
    return body


def _caller(backstage: Backstage, request: Request, endpoint: Endpoint) -> Identity:
    identity = identify(request, backstage.tokens, backstage.keys)
    if identity is None:
        raise refused(401)
    if not endpoint.scopes <= identity.scopes:
        raise refused(403)
    return identity


def _allowance(backstage: Backstage, caller: Identity, name: str, endpoint: Endpoint) -> Allowance:
    allowance = backstage.rate_limits.use(
        account_id=caller.account_id, operation=name, limit=endpoint.limit, now=backstage.world.clock.now()
    )
    if not allowance.granted:
        raise refused(429, headers=allowance.headers())
    return allowance


def _answer(
    backstage: Backstage, request: Request, endpoint: Endpoint, caller: Identity, allowance: Allowance, body: Json
) -> tuple[Response, Sequence[Charge]]:
    """What the endpoint answers, and what is to be charged for it."""
    world = backstage.world
    query = dict(request.query_params)
    generation = generation_of(query, backstage.names)
    try:
        given = Parameters(query)
        given.refuse_others([*endpoint.parameters, *(parameters(generation) if endpoint.shows else ())])
        answer = endpoint.answer(
            Call(
                world=world,
                at=world.clock.now(),
                caller=world.person(caller.account_id),
                path=request.path_params,
                parameters=given,
                asked=asked(query, generation),
                body=body,
            )
        )
    except Refused as refusal:
        return refusal.response(allowance.headers()), ()
    return JSONResponse(answer.body, answer.status, allowance.headers()), answer.charges


async def _before(backstage: Backstage, request: Request, fault: Fault, body: Json) -> Response | None:
    """Play a fault that strikes before anything is accepted; None lets the request go on."""
    match fault.kind:
        case "connection_reset":
            return await cut(request)
        case "http_500_before":
            raise refused(500)
        case "http_503":
            raise refused(503)
        case "http_429":
            raise refused(429, headers=used_up(backstage.world.clock.now()).headers())
        case "error_code":
            raise of_code(int(fault.fields["code"]), fault.fields.get("message"))
        case "logged_out":
            identity = identify(request, backstage.tokens, backstage.keys)
            if identity is not None:
                identity.end()
        case "deleted_target":
            reply = body.get("reply")
            target = as_post_id(reply.get("in_reply_to_tweet_id")) if isinstance(reply, dict) else None
            if target is not None and backstage.world.find(target) is not None:
                backstage.world.delete(target)
    return None


async def _after(request: Request, fault: Fault, response: Response) -> Response:
    """Play a fault that strikes after the request was accepted; by now what it changed is on the disk."""
    match fault.kind:
        case "answer_lost":
            return await cut(request)
        case "http_500_after":
            return refused(500).response({})
        case "slow":
            await asyncio.sleep(float(fault.fields["seconds"]))
    return response
