"""Walking down a timeline: a page is opened, scrolled, and its answers are handed out one after another to its end.

Twenty posts a request, for posts and replies alike. Either the walk reaches its end or it raises; half a timeline is
never passed on as a whole one (F22). Which of the posts are asked for, and how far back, is the question's own matter.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from playwright.sync_api import Page

from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.answers import Answer, Answers
from xbot_pipelines.x.client import Pages, PostPage, may_be_ours
from xbot_pipelines.x.graphql import count_promoted, is_last_page, parse_cursor, parse_posts, parse_unreadable
from xbot_pipelines.x.session import Patience
from xbot_pipelines.x.walls import LayoutChanged

_SCROLL_PIXELS = 10_000
"""Further than a page of posts is long: its foot asks for the next page, and each stop on the way there is drawn."""

_MOST_PAGES = 5_000
"""No timeline is that long: X shows the last 3,200 posts of an account or so."""


def walk(page: Page, answers: Answers, url: str, *, patience: Patience) -> Iterator[Answer]:
    """Opens the timeline at `url` and hands out its answers, each when it is asked for, down to the last one.

    Whoever has enough stops asking; nothing is scrolled between two answers.

    Args:
        page: a page that is logged in. Until the walk is over it must not be sent elsewhere.
        answers: listens to the operation that this timeline asks.
        url: the timeline's address.
        patience: how long to wait for each answer.

    Raises:
        Wall: something stood in the way, or the timeline did not go on although it had not ended.
        UnreadableAnswer: see `graphql`.
    """
    cursors: set[str | None] = set()

    def scroll() -> None:
        # The first answer is asked for by opening the page, each other by reaching the foot of the one before. And not
        # while one is under way: what it brings would be scrolled past, and the page after it asked for.
        if cursors and not answers.is_awaited:
            page.mouse.wheel(0, _SCROLL_PIXELS)

    answers.open(url)
    for _ in range(_MOST_PAGES):
        answer = answers.expect(timeout_seconds=patience.answer, meanwhile=scroll)
        yield answer
        cursor = parse_cursor(answer.body)
        if is_last_page(answer.body) or cursor in cursors:
            return
        cursors.add(cursor)
    raise LayoutChanged(missing=f"the end of the timeline, after {_MOST_PAGES} pages of it,", where=url)


def posts_in(answer: Answer) -> list[PostSnapshot]:
    """Answers the posts of one answer in the order of the page, each with when it was seen."""
    return [replace(post, observed_at=answer.seen_at) for post in parse_posts(answer.body)]


def page_of(answer: Answer, posts: Iterable[PostSnapshot]) -> PostPage:
    """Answers what is passed on of an answer: the posts in question, newest first, and how many it promotes."""
    newest_first = sorted(posts, key=lambda post: int(post.id), reverse=True)
    return PostPage(
        posts=tuple(newest_first),
        requests_left=answer.requests_left,
        promoted=count_promoted(answer.body),
        unreadable=tuple(parse_unreadable(answer.body)),
    )


def own_pages(
    answers: Iterable[Answer],
    since: datetime,
    *,
    handle: str,
    ours: Callable[[PostSnapshot], bool],
    passed_on: set[str],
) -> Pages:
    """Hands out our own posts of a timeline of ours back to a moment, and stops asking when it is reached.

    Args:
        answers: the timeline's, one after another.
        since: the moment.
        handle: our own.
        ours: whether a post is one of ours, and no repost.
        passed_on: ids that were handed out before, which are not handed out again; grows.
    """
    for answer in answers:
        posts = posts_in(answer)
        new = [post for post in posts if ours(post) and post.created_at >= since and post.id not in passed_on]
        passed_on.update(post.id for post in new)
        page = page_of(answer, new)
        unreadable = tuple(row for row in page.unreadable if may_be_ours(row, handle=handle, since=since))
        yield replace(page, unreadable=unreadable)
        if reaches_back(posts, since, ours):
            return


def reaches_back(posts: Sequence[PostSnapshot], since: datetime, ours: Callable[[PostSnapshot], bool]) -> bool:
    """Says whether a page of our own timeline goes back beyond `since`, so that nothing of ours since then comes later.

    The last row tells, and of its posts the last one, our own: a pinned post stands before newer ones, and an older
    post of ours stands above each answer that we gave to it.
    """
    in_order = [post for post in posts if ours(post) and not post.is_pinned]
    return bool(in_order) and in_order[-1].created_at < since
