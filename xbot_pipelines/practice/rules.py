"""When X does not take a post: the rules of CreateTweet, as pure decisions.

Codes and limits: X_SURFACE §3 and §4. The weighing of a text is in `wording`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.wording import MOST_WEIGHT, weight

DAY = timedelta(hours=24)
ORIGINALS_A_DAY = 50
REPLIES_A_DAY = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why X does not take a post: its error code, and the message as its API words it."""

    code: int
    message: str


TARGET_GONE = Refusal(385, "You attempted to reply to a Tweet that is deleted or not visible to you.")
REPLIES_CLOSED = Refusal(433, "The original Tweet author restricted who can reply to this Tweet.")
EMPTY = Refusal(170, "Missing required parameter: status.")
TOO_LONG = Refusal(186, "Authorization: Tweet needs to be a bit shorter. (186)")
DUPLICATE = Refusal(187, "Authorization: Status is a duplicate. (187)")
DAILY_LIMIT = Refusal(
    344,
    "Authorization: You have reached your daily limit for sending Tweets and messages. Please try again later. (344)",
)
BAD_MEDIA = Refusal(324, "The validation of media ids failed.")
NOT_YOURS = Refusal(183, "You may not delete another user's status.")
NOT_AUTHORIZED = Refusal(179, "Sorry, you are not authorized to see this status.")
NOT_FOUND = Refusal(144, "_Missing: No status found with that ID. (144)")


def refusal_of(text: str, *, is_reply: bool, living: Sequence[Post], published: Sequence[Post]) -> Refusal | None:
    """Why this text is not taken now, or None.

    Args:
        text: What is to be published, as it was sent.
        is_reply: Replies have a daily limit of their own.
        living: The author's posts of the last 24 hours that were not deleted since.
        published: The author's posts of the last 24 hours that came through CreateTweet; a deleted one still counts.
    """
    if not text.strip():
        return EMPTY
    if weight(text) > MOST_WEIGHT:
        return TOO_LONG
    if any(post.text == text for post in living):
        return DUPLICATE
    of_this_kind = sum((post.in_reply_to is not None) == is_reply for post in published)
    return DAILY_LIMIT if of_this_kind >= (REPLIES_A_DAY if is_reply else ORIGINALS_A_DAY) else None


def within_a_day(posts: Sequence[Post], now: datetime) -> list[Post]:
    """Those of the posts that are younger than 24 hours."""
    return [post for post in posts if now - DAY < post.created_at <= now]
