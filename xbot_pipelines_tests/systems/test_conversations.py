"""Conversations: which are worth a page, and that what is kept of them is what stands under our posts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, PublishedPost, Result
from xbot_pipelines.store.conversations import CountedReplies
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines.store.schema import received_replies
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.conversations import (
    ConversationSummary,
    read_conversations,
    unread,
    worth_reading,
)
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.history import Past, put_past, record_past
from xbot_pipelines_tests.practice_site import Json, Practice, people
from xbot_pipelines_tests.store.given import gone, read, reading
from xbot_pipelines_tests.systems.conftest import move_both

SHARES_ITS_BROWSER = True

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(practice: Practice) -> ManualClock:
    """A clock that stands at noon together with the practice site's: what readers do depends on the hour."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    return ManualClock(NOON)


def replies(tweet_id: str, *, counted: int, counted_then: int | None = None) -> CountedReplies:
    post = PublishedPost(decision_id=uuid4(), tweet_id=tweet_id, posted_at=NOON - DAY, text="Walk a little.")
    return CountedReplies(post=post, counted=counted, counted_then=counted_then)


def chosen(*counted: CountedReplies) -> list[str]:
    """The ids of the posts whose conversations are read, in their order."""
    return [post.tweet_id for post in worth_reading(counted)]


def test_the_conversation_with_the_most_new_replies_is_read_first() -> None:
    assert chosen(
        replies("few", counted=2), replies("most", counted=50, counted_then=20), replies("some", counted=9)
    ) == ["most", "some", "few"]


@pytest.mark.parametrize(("counted", "then"), [(3, 3), (3, 4)])
def test_replies_that_x_counts_and_does_not_show_are_not_looked_for_at_every_turn(counted: int, then: int) -> None:
    assert chosen(replies("known", counted=counted, counted_then=then)) == []
    assert chosen(replies("grown", counted=then + 1, counted_then=then)) == ["grown"]


def counts(database: AccountDatabase, clock: ManualClock, replies: dict[str, int]) -> None:
    """Lets a reading of each post say how many replies X counts."""
    for tweet_id, count in replies.items():
        read(database, reading(tweet_id, clock.now() - SECOND, Counters(replies=count)))
    rebuild_outcomes(database, since=clock.now() - 30 * DAY, until=clock.now() + DAY)


def test_posts_that_are_gone_or_old_or_have_no_replies_are_left_alone(
    database: AccountDatabase, practice: Practice, clock: ManualClock, by: Provenance
) -> None:
    def no_client() -> NoReturn:
        pytest.fail("the browser was asked for")

    now = clock.now()
    old, silent, deleted, _, answered = posts = put_past(
        practice, [now - 7 * DAY - SECOND, now - 5 * HOUR, now - 4 * HOUR, now - 3 * HOUR, now - 2 * HOUR]
    )
    record_past(database, posts)
    counts(database, clock, {old.tweet_id: 5, silent.tweet_id: 0, deleted.tweet_id: 5})
    gone(database, deleted.tweet_id, now + SECOND)
    rebuild_outcomes(database, since=now - DAY, until=now)
    summary = read_conversations(database, no_client, handle=practice.handle, by=by, clock=clock)
    assert (summary.result, summary.reason) == (
        Result.NOTHING_TO_DO,
        "no post has more replies than when we last looked",
    )
    counts(database, clock, {answered.tweet_id: 1})
    assert [post.tweet_id for post in unread(database, now=now)] == [answered.tweet_id]


@pytest.mark.browser
def test_f07_what_is_kept_of_a_conversation_is_what_others_said_under_our_post_and_grows_with_it(
    database: AccountDatabase, turn: BrowserTurn, practice: Practice, clock: ManualClock, by: Provenance
) -> None:
    posts = put_past(practice, [clock.now() - 20 * HOUR, clock.now() - 10 * HOUR], words="What helps you sleep?")
    record_past(database, posts)
    deeper = a_talk_under(practice, clock, posts[0])

    def look() -> ConversationSummary:
        return read_conversations(database, turn.client, handle=practice.handle, by=by, clock=clock)

    def look_and_compare() -> dict[str, Any]:
        truth = practice.truth(ids=",".join(post.tweet_id for post in posts))["posts"]
        counts(database, clock, {post["id"]: post["counters"]["replies"] for post in truth})
        said = under(practice, posts) | deeper
        known = kept(database)
        summary = look()
        assert (summary.result, summary.new) == (Result.DONE, len(said) - len(known))
        assert summary.questions == sum("?" in reply["text"] for reply in said.values())
        assert sum(count for _, count in summary.answerers) == len(said)
        assert practice.handle not in dict(summary.answerers)
        rows = kept(database)
        assert {tweet_id: (row["author"], row["text"]) for tweet_id, row in rows.items()} == {
            tweet_id: (reply["author"], reply["text"]) for tweet_id, reply in said.items()
        }
        assert {tweet_id: row["views"] for tweet_id, row in rows.items()} == seen(practice, rows)
        assert {row["last_seen_at"] for row in rows.values()} == {clock.now()}
        assert look().result == Result.NOTHING_TO_DO
        return rows

    first = look_and_compare()
    assert len(first) > len(deeper)
    move_both(practice, clock, hours=8)
    somebody = people(practice)[2]
    [new] = practice.put({"author": somebody, "in_reply_to": posts[0].tweet_id, "text": "A dark room."})
    then = look_and_compare()
    assert new in then
    assert {tweet_id: then[tweet_id]["first_seen_at"] for tweet_id in first} == dict.fromkeys(first, NOON)
    assert {tweet_id: then[tweet_id]["views"] for tweet_id in first} != {
        tweet_id: row["views"] for tweet_id, row in first.items()
    }


def a_talk_under(practice: Practice, clock: ManualClock, post: Past) -> dict[str, Json]:
    """Lets us answer under our own post, somebody answer that, and another one them; what those two said, by id."""
    first, second = people(practice)[:2]
    answered, theirs = post.tweet_id, []
    for minutes, (author, said) in enumerate(
        [(practice.handle, "It depends on the week."), (first, "On which week?"), (second, "All of them.")]
    ):
        moment = clock.now() - (20 - minutes) * MINUTE
        [answered] = practice.put(
            {"author": author, "text": said, "created_at": moment.isoformat(), "in_reply_to": answered}
        )
        theirs.append(answered)
    return {reply["id"]: reply for reply in practice.truth(ids=",".join(theirs[1:]))["posts"]}


def under(practice: Practice, posts: Sequence[Past]) -> dict[str, Json]:
    """What others said in answer to our posts, as the site has it, by id."""
    ids = {post.tweet_id for post in posts}
    return {
        reply["id"]: reply
        for reply in practice.truth(all="1")["posts"]
        if reply["in_reply_to"] in ids and reply["author"] != practice.handle
    }


def seen(practice: Practice, rows: dict[str, Any]) -> dict[str, int | None]:
    """How often the site says that these posts were seen; it does not say so of one that nobody saw."""
    truth = practice.truth(ids=",".join(rows))["posts"]
    return {post["id"]: post["counters"]["views"] or None for post in truth}


def kept(database: AccountDatabase) -> dict[str, Any]:
    """The replies in the table, by id."""
    with database.transaction() as connection:
        return {row["tweet_id"]: dict(row) for row in connection.execute(select(received_replies)).mappings()}
