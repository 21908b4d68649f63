"""The GraphQL operations: for each its name, its limit, who may call it, and what it answers.

An operation gets the world, the moment, the caller and the variables, and answers the body. HTTP, sessions, limits and
faults are matters of `graphql`. Paths and limits: X_SURFACE §3.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xbot_pipelines.practice import notifications, search_timeline, timelines
from xbot_pipelines.practice.activity import activity
from xbot_pipelines.practice.entries import Cursor
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import Post, as_post_id
from xbot_pipelines.practice.queries import parse
from xbot_pipelines.practice.rules import BAD_MEDIA, EMPTY, NOT_AUTHORIZED, NOT_FOUND, NOT_YOURS, TARGET_GONE, Refusal
from xbot_pipelines.practice.user_shapes import legacy_user_object
from xbot_pipelines.practice.world import World

Json = dict[str, Any]

_LONGEST_QUERY = 512  # characters
_PRODUCTS = {"Latest": search_timeline.latest, "Top": search_timeline.top}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of an operation. `caller` is None for a guest."""

    world: World
    at: datetime
    caller: Person | None
    variables: Mapping[str, Any]

    @property
    def renderer(self) -> Renderer:
        """Draws what is answered, as it is at the moment of the call."""
        return Renderer(self.world, self.at)

    def number(self, name: str) -> int:
        """A variable that holds an id.

        Raises:
            ValueError: It is missing, or no id.
        """
        value = as_post_id(self.variables.get(name))
        if value is None:
            raise ValueError(f"variable {name!r} must be an id, not {self.variables.get(name)!r}")
        return value

    def post(self, name: str) -> Post | None:
        """The post whose id a variable holds, hidden or not; None when it is deleted or was never there.

        Raises:
            ValueError: As in `number`.
        """
        post = self.world.find(self.number(name))
        there = post is not None and post.created_at <= self.at and not self.world.fates.is_deleted(post.id, self.at)
        return post if there else None

    def part(self, name: str) -> Mapping[str, Any]:
        """A variable that holds an object; empty when it is missing or none."""
        value = self.variables.get(name)
        return value if isinstance(value, dict) else {}

    def cursor(self) -> Cursor | None:
        """The place in the timeline that is asked for; None is its beginning."""
        value = self.variables.get("cursor")
        return None if value is None else Cursor.decode(str(value))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how to answer it, its limit per 15 minutes, if guests may call it, if it changes things."""

    answer: Callable[[Call], Json]
    limit: int = 500
    for_guests: bool = False
    changes: bool = False


def error_body(refusal: Refusal, path: str | None = None) -> Json:
    """A failure as X words it at HTTP 200: `errors`, and empty `data`."""
    name, kind = (
        ("AuthorizationError", "Permissions")
        if "Authorization:" in refusal.message
        else ("GenericError", "Operational")
    )
    error: Json = {
        "code": refusal.code,
        "extensions": {"code": refusal.code, "kind": kind, "name": name, "source": "Client"},
        "kind": kind,
        "message": refusal.message,
        "name": name,
        "source": "Client",
    }
    return {"data": {}, "errors": [error if path is None else {**error, "path": [path]}]}


def _viewer(call: Call) -> Json:
    caller = _caller(call)
    user = {**legacy_user_object(call.renderer.portrait(caller)), "creator_subscriptions_count": 0}
    return {
        "data": {
            "is_super_follow_subscriber": False,
            "viewer": {
                "educationFlags": [],
                "has_community_memberships": False,
                "is_active_creator": False,
                "is_tfe_restricted_session": False,
                "super_followers_count": 0,
                "user_features": [],
                "user_results": {"result": user},
            },
        }
    }


def _user_by_screen_name(call: Call) -> Json:
    person = call.world.person_by_handle(str(call.variables.get("screen_name", "")))
    return {"data": {} if person is None else {"user": {"result": call.renderer.user(person)}}}


def _user_originals_timeline(call: Call) -> Json:
    return _timeline(call, timelines.originals, "profileOriginals")


def _user_replies_timeline(call: Call) -> Json:
    return _timeline(call, timelines.replies, "profileReplies")


def _timeline(call: Call, page: Callable[[Renderer, Person, Cursor | None], list[Json]], name: str) -> Json:
    try:
        person = call.world.person(call.number("userId"))
    except KeyError:
        return {"data": {"user": {}}}
    if person.protected:
        return {"data": {"user": {"result": {"__typename": "User", "timeline": {}}}}}
    timeline = {
        "instructions": page(call.renderer, person, call.cursor()),
        "metadata": {"scribeConfig": {"page": name}},
    }
    return {"data": {"user": {"result": {"__typename": "User", "timeline": {"timeline": timeline}}}}}


def _tweet_detail(call: Call) -> Json:
    focal = call.post("focalTweetId")
    if focal is None:
        return error_body(NOT_FOUND, "threaded_conversation_with_injections_v2")
    conversation = {
        "instructions": timelines.conversation(call.renderer, focal, call.cursor()),
        "metadata": {
            "reader_mode_config": {"is_reader_mode_available": False},
            "scribeConfig": {"page": "ranked_replies"},
        },
    }
    return {"data": {"threaded_conversation_with_injections_v2": conversation}}


def _tweet_result_by_rest_id(call: Call) -> Json:
    post = call.post("tweetId")
    if post is None:
        return {"data": {"tweetResult": {}}}
    if call.world.is_protected(post.author_id):
        return {"data": {"tweetResult": {"result": {"__typename": "TweetUnavailable", "reason": "Protected"}}}}
    if call.world.fates.is_hidden(post.id, call.at):
        return {"data": {"tweetResult": {"result": {"__typename": "TweetUnavailable"}}}}
    return {"data": {"tweetResult": call.renderer.results(post)}}


def _home_timeline(call: Call) -> Json:
    instructions = timelines.home(call.renderer, _caller(call), call.cursor())
    timeline = {"instructions": instructions, "metadata": {"scribeConfig": {"page": "for_you"}}}
    return {"data": {"home": {"home_timeline_urt": timeline}}}


def _search_timeline(call: Call) -> Json:
    text, product = call.variables.get("rawQuery"), call.variables.get("product", "Top")
    if not isinstance(text, str) or len(text) > _LONGEST_QUERY:
        raise ValueError(f"variable 'rawQuery' must be a text of at most {_LONGEST_QUERY} characters, not {text!r:.80}")
    if product not in _PRODUCTS:
        raise ValueError(f"variable 'product' must be one of {', '.join(_PRODUCTS)}, not {product!r}")
    instructions = _PRODUCTS[product](call.renderer, parse(text), call.cursor())
    return {"data": {"search_by_raw_query": {"search_timeline": {"timeline": {"instructions": instructions}}}}}


def _notifications_timeline(call: Call) -> Json:
    if call.variables.get("timeline_type") != "Mentions":
        raise ValueError(f"variable 'timeline_type' must be Mentions here, not {call.variables.get('timeline_type')!r}")
    caller = _caller(call)
    timeline = {
        "id": base64.b64encode(f"NotificationTimeline:{caller.id}".encode()).decode(),
        "timeline": {"instructions": notifications.mentions(call.renderer, caller, call.cursor())},
    }
    user = {"__typename": "User", "notification_timeline": timeline, "rest_id": str(caller.id)}
    return {"data": {"viewer_v2": {"user_results": {"result": user}}}}


def _tweet_activity(call: Call) -> Json:
    post = call.world.visible(call.number("restId"), call.at)
    if post is None:
        return error_body(NOT_FOUND, "tweet_result_by_rest_id")
    if post.author_id != _caller(call).id:
        return error_body(NOT_AUTHORIZED, "tweet_result_by_rest_id")
    result = activity(call.renderer, post, call.variables.get("requested_organic_metrics"))
    return {"data": {"tweet_result_by_rest_id": result}}


def _create_tweet(call: Call) -> Json:
    text = call.variables.get("tweet_text")
    if not isinstance(text, str):
        return error_body(EMPTY, "create_tweet")
    if call.part("media").get("media_entities"):
        return error_body(BAD_MEDIA, "create_tweet")
    named = call.part("reply").get("in_reply_to_tweet_id")
    target = as_post_id(named)
    if named is not None and target is None:
        return error_body(TARGET_GONE, "create_tweet")
    outcome = call.world.publish(_caller(call), text, target)
    if isinstance(outcome, Refusal):
        return error_body(outcome, "create_tweet")
    return {"data": {"create_tweet": {"tweet_results": {"result": _new_tweet(call, outcome)}}}}


def _new_tweet(call: Call, post: Post) -> Json:
    # Drawn at the moment it was published, when nobody has seen it.
    renderer = Renderer(call.world, post.created_at)
    return renderer.tweet(post, call.world.counters(post, post.created_at))


def _delete_tweet(call: Call) -> Json:
    post = call.world.visible(call.number("tweet_id"), call.at)
    if post is None:
        return error_body(NOT_FOUND, "delete_tweet")
    if post.author_id != _caller(call).id:
        return error_body(NOT_YOURS, "delete_tweet")
    call.world.delete(post.id)
    return {"data": {"delete_tweet": {"tweet_results": {}}}}


def _caller(call: Call) -> Person:
    if call.caller is None:
        raise RuntimeError("an operation that needs a session was called without one")
    return call.caller


OPERATIONS: Mapping[str, Operation] = {
    "CreateTweet": Operation(_create_tweet, changes=True),
    "DeleteTweet": Operation(_delete_tweet, changes=True),
    "HomeTimeline": Operation(_home_timeline),
    "NotificationsTimeline": Operation(_notifications_timeline, limit=180),
    "SearchTimeline": Operation(_search_timeline, limit=50),
    "TweetActivityQuery": Operation(_tweet_activity),
    "TweetDetail": Operation(_tweet_detail, limit=150),
    "TweetResultByRestId": Operation(_tweet_result_by_rest_id, for_guests=True),
    "UserByScreenName": Operation(_user_by_screen_name, limit=95, for_guests=True),
    "UserOriginalsTimeline": Operation(_user_originals_timeline, limit=50, for_guests=True),
    "UserRepliesTimeline": Operation(_user_replies_timeline, limit=50),
    "Viewer": Operation(_viewer),
}
