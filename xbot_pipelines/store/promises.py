"""What the tables promise, asked of the tables themselves: each question answers what breaks its promise.

They are asked by asset checks after every run, so each looks back a bounded time, by an index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from xbot_pipelines.store.database import AccountDatabase

STUCK_AFTER = timedelta(minutes=30)
"""X has two minutes to show a post, and posting has its turn every ten at the latest."""

LOWEST_COLLECTION_RATE = 0.95
"""The share of a day's checkpoints that is read at least."""

Broken = Sequence[Mapping[str, object]]
"""The rows that break a promise, at most twenty of them; none: it is kept."""


@dataclass(frozen=True, kw_only=True)
class CheckpointTally:
    """The checkpoints that fell due in some time, by what became of them. `owed` are those without a row."""

    on_time: int
    late: int
    missed: int
    owed: int

    @property
    def rate(self) -> float | None:
        """The share that was read, of those that could be: a post that was gone could not. None: there was none."""
        readable = self.on_time + self.late + self.owed
        return (self.on_time + self.late) / readable if readable else None


def posts_without_outcome(database: AccountDatabase, *, since: datetime) -> Broken:
    """Answers the posts published since then that have no row in `outcomes`."""
    return _rows(database, _WITHOUT_OUTCOME, since=since)


def decisions_with_other_than_one_post(database: AccountDatabase, *, since: datetime) -> Broken:
    """Answers the posts since then that are not their posted decision's only one, and decisions posted without any.

    Of a decision that has no post, the moment it was scheduled for tells whether it is asked about.
    """
    return _rows(database, _NOT_ONE_POST, since=since)


def stuck(database: AccountDatabase, *, since: datetime, now: datetime, longer_than: timedelta) -> Broken:
    """Answers attempts and decisions that are on their way for too long: a posting run should have settled them.

    Asked of attempts that began since then, and of decisions scheduled since then.
    """
    return _rows(database, _STUCK, since=since, before=now - longer_than)


def implausible_readings(database: AccountDatabase, *, since: datetime) -> Broken:
    """Answers readings taken since then in which readers did more than they saw."""
    return _rows(database, _IMPLAUSIBLE, since=since)


def fallen_counters(database: AccountDatabase, *, since: datetime) -> Broken:
    """Answers readings taken since then that count less than the reading of the same post before: X took some back."""
    return _rows(database, _FALLEN, since=since)


def tally_checkpoints(
    database: AccountDatabase, *, due_from: datetime, due_until: datetime, checkpoints_hours: Sequence[int]
) -> CheckpointTally:
    """Counts what became of the checkpoints that fell due in [due_from, due_until)."""
    with database.transaction() as connection:
        row = connection.execute(
            text(_TALLY),
            {
                "account": database.account,
                "from": due_from,
                "until": due_until,
                "hours": list(checkpoints_hours),
                "longest": timedelta(hours=max(checkpoints_hours)),
            },
        ).one()
    return CheckpointTally(on_time=row.on_time, late=row.late, missed=row.missed, owed=row.owed)


def _rows(database: AccountDatabase, question: str, **values: object) -> Broken:
    with database.transaction() as connection:
        rows = connection.execute(text(f"{question} LIMIT 20"), {"account": database.account, **values})
        return [dict(row) for row in rows.mappings()]


_WITHOUT_OUTCOME = """
    SELECT tweet_id, posted_at FROM posted_decisions AS posted
    WHERE account = :account AND posted_at >= :since
          AND NOT EXISTS (SELECT FROM outcomes WHERE outcomes.decision_id = posted.decision_id)
"""
_NOT_ONE_POST = """
    SELECT decision_id, content.status AS status, posted.tweet_id AS tweet_id, posted.posted_at AS posted_at
    FROM posted_decisions AS posted LEFT JOIN content_metadata AS content USING (account, decision_id)
    WHERE account = :account AND posted.posted_at >= :since AND (
              content.status IS DISTINCT FROM 'posted' OR EXISTS (
                  SELECT FROM posted_decisions AS another
                  WHERE another.decision_id = posted.decision_id AND another.tweet_id <> posted.tweet_id
              )
          )
    UNION ALL
    SELECT decision_id, content.status, NULL, NULL FROM content_metadata AS content
    WHERE content.account = :account AND content.status = 'posted' AND content.scheduled_at >= :since
          AND NOT EXISTS (SELECT FROM posted_decisions AS posted WHERE posted.decision_id = content.decision_id)
"""
_STUCK = """
    SELECT attempt.decision_id, attempt.state AS state, attempt.began_at AS since FROM posting_attempts AS attempt
    WHERE attempt.account = :account AND attempt.state IN ('intended', 'submitted', 'unknown')
          AND attempt.began_at >= :since AND attempt.began_at < :before
    UNION ALL
    SELECT content.decision_id, content.status, content.updated_at FROM content_metadata AS content
    WHERE content.account = :account AND content.status = 'posting' AND content.scheduled_at >= :since
          AND content.updated_at < :before AND NOT EXISTS (
              SELECT FROM posting_attempts AS open
              WHERE open.decision_id = content.decision_id AND open.state IN ('intended', 'submitted', 'unknown')
          )
"""
_IMPLAUSIBLE = """
    SELECT tweet_id, observed_at, views, likes, reposts, replies FROM tweet_metrics
    WHERE account = :account AND observed_at >= :since AND greatest(likes, reposts, quotes, bookmarks) > views
"""
_FALLEN = """
    SELECT taken.tweet_id, taken.observed_at, taken.views - before.views AS views, taken.likes - before.likes AS likes,
           taken.reposts - before.reposts AS reposts, taken.replies - before.replies AS replies
    FROM tweet_metrics AS taken CROSS JOIN LATERAL (
        SELECT views, likes, reposts, replies FROM tweet_metrics AS earlier
        WHERE earlier.tweet_id = taken.tweet_id AND earlier.observed_at < taken.observed_at
              AND num_nonnulls(views, likes, reposts, replies) > 0
        ORDER BY observed_at DESC LIMIT 1
    ) AS before
    WHERE taken.account = :account AND taken.observed_at >= :since
          AND (taken.views < before.views OR taken.likes < before.likes
               OR taken.reposts < before.reposts OR taken.replies < before.replies)
"""
_TALLY = """
    SELECT count(*) FILTER (WHERE taken.status = 'on_time') AS on_time,
           count(*) FILTER (WHERE taken.status = 'late') AS late,
           count(*) FILTER (WHERE taken.status = 'missed') AS missed,
           count(*) FILTER (WHERE taken.status IS NULL) AS owed
    FROM posted_decisions AS posted CROSS JOIN unnest(CAST(:hours AS integer[])) AS checkpoint(hours)
    LEFT JOIN post_velocity_tracking AS taken
           ON taken.decision_id = posted.decision_id AND taken.checkpoint_hours = checkpoint.hours
    WHERE posted.account = :account
          AND posted.posted_at >= CAST(:from AS timestamptz) - CAST(:longest AS interval)
          AND posted.posted_at < :until
          AND posted.posted_at + make_interval(hours => checkpoint.hours) >= :from
          AND posted.posted_at + make_interval(hours => checkpoint.hours) < :until
"""
