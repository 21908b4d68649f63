"""`xbot`: a thin list of commands. What they do lies in `operate` and in `practice`.

Each command imports what it needs when it is called, so that `xbot --help` answers at once.
"""

import sys
import warnings
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xbot_pipelines.private_files import create_private_by_default

if TYPE_CHECKING:
    from xbot_pipelines.settings import Settings

app = typer.Typer(
    name="xbot",
    help="Run an X account as a data pipeline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: loading rich for it costs more than everything else here
)


def _say(text: str) -> None:
    """Print a text in which nothing moves the terminal: what others wrote may stand in it."""
    from xbot_pipelines.text.escape import for_terminal

    typer.echo(for_terminal(text))


def _cleaned(text: str | None) -> str | None:
    """Return an argument that is kept or sent: a byte that is no UTF-8 comes as a character that no table takes."""
    from xbot_pipelines.text.clean import clean

    return None if text is None else clean(text)


@app.callback()
def root() -> None:
    """Run an X account as a data pipeline: plan, publish exactly once, read back, learn."""


@app.command()
def up() -> None:
    """Start everything and show what happens: database, practice X, practice model, Dagster. Ctrl-C ends it all."""
    from xbot_pipelines.operate.up import bring_up
    from xbot_pipelines.settings import load_settings

    bring_up(load_settings())


@app.command()
def migrate() -> None:
    """Bring a database of yours up to date for programs that others start, as containers do; `up` does so itself."""
    from xbot_pipelines.operate.migrating import prepare
    from xbot_pipelines.settings import load_settings

    prepare(load_settings(), say=_say)


@app.command()
def login(
    minutes: Annotated[float, typer.Option(help="How long the login is waited for.", min=0.1, max=120)] = 10,
    *,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print X's page on which you allow the app; for the API.")
    ] = False,
) -> None:
    """Log in to X yourself, and keep what comes of it for the account: a browser's session, or the API's tokens."""
    from xbot_pipelines.settings import load_settings

    settings, within = load_settings(), timedelta(minutes=minutes)
    if settings.profile.transport == "api":
        _log_in_to_the_api(settings, within=within, no_browser=no_browser)
    else:
        _log_in_in_a_window(settings, within=within, no_browser=no_browser)


def _log_in_to_the_api(settings: "Settings", *, within: timedelta, no_browser: bool) -> None:
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.api_login import ApiLogin, open_in_own_browser, open_nowhere
    from xbot_pipelines.operate.tables import account_tables

    open_page = open_nowhere if no_browser else open_in_own_browser
    with account_tables(settings) as database:
        ApiLogin(settings=settings, database=database, clock=SystemClock(), open_page=open_page, say=_say).run(
            within=within
        )


def _log_in_in_a_window(settings: "Settings", *, within: timedelta, no_browser: bool) -> None:
    from xbot_pipelines.operate.browser_login import demand_acknowledgement, demand_display, log_in_by_hand
    from xbot_pipelines.operate.errors import CannotRun
    from xbot_pipelines.operate.tables import account_tables

    if no_browser:
        raise CannotRun("--no-browser is for accounts that reach X by its API; this one logs in in a browser's window")
    demand_acknowledgement(settings)
    demand_display(settings)
    with account_tables(settings) as database:
        log_in_by_hand(settings, database, within=within, say=_say)


@app.command()
def pause(
    reason: Annotated[
        str, typer.Option(help="Why; it is shown until the pause ends.", callback=_cleaned)
    ] = "paused by hand",
) -> None:
    """Stop the account before its next step in the browser, until `xbot resume`."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate import control
    from xbot_pipelines.operate.tables import account_tables
    from xbot_pipelines.settings import load_settings

    with account_tables(load_settings()) as database:
        _say(control.pause(database, reason=reason, clock=SystemClock()))


@app.command()
def resume() -> None:
    """Let a paused account go on, once X shows that it is logged in and nothing stands in the way."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate import control
    from xbot_pipelines.operate.tables import account_tables
    from xbot_pipelines.settings import load_settings
    from xbot_pipelines.x.session import Patience

    settings = load_settings()
    with account_tables(settings) as database:
        _say(control.resume(settings, database, clock=SystemClock(), patience=Patience()))


