"""What is told of the account's history, from the tables of a real database."""

from datetime import timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, Reading, ReadingSource
from xbot_pipelines.operate.happenings import History, shortened
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import record_refused
from xbot_pipelines.store.readings import add_readings
from xbot_pipelines_tests.store.given import claimed, posted, queued, reading, single

POSTS = [f"190000000000000000{number}" for number in range(5)]


@pytest.fixture
def history(database: AccountDatabase, settings: Settings) -> History:
    return History(database, settings)


def read(database: AccountDatabase, *readings: Reading) -> None:
    """Takes these readings."""
    add_readings(database, readings, source=ReadingSource.METRICS_SCRAPER, run_id=None)


def test_planning_publishing_and_reading_are_told_in_order_and_once(
    database: AccountDatabase, history: History, settings: Settings, clock: ManualClock
) -> None:
    posted(database, POSTS[0], at=clock.now(), text="Walk after lunch.\nTen minutes do.")
    read(database, reading(POSTS[0], clock.now() + timedelta(seconds=12), Counters(views=3, likes=0, reposts=0)))
    address = f"{settings.x_url}/{settings.profile.handle}/status/{POSTS[0]}"
    assert history.news() == [
        "planned for 12:00:00 UTC: «Walk after lunch. / Ten minutes do.»",
        f"published: {address} (answer) «Walk after lunch. / Ten minutes do.»",
        f"first reading of {POSTS[0]} at the age of 12 s: 3 views, 0 likes, 0 reposts, replies unknown",
    ]
    assert history.news() == []


def test_a_refusal_is_told_with_its_reason(
    database: AccountDatabase, history: History, clock: ManualClock, by: Provenance
) -> None:
    attempt = claimed(database, single("Said before."), at=clock.now())
    history.news()
    record_refused(database, attempt, code=187, message="Whoops! You already said that.", now=clock.now(), by=by)
    [line] = history.news()
    assert line.startswith("refused: X refused it: Whoops! You already said that. (187)")
    assert line.endswith("«Said before.»")


def test_many_readings_at_once_are_counted_and_only_the_first_of_a_post_is_shown(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    for hours, post in enumerate(POSTS):
        posted(database, post, at=clock.now() + timedelta(hours=hours))
    later = clock.now() + timedelta(hours=6)
    read(database, *(reading(post, later, Counters(views=10)) for post in POSTS[:-1]))
    history.news()
    read(database, *(reading(post, later + timedelta(minutes=10), Counters(views=20)) for post in POSTS))
    first, rest = history.news()
    assert first.startswith(f"first reading of {POSTS[-1]}")
    assert rest == "read: 4 posts again"


def test_what_was_there_before_is_not_told_once_it_is_skipped(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    posted(database, POSTS[0], at=clock.now())
    history.skip()
    assert history.news() == []


def test_another_accounts_history_is_none_of_ours(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    posted(AccountDatabase(database.engine, "other"), POSTS[0], at=clock.now())
    assert history.news() == []
    assert history.standing().posted == 0


def test_a_first_cycle_is_wanted_until_something_was_published_and_whenever_nothing_waits(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    assert history.standing().wants_first_cycle
    posted(database, POSTS[0], at=clock.now())
    assert history.standing().wants_first_cycle
    queued(database, single("Not yet."), at=clock.now() + timedelta(days=1))
    assert not history.standing().wants_first_cycle


def test_a_queue_alone_does_not_show_a_newcomer_anything(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    queued(database, single("Not yet."), at=clock.now() + timedelta(days=1))
    assert history.standing().wants_first_cycle


def test_a_long_text_is_cut_to_one_line() -> None:
    assert shortened("One line.\n\n Another.") == "One line. / Another."
    assert len(shortened("word " * 100)) == 100
    assert shortened("word " * 100).endswith("…")
