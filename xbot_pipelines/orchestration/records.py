"""What Dagster has written down: how each job's turns went, what is under way, when its daemon was last heard of.

Read from Dagster's own tables, over a connection that whoever asks has limited in time. Dagster's Python interface
would take seconds to import and waits without a bound, and its webserver may be what has died. Its tables are no public
promise: that we understand what this version writes is tested against the real thing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, text

from xbot_pipelines.models import Result
from xbot_pipelines.store.database import DAGSTER_SCHEMA
from xbot_pipelines.text.parse_json import parse_json

_OUTCOMES = 5
"""How many of a job's latest outcomes are told."""


class Ended(StrEnum):
    """How a turn ended. Those that were left to another run, or to a later turn, are none of these."""

    DONE = Result.DONE.value
    NOTHING_TO_DO = Result.NOTHING_TO_DO.value
    BLOCKED = Result.BLOCKED.value
    FAILED = "failed"
    CANCELED = "canceled"


SUCCESSES = frozenset({Ended.DONE, Ended.NOTHING_TO_DO})
"""What counts as a success: work that there was none of is done, too."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one turn: when, how, and why if that was said. `error` is the name of the exception, if one was."""

    at: datetime
    ended: Ended
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """One job's past.

    `scheduled_since` is when its schedule was first looked after; None: it never was. `heard_at` is the latest turn at
    which it ran, or said why it does not. `outcomes` are its latest, the newest first. `under_way_since` is when a run
    that has not ended was asked for.
    """

    scheduled_since: datetime | None = None
    is_switched_on: bool = True
    heard_at: datetime | None = None
    last_success_at: datetime | None = None
    outcomes: Sequence[Outcome] = ()
    under_way_since: datetime | None = None


def read_jobs(connection: Connection, account: str, jobs: Iterable[str]) -> Mapping[str, JobRecord]:
    """Answers the past of each of an account's jobs, by its name."""
    names = list(jobs)
    values = {"account": account, "jobs": names, "repository": f"__repository__@{account}"}
    schedules = {row.job: row for row in connection.execute(text(_SCHEDULES), values)}
    ticks = connection.execute(text(_TICKS), values).all()
    runs = connection.execute(text(_RUNS), values).all()
    return {
        job: _record(
            schedules.get(job), [tick for tick in ticks if tick.job == job], [run for run in runs if run.job == job]
        )
        for job in names
    }


def read_heartbeats(connection: Connection) -> Mapping[str, datetime]:
    """Answers when each part of Dagster's daemon gave its last sign of life, by its name."""
    rows = connection.execute(text(_HEARTBEATS))
    return {row.daemon_type: _moment(row.beat_at) for row in rows}


def read_last_look(connection: Connection, account: str, sensor: str) -> datetime | None:
    """Answers when a sensor that is switched on has last looked, or should have begun to; None: it is not on."""
    row = connection.execute(text(_LAST_LOOK), {"account": account, "sensor": sensor}).one_or_none()
    if row is None or row.status == "STOPPED":
        return None
    return _moment(row.looked_at or row.since)


def _record(schedule: Row[Any] | None, ticks: Sequence[Row[Any]], runs: Sequence[Row[Any]]) -> JobRecord:
    outcomes = [outcome for outcome in (*map(_of_tick, ticks), *map(_of_run, runs)) if outcome is not None]
    outcomes.sort(key=lambda outcome: outcome.at, reverse=True)
    heard = [tick.at for tick in ticks] + [run.asked_at for run in runs]
    under_way = [run.asked_at for run in runs if run.ended_at is None]
    return JobRecord(
        scheduled_since=_moment(schedule.since) if schedule else None,
        is_switched_on=schedule is None or schedule.status != "STOPPED",
        heard_at=_moment(max(heard)) if heard else None,
        last_success_at=next((outcome.at for outcome in outcomes if outcome.ended in SUCCESSES), None),
        outcomes=tuple(outcomes[:_OUTCOMES]),
        under_way_since=_moment(min(under_way)) if under_way else None,
    )


def _of_tick(tick: Row[Any]) -> Outcome | None:
    at = _moment(tick.at)
    if tick.status == "FAILURE":
        error, reason = _innermost(tick.error)
        return Outcome(at=at, ended=Ended.FAILED, reason=reason, error=error)
    said, _, reason = (tick.skip_reason or "").partition(": ")
    return Outcome(at=at, ended=Ended(said), reason=reason) if tick.status == "SKIPPED" and said in _SAID else None


def _of_run(run: Row[Any]) -> Outcome | None:
    if run.ended_at is None:
        return None
    at = _moment(run.ended_at)
    match run.status:
        case "SUCCESS":
            # A job whose assets say nothing of their result is done when it has ended.
            return Outcome(at=at, ended=Ended(run.result or Ended.DONE), reason=run.reason)
        case "FAILURE":
            error, reason = _innermost(run.error)
            return Outcome(at=at, ended=Ended.FAILED, reason=reason, error=error)
        case _:
            return Outcome(at=at, ended=Ended.CANCELED)


def _innermost(error: str | None) -> tuple[str | None, str | None]:
    """The name of the exception that is at the root of an error, and its first line."""
    found: dict[str, Any] | None = parse_json(error) if error else None
    if found is None:
        return None, None
    while found.get("cause"):
        found = found["cause"]
    first_line = next(iter(str(found["message"]).strip().splitlines()), "")
    return found.get("cls_name"), re.sub(r"^[\w.]+: ", "", first_line) or None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_SAID = {Ended.NOTHING_TO_DO.value, Ended.BLOCKED.value}