@app.command()
def health(*, json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False) -> None:
    """Show how the account is, and everything under it. Exit code 1 when it is not at work."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.health.collecting import Collector
    from xbot_pipelines.operate.health.judging import judge
    from xbot_pipelines.operate.health.lines import as_table
    from xbot_pipelines.operate.health.plain_values import as_json
    from xbot_pipelines.operate.health.reasons import Status
    from xbot_pipelines.settings import load_settings
    from xbot_pipelines.text.escape import for_json

    found = judge(Collector(load_settings(), SystemClock()).collect())
    _say(for_json(as_json(found), indent=2) if json else as_table(found))
    if found.status is Status.DOWN:
        raise typer.Exit(1)


@app.command()
def doctor(
    *,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Ask X whose login it is, and have the model write a word: costs about a cent."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Look at everything that can be wrong, and say what to do about it. Exit code 1 when something is broken."""
    from os import environ

    from rich.console import Console

    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.doctor.checks import CHECKS
    from xbot_pipelines.operate.doctor.examination import examine
    from xbot_pipelines.operate.doctor.report import as_json, as_table, in_short
    from xbot_pipelines.text.escape import for_json

    found = examine(environ, CHECKS, clock=SystemClock(), is_deep=deep)
    if json:
        _say(for_json(as_json(found), indent=2))
    else:
        console = Console(highlight=False)
        console.print(as_table(found))
        console.print(in_short(found))
    if not found.is_fine:
        raise typer.Exit(1)


@app.command()
def watch() -> None:
    """Serve the health, and tell its alerts: `xbot up` does this. Ctrl-C ends it."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.health.server import serve
    from xbot_pipelines.settings import load_settings

    serve(load_settings(), SystemClock())


@app.command()
def timetable(
    html: Annotated[Path | None, typer.Option(help="Write the same as a page to this file.", metavar="FILE")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show the hour: each job's minutes, how long its runs take, and how much of the browser's hour is used."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.timetable import show_hour
    from xbot_pipelines.settings import load_settings

    show_hour(load_settings(), SystemClock(), json=json, html=html)


@app.command()
def rehearse(
    hours: Annotated[float, typer.Option(help="How many hours are rehearsed.", min=0.1, max=48)] = 24,
    days: Annotated[
        int | None,
        typer.Option(help="Rehearse days instead, without a browser: see the learning learn.", min=1, max=90),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which world it is: what its readers like, and when they come.")] = 7,
    transport: Annotated[
        Literal["browser", "api"] | None,
        typer.Option(help="The way to X: a browser, or its official API. Else the account's own."),
    ] = None,
    faults: Annotated[str | None, typer.Option(help="Faults of X to have on: rough.", metavar="NAME")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file as well.", metavar="FILE")] = None,
) -> None:
    """Live a day of the account in minutes, on a practice X of its own. Exit code 1 unless all was as it must be."""
    from rich.console import Console

    from xbot_pipelines.operate.rehearsal.rehearse import Wish, rehearse
    from xbot_pipelines.operate.rehearsal.ways import Way
    from xbot_pipelines.settings import load_settings

    settings = load_settings()
    way = Way(transport or settings.profile.transport)
    wish = Wish(hours=hours, seed=seed, faults=faults, way=way)
    if days is not None:
        wish = Wish(hours=24 * days, seed=seed, faults=faults, way=way if way is Way.API else Way.BARE)
    if not rehearse(settings, wish, json_file=json, console=Console()):
        raise typer.Exit(1)


@app.command()
def review(
    approve: Annotated[str | None, typer.Option(help="Approve the draft whose id begins so.", metavar="ID")] = None,
    text: Annotated[
        str | None, typer.Option(help="With --approve: what is sent in place of the draft.", callback=_cleaned)
    ] = None,
    reject: Annotated[str | None, typer.Option(help="Reject the draft whose id begins so.", metavar="ID")] = None,
    reason: Annotated[str | None, typer.Option(help="With --reject: why; it is kept.", callback=_cleaned)] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="Show what waits, and ask nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The same as JSON, for programs.")] = False,
) -> None:
    """Have the last word on posts and replies: see what waits for you, then approve, edit or reject it."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate import review
    from xbot_pipelines.operate.review_report import as_json, as_lines
    from xbot_pipelines.operate.tables import account_tables
    from xbot_pipelines.settings import load_settings
    from xbot_pipelines.store.waiting import waiting

    clock = SystemClock()
    review.demand_one(approve=approve, reject=reject, reason=reason, text=text, shows=listed or json)
    settings = load_settings()
    with account_tables(settings) as database:
        if approve is not None:
            meant = review.the_one_meant(database, approve)
            _say(review.approve(database, settings, meant, text=text, clock=clock))
        elif reject is not None:
            _say(review.reject(database, review.the_one_meant(database, reject), reason=reason, clock=clock))
        elif listed or json:
            now = clock.now()
            _say((as_json if json else as_lines)(waiting(database, now=now), settings, now=now))
        else:
            from xbot_pipelines.operate.review_screen import review_at_the_terminal

            review_at_the_terminal(database, settings, clock=clock)


