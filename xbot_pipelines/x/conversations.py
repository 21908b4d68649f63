"""Who answers whom: which posts of a conversation's page answer the post that the page is about.

Pure: the posts of a page in, those that answer out. How a page is read belongs to `graphql`.
"""

from collections.abc import Iterable

from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.x.graphql import GonePost


def answers_to(post_id: str, posts: Iterable[PostSnapshot], gone: Iterable[GonePost]) -> list[PostSnapshot]:
    """Picks the posts that answer a post, directly or by answering one that does; oldest first.

    Args:
        post_id: the post in question.
        posts: the posts of its page: those above it, itself, those below it, and whatever else X puts there.
        gone: the posts that the page has a place for and does not show. An answer to one of these still counts.
    """
    # Ids grow with time (X_SURFACE §5): what is answered has the lower one, so each answer is met after it.
    answered = {post_id} | {one.post_id for one in gone if one.post_id is not None and int(one.post_id) > int(post_id)}
    found: list[PostSnapshot] = []
    for post in sorted(posts, key=lambda post: int(post.id)):
        if post.in_reply_to_id in answered and post.id != post_id:
            answered.add(post.id)
            found.append(post)
    return found
