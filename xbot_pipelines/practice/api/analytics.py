"""The endpoint with the private figures of own posts over time: `GET /2/tweets/analytics`.

A bucket has what came in it. With `total` there is one, and its figures stand beside it as well. Shape and names:
OpenAPI 2.166 and 2.167; what the world does not play (apps, media, hashtags) is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from xbot_pipelines.practice.api.answers import nothing, seen
from xbot_pipelines.practice.api.bill import Charge, Kind
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.problems import invalid_parameter, not_authorized
from xbot_pipelines.practice.api.shapes import stamp
from xbot_pipelines.practice.posts import Counters, Post

Json = dict[str, Any]

_STEPS: Mapping[str, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "total": timedelta.max,
}
_FIGURES: Mapping[str, str] = {
    "bookmarks": "bookmarks",
    "detail_expands": "detail_expands",
    "engagements": "engagements",
    "follows": "follows",
    "impressions": "views",
    "likes": "likes",
    "quote_tweets": "quotes",
    "replies": "replies",
    "retweets": "reposts",
    "url_clicks": "link_clicks",
    "user_profile_clicks": "profile_visits",
}
_OTHER_FIELDS = (
    "app_install_attempts", "app_opens", "email_tweet", "hashtag_clicks", "id", "media_views", "permalink_clicks",
    "shares", "timestamp", "timestamped_metrics", "unfollows", "unlikes",
)  # fmt: skip


def posts_analytics(call: Call) -> Answer:
    """The figures of up to a hundred own posts; others' are errors beside them."""
    start, end = _required(call, "start_time"), _required(call, "end_time")
    call.parameters.window()  # refuses an end that is not after the start
    granularity = call.parameters.one_of("granularity", list(_STEPS), "total")
    asked = call.parameters.some_of("analytics.fields", [*_FIGURES, *_OTHER_FIELDS])
    figures = [name for name in _FIGURES if name in asked] or list(_FIGURES)
    posts, errors = seen(call, call.parameters.ids("ids"), "ids")
    own = [post for post in posts if post.author_id == call.caller.id]
    errors += [not_authorized(call.generation.noun, "ids", str(post.id)) for post in posts if post not in own]
    if not own:
        return nothing(*errors)
    data = [_told(call, post, _edges(start, end, granularity), granularity, figures) for post in own]
    charges = [Charge(Kind.ANALYTICS_READ, post.id) for post in own]
    return Answer({"data": data, **({"errors": errors} if errors else {})}, charges=charges)


def _required(call: Call, name: str) -> datetime:
    moment = call.parameters.moment(name)
    if moment is None:
        raise invalid_parameter(name, "", f"The `{name}` query parameter can not be empty")
    return moment


def _edges(start: datetime, end: datetime, granularity: str) -> Iterator[datetime]:
    step = _STEPS[granularity]
    while start < end:
        yield start
        start = end if end - start <= step else start + step
    yield end


def _told(call: Call, post: Post, edges: Iterator[datetime], granularity: str, figures: list[str]) -> Json:
    buckets: list[Json] = [
        {"timestamp": stamp(begin), "metrics": _between(call, post, begin, end, figures)}
        for begin, end in pairwise(edges)
        if end > post.created_at and begin < call.at
    ]
    whole: Json = buckets[0]["metrics"] if granularity == "total" and buckets else {}
    return {"id": str(post.id), "timestamped_metrics": buckets, **whole}


def _between(call: Call, post: Post, begin: datetime, end: datetime, figures: list[str]) -> dict[str, int]:
    def until(moment: datetime) -> Counters:
        return call.world.counters(post, min(max(moment, post.created_at), call.at))

    before, after = until(begin), until(end)
    return {name: getattr(after, _FIGURES[name]) - getattr(before, _FIGURES[name]) for name in figures}
