"""Opportunities from being found to being answered, however many look at them at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, OpportunityStatus
from xbot_pipelines.store import opportunities
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.decisions import expire_overdue, withdraw_replies_to
from xbot_pipelines.store.opportunities import Judged, Kept, NoLongerOpen, add_reply, keep, open_opportunities
from xbot_pipelines.store.people import opt_out, relevance_of
from xbot_pipelines.store.publishing import record_refused
from xbot_pipelines.store.schema import content_metadata, reply_opportunities
from xbot_pipelines_tests.store.given import BY, claim, profile, reply
from xbot_pipelines_tests.store.reviewing import FOUND, found


def judged(number: int, *, turned_away: str | None = None, **changes: Any) -> Judged:
    return Judged(opportunity=found(number, **changes), source="search for sleep", turned_away=turned_away)


def add(
    database: AccountDatabase, number: int, *, status: DecisionStatus = DecisionStatus.QUEUED, **changes: Any
) -> UUID:
    now = FOUND.found_at
    return add_reply(
        database, found(number, **changes), reply(f"Reply {number}."), status=status, day_began=now, now=now, by=BY
    )


def status_of(database: AccountDatabase, number: int) -> tuple[str, str | None]:
    with database.transaction() as connection:
        row = connection.execute(
            select(reply_opportunities.c.status, reply_opportunities.c.turned_away_reason).where(
                reply_opportunities.c.tweet_id == found(number).post_id
            )
        ).one()
    return row.status, row.turned_away_reason


def test_what_was_judged_is_kept_once_and_counted_once_for_its_author(
    database: AccountDatabase, clock: ManualClock
) -> None:
    everything = [judged(1), judged(2, turned_away="not about our subjects", subject=None)]
    kept = keep(database, everything, now=clock.now())
    assert ([one.post_id for one in kept.opportunities], kept.new_authors) == ([found(1).post_id], 1)
    assert keep(database, everything, now=clock.now()) == Kept(opportunities=[], new_authors=0, refused=[])
    assert relevance_of(database, ["ada"]) == {"ada": 2 / 4}
    assert opportunities.verdicts(database, [found(n).post_id for n in range(4)]) == {
        found(1).post_id: None,
        found(2).post_id: "not about our subjects",
    }


def test_who_addressed_us_comes_first_then_the_best_and_what_is_over_is_not_offered(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    keep(
        database,
        [
            judged(1, score=1.0),
            judged(2, score=2.0),
            judged(3, score=0.5, addressed_us=True),
            judged(4, score=9.0, expires_at=now),
        ],
        now=now,
    )
    assert [int(one.post_id[-1]) for one in open_opportunities(database, now=now)] == [3, 2, 1]
    assert open_opportunities(database, now=now)[2] == found(1, score=1.0)
    assert opportunities.expire(database, now=now) == 1
    assert status_of(database, 4) == ("expired", None)


def test_a_reply_leads_its_opportunity_along(database: AccountDatabase, clock: ManualClock) -> None:
    keep(database, [judged(n, handle=f"ada_{n}") for n in range(1, 5)], now=clock.now())
    add(database, 1, handle="ada_1")
    assert status_of(database, 1) == ("drafted", None)
    attempt = claim(database, profile(), clock.now())
    record_refused(database, attempt, code=None, message="@ada_1 asked to be left alone", now=clock.now(), by=BY)
    assert status_of(database, 1) == ("turned_away", "refused: @ada_1 asked to be left alone")

    add(database, 2, handle="ada_2", status=DecisionStatus.NEEDS_REVIEW)
    assert expire_overdue(database, now=FOUND.expires_at, by=BY) == 1
    assert status_of(database, 2)[0] == OpportunityStatus.EXPIRED

    add(database, 3, handle="ada_3", status=DecisionStatus.REJECTED)
    assert status_of(database, 3)[0] == OpportunityStatus.TURNED_AWAY


def test_f23_who_asks_to_be_left_alone_gets_nothing_that_waited(database: AccountDatabase, clock: ManualClock) -> None:
    keep(database, [judged(1, handle="Ada"), judged(2, handle="Ada"), judged(3, handle="bob")], now=clock.now())
    add(database, 1, handle="Ada")
    add(database, 3, handle="bob")
    with database.transaction() as connection:
        opt_out(connection, database.account, handle="ada", user_id="7", words="stop", now=clock.now())
        assert withdraw_replies_to(connection, database.account, "ada", reason="asked", now=clock.now(), by=BY) == 1
    assert status_of(database, 1) == ("turned_away", "asked")
    assert status_of(database, 3) == ("drafted", None)
    with pytest.raises(NoLongerOpen, match="asked to be left alone"):
        add(database, 2, handle="Ada")


def test_a_rejected_draft_takes_nobodys_place(database: AccountDatabase, clock: ManualClock) -> None:
    keep(database, [judged(1), judged(2), judged(3)], now=clock.now())
    add(database, 1, status=DecisionStatus.REJECTED)
    add(database, 2)
    with pytest.raises(NoLongerOpen, match="@ada has a reply of today already"):
        add(database, 3)
    assert opportunities.answered_posts(database, [found(n).post_id for n in (1, 2, 3)]) == {found(2).post_id}
    assert opportunities.answered_authors(database, since=FOUND.found_at) == {"ada"}
    assert opportunities.answered_authors(database, since=FOUND.found_at + timedelta(seconds=1)) == frozenset()


def test_f23_four_who_draft_at_once_write_one_reply_an_author_and_one_a_post(
    database: AccountDatabase, database_url: str, clock: ManualClock
) -> None:
    authors, posts_each = 5, 4
    numbers = {number: f"Ada_{number % authors}" for number in range(1, authors * posts_each + 1)}
    keep(database, [judged(number, handle=handle) for number, handle in numbers.items()], now=clock.now())
    together = Barrier(4)

    def draft_everything(first: int) -> int:
        engine = open_engine(database_url)
        mine = AccountDatabase(engine, database.account)
        together.wait()
        written = 0
        for number in sorted(numbers, key=lambda number: (number + first) % len(numbers)):
            try:
                add(mine, number, handle=numbers[number])
            except NoLongerOpen:
                continue
            written += 1
        engine.dispose()
        return written

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(draft_everything, range(4))) == authors
    with database.transaction() as connection:
        replies = connection.execute(
            select(func.lower(content_metadata.c.target_author), func.count()).group_by(
                func.lower(content_metadata.c.target_author)
            )
        ).all()
    assert sorted(tuple(row) for row in replies) == [(f"ada_{number}", 1) for number in range(authors)]


def test_an_opportunity_that_is_no_longer_open_gets_no_second_reply(
    database: AccountDatabase, clock: ManualClock
) -> None:
    keep(database, [judged(1)], now=clock.now())
    add(database, 1)
    with database.transaction() as connection:
        # As if the first were of another day: the post itself must still be refused.
        connection.execute(update(content_metadata).values(created_at=FOUND.found_at - timedelta(days=2)))
    with pytest.raises(NoLongerOpen, match="is drafted by now"):
        add(database, 1)
    with pytest.raises(NoLongerOpen, match="is no opportunity by now"):
        add(database, 9)
