"""Claiming within the quotas: what counts, what frees a place, and when a day begins."""

from datetime import UTC, datetime, timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import AttemptState
from xbot_pipelines.settings import Caps
from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.publishing import mark_submitted, open_attempts, record_absent, record_refused, record_unknown
from xbot_pipelines_tests.store.given import BY, blocked, claim, claimed, posted, profile, queued, reply, single

MINUTE = timedelta(minutes=1)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("state", [state for state in AttemptState if state is not AttemptState.ABSENT])
def test_f04_a_quota_counts_attempts_that_are_not_proven_absent(
    database: AccountDatabase, clock: ManualClock, state: AttemptState
) -> None:
    _attempted(database, state, at=clock.now())
    queued(database, single("The second."), at=clock.now())
    one_an_hour = profile(Caps(posts_per_hour=1, minimum_gap_minutes=0))

    assert blocked(database, one_an_hour, clock.advance(MINUTE)) == "single: 1 of 1 an hour are used"


@pytest.mark.parametrize("end", ["absent", "refused"])
def test_f05_an_attempt_proven_absent_frees_its_place_at_once(
    database: AccountDatabase, clock: ManualClock, end: str
) -> None:
    one_at_all = profile(Caps(posts_per_hour=1, posts_per_day=1, minimum_gap_minutes=59))
    attempt = claimed(database, single("The first."), at=clock.now())
    second = queued(database, single("The second."), at=clock.now())
    record_unknown(database, attempt, reason="no answer", now=clock.now(), by=BY)
    assert "1 of 1 an hour" in blocked(database, one_at_all, clock.now())

    if end == "absent":
        record_absent(database, attempt, reason="not there", retry_at=None, now=clock.now(), by=BY)
    else:
        record_refused(database, attempt, code=187, message="duplicate", now=clock.now(), by=BY)

    assert claim(database, one_at_all, clock.now()).decision_id == second


def test_f05_an_attempt_that_stays_unknown_leaves_the_hour_when_the_hour_is_over(
    database: AccountDatabase, clock: ManualClock
) -> None:
    _attempted(database, AttemptState.UNKNOWN, at=clock.now())
    queued(database, single("The second."), at=clock.now())
    one_an_hour = profile(Caps(posts_per_hour=1, posts_per_day=2, minimum_gap_minutes=0))

    assert "an hour are used" in blocked(database, one_an_hour, clock.advance(HOUR - timedelta(seconds=1)))

    claim(database, one_an_hour, clock.advance(timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(posts_per_hour=2, minimum_gap_minutes=0), "single: 2 of 2 an hour are used"),
        (Caps(posts_per_hour=9, posts_per_day=2, minimum_gap_minutes=0), "single: 2 of 2 a day are used"),
    ],
)
def test_f18_replies_go_on_when_the_quota_of_posts_is_used(
    database: AccountDatabase, clock: ManualClock, caps: Caps, reason: str
) -> None:
    now = clock.now()
    for number in range(3):
        queued(database, single(f"Post {number}"), at=now - HOUR)
    answer = queued(database, reply(), at=now)

    assert [claim(database, profile(caps), now).decision_type for _ in range(3)] == ["single", "single", "reply"]
    assert blocked(database, profile(caps), now) == reason
    assert answer in {attempt.decision_id for attempt in open_attempts(database)}


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        (Caps(replies_per_hour=2, minimum_gap_minutes=0), "reply: 2 of 2 an hour are used"),
        (Caps(replies_per_hour=9, replies_per_day=2, minimum_gap_minutes=0), "reply: 2 of 2 a day are used"),
    ],
)
def test_f18_posts_go_on_when_stale_replies_have_used_theirs(
    database: AccountDatabase, clock: ManualClock, caps: Caps, reason: str
) -> None:
    now = clock.now()
    for number in range(43):
        queued(database, reply(f"Answer {number}", to=f"ada_{number}"), at=now - HOUR)
    assert [claim(database, profile(caps), now).decision_type for _ in range(2)] == ["reply", "reply"]
    post = queued(database, single(), at=now)

    assert claim(database, profile(caps), now).decision_type == "single"
    assert blocked(database, profile(caps), now) == reason
    assert post in {attempt.decision_id for attempt in open_attempts(database)}


def test_a_used_quota_is_no_reason_where_nothing_of_the_kind_waits(
    database: AccountDatabase, clock: ManualClock
) -> None:
    none_left = profile(Caps(posts_per_hour=1, replies_per_hour=1, minimum_gap_minutes=0))
    posted(database, "1900000000000000100", at=clock.now())
    assert claim_next(database, none_left, now=clock.now(), by=BY) == NothingDue()

    queued(database, single("A second."), at=clock.now())
    assert blocked(database, none_left, clock.now()) == "single: 1 of 1 an hour are used"


