"""Rows that the database refuses cost nothing but themselves, and are told with the reason."""

import random
import string
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, NewsItem, PostSnapshot, ProfileSnapshot, ReadingSource
from xbot_pipelines.store import conversations, news, opportunities, people, readings
from xbot_pipelines.store.bad_rows import write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import Judged
from xbot_pipelines_tests.store.given import TWEET_ID, posted, reading
from xbot_pipelines_tests.store.reviewing import found

TOO_LARGE = 2**63
UNSTORABLE = "nul \x00, lone \ud800"
# Nothing that compresses: PostgreSQL has no place for such a key in an index.
LONG_LINK = "https://x.example/" + "".join(random.Random(1).choices(string.ascii_letters, k=9_000))


def test_what_no_table_takes_is_replaced_on_its_way_in_wherever_it_comes_from(
    database: AccountDatabase, clock: ManualClock
) -> None:
    hostile = found(1, text=UNSTORABLE, score_parts={UNSTORABLE: 1.0})
    kept = opportunities.keep(database, [Judged(opportunity=hostile, source=UNSTORABLE)], now=clock.now())
    assert kept.refused == []
    [stored] = opportunities.open_opportunities(database, now=clock.now())
    assert stored.text == "nul \ufffd, lone \ufffd"
    assert stored.score_parts == {"nul \ufffd, lone \ufffd": 1.0}


def test_one_post_that_is_refused_costs_no_other(database: AccountDatabase, clock: ManualClock) -> None:
    judged = [Judged(opportunity=found(number), source="search") for number in range(1, 8)]
    judged[4] = Judged(opportunity=found(5, likes=TOO_LARGE), source="search")
    kept = opportunities.keep(database, judged, now=clock.now())
    assert len(kept.opportunities) == 6
    assert [str(row) for row in kept.refused] == [f"post {found(5).post_id} could not be stored: bigint out of range"]


def test_news_with_a_link_that_no_index_holds_costs_no_other(database: AccountDatabase, clock: ManualClock) -> None:
    items = [NewsItem(url=f"https://x.example/{n}", title=f"{word} sleep", source="x") for n, word in enumerate("abc")]
    items[1] = replace(items[1], url=LONG_LINK, title="Something else about walking")
    items[2] = replace(items[2], title="A third matter: how oats are grown")
    added = news.add_news(database, items, now=clock.now())
    assert (added.new, added.known, len(added.refused)) == (2, 0, 1)
    assert "Something else about walking" in str(added.refused[0])


def test_a_reply_to_us_and_a_person_that_are_refused_cost_no_other(
    database: AccountDatabase, clock: ManualClock
) -> None:
    posted(database, TWEET_ID, at=clock.now())
    [ours] = readings.living_posts(database, since=clock.now(), until=clock.now() + timedelta(hours=1))
    replies = [
        PostSnapshot(
            id=f"190000000000000020{n}",
            author=ProfileSnapshot(id="7", handle="ada", followers=followers),
            text=UNSTORABLE,
            visible_text=UNSTORABLE,
            created_at=clock.now(),
        )
        for n, followers in enumerate((1, TOO_LARGE, 3))
    ]
    new, refused = conversations.save_replies(database, ours, replies, now=clock.now())
    assert (new, [row.what for row in refused]) == (2, ["reply 1900000000000000201"])
    handles = ["bob", "".join(random.Random(2).choices(string.ascii_lowercase, k=9_000)), "eve"]
    new, refused = people.add_handles(database, handles, source="test", now=clock.now())
    assert (new, len(refused)) == (2, 1)


def test_a_reading_that_is_refused_costs_no_other(database: AccountDatabase, clock: ManualClock) -> None:
    posted(database, TWEET_ID, at=clock.now())
    taken = [reading(TWEET_ID, clock.now(), Counters(views=views)) for views in (TOO_LARGE, 7)]
    new, refused = readings.add_readings(database, taken, source=ReadingSource.METRICS_SCRAPER, run_id=None)
    assert (new, [row.what for row in refused]) == (1, [f"the reading of post {TWEET_ID}"])


@pytest.mark.parametrize("statement", ["SELECT no_such_column", "SELECT 1/0 FROM no_such_table"])
def test_what_no_value_is_to_blame_for_fails_as_ever(database: AccountDatabase, statement: str) -> None:
    with database.transaction() as connection, pytest.raises(DBAPIError):
        write_each(connection, [1, 2], lambda _: connection.scalars(text(statement)), name=str)
