"""Opting out: somebody asks to be left alone, and is, for good. What already waits for them is withdrawn (F23).

Which words ask for it is decided in `content.opting_out`. Posting looks once more right before its click.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from xbot_pipelines.content.opting_out import asks_to_be_left_alone
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.store import decisions, people
from xbot_pipelines.store.database import AccountDatabase, Provenance


def leave_alone(
    database: AccountDatabase, *, handle: str, user_id: str | None, words: str, now: datetime, by: Provenance
) -> bool:
    """Never answers somebody again: one transaction. Answers whether that is new."""
    with database.transaction() as connection:
        new = people.opt_out(connection, database.account, handle=handle, user_id=user_id, words=words, now=now)
        decisions.withdraw_replies_to(
            connection, database.account, handle, reason=f"@{handle} asked to be left alone", now=now, by=by
        )
    return new


def heed_wishes(
    database: AccountDatabase, posts: Iterable[PostSnapshot], *, now: datetime, by: Provenance
) -> Sequence[str]:
    """Leaves alone whoever asks for it in one of these posts, and answers the handles that are new.

    Args:
        database: the account's database.
        posts: what somebody else wrote to us: answers to posts of ours, or posts that name us.
        now: the present moment.
        by: who reads them.
    """
    asked = []
    for post in posts:
        words = asks_to_be_left_alone(post.visible_text)
        if words is not None and leave_alone(
            database, handle=post.author.handle, user_id=post.author.id, words=words, now=now, by=by
        ):
            asked.append(post.author.handle)
    return asked
