"""The judge of `benchmarks/scale.py`: the life that it makes up, what it measures, and when it calls a goal broken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Row, text

from benchmarks.scaling.life import NOW, live
from benchmarks.scaling.measuring import AnswersDiffer, Measured, measure, plans_of
from benchmarks.scaling.questions import THE_TICKS, Question, questions
from benchmarks.scaling.summary import LARGE, Summary
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.outcomes import rebuild_outcomes

POSTS = 1400
"""More than came after the oldest reading of any post: all ages are there."""

TICK = Measured(
    what=THE_TICKS, posts=10_000, answer=1, milliseconds=[1.0, 2.0, 9.0], pages=9, indexes=["due"], whole_tables=[]
)


def rows(database: AccountDatabase, statement: str) -> Sequence[Row[tuple[object, ...]]]:
    with database.transaction() as connection:
        return connection.execute(text(statement)).all()


def number(database: AccountDatabase, statement: str) -> int:
    return int(str(rows(database, statement)[0][0]))


@pytest.fixture
def life(database: AccountDatabase) -> AccountDatabase:
    """The tables of an account that has published for sixteen days."""
    live(database.engine, database.account, posts=POSTS)
    return database


def test_a_made_up_life_is_one_that_the_product_could_have_written(database: AccountDatabase) -> None:
    keys = "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
    before = [*rows(database, keys), *rows(database, indexes)]
    live(database.engine, database.account, posts=POSTS)
    assert [*rows(database, keys), *rows(database, indexes)] == before

    outcomes = rows(database, "SELECT * FROM outcomes ORDER BY decision_id")
    assert rebuild_outcomes(database, since=NOW - timedelta(days=99), until=NOW) == POSTS - 1
    assert rows(database, "SELECT * FROM outcomes ORDER BY decision_id") == outcomes
    assert number(database, "SELECT max(n) FROM (SELECT count(*) AS n FROM tweet_metrics GROUP BY tweet_id)") == 20
    assert number(database, "SELECT count(*) FROM owed_checkpoints NATURAL JOIN post_velocity_tracking") == 0


def test_every_question_has_the_answer_that_was_laid_out_for_it(life: AccountDatabase, settings: Settings) -> None:
    with questions(settings.profile) as asked:
        measured = [one for question in asked for one in measure(question, {POSTS: life}, turns=2)]
    answers = {one.what: one.answer for one in measured}
    # Due of the posts of the last day are those of 2 hours and 12 hours; at a million posts nothing else is due either.
    assert answers == {
        THE_TICKS: 125,
        "checkpoints due": 125,
        "checkpoints nobody owes": 0,
        "stale posts": 312,
        "living posts of a day": 88,
        "a whole tick": 1,
        "a claim": 1,
        "a day's outcomes": 88,
    }
    assert all(one.pages > 0 and len(one.milliseconds) == 2 for one in measured)


def test_a_table_that_is_read_from_end_to_end_is_found_out(life: AccountDatabase) -> None:
    reads_all = Question(what="all", ask=lambda database: number(database, "SELECT count(likes) FROM tweet_metrics"))
    reads_one = Question(what="one", ask=lambda database: number(database, "SELECT id FROM tweet_metrics WHERE id = 9"))
    [everything] = measure(reads_all, {POSTS: life}, turns=1)
    [one] = measure(reads_one, {POSTS: life}, turns=1)
    assert everything.whole_tables == ["tweet_metrics"]
    assert (one.whole_tables, one.indexes) == ([], ["pk_tweet_metrics"])
    assert one.pages < 10 < everything.pages


def test_a_question_whose_answer_depends_on_the_size_is_not_compared(database: AccountDatabase) -> None:
    numbers = count()
    with pytest.raises(AnswersDiffer, match="how many"):
        measure(Question(what="how many", ask=lambda _: next(numbers)), {1: database}, turns=2)


def test_a_plan_is_of_the_real_statement_and_leaves_nothing_behind(life: AccountDatabase, settings: Settings) -> None:
    with questions(settings.profile) as asked:
        claim = next(question for question in asked if question.what == "a claim")
        plans = plans_of(claim, life)
    written = [plan for plan in plans if plan.startswith("INSERT INTO posting_attempts")]
    assert len(written) == 1
    assert "actual time" in written[0]
    assert "Buffers: shared hit" in written[0]
    assert number(life, "SELECT count(*) FROM posting_attempts WHERE state = 'intended'") == 1


@pytest.mark.parametrize(
    ("most", "kept"),
    [
        (replace(TICK, posts=LARGE, milliseconds=[4.0]), [True, True, True]),
        (replace(TICK, posts=LARGE, milliseconds=[4.1]), [True, False, True]),
        (replace(TICK, posts=LARGE, milliseconds=[10.1]), [False, False, True]),
        (replace(TICK, posts=LARGE, whole_tables=["tweet_metrics"]), [True, True, False]),
        (replace(TICK, posts=LARGE, whole_tables=["outcomes"]), [True, True, True]),
    ],
)
def test_a_goal_is_broken_by_a_slow_tick_or_one_that_grows_or_by_a_table_read_whole(
    most: Measured, kept: list[bool]
) -> None:
    small = replace(TICK, whole_tables=["posted_decisions"])
    summary = Summary(measured=[most, small], plans={}, readings={})
    assert [goal.kept for goal in summary.goals] == kept
