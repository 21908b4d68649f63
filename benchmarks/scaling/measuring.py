"""Asking a question many times: how long it takes, what it touches in the tables, and how PostgreSQL plans it.

What was scanned is what the server has counted over all measured turns, so a plan that it kept from an earlier one
counts as well. The plans are written down for whoever wants to read them.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import event, text

from benchmarks.scaling.questions import Question
from xbot_pipelines.store.database import AccountDatabase

GROWING = (
    "content_metadata",
    "posting_attempts",
    "posted_decisions",
    "tweet_metrics",
    "outcomes",
    "post_velocity_tracking",
    "post_follower_tracking",
)
"""The tables that grow with every post."""

_WARM_TURNS = 3


class AnswersDiffer(Exception):
    """A question has another answer on more posts: then its times cannot be compared."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One question put to an account of so many posts.

    `pages` are the pages of 8 kB of tables and indexes that a turn has touched; `whole_tables` are those of `GROWING`
    that were read from end to end in any turn.
    """

    what: str
    posts: int
    answer: int
    milliseconds: Sequence[float]
    pages: float
    indexes: Sequence[str]
    whole_tables: Sequence[str]

    @property
    def median(self) -> float:
        """The median in milliseconds."""
        return median(self.milliseconds)

    @property
    def worst(self) -> float:
        """The worst turn in milliseconds."""
        return max(self.milliseconds)


def measure(question: Question, lives: Mapping[int, AccountDatabase], *, turns: int) -> list[Measured]:
    """Puts a question to accounts of several sizes in turns, so that all of them meet the same moods of the machine.

    Raises:
        AnswersDiffer: the answer depends on how many posts there are.
    """
    for _ in range(_WARM_TURNS):
        for database in lives.values():
            question.ask(database)
    for database in lives.values():
        _flush(database)
        with database.transaction() as connection:
            connection.execute(text("SELECT pg_stat_reset()"))
    seconds: dict[int, list[float]] = {posts: [] for posts in lives}
    answers: dict[int, set[int]] = {posts: set() for posts in lives}
    for _ in range(turns):
        for posts, database in lives.items():
            began = time.perf_counter()
            answers[posts].add(question.ask(database))
            seconds[posts].append(time.perf_counter() - began)
    if len(set().union(*answers.values())) != 1:
        raise AnswersDiffer(f"{question.what}: {answers}")
    return [
        _measured(question, database, posts=posts, seconds=seconds[posts], answer=answers[posts].pop())
        for posts, database in lives.items()
    ]


def plans_of(question: Question, database: AccountDatabase) -> list[str]:
    """Asks once, and answers how PostgreSQL plans and runs each statement, as EXPLAIN (ANALYZE, BUFFERS) says it."""
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        # To explain a change is to make it: it is taken back, and then made by the question itself.
        with cursor.connection.transaction(force_rollback=True), cursor.connection.cursor() as beside:
            lines = beside.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values).fetchall()
        plans.append("\n".join([" ".join(statement.split()), *(line for (line,) in lines)]))

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        question.ask(database)
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)
    return plans


def _measured(
    question: Question, database: AccountDatabase, *, posts: int, seconds: Sequence[float], answer: int
) -> Measured:
    _flush(database)
    with database.transaction() as connection:
        whole = connection.execute(text(_WHOLE_TABLES), {"growing": list(GROWING)}).scalars().all()
        indexes = connection.execute(text(_INDEXES)).scalars().all()
        pages = connection.scalar(text(_PAGES)) or 0
    return Measured(
        what=question.what,
        posts=posts,
        answer=answer,
        milliseconds=[each * 1000 for each in seconds],
        pages=float(pages) / len(seconds),
        indexes=indexes,
        whole_tables=whole,
    )


def _flush(database: AccountDatabase) -> None:
    """Makes the connection hand over what it has counted: by itself it keeps that for a while."""
    with database.transaction() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))


_WHOLE_TABLES = """
    SELECT relname FROM pg_stat_user_tables WHERE seq_scan > 0 AND relname = ANY (:growing) ORDER BY relname
"""
_INDEXES = "SELECT indexrelname FROM pg_stat_user_indexes WHERE idx_scan > 0 ORDER BY indexrelname"
_PAGES = """
    SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)) FROM pg_statio_user_tables
"""
