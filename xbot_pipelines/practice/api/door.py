"""The door to X's API: addresses, tokens, limits, the bill.

What an endpoint answers is decided in `endpoints`, what a refusal looks like in `problems`, what a fault does in
`mishaps`.
"""

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
from xbot_pipelines.practice.api.mishaps import after, instead, prepare
from xbot_pipelines.practice.api.parameters import Parameters
from xbot_pipelines.practice.api.problems import Refused, invalid_parameter, refused
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.rate_limits import Allowance

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
        charges: Sequence[Charge] = ()
        try:
            body = await _body(request)
            if fault is not None:
                prepare(backstage, request, fault, body)
                early = await instead(backstage, request, fault)
                if early is not None:
                    return early
            caller = _caller(backstage, request, endpoint)
            allowance = _allowance(backstage, caller, name, endpoint)
            response, charges = _answer(backstage, request, endpoint, caller, allowance, body)
        except Refused as refusal:
            response = refusal.response({})
        if fault is None or fault.kind != "http_500_after":
            backstage.bill.add(charges, backstage.world.clock.now())
        return response if fault is None else await after(request, fault, response)

    return handle


async def _body(request: Request) -> Json:
    content = await request.body()
    try:
        body = json.loads(content) if content else {}
    except (ValueError, RecursionError):
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
                asked=asked(given, generation),
                body=body,
            )
        )
    except Refused as refusal:
        return refusal.response(allowance.headers()), ()
    return JSONResponse(answer.body, answer.status, allowance.headers()), answer.charges
