"""What a tick costs when the account has published for 30 years: 10 thousand, 100 thousand and a million posts.

    uv run python benchmarks/scale.py [--json FILE] [--quick]

The tables are filled inside an embedded PostgreSQL of its own, 20 readings a post, and the product's own questions are
put to all sizes in turns. Exit code 1 if a tick's question takes more than 10 ms, or twice as long on the most posts as
on the fewest, or if any question reads all readings or all posts.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from benchmarks.report import arguments, write
from benchmarks.scaling.life import live
from benchmarks.scaling.measuring import measure, plans_of
from benchmarks.scaling.questions import questions
from benchmarks.scaling.summary import Summary, as_json, show
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer

SIZES = (10_000, 100_000, 1_000_000)
_TURNS = 40

# While the tables are filled nothing would be lost with them. PostgreSQL gets its own habits back before the first
# question.
_LOADING = {"fsync": "off", "autovacuum": "off", "max_wal_size": "'16GB'"}


def main() -> None:
    """Fills the tables, asks, and says what came of it."""
    chosen = arguments(__doc__)
    summary = run(SIZES[:2] if chosen.quick else SIZES, turns=_TURNS)
    show(summary)
    write("scale", as_json(summary), json_file=chosen.json)
    sys.exit(0 if all(goal.kept for goal in summary.goals) else 1)


def run(sizes: Sequence[int], *, turns: int) -> Summary:
    """Makes a database for each size, and puts every question to all of them."""
    with _server() as url, ExitStack() as opened, questions(load_settings().profile) as asked:
        lives = {posts: opened.enter_context(_life(url, posts)) for posts in sizes}
        _configure(url, *(f"RESET {name}" for name in _LOADING))
        _in_autocommit(url, "CHECKPOINT")
        return Summary(
            measured=[one for question in asked for one in measure(question, lives, turns=turns)],
            plans={question.what: plans_of(question, lives[max(sizes)]) for question in asked},
            readings={posts: _readings(database) for posts, database in lives.items()},
        )


@contextmanager
def _server() -> Iterator[str]:
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with tempfile.TemporaryDirectory(prefix="xbot-scale-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedServer(Path(folder) / "data")
        url = server.start()
        try:
            _configure(url, *(f"SET {name} = {value}" for name, value in _LOADING.items()))
            yield url
        finally:
            server.delete()


@contextmanager
def _life(url: str, posts: int) -> Iterator[AccountDatabase]:
    began = time.monotonic()
    name = f"posts_{posts}"
    _in_autocommit(url, f"CREATE DATABASE {name}")
    own = make_url(url).set(database=name).render_as_string(hide_password=False)
    migrate(own)
    engine: Engine = open_engine(own)
    try:
        live(engine, "practice", posts=posts)
        print(f"{posts:,} posts are in their tables after {time.monotonic() - began:.0f} s", flush=True)
        yield AccountDatabase(engine, "practice")
    finally:
        engine.dispose()


def _readings(database: AccountDatabase) -> int:
    with database.transaction() as connection:
        return connection.scalar(text("SELECT count(*) FROM tweet_metrics")) or 0


def _configure(url: str, *settings: str) -> None:
    _in_autocommit(url, *(f"ALTER SYSTEM {setting}" for setting in settings), "SELECT pg_reload_conf()")


def _in_autocommit(url: str, *statements: str) -> None:
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


if __name__ == "__main__":
    main()
