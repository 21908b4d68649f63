"""`/practice/*`: the world's clock, its faults, sessions and counts of requests, for tests, benchmarks and people.

It is there only when the server was started with control, and the product never uses it. Bad input is a 400 with one
sentence that says what is wrong (see `control_input`). Posts and the truth about them are in `control_posts`, what the
cast is about in `control_people`, what readers like in `control_taste`, tokens and the bill in `control_api`.
"""

import time
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice import control_api, control_people, control_posts, control_taste
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.control_input import (
    BadInputError,
    account_from,
    body_of,
    count_from,
    guarded,
    moment_from,
    object_of,
)
from xbot_pipelines.practice.sessions import storage_state
from xbot_pipelines.practice.society.members import ids_of_members
from xbot_pipelines.practice.world import World

Json = dict[str, Any]

_SESSION_SECONDS = 365 * 86400
_PEOPLE_SHOWN = 50
_TEN_YEARS = 10 * 365 * 86400  # seconds


def routes(backstage: Backstage) -> list[BaseRoute]:
    """All control routes."""
    control = _Control(backstage)
    return [
        *control_posts.routes(backstage),
        *control_people.routes(backstage),
        *control_taste.routes(backstage),
        *control_api.routes(backstage),
        Route("/practice/ready", guarded(control.ready)),
        Route("/practice/people", guarded(control.people)),
        Route("/practice/requests", guarded(control.requests)),
        Route("/practice/clock", guarded(control.clock), methods=["GET"]),
        Route("/practice/clock", guarded(control.set_clock), methods=["POST"]),
        Route("/practice/reset", guarded(control.reset), methods=["POST"]),
        Route("/practice/session", guarded(control.session), methods=["POST"]),
        Route("/practice/faults", guarded(control.faults), methods=["GET"]),
        Route("/practice/faults", guarded(control.add_fault), methods=["POST"]),
        Route("/practice/faults", guarded(control.clear_faults), methods=["DELETE"]),
        Route("/practice/limits", guarded(control.forgive_limits), methods=["DELETE"]),
    ]


class _Control:
    """The handlers of the control routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    @property
    def _world(self) -> World:
        return self._backstage.world

    async def ready(self, _: Request) -> Json:
        return {"ready": True, "seed": self._world.seed, "handles": [one.handle for one in self._world.accounts]}

    async def people(self, request: Request) -> list[Json]:
        """Some of the cast, the most followed first: who can be an author in /practice/posts, and who posts anyway.

        `?most=50`
        """
        most = count_from(request.query_params.get("most", str(_PEOPLE_SHOWN)), "most")
        readers = sorted(self._world.cast.readers, key=lambda one: one.followers, reverse=True)[:most]
        speaking = ids_of_members(self._world.seed)
        return [
            {
                "handle": one.handle,
                "id": str(one.id),
                "name": one.name,
                "followers": one.followers,
                "speaks": one.id in speaking,
            }
            for one in readers
        ]

    async def requests(self, _: Request) -> Json:
        """How often each operation and each page was asked for since the start or the last reset."""
        operations, pages = self._backstage.requests, self._backstage.page_loads
        return {"total": operations.total(), "by_operation": dict(operations), "by_page": dict(pages)}

    async def clock(self, _: Request) -> Json:
        return {"now": self._world.clock.now().isoformat(), "running": self._world.clock.running}

    async def set_clock(self, request: Request) -> Json:
        asked = await object_of(request, "now", "advance_seconds", "running")
        now = moment_from(asked["now"], "now") if "now" in asked else None
        ahead = asked.get("advance_seconds", 0)
        if isinstance(ahead, bool) or not isinstance(ahead, int | float) or not 0 <= ahead <= _TEN_YEARS:
            raise BadInputError(f"'advance_seconds' must be a number from 0 to {_TEN_YEARS}, not {ahead!r}")
        if not isinstance(asked.get("running", True), bool):
            raise BadInputError(f"'running' must be true or false, not {asked['running']!r}")
        newest = self._world.newest_moment()
        if now is not None and newest is not None and now < newest:
            raise BadInputError(f"'now' {now.isoformat()} lies before the newest post ({newest.isoformat()})")
        clock = self._world.clock
        if now is not None:
            clock.put(now)
        clock.advance(timedelta(seconds=ahead))
        if "running" in asked:
            (clock.thaw if asked["running"] else clock.freeze)()
        self._world.keep_clock()
        return await self.clock(request)

    async def reset(self, request: Request) -> Json:
        asked = await object_of(request, "seed")
        seed = asked.get("seed", self._world.seed)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise BadInputError(f"'seed' must be a whole number, not {seed!r}")
        self._backstage.reset(seed)
        return await self.ready(request)

    async def session(self, request: Request) -> Json:
        """A login of one of our accounts, as a Playwright storage_state."""
        asked = await object_of(request, "handle")
        account = account_from(self._world, str(asked.get("handle", "")))
        session = self._backstage.sessions.log_in(account)
        return storage_state(session, host=request.url.hostname or "127.0.0.1", expires=time.time() + _SESSION_SECONDS)

    async def faults(self, _: Request) -> list[Json]:
        return self._backstage.faults.listed()

    async def add_fault(self, request: Request) -> Json:
        body = await body_of(request)
        if not isinstance(body, dict):
            raise BadInputError("a fault is a JSON object")
        return self._backstage.faults.add(body)

    async def clear_faults(self, _: Request) -> list[Json]:
        self._backstage.faults.clear()
        return []

    async def forgive_limits(self, _: Request) -> Json:
        """Every window of the rate limits begins anew, as after 15 minutes; daily limits stay."""
        self._backstage.rate_limits.forgive()
        return {"forgiven": True}