_INSTIGATORS = f"""
    SELECT body -> 'origin' ->> 'job_name' AS name, selector_id, status,
           (body #>> '{{job_specific_data,start_timestamp}}')::double precision AS started,
           extract(epoch FROM created)::double precision AS created
    FROM (SELECT selector_id, status, instigator_body::jsonb AS body, create_timestamp AT TIME ZONE 'UTC' AS created
          FROM {DAGSTER_SCHEMA}.instigators) AS instigator
    WHERE body #>> '{{origin,external_repository_origin,repository_location_origin,location_name}}' = :account
"""  # noqa: S608 - made of a constant of ours, the values are bound

_SCHEDULES = f"""
    WITH instigator AS ({_INSTIGATORS})
    SELECT job.name AS job, instigator.status AS status, coalesce(instigator.started, instigator.created) AS since
    FROM unnest(CAST(:jobs AS text[])) AS job(name) JOIN instigator ON instigator.name = job.name || '_turn'
"""  # noqa: S608 - as above

_TICKS = f"""
    WITH instigator AS ({_INSTIGATORS}), ticks AS (
        SELECT job.name AS job, instigator.selector_id AS selector_id
        FROM unnest(CAST(:jobs AS text[])) AS job(name) JOIN instigator ON instigator.name = job.name || '_turn'
    )
    SELECT DISTINCT ticks.job AS job, tick.status AS status, (tick.body ->> 'timestamp')::double precision AS at,
           tick.body ->> 'skip_reason' AS skip_reason, tick.body ->> 'error' AS error
    FROM ticks CROSS JOIN LATERAL (
        (SELECT status, tick_body::jsonb AS body FROM {DAGSTER_SCHEMA}.job_ticks
         WHERE selector_id = ticks.selector_id AND status <> 'STARTED'
         ORDER BY "timestamp" DESC LIMIT {_OUTCOMES})
        UNION ALL
        (SELECT status, tick_body::jsonb AS body FROM {DAGSTER_SCHEMA}.job_ticks
         WHERE selector_id = ticks.selector_id AND status = 'SKIPPED'
               AND tick_body::jsonb ->> 'skip_reason' LIKE '{Ended.NOTHING_TO_DO}: %'
         ORDER BY "timestamp" DESC LIMIT 1)
    ) AS tick
"""  # noqa: S608 - as above

_OURS = f"""
    pipeline_name = job.name AND EXISTS (
        SELECT FROM {DAGSTER_SCHEMA}.run_tags AS tag
        WHERE tag.run_id = run.run_id AND tag.key = '.dagster/repository' AND tag.value = :repository
    )
"""

_RUNS = f"""
    SELECT DISTINCT job.name AS job, run.run_id AS run_id, run.status AS status, run.end_time AS ended_at,
           extract(epoch FROM run.create_timestamp AT TIME ZONE 'UTC')::double precision AS asked_at,
           said.entries #>> '{{result,0}}' AS result, said.entries #>> '{{reason,0}}' AS reason, failure.error AS error
    FROM unnest(CAST(:jobs AS text[])) AS job(name) CROSS JOIN LATERAL (
        (SELECT run_id, status, create_timestamp, end_time FROM {DAGSTER_SCHEMA}.runs AS run
         WHERE {_OURS} AND status <> 'NOT_STARTED' ORDER BY id DESC LIMIT {_OUTCOMES})
        UNION
        (SELECT run_id, status, create_timestamp, end_time FROM {DAGSTER_SCHEMA}.runs AS run
         WHERE {_OURS} AND status = 'SUCCESS' ORDER BY id DESC LIMIT 2)
    ) AS run
    LEFT JOIN LATERAL (
        SELECT jsonb_build_object(
                   'result', jsonb_path_query_array(event, '$[*] ? (@.label == "result").entry_data.text'),
                   'reason', jsonb_path_query_array(event, '$[*] ? (@.label == "reason").entry_data.text')
               ) AS entries
        FROM (SELECT event::jsonb #> '{{dagster_event,event_specific_data,materialization,metadata_entries}}' AS event
              FROM {DAGSTER_SCHEMA}.event_logs
              WHERE run_id = run.run_id AND dagster_event_type = 'ASSET_MATERIALIZATION'
              ORDER BY id LIMIT 1) AS materialization
    ) AS said ON run.status = 'SUCCESS'
    LEFT JOIN LATERAL (
        SELECT event::jsonb #>> '{{dagster_event,event_specific_data,error}}' AS error
        FROM {DAGSTER_SCHEMA}.event_logs
        WHERE run_id = run.run_id AND dagster_event_type IN ('STEP_FAILURE', 'PIPELINE_FAILURE')
        ORDER BY id LIMIT 1
    ) AS failure ON run.status = 'FAILURE'
"""  # noqa: S608 - as above

_HEARTBEATS = f"""
    SELECT daemon_type, (body::jsonb ->> 'timestamp')::double precision AS beat_at
    FROM {DAGSTER_SCHEMA}.daemon_heartbeats
"""  # noqa: S608 - as above

_LAST_LOOK = f"""
    WITH instigator AS ({_INSTIGATORS})
    SELECT status, coalesce(started, created) AS since,
           (SELECT (tick_body::jsonb ->> 'timestamp')::double precision FROM {DAGSTER_SCHEMA}.job_ticks
            WHERE selector_id = instigator.selector_id AND status IN ('SKIPPED', 'SUCCESS')
            ORDER BY "timestamp" DESC LIMIT 1) AS looked_at
    FROM instigator WHERE name = :sensor
"""  # noqa: S608 - as above
