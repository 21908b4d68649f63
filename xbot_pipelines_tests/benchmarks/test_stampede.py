"""The judge of `benchmarks/stampede.py`: what it takes for a browser, what it asks for, and when a goal is broken."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.stampeding.measured import Measured, Way
from benchmarks.stampeding.picture import draw
from benchmarks.stampeding.process_table import Family, Weight, weigh
from benchmarks.stampeding.runs import Ending, Ran
from benchmarks.stampeding.summary import Summary, as_json
from benchmarks.stampeding.turns import turns
from benchmarks.stampeding.watching import Look, Watch, Weighing
from benchmarks.stampeding.world import SMALL, put_world, twice_on_x
from xbot_pipelines.operate.processes import MARKER
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.operate.programs import python, wait_until
from xbot_pipelines_tests.practice_site import Practice

reads_proc = pytest.mark.skipif(sys.platform != "linux", reason="the process table is read from /proc")

BROWSER = """#!/bin/sh
exec 3<&0
[ "$1" = --with-a-helper ] && env -i "$0" --type=renderer <&3 &
[ "$1" = --with-a-fork ] && ( read line ) <&3 &
read line
"""
"""Is named like a browser, and ends with its input. Its helper says of which type it is, and bears no mark; its fork
has not become anything else yet."""

MIB = 1024 * 1024
HOLDS_64_MIB = (
    "import sys; held = bytearray(64 * 1024 * 1024); held[::4096] = b'x' * 16384; print(flush=True); sys.stdin.read()"
)

POSTING = Ran(
    job="posting", opens_browser=True, asked_at=101, chosen_at=110, began_at=111, ended_at=115, ending=Ending.DONE
)
METRICS = replace(POSTING, job="metrics_scraper", asked_at=100.5, chosen_at=120, began_at=121, ended_at=130)
LEARNING = replace(METRICS, job="learning", opens_browser=False, chosen_at=104)
OURS = Measured(
    way=Way.OURS,
    zero=100,
    runs=[POSTING, METRICS, LEARNING],
    looks=[Look(at=100, browsers=0), Look(at=111, browsers=1), Look(at=130, browsers=0)],
    weighings=[Weighing(at=112, browsers=Weight(held=400, kept=200), everything=Weight(held=900, kept=700))],
    cpu_seconds=20,
    twice=[],
)

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def home(tmp_path: Path) -> str:
    """A house that no other test has ever heard of."""
    return str(tmp_path)


@pytest.fixture
def start(tmp_path: Path, home: str) -> Iterator[Start]:
    """Starts a program with the mark of a house; each ends with the test."""
    chromium = tmp_path / "chromium"
    chromium.write_text(BROWSER)
    chromium.chmod(0o700)
    with ExitStack() as programs:

        def started(*arguments: str, command: list[str] | None = None, home: str = home) -> "subprocess.Popen[bytes]":
            program = programs.enter_context(
                subprocess.Popen(
                    [*(command or [str(chromium)]), *arguments],
                    env={**os.environ, MARKER: home},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
            programs.callback(program.kill)
            return program

        yield started


def end(program: "subprocess.Popen[bytes]") -> None:
    program.communicate()


@reads_proc
def test_a_browser_counts_once_with_its_helpers_and_forks_and_those_of_another_house_do_not(
    start: Start, home: str
) -> None:
    family = Family(home)

    def living() -> int:
        return len(family.look())

    def browsers() -> int:
        return len(family.browsers(family.look()))

    assert living() == 0
    helped, forked = start("--with-a-helper"), start("--with-a-fork")
    start(home="theirs")
    wait_until(lambda: living() == 4, "both browsers have what they start")
    assert browsers() == 2
    helped.kill()
    wait_until(lambda: living() == 3, "a helper outlives its browser for a moment")
    assert browsers() == 1
    end(helped)
    end(forked)
    wait_until(lambda: living() == 0, "all have ended")


@reads_proc
def test_practice_x_is_not_of_the_family_and_neither_is_what_was_there_before(start: Start, home: str) -> None:
    start(home="theirs")
    start("practice", command=python("import sys; sys.stdin.read()"))
    old = start()
    family = Family(home)
    wait_until(lambda: [process.pid for process in family.look()] == [old.pid], "only what bears the mark is ours")


@reads_proc
def test_memory_of_its_own_weighs_in_full_and_cannot_be_dropped(start: Start, home: str) -> None:
    family = Family(home)
    start(command=python(HOLDS_64_MIB)).stdout.read(1)  # type: ignore[union-attr]  # it is a pipe
    weight = weigh(family.look())
    assert 64 * MIB <= weight.kept <= weight.held < 128 * MIB
    assert weight.kept < weight.held


@reads_proc
def test_a_watch_sees_how_many_are_open_what_they_weigh_and_that_somebody_works(start: Start, home: str) -> None:
    with Watch(home) as watch:
        first, second = start(), start()
        start(command=python("while True: pass"))
        wait_until(lambda: any(look.browsers == 2 for look in watch.looks), "both are seen")
        wait_until(lambda: watch.cpu_seconds > 0, "somebody has worked")
        wait_until(lambda: any(weighing.browsers.held for weighing in watch.weighings), "they are weighed")
        end(first)
        end(second)
        wait_until(lambda: watch.looks[-1].browsers == 0, "both are gone")
    assert max(look.browsers for look in watch.looks) == 2
    assert all(weighing.everything.held >= weighing.browsers.held for weighing in watch.weighings)


def test_every_job_of_the_timetable_has_something_to_do_in_the_world(
    practice: Practice, database: AccountDatabase, settings: Settings
) -> None:
    put_world(practice, database, SMALL)
    assert twice_on_x(practice) == []
    asked = turns(settings, database)
    assert {one.job for one in asked if one.uses_browser} == {turn.job for turn in TIMETABLE if turn.uses_browser}
    assert "dagster/asset_partition_range_start" in next(one for one in asked if one.job == "metrics_scraper").tags

    text = practice.truth()["posts"][0]["text"]
    practice.put({"author": practice.handle, "text": text, "created_at": practice.now().isoformat()})
    assert twice_on_x(practice) == [text]


def test_figures_are_counted_from_the_moment_at_which_everything_was_asked_for() -> None:
    assert (OURS.posted_after, OURS.seconds, OURS.longest_run) == (15, 30, METRICS)
    assert (OURS.most_browsers, OURS.seconds_with_more_than_one, OURS.longest_between_looks) == (1, 0, 19)
    two = replace(OURS, looks=[Look(at=1, browsers=1), Look(at=2, browsers=2), Look(at=5, browsers=0)])
    assert (two.most_browsers, two.seconds_with_more_than_one) == (2, 3)


def test_what_went_wrong_is_counted_by_its_reason_and_nothing_left_to_do_is_nothing_wrong() -> None:
    failed = replace(METRICS, ending=Ending.FAILED, reason="no answer in time")
    nothing = replace(METRICS, ending=Ending.NOTHING_TO_DO, reason="all was read")
    blocked = replace(POSTING, ending=Ending.BLOCKED, reason="paused")
    measured = replace(OURS, runs=[blocked, failed, failed, nothing])
    assert measured.what_went_wrong == {"failed: no answer in time": 2, "blocked: paused": 1}
    assert (measured.succeeded, measured.posted_after) == (1, None)


@pytest.mark.parametrize(
    ("ours", "kept"),
    [
        (OURS, [True, True, True, True]),
        (replace(OURS, looks=[Look(at=100, browsers=2)]), [False, True, True, True]),
        (replace(OURS, runs=[POSTING, replace(METRICS, ending=Ending.FAILED)]), [True, False, True, True]),
        (replace(OURS, runs=[POSTING, replace(METRICS, ending=Ending.BLOCKED)]), [True, False, True, True]),
        # Let through when posting had been in the queue for three seconds; and when it had just come.
        (replace(OURS, runs=[POSTING, replace(METRICS, chosen_at=104)]), [True, True, False, True]),
        (replace(OURS, runs=[POSTING, replace(METRICS, chosen_at=102)]), [True, True, True, True]),
        (replace(OURS, runs=[replace(POSTING, ending=Ending.NOTHING_TO_DO)]), [True, True, False, True]),
        (replace(OURS, twice=["Walk a little."]), [True, True, True, False]),
    ],
)
def test_a_goal_is_broken_by_a_second_browser_a_failed_run_a_late_post_or_one_that_is_there_twice(
    ours: Measured, kept: list[bool]
) -> None:
    assert [goal.kept for goal in Summary([ours]).goals] == kept


def test_the_old_ways_break_no_goal_and_are_drawn_beside_ours(tmp_path: Path) -> None:
    stampede = [Look(at=100, browsers=16), Look(at=160, browsers=0)]
    old = replace(OURS, way=Way.AT_ONCE, looks=stampede, runs=[replace(POSTING, ending=Ending.FAILED)], twice=["Sit."])
    summary = Summary([old, replace(old, way=Way.STAGGERED, stagger_seconds=2.5), OURS])
    assert all(goal.kept for goal in summary.goals)
    draw(summary.ways, tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    first, _, ours = as_json(summary)["ways"]
    assert (first["most_browsers"], first["failed"], first["seconds_until_posted"]) == (16, 1, None)
    assert ours["browsers"] == [[0, 0], [11, 1], [30, 0]]
