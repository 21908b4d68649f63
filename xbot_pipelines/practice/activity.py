"""TweetActivityQuery: the private figures of one post, as X tells them to its author.

The figures themselves are the world's. The shape is that of X's own query as its web page asks it: the field
`organic_metrics_total` answers under the name `datapoints_grid`, a list of the metrics that were asked for, and some
posts come in a wrapper. X sums up a post's whole life, whatever time the variables name. Its hourly series, audience
and promotion are not played here.
"""

import base64
from typing import Any

from xbot_pipelines.practice.post_shapes import Renderer, wrapped
from xbot_pipelines.practice.posts import Counters, Post

Json = dict[str, Any]


def figures(counters: Counters) -> dict[str, int]:
    """The private figures of a post by the names that X has for them."""
    return {
        "DetailExpands": counters.detail_expands,
        "Engagements": counters.engagements,
        "Follows": counters.follows,
        "Impressions": counters.views,
        "LinkClicks": counters.link_clicks,
        "ProfileVisits": counters.profile_visits,
    }


def activity(renderer: Renderer, post: Post, wanted: object) -> Json:
    """The `tweet_result_by_rest_id` of a post.

    Args:
        renderer: Draws the post at the moment of the call.
        post: One of the caller's own.
        wanted: The names of the metrics that are asked for, as the request has them; all where it has no list. A
            metric of zero is left out.
    """
    figures_now = figures(renderer.world.counters(post, renderer.at))
    asked = wanted if isinstance(wanted, list) else list(figures_now)
    grid = [
        {"metric_type": name, "metric_value": float(value)}
        for name, value in figures_now.items()
        if value and name in asked
    ]
    opaque_id = base64.b64encode(f"Tweet:{post.id}".encode()).decode()
    tweet: Json = {"__typename": "Tweet", "datapoints_grid": grid, "id": opaque_id, "rest_id": str(post.id)}
    return {"id": opaque_id, "result": wrapped(post, tweet)}
