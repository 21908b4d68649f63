"""The endpoints that change something: publishing and deleting a post, under the world's rules and X's own for its API.

The rules that the site has, too, are in `rules`; whom X lets answer is decided in `summons`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xbot_pipelines.practice.api.bill import Charge, Kind
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.problems import Refused, daily_limit, invalid_parameter, not_found, of_code, refused
from xbot_pipelines.practice.api.summons import is_summoned
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import Post, as_post_id
from xbot_pipelines.practice.rules import (
    DAILY_LIMIT,
    DAY,
    ORIGINALS_A_DAY,
    REPLIES_A_DAY,
    TARGET_GONE,
    Refusal,
    within_a_day,
)
from xbot_pipelines.practice.wording import URL

Json = dict[str, Any]

_NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
_FIELDS: Mapping[str, type] = {"text": str, "reply": dict, "made_with_ai": bool}
_REPLY_FIELDS: Mapping[str, type] = {
    "in_reply_to_tweet_id": str,
    "exclude_reply_user_ids": list,
    "auto_populate_reply_metadata": bool,
}


def create_post(call: Call) -> Answer:
    """`POST /2/tweets`: publish a post, or answer one."""
    body = _checked(call.body, _FIELDS, "$")
    reply = _checked(body["reply"], _REPLY_FIELDS, "$.reply") if "reply" in body else {}
    target = _target(call, reply)
    summoned = target is not None and is_summoned(call.renderer, call.caller, target)
    if target is not None and not summoned and target.author_id != call.caller.id:
        raise refused(403, _NOT_SUMMONED)
    outcome = call.world.publish(call.caller, body.get("text", ""), None if target is None else target.id)
    if isinstance(outcome, Refusal):
        raise _refused(call, outcome, is_reply=target is not None)
    text = Renderer(call.world, outcome.created_at).written(outcome).text
    data = {"id": str(outcome.id), "text": text, call.generation.history: [str(outcome.id)]}
    return Answer({"data": data}, 201, [Charge(_kind(outcome, summoned=summoned), outcome.id)])


def delete_post(call: Call) -> Answer:
    """`DELETE /2/tweets/{id}`: delete an own post."""
    post = call.world.visible(call.id(), call.at)
    if post is None:
        raise Refused(404, not_found(call.generation.noun, "id", call.path["id"]))
    if post.author_id != call.caller.id:
        raise refused(403, "You are not authorized to delete this Tweet.")
    call.world.delete(post.id)
    return Answer({"data": {"deleted": True}})


def _checked(body: Json, fields: Mapping[str, type], path: str) -> Json:
    for name, value in body.items():
        place = f"{path}.{name}"
        if name not in fields:
            message = f"[{place}: is not defined in the schema and the schema does not allow additional properties]"
            raise invalid_parameter(place, str(value), message)
        if not isinstance(value, fields[name]):
            message = f"[{place}: {type(value).__name__} found, {fields[name].__name__} expected]"
            raise invalid_parameter(place, str(value), message)
    return body


def _target(call: Call, reply: Json) -> Post | None:
    """The post that is to be answered; None is a post that answers nobody."""
    if not reply:
        return None
    named = reply.get("in_reply_to_tweet_id")
    post_id = as_post_id(named)
    if post_id is None:
        message = f"[$.reply.in_reply_to_tweet_id: {named!r} does not match the regex pattern ^[0-9]{{1,19}}$]"
        raise invalid_parameter("$.reply.in_reply_to_tweet_id", str(named), message)
    target = call.world.visible(post_id, call.at)
    if target is None:
        raise of_code(TARGET_GONE.code)
    return target


def _refused(call: Call, refusal: Refusal, *, is_reply: bool) -> Refused:
    if refusal != DAILY_LIMIT:
        return of_code(refusal.code)
    return daily_limit(REPLIES_A_DAY if is_reply else ORIGINALS_A_DAY, _free_again(call, is_reply=is_reply))


def _free_again(call: Call, *, is_reply: bool) -> datetime:
    """When the oldest post that counts for the daily limit stops counting."""
    recent = within_a_day(call.world.register.of(call.caller.id), call.at)
    counting = (post.created_at for post in recent if not post.seeded and (post.in_reply_to is not None) == is_reply)
    return min(counting) + DAY


def _kind(post: Post, *, summoned: bool) -> Kind:
    if URL.search(post.text):
        return Kind.POST_WITH_LINK
    return Kind.SUMMONED_REPLY if summoned else Kind.POST
