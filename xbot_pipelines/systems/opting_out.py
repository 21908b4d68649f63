"""Opting out: somebody asks to be left alone, and is, for good. What already waits for them is withdrawn (F23).

Which words ask for it is decided in `content.opting_out`. Posting looks once more right before its click.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from xbot_pipelines.content.opting_out import asks_to_be_left_alone
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.store import decisions, people
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.x.shapes import UnreadableRow


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
    database: AccountDatabase,
    posts: Iterable[PostSnapshot],
    unreadable: Iterable[UnreadableRow] = (),
    *,
    now: datetime,
    by: Provenance,
) -> Sequence[str]:
    """Leaves alone whoever asks for it in one of these posts, and answers the handles that are new.

    Args:
        database: the account's database.
        posts: what somebody else wrote to us: answers to posts of ours, or posts that name us.
        unreadable: rows beside them that could not be read as posts. Where their words and their author can be told,
            they count all the same.
        now: the present moment.
        by: who reads them.
    """
    written: list[tuple[str, str | None, str]] = [
        (post.author.handle, post.author.id, post.visible_text) for post in posts
    ]
    written += [(row.handle, row.author_id, row.text) for row in unreadable if row.handle and row.text]
    asked = []
    for handle, user_id, text in written:
        words = asks_to_be_left_alone(text)
        if words is not None and leave_alone(database, handle=handle, user_id=user_id, words=words, now=now, by=by):
            asked.append(handle)
    return asked
