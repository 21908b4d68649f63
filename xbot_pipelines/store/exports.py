"""Exports: what an account has gathered, as three wide tables for use elsewhere, read at one moment.

Which columns they have, where each comes from and in which order the rows are, is said here and nowhere else. The files
they become are the business of `operate`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Double, FromClause, Join, Row, Select, Text, cast, extract, func, select

from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import (
    COUNTERS,
    PRIVATE_COUNTERS,
    content_metadata,
    outcomes,
    post_velocity_tracking,
    posted_decisions,
    tweet_metrics,
)
from xbot_pipelines.store.schema.columns import Moment


class ExportedTable(StrEnum):
    """One row is a post of ours with its outcome, a reading of one, or one at a checkpoint."""

    POSTS = "posts"
    READINGS = "readings"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, kw_only=True)
class Published:
    """Posts by when they were published: from `since` up to, not including, `until`. None is no bound."""

    since: datetime | None = None
    until: datetime | None = None


class Snapshot:
    """The exported tables of one account at one moment: they agree, whatever is written meanwhile."""

    def __init__(self, connection: Connection, account: str, published: Published) -> None:
        self._connection = connection
        self._account = account
        self._published = published

    def count(self, table: ExportedTable) -> int:
        """Answers how many rows the table has."""
        question = self._question(table).with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        return self._connection.execute(question).scalar_one()

    def chunks(self, table: ExportedTable, *, size: int) -> Iterator[Sequence[Row[Any]]]:
        """Answers the rows of the table, `size` at a time: no more than that are held in memory.

        The values of a row are those of `columns_of`, in the same order; None is unknown.
        """
        return self._connection.execute(self._question(table), execution_options={"yield_per": size}).partitions()

    def _question(self, table: ExportedTable) -> Select[Any]:
        post, published = posted_decisions.c, self._published
        question = _QUESTIONS[table]().where(post.account == self._account)
        if published.since is not None:
            question = question.where(post.posted_at >= published.since)
        if published.until is not None:
            question = question.where(post.posted_at < published.until)
        return question


@contextmanager
def open_snapshot(database: AccountDatabase, published: Published) -> Iterator[Snapshot]:
    """Opens the tables as they are now, in one transaction that can write nothing and keeps nobody from writing."""
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield Snapshot(connection, database.account, published)


def columns_of(table: ExportedTable) -> Mapping[str, type]:
    """Answers the columns of a table in their order, each with what its values are: str, int, float or datetime."""
    return {
        column.name: datetime if isinstance(column.type, Moment) else column.type.python_type
        for column in _QUESTIONS[table]().selected_columns
    }


def _posts() -> Select[Any]:
    post, content, outcome = posted_decisions.c, content_metadata.c, outcomes.c
    return (
        select(
            post.account,
            cast(post.decision_id, Text).label("decision_id"),
            post.tweet_id,
            content.decision_type,
            content.scheduled_at,
            post.posted_at,
            content.text,
            *(content.topic, content.angle, content.tone, content.format, content.hook, content.quality_score),
            *(content.target_tweet_id, content.target_author, content.target_text, content.target_author_followers),
            *(content.model, content.prompt_version, content.prompt_tokens, content.completion_tokens),
            cast(content.cost_usd, Double).label("cost_usd"),
            *(post.evidence, post.run_id, post.version),
            *(outcome[name] for name in (*COUNTERS, *PRIVATE_COUNTERS)),
            outcome.engagement_rate,
            *(outcome.followers_gained_low, outcome.followers_gained, outcome.followers_gained_high),
            *(outcome.collected_at, outcome.gone_at, outcome.source),
        )
        # A post whose outcome is missing is a post all the same.
        .select_from(_with(content_metadata).outerjoin(outcomes, outcome.decision_id == post.decision_id))
        .order_by(post.posted_at, post.tweet_id)
    )


def _readings() -> Select[Any]:
    post, reading = posted_decisions.c, tweet_metrics.c
    seconds = extract("epoch", reading.observed_at - post.posted_at)
    return (
        select(
            cast(post.decision_id, Text).label("decision_id"),
            *(post.tweet_id, reading.observed_at),
            cast(seconds / 3600, Double).label("age_hours"),
            *(reading[name] for name in (*COUNTERS, *PRIVATE_COUNTERS)),
            *(reading.gone_reason, reading.source, reading.run_id),
        )
        .select_from(posted_decisions.join(tweet_metrics, reading.tweet_id == post.tweet_id))
        .order_by(post.posted_at, post.tweet_id, reading.observed_at)
    )


def _checkpoints() -> Select[Any]:
    post, checkpoint = posted_decisions.c, post_velocity_tracking.c
    return (
        select(
            cast(post.decision_id, Text).label("decision_id"),
            *(post.tweet_id, post.posted_at),
            *(checkpoint.checkpoint_hours, checkpoint.status, checkpoint.missed_reason),
            *(checkpoint.observed_at, checkpoint.age_seconds, checkpoint.late_seconds, checkpoint.source),
            *(checkpoint[name] for name in COUNTERS),
            *(checkpoint.views_per_hour, checkpoint.likes_per_hour),
        )
        .select_from(_with(post_velocity_tracking))
        .order_by(post.posted_at, post.tweet_id, checkpoint.checkpoint_hours)
    )


def _with(other: FromClause) -> Join:
    return posted_decisions.join(other, other.c.decision_id == posted_decisions.c.decision_id)


_QUESTIONS: Mapping[ExportedTable, Callable[[], Select[Any]]] = {
    ExportedTable.POSTS: _posts,
    ExportedTable.READINGS: _readings,
    ExportedTable.CHECKPOINTS: _checkpoints,
}
