"""The way from an empty database to today's tables, on each kind of server that people have."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from xbot_pipelines.store.alerts import PAUSED, open_alerts, untold
from xbot_pipelines.store.database import DAGSTER_SCHEMA, AccountDatabase, open_engine
from xbot_pipelines.store.migrations import _config, differences, migrate
from xbot_pipelines.store.schema import metadata

OLD_NAMES = {
    "content_metadata",
    "posted_decisions",
    "outcomes",
    "tweet_metrics",
    "post_velocity_tracking",
    "post_follower_tracking",
    "discovered_accounts",
}
"""The names that an operator's own queries know. They stay."""

NEW_NAMES = {
    "reply_opportunities",
    "news_items",
    "posting_attempts",
    "follower_snapshots",
    "learned_arms",
    "account_state",
    "alerts",
    "llm_calls",
    "decision_events",
    "owed_checkpoints",
    "received_replies",
    "feed_states",
    "robots_files",
    "browser_use",
    "x_charges",
    "x_rate_limits",
}


@pytest.fixture
def empty_engine(any_empty_database_url: str) -> Iterator[Engine]:
    """The way to a database that nothing has migrated yet."""
    engine = open_engine(any_empty_database_url)
    yield engine
    engine.dispose()


def test_f25_an_empty_database_is_brought_to_exactly_the_schema(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))

    with empty_engine.connect() as connection:
        assert differences(connection) == []


def test_f25_the_migrations_create_what_the_schema_itself_would_create(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))
    migrated = _catalog(empty_engine)

    with empty_engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    metadata.create_all(empty_engine)

    assert migrated == _catalog(empty_engine)
    assert any("CHECK" in line for line in migrated)


def test_f25_migrating_twice_is_harmless(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))
    with empty_engine.begin() as connection:
        connection.execute(text("INSERT INTO account_state (account) VALUES ('kept')"))

    migrate(_address(empty_engine))

    with empty_engine.connect() as connection:
        assert connection.scalar(text("SELECT account FROM account_state")) == "kept"
        assert differences(connection) == []


def test_f21_an_account_that_was_paused_before_there_were_alerts_gets_its_alert(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO account_state (account, paused_at, paused_reason)"
                " VALUES ('practice', '2026-03-02 12:00+00', 'logged out'), ('at_work', NULL, NULL)"
            )
        )

    migrate(_address(empty_engine))

    [alert] = open_alerts(AccountDatabase(empty_engine, "practice"))
    assert (alert.cause, alert.sentence) == (PAUSED, "the account is paused: logged out")
    assert alert.opened_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert open_alerts(AccountDatabase(empty_engine, "at_work")) == []


def test_what_was_over_before_anybody_was_told_is_told_to_nobody_and_what_is_open_is(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        command.upgrade(_config(connection), "0010")
        connection.execute(
            text(
                "INSERT INTO alerts (account, cause, sentence, opened_at, closed_at) VALUES"
                " ('practice', 'disk', 'it was full', '2026-03-02 12:00+00', '2026-03-02 13:00+00'),"
                " ('practice', 'paused', 'it is paused', '2026-03-02 12:00+00', NULL)"
            )
        )

    migrate(_address(empty_engine))

    told = untold(AccountDatabase(empty_engine, "practice"), since=datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert [one.sentence for one in told] == ["it is paused"]


def test_f25_threads_may_migrate_at_once(empty_engine: Engine) -> None:
    together = Barrier(3)

    def migrate_with_the_others() -> None:
        together.wait()
        migrate(_address(empty_engine))

    with ThreadPoolExecutor(3) as pool:
        for migrating in [pool.submit(migrate_with_the_others) for _ in range(3)]:
            migrating.result()

    with empty_engine.connect() as connection:
        assert differences(connection) == []
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_f25_processes_may_migrate_at_once(empty_engine: Engine) -> None:
    program = "import sys; from xbot_pipelines.store.migrations import migrate; migrate(sys.argv[1])"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, _address(empty_engine)], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    complaints = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], complaints
    with empty_engine.connect() as connection:
        assert differences(connection) == []


def test_f25_a_migration_that_fails_leaves_the_database_as_it_was(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE outcomes (something_else integer)"))

    with pytest.raises(ProgrammingError, match='relation "outcomes" already exists'):
        migrate(_address(empty_engine))

    assert inspect(empty_engine).get_table_names() == ["outcomes"]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE outcomes DROP COLUMN views",
        "ALTER TABLE outcomes ADD COLUMN surprise integer",
        "ALTER TABLE posted_decisions ALTER COLUMN posted_at TYPE timestamp",
        "ALTER TABLE content_metadata ALTER COLUMN text DROP NOT NULL",
        "ALTER TABLE tweet_metrics DROP CONSTRAINT fk_tweet_metrics_posted_decisions",
        "DROP INDEX uq_posting_attempts_open_decision",
        "DROP TABLE news_items",
    ],
)
def test_f25_a_database_that_is_not_as_the_schema_says_is_noticed(database_url: str, change: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(change))
        assert differences(connection)
    engine.dispose()


def test_every_table_of_the_design_is_there_and_knows_its_account(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))
    tables = inspect(empty_engine)

    assert set(tables.get_table_names()) == OLD_NAMES | NEW_NAMES | {"alembic_version"}
    assert len(OLD_NAMES | NEW_NAMES) == 23
    for name in OLD_NAMES | NEW_NAMES:
        columns = {column["name"]: column for column in tables.get_columns(name)}
        assert columns["account"]["nullable"] is False, name


def test_f27_every_moment_is_kept_with_its_timezone(empty_engine: Engine) -> None:
    """A day is no moment: X charges by the UTC day."""
    migrate(_address(empty_engine))

    with empty_engine.connect() as connection:
        kinds = connection.execute(
            text(
                "SELECT data_type, count(*) FROM information_schema.columns WHERE table_schema = 'public'"
                " AND (data_type ~ '^(timestamp|date|time)' OR column_name ~ '(_at|_until|_before)$')"
                " AND column_name <> 'day' GROUP BY 1"
            )
        ).all()

    assert [kind for kind, _ in kinds] == ["timestamp with time zone"]


def test_the_operators_own_query_still_works(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))

    with empty_engine.connect() as connection:
        query = text("SELECT COUNT(*) FROM content_metadata WHERE decision_type = 'reply';")
        assert connection.scalar(query) == 0


def test_dagster_finds_a_schema_of_its_own(empty_engine: Engine) -> None:
    migrate(_address(empty_engine))

    assert DAGSTER_SCHEMA in inspect(empty_engine).get_schema_names()


def _address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _catalog(engine: Engine) -> set[str]:
    """What PostgreSQL itself says of the tables: their columns, constraints and indexes."""
    with engine.connect() as connection:
        return set(connection.scalars(text(_CATALOG)))


# Constraints of type n are NOT NULL, which the columns show in every version and these only since PostgreSQL 18.
_CATALOG = """
    SELECT concat_ws(' ', table_name, column_name, data_type, numeric_precision, numeric_scale, is_nullable,
                     column_default, identity_generation)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid::regclass::text <> 'alembic_version'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
