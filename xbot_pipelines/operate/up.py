"""`xbot up`: the whole house in one command, in the order in which things must happen, until somebody ends it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate import processes
from xbot_pipelines.operate.dagster_ui import UNDER_WAY, DagsterSilent, DagsterUi
from xbot_pipelines.operate.environments import Environments
from xbot_pipelines.operate.errors import CannotRun, StopRequested
from xbot_pipelines.operate.happenings import History
from xbot_pipelines.operate.house import DAEMON, MIGRATION, House
from xbot_pipelines.operate.lock import house_lock
from xbot_pipelines.operate.migrating import migrate_dagsters, migrate_ours
from xbot_pipelines.operate.narrator import Narrator
from xbot_pipelines.operate.one_stack import OneStack
from xbot_pipelines.operate.ports import demand_free
from xbot_pipelines.operate.practice_session import provide_practice_login
from xbot_pipelines.operate.stopping import Stopping, stopped_by_signals
from xbot_pipelines.operate.supervisor import Supervisor
from xbot_pipelines.operate.tables import shown
from xbot_pipelines.operate.voice import Voice
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines.store.server_user import ServerFailed
from xbot_pipelines.x.browser_folder import remove_abandoned
from xbot_pipelines.x.chromium import find_chromium
from xbot_pipelines.x.sandbox import sandbox_obstacle

_POLL_SECONDS = 2.0
_SECONDS_FOR_RUNS_TO_END = 6.0


def bring_up(settings: Settings) -> None:
    """Runs the house until somebody asks for its end, and leaves nothing of it behind.

    Raises:
        CannotRun, ChromiumMissing, ServerFailed: it cannot be brought up, or it cannot go on.
    """
    house, voice, began = House(settings), Voice(), SystemClock().now()
    with (
        stopped_by_signals(at_once=lambda: _end_at_once(house)) as stopping,
        house_lock(house.home, since=began, address=house.ui),
    ):
        voice.say(f"account {settings.account} (@{settings.profile.handle}), data in {house.home}")
        for notice in settings.notices:
            voice.say(notice)
        left_over = _sweep(house)
        if left_over:
            voice.say(f"ended what an earlier `xbot up` had left behind ({left_over} processes)")
        demand_free(house.ports())
        browser = find_chromium(settings.chromium)
        voice.say(f"browser: {browser}")
        if obstacle := sandbox_obstacle(browser):
            voice.say(f"browser: it runs without its sandbox: {obstacle.cause}; to have one, {obstacle.remedy}")
        try:
            _live(house, voice, stopping, began)
        except (StopRequested, CannotRun, ServerFailed):
            # A Ctrl-C in the terminal reaches what is just being started as well: its failure is then no failure.
            if not stopping.is_asked:
                raise
        finally:
            swept = _sweep(house)
            ended = f" (stray processes ended: {swept})" if swept else ""
            voice.say(f"all stopped{ended}, nothing left behind")


def _sweep(house: House) -> int:
    """End what is left of the house, remove what its browsers left behind, and return how many processes there were."""
    swept = processes.sweep(house.home, house.settings.postgres_folder)
    remove_abandoned(house.home)
    return swept


def _live(house: House, voice: Voice, stopping: Stopping, began: datetime) -> None:
    """Brings everything up, shows it, tells what happens, and takes everything down again."""
    settings = house.settings
    with _database(house) as database_url, closing(OneStack(house, database_url)) as one_stack:
        one_stack.demand_no_other()
        migrate_ours(settings, database_url)
        voice.say("database: runs, and its tables are today's")
        house.prepare_folders()
        environments = Environments(house=house, database_url=database_url, inherited=os.environ)
        supervisor = Supervisor(environment=environments.of, logs=house.logs, say=voice.say)
        ui = DagsterUi(house.ui, location=settings.account)
        try:
            # Before the code server: it makes Dagster's tables itself where there are none, and the two would collide.
            migrate_dagsters(environments.of(MIGRATION), house.logs / "dagster-migrate.log", pause=stopping.pause)
            supervisor.launch(*house.first_services())
            _await_answers(supervisor, stopping)
            if settings.is_practice:
                # Before the daemon: a run that its schedules start would find nobody logged in.
                provide_practice_login(settings, SystemClock())
            supervisor.launch(
                *house.dagster_services(
                    webserver_ready=ui.shows_the_location,
                    # Somebody else's daemon on the same database gives the same signs of life.
                    daemon_ready=lambda since: one_stack.is_ours() and ui.daemon_beats_since(since),
                )
            )
            _await_answers(supervisor, stopping)
            # Last: what has not begun yet is not to be taken for broken.
            supervisor.launch(house.health_server())
            _await_answers(supervisor, stopping)
            voice.show(_addresses(house, database_url))
            _give_up_stuck_runs(ui, began, voice.say)
            _narrate(house, database_url, ui, voice, stopping, one_stack)
        finally:
            voice.say("stopping")
            _stop(supervisor, ui, one_stack)
            ui.close()


def _narrate(
    house: House, database_url: str, ui: DagsterUi, voice: Voice, stopping: Stopping, one_stack: OneStack
) -> None:
    """Runs the first cycle where there is nothing else to be seen, and then tells what happens, without end.

    Raises:
        CannotRun: another stack took the database while it was cut off from us.
        StopRequested: somebody asked for the end.
    """
    engine = open_engine(database_url)
    try:
        history = History(AccountDatabase(engine, house.settings.account), house.settings)
        standing = history.standing()
        narrator = Narrator(
            history,
            ui,
            say=voice.say,
            since=SystemClock().now(),
            database_lost=lambda: _revive_database(house, voice.say),
        )
        narrator.skip()
        if standing.unapproved:
            drafts = "1 draft waits" if standing.unapproved == 1 else f"{standing.unapproved} drafts wait"
            voice.say(f"{drafts} for your approval: `xbot review`")
        if standing.wants_first_cycle:
            narrator.run_first_cycle(stopping)
        voice.say("the timetable goes on by itself; Ctrl-C ends everything")
        voice.go_by_the_clock()
        while True:
            stopping.pause(_POLL_SECONDS)
            narrator.tell()
            one_stack.demand_no_other()
    finally:
        engine.dispose()


def _stop(supervisor: Supervisor, ui: DagsterUi, one_stack: OneStack) -> None:
    """Ends the services: first who starts runs, then the runs, then all the others."""
    runs_are_ours = one_stack.is_ours()
    supervisor.begin_to_stop(DAEMON)
    if runs_are_ours:
        with suppress(DagsterSilent):
            _end_runs(ui)
    supervisor.stop()


def _end_runs(ui: DagsterUi) -> None:
    """Ends the runs under way in order, so that none is left that Dagster believes to be running."""
    asked: set[str] = set()
    deadline = time.monotonic() + _SECONDS_FOR_RUNS_TO_END
    while running := {run.id for run in ui.runs(statuses=UNDER_WAY)}:
        if time.monotonic() > deadline:
            ui.give_up(list(running))
            return
        if new := running - asked:  # the daemon may start one more while it is ending
            ui.terminate(list(new))
            asked |= new
        time.sleep(0.2)


def _give_up_stuck_runs(ui: DagsterUi, began: datetime, say: Callable[[str], None]) -> None:
    """Marks the runs of a former life as canceled: their workers were ended with it, and nobody else would say so."""
    with suppress(DagsterSilent):
        stuck = ui.runs(statuses=UNDER_WAY, updatedBefore=began.timestamp())
        if stuck:
            ui.give_up([run.id for run in stuck])
            say(f"canceled {len(stuck)} runs that an earlier `xbot up` had left unfinished")


def _await_answers(supervisor: Supervisor, stopping: Stopping) -> None:
    while not supervisor.all_answer():
        stopping.pause(0.1)


@contextmanager
def _database(house: House) -> Iterator[str]:
    """Answers the address of the database; an embedded server runs for as long as the block does."""
    given = house.settings.database_url
    if given is not None:
        yield given.get_secret_value()
        return
    server = EmbeddedServer(house.settings.postgres_folder)
    try:
        yield server.start()
    finally:
        server.stop()


def _revive_database(house: House, say: Callable[[str], None]) -> None:
    """Starts the embedded server again where it has ended. One of somebody else's is waited for."""
    if (
        house.settings.database_url is None
        and (server := EmbeddedServer(house.settings.postgres_folder)).running_url() is None
    ):
        server.start()
        say("the embedded PostgreSQL had ended by itself: it was started again")


def _addresses(house: House, database_url: str) -> list[tuple[str, str]]:
    settings = house.settings
    practice = [("practice X", f"{settings.x_url}/{settings.profile.handle}")] if settings.is_practice else []
    return [
        ("Dagster UI", house.ui),
        *practice,
        ("health", house.health),
        ("database", shown(database_url)),
        *(
            [("its files", str(EmbeddedServer(settings.postgres_folder).place))]
            if settings.database_url is None
            else []
        ),
        ("logs", str(house.logs)),
    ]


def _end_at_once(house: House) -> None:
    """Kills everything, and this process: what a second Ctrl-C asks for."""
    processes.kill(processes.of_house(house.home, house.settings.postgres_folder))
    os._exit(130)
