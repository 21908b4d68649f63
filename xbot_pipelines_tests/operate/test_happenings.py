"""What is told of the account's history, from the tables of a real database."""

from datetime import timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, DecisionStatus, Reading, ReadingSource
from xbot_pipelines.operate.happenings import History, shortened
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.account import pause, resume
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import record_refused
from xbot_pipelines.store.readings import add_readings
from xbot_pipelines.store.review import approve
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


def test_what_waits_for_an_approval_is_told_and_what_a_person_made_of_it(
    database: AccountDatabase, history: History, clock: ManualClock
) -> None:
    at = clock.now() + timedelta(hours=1)
    decision_id = queued(database, single("Walk."), at=at, status=DecisionStatus.NEEDS_REVIEW)
    assert history.standing().unapproved == 1
    assert history.news() == ["waits for you in `xbot review`: «Walk.»"]
    ada = Provenance(actor="person:ada")
    approve(database, decision_id, shown="Walk.", free_slot=lambda _: clock.now(), now=clock.now(), by=ada)
    assert history.standing().unapproved == 0
    assert history.news() == ["approved by person:ada, to go out at 13:00:00 UTC: «Walk.»"]


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


def test_f21_a_pause_is_told_once_and_when_it_is_over(
    database: AccountDatabase, history: History, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="X asks for a human", now=clock.now(), by=by)
    assert history.news() == ["ALERT: the account is paused: X asks for a human (since 2026-03-02 12:00 UTC)"]
    pause(database, reason="logged out", now=clock.now(), by=by)
    assert history.news() == []
    resume(database, now=clock.advance(timedelta(minutes=12)))
    assert history.news() == ["over: the account is paused: X asks for a human (after 12 min)"]
    assert history.news() == []


def test_f21_an_alert_that_came_and_went_between_two_looks_is_told_all_the_same(
    database: AccountDatabase, history: History, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="logged out", now=clock.now(), by=by)
    resume(database, now=clock.advance(timedelta(seconds=5)))
    pause(database, reason="logged out again", now=clock.now(), by=by)
    assert [line.split(" (")[0] for line in history.news()] == [
        "ALERT: the account is paused: logged out",
        "over: the account is paused: logged out",
        "ALERT: the account is paused: logged out again",
    ]


def test_f21_who_begins_to_listen_hears_of_the_alert_that_is_open_and_of_none_that_is_over(
    database: AccountDatabase, history: History, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="long ago", now=clock.now(), by=by)
    resume(database, now=clock.now())
    pause(database, reason="logged out", now=clock.now(), by=by)
    history.skip()
    assert history.news() == ["ALERT: the account is paused: logged out (since 2026-03-02 12:00 UTC)"]
    assert history.news() == []


def test_another_accounts_history_is_none_of_ours(
    database: AccountDatabase, history: History, clock: ManualClock, by: Provenance
) -> None:
    other = AccountDatabase(database.engine, "other")
    posted(other, POSTS[0], at=clock.now())
    pause(other, reason="logged out", now=clock.now(), by=by)
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
