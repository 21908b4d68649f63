"""What a fault does to a request of X's API: before anything is accepted, or after.

Which fault strikes is decided in `faults`.
"""

import asyncio
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from xbot_pipelines.practice.api.identity import identify
from xbot_pipelines.practice.api.problems import Refused, daily_limit, of_code, refused
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.connections import cut
from xbot_pipelines.practice.faults import Fault
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.rate_limits import used_up
from xbot_pipelines.practice.rules import DAILY_LIMIT, DAY, ORIGINALS_A_DAY
from xbot_pipelines.practice.world import World

Json = dict[str, Any]


async def instead(backstage: Backstage, request: Request, fault: Fault) -> Response | None:
    """Return what a fault answers before anything is accepted; None lets the request go on.

    Raises:
        Refused: The fault is a refusal.
    """
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
            raise _refusal_of(fault, backstage.world.clock.now())
        case "answer":
            return Response(fault.fields["body"], int(fault.fields["status"]), media_type="application/json")
    return None


def prepare(backstage: Backstage, request: Request, fault: Fault, body: Json) -> None:
    """Change what a fault changes before the request is looked at.

    Args:
        backstage: What it happens to.
        request: The request that is struck.
        fault: What strikes.
        body: The JSON object that came along.
    """
    match fault.kind:
        case "altered_text":
            body["text"] = fault.fields["text"]
        case "logged_out":
            identity = identify(request, backstage.tokens, backstage.keys)
            if identity is not None:
                identity.end()
        case "deleted_target":
            _delete_target(backstage.world, body)


def _refusal_of(fault: Fault, now: datetime) -> Refused:
    code: int = fault.fields["code"]
    if code == DAILY_LIMIT.code:
        return daily_limit(ORIGINALS_A_DAY, now + DAY)
    return of_code(code, fault.fields.get("message"))


def _delete_target(world: World, body: Json) -> None:
    reply = body.get("reply")
    target = as_post_id(reply.get("in_reply_to_tweet_id")) if isinstance(reply, dict) else None
    if target is not None and world.find(target) is not None:
        world.delete(target)


async def after(request: Request, fault: Fault, response: Response) -> Response:
    """Play a fault that strikes after the request was accepted; by now what it changed is on the disk."""
    match fault.kind:
        case "answer_lost":
            return await cut(request)
        case "http_500_after":
            return refused(500).response({})
        case "slow":
            await asyncio.sleep(float(fault.fields["seconds"]))
    return response
