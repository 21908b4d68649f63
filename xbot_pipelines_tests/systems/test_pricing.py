"""What a day by X's API costs before it is run."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import received_replies
from xbot_pipelines.systems.budget import month_of
from xbot_pipelines.systems.pricing import DayPlan, link_warning, next_day, price_day, such_a_day
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.store.given import posted, profile, queued, reply, single
from xbot_pipelines_tests.store.rows import write

DAY = timedelta(days=1)
FEBRUARY = date(2026, 2, 10)

numbers = st.integers(min_value=0, max_value=200)


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at noon of a Monday."""
    return ManualClock(NOON)


def test_a_day_is_priced_line_by_line() -> None:
    plan = DayPlan(posts=10, posts_with_link=2, replies=4, targets=5, own_posts=100, older_posts=9, mentions=7)
    price = price_day(plan, budget=Decimal(56), day=FEBRUARY)
    assert [(line.about, line.count, line.usd) for line in price.lines] == [
        ("posts", 10, Decimal("0.150")),
        ("posts with a link", 2, Decimal("0.400")),
        ("replies", 4, Decimal("0.040")),
        ("looks at what they answer", 5, Decimal("0.025")),
        ("our own posts", 100, Decimal("0.100")),
        ("our older posts, once a week", 9, Decimal("0.045")),
        ("mentions", 7, Decimal("0.007")),
        ("who we are", 1, Decimal("0.010")),
        # Half of 56 dollars is one for each of 28 days, and 0.777 of it is gone.
        ("posts found by search", 44, Decimal("0.220")),
    ]
    assert price.usd == Decimal("0.997")


def test_search_gets_what_its_half_of_the_budget_leaves_of_a_day() -> None:
    price = price_day(such_a_day(posts=10, links=0, replies=0), budget=Decimal(56), day=FEBRUARY)
    found = price.lines[-1]
    # 0.15 for the posts, 0.08 for reading them, 0.16 for 32 older ones, and 0.01 to know who we are.
    assert (found.about, found.count) == ("posts found by search", 120)
    assert price.usd == Decimal("1.000")


@given(numbers, numbers, numbers, st.decimals(min_value=0, max_value=500, places=2))
def test_days_within_half_of_the_budget_fill_no_more_than_that_half_with_search(
    posts: int, links: int, replies: int, budget: Decimal
) -> None:
    price = price_day(such_a_day(posts=posts, links=links, replies=replies), budget=budget, day=FEBRUARY)
    without_search = price.usd - price.lines[-1].usd
    first, following = month_of(FEBRUARY)
    assert price.usd <= max(without_search, budget / 2 / (following - first).days)


def test_a_day_like_those_before_it_reads_each_post_on_eight_days_and_each_replys_target() -> None:
    assert such_a_day(posts=3, links=1, replies=2) == DayPlan(
        posts=3, posts_with_link=1, replies=2, targets=2, own_posts=48, older_posts=19
    )


def test_the_next_day_is_what_waits_and_what_is_out_already(database: AccountDatabase, clock: ManualClock) -> None:
    now = clock.now()
    posted(database, "1900000000000000100", at=now - 8 * DAY)
    posted(database, "1900000000000000101", at=now - 6 * DAY)
    decision_id = posted(database, "1900000000000000102", at=now - DAY)
    answered(database, decision_id, "1900000000000000201", at=now - 2 * DAY)
    answered(database, decision_id, "1900000000000000202", at=now - DAY / 2)
    queued(database, single("Sleep first."), at=now)
    queued(database, single("Read https://example.org/sleep"), at=now)
    queued(database, reply("Same here."), at=now)
    queued(database, reply("I wrote about it: example.org"), at=now)
    queued(database, single("Too late for this day."), at=now + DAY)

    assert next_day(database, now=now) == DayPlan(
        posts=1, posts_with_link=2, replies=1, targets=2, own_posts=6, older_posts=0, mentions=1
    )


def answered(database: AccountDatabase, decision_id: UUID, tweet_id: str, *, at: datetime) -> None:
    """Somebody answers a post of ours."""
    row = {"account": database.account, "tweet_id": tweet_id, "decision_id": decision_id, "author": "ada"}
    moments = dict.fromkeys(("posted_at", "first_seen_at", "last_seen_at"), at)
    write(database, received_replies, {**row, "text": "Thank you.", **moments})


def test_only_who_pays_is_warned_of_a_link_and_of_nothing_else() -> None:
    pays = profile().model_copy(update={"transport": "api"})
    text = "Read https://example.org/sleep"
    assert link_warning(text, is_reply=False, profile=pays) == (
        "it has a link: X's API charges $0.20 for it, 13 times the $0.015 that it is without one"
    )
    assert link_warning(text, is_reply=True, profile=pays) == (
        "it has a link: X's API charges $0.20 for it, 20 times the $0.01 that it is without one"
    )
    assert link_warning("Sleep first.", is_reply=False, profile=pays) is None
    assert link_warning(text, is_reply=False, profile=profile()) is None
