"""Two accounts beside each other on one machine and in one database, for a rehearsed hour: does anything cross over?

    uv run python benchmarks/two_accounts.py [--json FILE] [--quick]

Both are rehearsed at the same time, each with its own Chromium and practice X. Then each is rehearsed once more, alone:
what it posted, chose and read must be the same to the last reading, and each table must have as many rows of it.
`--quick` takes half an hour, and no browser. Exit code 1 if anything was not as it must be.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.report import arguments, write
from xbot_pipelines.operate.rehearsal.browsers import BrowserCount
from xbot_pipelines.operate.rehearsal.rehearse import BEGINS_AT, Wish, rehearse
from xbot_pipelines.operate.rehearsal.ways import Way
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.schema import metadata
from xbot_pipelines.store.server import EmbeddedServer

ACCOUNTS: Mapping[str, timedelta] = {"morning": timedelta(hours=8), "evening": timedelta(hours=20)}
"""The two accounts, and the hour of the day that each lives.

Each has an X of its own, whose ids tell the millisecond: two posts of one moment would have the same id, as on X no two
ever have.
"""

_SEED = 7

_PRACTICE_ACCOUNT = Path(__file__).parents[1] / "accounts" / "practice.toml"

RowCounts = Mapping[str, Mapping[str, int]]
"""How many rows each account has in each table that names an account."""


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What one account came to beside the other, and alone: the figures of its rehearsals, and its rows by table."""

    beside: dict[str, Any]
    alone: dict[str, Any]
    rows_beside: Mapping[str, int]
    rows_alone: Mapping[str, int]

    @property
    def is_the_same(self) -> bool:
        """Whether the other one made no difference."""
        return self.beside["marks"] == self.alone["marks"] and self.rows_beside == self.rows_alone

    @property
    def kept(self) -> bool:
        """Whether it is as it must be."""
        figures = self.beside
        wrong = figures["duplicates"] + figures["unrecorded"] + figures["made_up"] + figures["failed_runs"]
        return self.is_the_same and figures["posts"] > 0 and wrong == 0 and figures["most_browsers"] <= 1


def main() -> None:
    """Rehearses them together and alone, and says what came of it."""
    chosen = arguments(__doc__)
    hours, way = (0.5, Way.BARE) if chosen.quick else (1.0, Way.BROWSER)
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with tempfile.TemporaryDirectory(prefix="xbot-two-", ignore_cleanup_errors=True) as folder:
        most_at_once, strangers, lived = live(Path(folder), hours=hours, way=way)
    show(lived, most_at_once=most_at_once, strangers=strangers)
    as_json = {
        "hours": hours,
        "browsers_at_once": most_at_once,
        "rows_of_nobody": strangers,
        **{name: {**vars(one), "same": one.is_the_same} for name, one in lived.items()},
    }
    write("two_accounts", as_json, json_file=chosen.json)
    sys.exit(0 if strangers == 0 and all(one.kept for one in lived.values()) else 1)


def live(folder: Path, *, hours: float, way: Way) -> tuple[int, int, Mapping[str, Lived]]:
    """Has both live side by side, and then each alone.

    Returns:
        how many browsers there were at once, how many rows belong to neither account, and what came of each.
    """
    _write_accounts(folder / "accounts")
    context = get_context("spawn")
    with _databases(folder / "postgres", ["together", *ACCOUNTS]) as databases:
        with ProcessPoolExecutor(len(ACCOUNTS), mp_context=context) as pool, BrowserCount() as browsers:
            begun = {
                name: pool.submit(_rehearsed, folder, name, databases["together"], hours, way) for name in ACCOUNTS
            }
            beside = {name: one.result() for name, one in begun.items()}
        rows = _rows_by_account(databases["together"])
        alone = {}
        for name in ACCOUNTS:
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                alone[name] = pool.submit(_rehearsed, folder, name, databases[name], hours, way).result()
        lived = {
            name: Lived(
                beside=beside[name],
                alone=alone[name],
                rows_beside=rows[name],
                rows_alone=_rows_by_account(databases[name])[name],
            )
            for name in ACCOUNTS
        }
    strangers = sum(sum(tables.values()) for account, tables in rows.items() if account not in ACCOUNTS)
    return browsers.most, strangers, lived


def show(lived: Mapping[str, Lived], *, most_at_once: int, strangers: int) -> None:
    """Prints them side by side."""
    table = Table(title="Two accounts in one database", title_justify="left")
    table.add_column("")
    for name in lived:
        table.add_column(name, justify="right")
    rows: dict[str, Sequence[object]] = {
        "posts": [one.beside["posts"] for one in lived.values()],
        "replies": [one.beside["replies"] for one in lived.values()],
        "duplicates": [one.beside["duplicates"] for one in lived.values()],
        "browsers of its own at once": [one.beside["most_browsers"] for one in lived.values()],
        "rows": [sum(one.rows_beside.values()) for one in lived.values()],
        "the same as alone": ["yes" if one.is_the_same else "NO" for one in lived.values()],
        "real seconds, beside / alone": [
            f"{one.beside['real_seconds']['all']:.0f} / {one.alone['real_seconds']['all']:.0f}"
            for one in lived.values()
        ],
    }
    for title, values in rows.items():
        table.add_row(title, *map(str, values))
    Console().print(table)
    print(f"At most {most_at_once} browsers at once; {strangers} rows belong to neither of them.")
    for name, one in lived.items():
        for what in one.rows_beside.keys() | one.rows_alone.keys():
            beside, alone = one.rows_beside.get(what, 0), one.rows_alone.get(what, 0)
            if beside != alone:
                print(f"{name}: {beside} rows of {what} beside the other, {alone} alone")


def _rehearsed(folder: Path, account: str, database_url: str, hours: float, way: Way) -> dict[str, Any]:
    environ = {
        "XBOT_ACCOUNT": account,
        "XBOT_ACCOUNTS": str(folder / "accounts"),
        "XBOT_HOME": str(folder / account),
    }
    wish = Wish(hours=hours, seed=_SEED, way=way, database_url=database_url, begins_at=BEGINS_AT + ACCOUNTS[account])
    told = folder / f"{account}.json"
    rehearse(load_settings(environ), wish, json_file=told, console=Console(file=StringIO()))
    figures: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return figures


def _write_accounts(folder: Path) -> None:
    folder.mkdir()
    practice = _PRACTICE_ACCOUNT.read_text(encoding="utf-8")
    for name in ACCOUNTS:
        (folder / f"{name}.toml").write_text(practice.replace('"daily_vitals"', f'"{name}_vitals"'), encoding="utf-8")


@contextmanager
def _databases(folder: Path, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """One PostgreSQL with a database for each of these names."""
    server = EmbeddedServer(folder)
    try:
        url = sa.make_url(server.start())
        engine = open_engine(url.render_as_string(hide_password=False))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in names:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield {name: url.set(database=name).render_as_string(hide_password=False) for name in names}
    finally:
        server.delete()


def _rows_by_account(url: str) -> RowCounts:
    """Counts the rows of each account in each table that names an account."""
    counted: dict[str, dict[str, int]] = {}
    engine = open_engine(url)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "account" in table.c:
                per_account = sa.select(table.c.account, sa.func.count()).group_by(table.c.account)
                for account, count in connection.execute(per_account):
                    counted.setdefault(account, {})[table.name] = count
    engine.dispose()
    return counted


if __name__ == "__main__":
    main()
