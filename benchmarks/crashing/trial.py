"""One trial from beginning to end: a house is brought up, killed at, left to itself, and its books are compared."""

import random
import signal
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.crashing.books import hands_needed, read_books, unfinished_runs, wait_until
from benchmarks.crashing.campaign import Campaign, HouseEnded
from benchmarks.crashing.grounds import Ground
from benchmarks.crashing.plans import Plan
from benchmarks.crashing.sight import Eye
from benchmarks.crashing.summary import Outcome
from benchmarks.crashing.supply import Supply
from benchmarks.crashing.verdict import compare
from benchmarks.crashing.victims import Victims
from xbot_pipelines.operate import processes
from xbot_pipelines_tests.e2e.newcomer import Newcomer

_DAGSTER_IS_UP = "first cycle"
_LONGEST_DRAIN_SECONDS = 15 * 60.0
_LONGEST_RUN_SECONDS = 300.0
_LONGEST_STOP_SECONDS = 60.0
_SHOWN_OF_ITS_OUTPUT = 3000
_CAPS = {
    "posts_per_hour": 9999,
    "posts_per_day": 9999,
    "replies_per_hour": 9999,
    "replies_per_day": 9999,
    "minimum_gap_minutes": 0,
    "monthly_budget_usd": 9999,
}


def run_trial(
    plans: Iterable[Plan],
    *,
    ground: Ground,
    draw: random.Random,
    say: Callable[[str], None],
    output: Path | None = None,
) -> Outcome:
    """Kills by these plans in a house of its own, and answers what came of it.

    Args:
        plans: what to kill.
        ground: the way to X.
        draw: the source of chance.
        say: takes a line for whoever watches.
        output: where to keep what the house printed, if anywhere.
    """
    # Not under a folder that is closed to the user whom PostgreSQL runs as, where we are root.
    with tempfile.TemporaryDirectory(prefix="xbot-", ignore_cleanup_errors=True) as folder:
        newcomer = Newcomer(Path(folder))
        newcomer.set_up_account(transport=ground.transport, **_CAPS)
        try:
            return _trial(newcomer, plans, ground, draw, say)
        finally:
            if output is not None:
                output.write_text(newcomer.output())
            processes.sweep(newcomer.home, newcomer.home / "postgres")


def _trial(
    newcomer: Newcomer, plans: Iterable[Plan], ground: Ground, draw: random.Random, say: Callable[[str], None]
) -> Outcome:
    house = newcomer.up()
    newcomer.waits_for(_DAGSTER_IS_UP, house)
    database_url = newcomer.postgres.running_url()
    assert database_url is not None, "the house said that its database runs"
    supply = Supply(
        database_url=database_url,
        practice_url=newcomer.practice_url,
        ui_url=newcomer.ui_url,
        create=ground.create,
        # Of its own, for it works in a thread: the kills come out the same from the same seed.
        draw=random.Random(draw.random()),
    )
    began = datetime.now(UTC)
    with closing(Eye(database_url, newcomer.practice_url, create=ground.create)) as eye:
        with supply:
            campaign = Campaign(house=house, victims=Victims(newcomer.home), eye=eye, supply=supply, draw=draw, say=say)
            try:
                kills = campaign.run(plans)
            except HouseEnded as failure:
                raise HouseEnded(f"{failure}; it said:\n{newcomer.output()[-_SHOWN_OF_ITS_OUTPUT:]}") from failure
            say("no more kills: the house is left to itself until its queue is empty")
            supply.dry_up()
            since = datetime.now(UTC)
            wait_until(eye.has_nothing_left, seconds=_LONGEST_DRAIN_SECONDS)
        # Nobody asks for runs any more but the schedules.
        wait_until(lambda: not unfinished_runs(newcomer.ui_url), seconds=_LONGEST_RUN_SECONDS)
    books = read_books(database_url, newcomer.practice_url, supply.by_our_clock)
    outcome = Outcome(
        kills=kills,
        tries=books.tries,
        findings=compare(books.posts, books.decisions, books.tries),
        hands=hands_needed(house, database_url=database_url, ui_url=newcomer.ui_url, since=since),
        unfinished_runs=unfinished_runs(newcomer.ui_url),
        posts=len(books.posts),
        decisions=len(books.decisions),
        seconds=(datetime.now(UTC) - began).total_seconds(),
    )
    house.send_signal(signal.SIGINT)
    house.wait(timeout=_LONGEST_STOP_SECONDS)
    return outcome
