"""What Dagster writes down is understood: its tables are no promise of theirs, so a real Dagster writes them here."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import dagster as dg
import pytest
from dagster import DagsterInstance
from sqlalchemy import Connection, Engine, create_engine

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.orchestration.passing import PassedOver, Why, blocked, nothing_to_do
from xbot_pipelines.orchestration.records import (
    Ended,
    JobRecord,
    Outcome,
    read_heartbeats,
    read_jobs,
    read_last_look,
)
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, dagster_url, product_url
from xbot_pipelines_tests.conftest import NOON, address_of, execute
from xbot_pipelines_tests.orchestration.written import Written, an_error
from xbot_pipelines_tests.systems.jobs import run_job

JOBS = [turn.job for turn in TIMETABLE]
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def address(admin: Engine, template: str) -> Iterator[str]:
    """A database for the whole file: each test has an account of its own."""
    name = f"records_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield address_of(admin, name)
    execute(admin, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def instance(address: str) -> Iterator[DagsterInstance]:
    """A Dagster whose tables lie where ours are, as `xbot up` has them."""
    with dg.instance_for_test(overrides={"storage": {"postgres": {"postgres_url": dagster_url(address)}}}) as instance:
        yield instance


@pytest.fixture
def written(instance: DagsterInstance) -> Written:
    """What Dagster has written down of an account that is new."""
    return Written(instance, f"account_{uuid4().hex}")


@pytest.fixture(scope="module")
def reader(address: str) -> Iterator[Connection]:
    """The connection that is read over: each question sees what was written by then."""
    engine = create_engine(product_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def jobs(reader: Connection, written: Written) -> Mapping[str, JobRecord]:
    return read_jobs(reader, written.account, JOBS)


def told(record: JobRecord) -> list[tuple[Ended, str | None, str | None]]:
    return [(outcome.ended, outcome.reason, outcome.error) for outcome in record.outcomes]


def test_f25_what_real_runs_came_to_is_told_apart_with_its_reason(
    written: Written, reader: Connection, settings: Settings, database: AccountDatabase
) -> None:
    using: dict[str, Any] = {
        "instance": written.instance,
        "tags": written.tags,
        "settings": settings,
        "database": database,
        "clock": SystemClock(),
    }
    assert jobs(reader, written)["plan"] == JobRecord()
    before = SystemClock().now()
    run_job("plan", writer=Writer(model="gpt-5-mini", api_key=None, base_url=None), **using)
    ran = run_job("sync_followers", **using)

    found = jobs(reader, written)
    failed = (Ended.FAILED, "OPENAI_API_KEY is not set: set it to the key of your provider", "WritingFailed")
    assert told(found["plan"]) == [failed]
    assert found["plan"].last_success_at is None
    assert told(found["sync_followers"]) == [(Ended.NOTHING_TO_DO, ran.reason, None)]
    assert found["sync_followers"].last_success_at == found["sync_followers"].outcomes[0].at
    heard_at = found["plan"].heard_at
    assert heard_at is not None
    assert before <= heard_at <= SystemClock().now()
    another = Written(written.instance, "another")
    assert jobs(reader, another)["plan"] == JobRecord()


def test_a_success_is_remembered_behind_many_failures_and_a_run_under_way_is_seen(
    written: Written, reader: Connection
) -> None:
    written.goes_well(written.begins("news"))
    for _ in range(7):
        written.fails("news")
    written.is_canceled("replies")
    written.begins("learning")

    found = jobs(reader, written)
    assert [outcome.ended for outcome in found["news"].outcomes] == [Ended.FAILED] * 5
    assert found["news"].last_success_at is not None
    assert found["news"].under_way_since is None
    assert [outcome.ended for outcome in found["replies"].outcomes] == [Ended.CANCELED]
    assert found["learning"].under_way_since == found["learning"].heard_at
    assert found["learning"].outcomes == ()


def test_turns_that_were_passed_over_are_heard_of_and_nothing_to_do_is_a_success(
    written: Written, reader: Connection
) -> None:
    schedule = written.schedule("posting", since=NOON)
    assert jobs(reader, written)["posting"] == JobRecord(scheduled_since=NOON)
    schedule.ticks(NOON, skipped=nothing_to_do("no decision is due"))
    for minute in range(1, 8):
        schedule.ticks(NOON + minute * MINUTE, skipped=blocked("on holiday"))
    schedule.ticks(NOON + 8 * MINUTE, skipped=PassedOver(Why.MISSED, "the next one is nearer"))

    found = jobs(reader, written)["posting"]
    success = (Ended.NOTHING_TO_DO, "no decision is due", None)
    assert told(found) == [(Ended.BLOCKED, "on holiday", None)] * 4 + [success]
    assert found.last_success_at == NOON
    assert found.heard_at == NOON + 8 * MINUTE

    schedule.ticks(NOON + 9 * MINUTE, error=an_error("OperationalError", "no route\nto it"))
    assert jobs(reader, written)["posting"].outcomes[0] == Outcome(
        at=NOON + 9 * MINUTE, ended=Ended.FAILED, reason="no route", error="OperationalError"
    )


def test_a_schedule_that_somebody_has_switched_off_is_seen(written: Written, reader: Connection) -> None:
    written.schedule("news", since=NOON).switches_off()
    written.schedule("plan", since=NOON)
    found = jobs(reader, written)
    assert not found["news"].is_switched_on
    assert found["plan"].is_switched_on


def test_when_the_sensor_has_last_looked_is_known_and_none_is_expected_to_when_it_is_off(
    written: Written, reader: Connection
) -> None:
    def last_look() -> datetime | None:
        return read_last_look(reader, written.account, "checkpoints_due")

    assert last_look() is None
    before = SystemClock().now()
    sensor = written.sensor("checkpoints_due")
    assert before - MINUTE < (last_look() or NOON) < before + MINUTE
    sensor.ticks(NOON, skipped=nothing_to_do("no checkpoint is due"))
    sensor.ticks(NOON + MINUTE, error=an_error("SomeError", "no answer"))
    assert last_look() == NOON
    sensor.switches_off()
    assert last_look() is None


def test_the_daemons_signs_of_life_are_read(written: Written, reader: Connection) -> None:
    written.beats(NOON, "SENSOR", "SCHEDULER")
    assert read_heartbeats(reader) == {"SENSOR": NOON, "SCHEDULER": NOON}
