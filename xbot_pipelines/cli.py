"""`xbot`: a thin list of commands. What they do lies in `operate` and in `practice`.

Each command imports what it needs when it is called, so that `xbot --help` answers at once.
"""

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="xbot",
    help="Run an X account as a data pipeline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: loading rich for it costs more than everything else here
)


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
def practice(
    data: Annotated[Path, typer.Option(help="Where its world is kept.")] = Path(".xbot/practice"),
    port: Annotated[int, typer.Option(help="Where it listens, on this machine only.", min=1, max=65535)] = 8700,
    seed: Annotated[int, typer.Option(help="Which world it is: what its readers like, and when they come.")] = 7,
    handle: Annotated[str, typer.Option(help="The handle of our account in it.")] = "daily_vitals",
) -> None:
    """Run practice X alone, with its control API under /practice/."""
    from xbot_pipelines.operate.errors import CannotRun
    from xbot_pipelines.practice.server import serve

    try:
        serve(host="127.0.0.1", port=port, data=data, seed=seed, handle=handle, control=True)
    except (RuntimeError, ValueError) as error:
        raise CannotRun(f"practice X cannot run: {error}") from error


def main() -> None:
    """Runs the command that was typed. What a person can put right is one sentence on stderr, and exit code 1."""
    if not sys.warnoptions:
        # What libraries warn their callers of is no news for who typed a command.
        warnings.simplefilter("ignore")
    try:
        app()
    except SystemExit:
        raise  # the usual end: what follows would load half the product to compare it with
    except _errors_for_people() as error:
        sys.exit(f"xbot: {error}")


def _errors_for_people() -> tuple[type[Exception], ...]:
    """The errors whose messages are written for the person before the terminal; any other is a bug, and shown whole."""
    from xbot_pipelines.operate.errors import CannotRun
    from xbot_pipelines.settings import SettingsError
    from xbot_pipelines.store.server import ServerFailed
    from xbot_pipelines.x.chromium import ChromiumMissing

    return CannotRun, SettingsError, ServerFailed, ChromiumMissing


if __name__ == "__main__":
    main()
