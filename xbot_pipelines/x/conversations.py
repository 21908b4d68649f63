"""Who answers whom: what of a conversation's page answers the post that it is about, and what that post answers.

Pure: the posts of a page in, those in question out. How a page is read belongs to `graphql`.
"""

from collections.abc import Iterable, Sequence

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


def above(post: PostSnapshot, posts: Iterable[PostSnapshot]) -> Sequence[PostSnapshot]:
    """Follows a post upwards: what it answers, what that answers, and so on; oldest first.

    Args:
        post: the post in question.
        posts: the posts of its page. The way up ends at the first one that is not among them: it may be gone.
    """
    by_id = {one.id: one for one in posts}
    found: list[PostSnapshot] = []
    lowest = post
    # What is answered has the lower id, as in `answers_to`: no circle, whatever a page says.
    while (answered := by_id.get(lowest.in_reply_to_id or "")) is not None and int(answered.id) < int(lowest.id):
        found.append(answered)
        lowest = answered
    return found[::-1]
