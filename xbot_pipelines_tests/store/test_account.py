"""Whether the account may act: a pause that a person ends, and a wait that ends by itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.store.account import AccountState, pause, post_no_more_until, resume, state_of, wait_until
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.conftest import NOON

MINUTE = timedelta(minutes=1)
NOTHING_STOPS_IT = AccountState(
    paused_at=None,
    paused_reason=None,
    paused_by=None,
    wait_until=None,
    wait_reason=None,
    posting_wait_until=None,
    posting_wait_reason=None,
    posting_stopped_at=None,
    posting_stopped_reason=None,
)


def test_an_account_that_nobody_stopped_may_act(database: AccountDatabase, clock: ManualClock) -> None:
    assert state_of(database) == NOTHING_STOPS_IT
    assert state_of(database).standstill(clock.now()) is None


def test_f17_a_pause_says_why_since_when_and_by_whom(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    assert pause(database, reason="logged out", now=clock.now(), by=by)

    state = state_of(database)
    assert (state.paused_at, state.paused_reason, state.paused_by) == (clock.now(), "logged out", "test")
    assert state.standstill(clock.now()) == "the account is paused since 2026-03-02 12:00 UTC: logged out"


def test_f17_a_pause_never_ends_by_itself(database: AccountDatabase, clock: ManualClock, by: Provenance) -> None:
    pause(database, reason="logged out", now=clock.now(), by=by)

    assert state_of(database).standstill(clock.advance(timedelta(days=365))) is not None


def test_f17_what_happens_during_a_pause_does_not_hide_its_first_cause(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="logged out", now=clock.now(), by=by)
    first = state_of(database)

    assert not pause(database, reason="a challenge", now=clock.advance(MINUTE), by=Provenance(actor="another"))

    assert state_of(database) == first


def test_f20_of_those_who_pause_at_once_one_is_the_first_and_tells_a_person(
    database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    with ThreadPoolExecutor(4) as pool:
        pausing = [pool.submit(pause, database, reason=f"wall {number}", now=clock.now(), by=by) for number in range(8)]
        firsts = [number for number, first in enumerate(pausing) if first.result()]

    assert len(firsts) == 1
    assert state_of(database).paused_reason == f"wall {firsts[0]}"


def test_f17_a_person_ends_a_pause(database: AccountDatabase, clock: ManualClock, by: Provenance) -> None:
    assert not resume(database, now=clock.now())
    pause(database, reason="logged out", now=clock.now(), by=by)

    assert resume(database, now=clock.now())

    assert state_of(database) == NOTHING_STOPS_IT
    assert not resume(database, now=clock.now())
    assert pause(database, reason="a challenge", now=clock.advance(MINUTE), by=by)
    assert state_of(database).paused_reason == "a challenge"


def test_f17_a_wait_ends_by_itself_and_the_later_word_counts(database: AccountDatabase, clock: ManualClock) -> None:
    wait_until(database, clock.now() + 9 * MINUTE, reason="rate limit")
    wait_until(database, clock.now() + MINUTE, reason="another limit")

    reason = "the account waits until 2026-03-02 12:01:00 UTC: another limit"
    assert state_of(database).standstill(clock.now()) == reason
    assert state_of(database).standstill(clock.advance(MINUTE - timedelta(seconds=1))) == reason
    assert state_of(database).standstill(clock.advance(timedelta(seconds=1))) is None


def test_f17_ending_a_pause_does_not_end_a_wait(database: AccountDatabase, clock: ManualClock, by: Provenance) -> None:
    wait_until(database, clock.now() + MINUTE, reason="rate limit")
    pause(database, reason="logged out", now=clock.now(), by=by)
    assert "logged out" in (state_of(database).standstill(clock.now()) or "")

    resume(database, now=clock.now())

    assert "rate limit" in (state_of(database).standstill(clock.now()) or "")


def test_accounts_stand_still_each_for_itself(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    pause(database, reason="logged out", now=clock.now(), by=by)
    wait_until(database, clock.now() + MINUTE, reason="rate limit")

    assert state_of(other) == NOTHING_STOPS_IT
    assert not resume(other, now=clock.now())
    assert state_of(database).paused_at is not None


def test_the_daily_limit_of_posts_stops_publishing_and_nothing_else(database: AccountDatabase) -> None:
    post_no_more_until(database, NOON + timedelta(hours=11), reason="the daily limit is reached")
    state = state_of(database)
    assert state.standstill(NOON) is None
    assert state.posting_standstill(NOON) == "posting waits until 2026-03-02 23:00:00 UTC: the daily limit is reached"
    assert state.posting_standstill(NOON + timedelta(hours=11)) is None
