"""A moment is the same wherever the account, the machine and the server are (F27)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from xbot_pipelines.store.claiming import NothingDue, claim_next
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import content_metadata, posting_attempts
from xbot_pipelines_tests.store.given import BY, claim, profile, queued, single


@pytest.fixture(params=["Pacific/Kiritimati", "America/St_Johns"])
def far_from_utc(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own time is nothing like UTC."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_utc")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
@example(datetime.fromisoformat("2026-03-29T03:00:00+02:00"))
@example(datetime.fromisoformat("2026-10-25T02:30:00+01:00"))
def test_f27_what_is_scheduled_in_any_timezone_is_due_at_that_moment_and_not_before(
    database: AccountDatabase, moment: datetime
) -> None:
    in_utc = moment.astimezone(UTC)
    # Each example has an account of its own: to one account, time does not run backwards.
    ours = AccountDatabase(database.engine, f"account_{uuid4().hex}")
    waiting = queued(ours, single(), at=moment, written_at=in_utc)

    assert claim_next(ours, profile(), now=in_utc - timedelta(microseconds=1), by=BY) == NothingDue()
    attempt = claim(ours, profile(), in_utc)

    assert attempt.decision_id == waiting
    with ours.transaction() as connection:
        kept = connection.execute(
            select(content_metadata.c.scheduled_at, posting_attempts.c.began_at)
            .join(posting_attempts, posting_attempts.c.decision_id == content_metadata.c.decision_id)
            .where(content_metadata.c.decision_id == waiting)
        ).one()
    assert kept == (in_utc, in_utc)
    assert {moment.utcoffset() for moment in kept} == {timedelta()}


def test_f27_a_time_without_a_timezone_is_refused_and_nothing_is_written(database: AccountDatabase) -> None:
    with pytest.raises(StatementError, match="has no timezone"):
        queued(database, single(), at=datetime(2026, 3, 2, 12, 0))  # noqa: DTZ001
    with database.transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(content_metadata)) == 0