def test_the_gap_is_between_any_two_publications(database: AccountDatabase, clock: ManualClock) -> None:
    gap = profile(Caps(minimum_gap_minutes=5))
    claimed(database, single(), at=clock.now())
    answer = queued(database, reply(), at=clock.now())

    reason = blocked(database, gap, clock.advance(4 * MINUTE))
    assert reason == "reply: the last publication began 4 minutes ago, the gap is 5"

    assert claim(database, gap, clock.advance(MINUTE)).decision_id == answer


def test_a_gap_of_hours_holds_over_midnight_too(database: AccountDatabase, clock: ManualClock) -> None:
    three_hours = profile(Caps(minimum_gap_minutes=180))
    late = clock.advance(11 * HOUR)
    claimed(database, single("Before midnight."), at=late)
    queued(database, single("After midnight."), at=late)

    assert "began 120 minutes ago" in blocked(database, three_hours, clock.advance(2 * HOUR))
    claim(database, three_hours, clock.advance(HOUR))


@pytest.mark.parametrize(
    ("zone", "now", "midnight"),
    [
        ("UTC", "2026-03-02T12:00Z", "2026-03-02T00:00Z"),
        ("America/Los_Angeles", "2026-03-03T05:00Z", "2026-03-02T08:00Z"),
        ("Pacific/Kiritimati", "2026-03-02T12:00Z", "2026-03-02T10:00Z"),
        ("Europe/Vienna", "2026-03-29T12:00Z", "2026-03-28T23:00Z"),
        ("Europe/Vienna", "2026-10-25T22:30Z", "2026-10-24T22:00Z"),
        # Within the first hour of a day the hour reaches back over midnight, and the day does not.
        ("Europe/Vienna", "2026-03-02T23:30Z", "2026-03-02T23:00Z"),
    ],
)
def test_f27_a_daily_quota_begins_at_midnight_where_the_account_lives(
    database: AccountDatabase, zone: str, now: str, midnight: str
) -> None:
    moment, day_began = datetime.fromisoformat(now), datetime.fromisoformat(midnight)
    account = profile(Caps(posts_per_hour=9, posts_per_day=1, minimum_gap_minutes=0), zone)
    posted(database, "1900000000000000100", at=day_began - timedelta(microseconds=1))
    waiting = queued(database, single("Today's."), at=day_began)

    assert claim(database, account, moment).decision_id == waiting
    queued(database, single("One too many."), at=day_began)
    assert blocked(database, account, moment) == "single: 1 of 1 a day are used"


def test_f27_what_began_at_the_stroke_of_midnight_belongs_to_the_new_day(database: AccountDatabase) -> None:
    midnight = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    account = profile(Caps(posts_per_hour=9, posts_per_day=1, minimum_gap_minutes=0), "Europe/Vienna")
    posted(database, "1900000000000000100", at=midnight)
    queued(database, single(), at=midnight)

    assert blocked(database, account, midnight + 5 * HOUR) == "single: 1 of 1 a day are used"


def test_another_accounts_publications_use_nothing_of_ours(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    posted(other, "1900000000000000100", at=clock.now())
    queued(database, single(), at=clock.now())

    claim(database, profile(Caps(posts_per_hour=1, posts_per_day=1, minimum_gap_minutes=5)), clock.now())


def _attempted(database: AccountDatabase, state: AttemptState, *, at: datetime) -> None:
    """An attempt of a single post that has come as far as `state`."""
    if state is AttemptState.CONFIRMED:
        posted(database, "1900000000000000100", at=at)
        return
    attempt = claimed(database, single("The first."), at=at)
    if state is not AttemptState.INTENDED:
        mark_submitted(database, attempt, now=at)
    if state is AttemptState.UNKNOWN:
        record_unknown(database, attempt, reason="no answer", now=at, by=BY)


def test_f18_an_author_is_answered_once_a_day_at_the_very_door(database: AccountDatabase, clock: ManualClock) -> None:
    now = clock.now()
    first = queued(database, reply("One.", to="Ada"), at=now - HOUR)
    second = queued(database, reply("Two.", to="ada"), at=now)
    other = queued(database, reply("Three.", to="bob"), at=now)
    account = profile()

    assert [claim(database, account, now).decision_id for _ in range(2)] == [first, other]
    assert isinstance(claim_next(database, account, now=now, by=BY), NothingDue)
    assert claim(database, account, clock.advance(24 * HOUR)).decision_id == second


def test_f05_an_answer_that_is_proven_absent_does_not_use_up_its_authors_day(
    database: AccountDatabase, clock: ManualClock
) -> None:
    now = clock.now()
    queued(database, reply("One.", to="ada"), at=now - HOUR)
    second = queued(database, reply("Two.", to="ada"), at=now)
    attempt = claim(database, profile(), now)
    record_absent(database, attempt, reason="it is not there", retry_at=now + HOUR, now=now, by=BY)

    assert claim(database, profile(), now).decision_id == second