@app.command()
def cost(
    posts: Annotated[int, typer.Option(help="Price a day with so many posts instead.", min=0)] = 0,
    replies: Annotated[int, typer.Option(help="Price a day with so many replies instead.", min=0)] = 0,
    links: Annotated[int, typer.Option(help="Price a day with so many posts with a link instead.", min=0)] = 0,
    *,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show what X's API has cost this month, and what a day costs before it is run."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.cost import cost_by_plan, cost_of_such_a_day
    from xbot_pipelines.operate.cost_report import as_json, as_lines
    from xbot_pipelines.settings import load_settings
    from xbot_pipelines.text.escape import for_json

    settings, clock = load_settings(), SystemClock()
    if posts or replies or links:
        found = cost_of_such_a_day(settings, clock, posts=posts, links=links, replies=replies)
    else:
        found = cost_by_plan(settings, clock)
    _say(for_json(as_json(found), indent=2) if json else as_lines(found))


@app.command()
def optout(handle: Annotated[str, typer.Argument(help="Who, with an @ in front or without.")]) -> None:
    """Never answer somebody again, and reject what waits to be sent to them."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.review import leave_alone
    from xbot_pipelines.operate.tables import account_tables
    from xbot_pipelines.settings import load_settings

    with account_tables(load_settings()) as database:
        _say(leave_alone(database, handle, clock=SystemClock()))


@app.command()
def export(
    since: Annotated[str | None, typer.Option(help="Posts published from this UTC day or ISO time on.")] = None,
    until: Annotated[str | None, typer.Option(help="Posts published before this UTC day or ISO time.")] = None,
    file_format: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
    output: Annotated[Path | None, typer.Option(help="Where to; else XBOT_HOME/export/ACCOUNT.")] = None,
    table: Annotated[
        list[str] | None, typer.Option(help="posts, readings or checkpoints; may be repeated; else all.")
    ] = None,
) -> None:
    """Write posts with their outcomes, readings and checkpoints to files, for pandas, DuckDB or a spreadsheet."""
    from xbot_pipelines.operate.export import write_export
    from xbot_pipelines.operate.export_request import read_request
    from xbot_pipelines.settings import load_settings

    settings = load_settings()
    request = read_request(
        settings, since=since, until=until, file_format=file_format, output=output, tables=table or ()
    )
    write_export(settings, request, say=_say)


@app.command()
def practice(
    data: Annotated[Path, typer.Option(help="Where its world is kept.")] = Path(".xbot/practice"),
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only.", min=1, max=65535)] = 8700,
    seed: Annotated[int, typer.Option(help="Which world it is: what its readers like, and when they come.")] = 7,
    handle: Annotated[str, typer.Option(help="The handle of our account in it.")] = "daily_vitals",
    begins_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z"], help="When a new world begins, as 2026-03-02T00:00:00Z; its clock stands."
        ),
    ] = None,
) -> None:
    """Run practice X alone, with its control API under /practice/."""
    from xbot_pipelines.operate.errors import CannotRun
    from xbot_pipelines.practice.server import serve

    try:
        serve(host="127.0.0.1", port=port, data=data, seed=seed, handle=handle, control=True, begins_at=begins_at)
    except (RuntimeError, ValueError) as error:
        raise CannotRun(f"practice X cannot run: {error}") from error


@app.command()
def practice_login() -> None:
    """Have practice X log the account in, as `up` does: nobody has to type a password there."""
    from xbot_pipelines.clock import SystemClock
    from xbot_pipelines.operate.practice_session import log_in_to_practice
    from xbot_pipelines.settings import load_settings

    log_in_to_practice(load_settings(), SystemClock(), say=_say)


def main() -> None:
    """Runs the command that was typed. What a person can put right is one sentence on stderr, and exit code 1."""
    create_private_by_default()
    if not sys.warnoptions:
        # What libraries warn their callers of is no news for who typed a command.
        warnings.simplefilter("ignore")
    try:
        app()
    except SystemExit:
        raise  # the usual end: what follows would load half the product to compare it with
    except _errors_for_people() as error:
        from xbot_pipelines.text.escape import for_terminal

        sys.exit(for_terminal(f"xbot: {error}"))


def _errors_for_people() -> tuple[type[Exception], ...]:
    """The errors whose messages are written for the person before the terminal; any other is a bug, and shown whole."""
    from xbot_pipelines.operate.errors import CannotRun
    from xbot_pipelines.runtime_folder import FolderNotPrivate
    from xbot_pipelines.settings import SettingsError
    from xbot_pipelines.store.server_user import ServerFailed
    from xbot_pipelines.x.chromium import ChromiumMissing

    return CannotRun, FolderNotPrivate, SettingsError, ServerFailed, ChromiumMissing


if __name__ == "__main__":
    main()
