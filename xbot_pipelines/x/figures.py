"""The private figures of a post of ours: what the analytics view of the post was answered (TweetActivityQuery).

X's page asks for `organic_metrics_total` and calls it `datapoints_grid`: the answer has the second name. Its rows are
`{"metric_type": "ProfileVisits", "metric_value": 12}`, and a zero has no `metric_value` or no row at all. Pure: a
payload in, values out.
"""

from typing import Any

from xbot_pipelines.models import PrivateCounters
from xbot_pipelines.x.answer_errors import POST_NOT_SHOWN, parse_errors
from xbot_pipelines.x.objects import Gone, shown_post
from xbot_pipelines.x.rows import nothing_known, whole_answer
from xbot_pipelines.x.shapes import Part, UnreadableAnswer, required

_RESULTS = "data.tweet_result_by_rest_id"
_METRICS = ("datapoints_grid", "organic_metrics_total", "metrics")


def parse_private_counters(payload: dict[str, Any], post_id: str) -> PrivateCounters | Gone:
    """Reads the private figures of one post.

    Args:
        payload: the answer as JSON, whole.
        post_id: the post that was asked about.

    Returns:
        The figures. X lists what it counted: beside any other metric, one that is not listed is zero. An empty list
        tells nothing (X answers it for a post too new, or of somebody else), and every figure is unknown. Gone
        where X does not show the post.

    Raises:
        UnreadableAnswer: there is no list of metrics, a row of it cannot be read, or it is of another post.
    """
    answer = whole_answer(payload)
    results = answer.part(_RESULTS)
    if results is None:
        reasons = [error.message for error in parse_errors(payload) if error.code in POST_NOT_SHOWN]
        if reasons:
            return Gone(reasons[0])
        raise nothing_known("the figures of a post", answer)
    shown = shown_post(results)
    if isinstance(shown, Gone):
        return shown
    post = shown.post
    if (post.id("rest_id") or post_id) != post_id:
        raise UnreadableAnswer(f"post {post_id}", f"{post.where}, which is of post {post.id('rest_id')}")
    figures = _figures(required(post.parts(*_METRICS), " or ".join(_METRICS), f"{post.where} (post {post_id})"))
    unlisted = 0 if figures else None
    return PrivateCounters(
        profile_visits=figures.get("ProfileVisits", unlisted),
        detail_expands=figures.get("DetailExpands", unlisted),
        link_clicks=figures.get("LinkClicks", unlisted),
    )


def _figures(rows: list[Part]) -> dict[str, int]:
    return {
        required(row.text("metric_type"), "metric_type", row.where): row.count_as_decimal("metric_value") or 0
        for row in rows
    }
