"""Walking down a timeline: a page is opened, scrolled, and its answers are read until far enough back in time.

Twenty posts a request, for posts and replies alike. Either the walk reaches its goal or it raises; half a timeline is
never passed on as a whole one (F22).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from playwright.sync_api import Page

from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.answers import Answers
from xbot_pipelines.x.graphql import is_last_page, parse_cursor, parse_posts
from xbot_pipelines.x.session import Patience, go
from xbot_pipelines.x.walls import LayoutChanged

_SCROLL_PIXELS = 2000
_MOST_PAGES = 400


def walk(
    page: Page,
    answers: Answers,
    url: str,
    *,
    since: datetime,
    patience: Patience,
    ours: Callable[[PostSnapshot], bool],
) -> list[PostSnapshot]:
    """Answers the posts of the timeline at `url` that are `ours`, down to `since`, each with when it was seen.

    Args:
        page: a page that is logged in.
        answers: listens to the operation that this timeline asks.
        url: the timeline's address.
        since: how far back to go. Timelines are in order of time, but for a pinned post.
        patience: how long to wait for each answer.
        ours: which posts are asked for: a page of replies also holds what they answer.

    Raises:
        Wall: something stood in the way, or the timeline did not go on although it had not ended.
    """
    found: dict[str, PostSnapshot] = {}
    cursors: set[str | None] = set()
    go(page, url)
    for _ in range(_MOST_PAGES):
        answer = answers.expect(timeout_seconds=patience.answer, meanwhile=lambda: page.mouse.wheel(0, _SCROLL_PIXELS))
        posts = [replace(post, observed_at=answer.seen_at) for post in parse_posts(answer.body) if ours(post)]
        found.update({post.id: post for post in posts})
        cursor = parse_cursor(answer.body)
        in_order = [post.created_at for post in posts if not post.is_pinned]
        if is_last_page(answer.body) or cursor in cursors or (in_order and min(in_order) < since):
            return [post for post in found.values() if post.created_at >= since]
        cursors.add(cursor)
    raise LayoutChanged(missing=f"the end of the timeline, after {_MOST_PAGES} pages of it,", where=url)
