"""Resources: what a run is handed, made when it begins and closed when it ends.

They hand on the plain objects that `systems` work with. No address and no key is part of their configuration, so none
is shown in the UI; everything comes from the environment of the run.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from xbot_pipelines.clock import Clock, SystemClock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.browser_use import BrowserUse
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.store.server import database_address
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.which_x import record_x
from xbot_pipelines.text.escape import for_log


@dg.resource(description="What is set for this account, as the environment of the run has it.")
def settings_resource() -> Settings:
    """Reads the settings."""
    return load_settings()


@dg.resource(description="The clock that everything in the run asks.")
def clock_resource() -> Clock:
    """Answers the machine's clock."""
    return SystemClock()


@dg.resource(
    required_resource_keys={"settings"},
    description="The account's database: XBOT_DATABASE_URL, else the embedded server where it runs.",
)
def database_resource(context: dg.InitResourceContext) -> Iterator[AccountDatabase]:
    """Opens the database for the run."""
    settings: Settings = context.resources.settings
    engine = open_engine(database_address(settings))
    try:
        database = AccountDatabase(engine, settings.account)
        record_x(settings, database)
        yield database
    finally:
        engine.dispose()


@dg.resource(
    required_resource_keys={"settings", "database", "clock"},
    description="The run's turn at the browser. Nothing is opened before it is asked for.",
)
def browser_resource(context: dg.InitResourceContext) -> Iterator[BrowserTurn]:
    """Begins a turn, and ends it with the run: the browser is closed, the lease given back, and the time told."""
    needed, run, instance = context.resources, context.run, context.instance
    assert run is not None, "a browser is opened for a run"
    record = instance.get_run_record_by_id(run.run_id) if instance else None
    turn = BrowserTurn(
        needed.settings,
        needed.database,
        needed.clock,
        by=Provenance(actor=run.job_name, run_id=run.run_id),
        asked_at=record.create_timestamp if record else None,
    )
    with turn:
        yield turn
    if turn.use is not None and context.log is not None:
        context.log.info("%s", for_log(_told(turn.use)))


def _told(use: BrowserUse) -> str:
    """Answers how a run spent its time with the browser, in words."""
    parts = {"opening": use.opening, "working": use.working, "closing": use.closing}
    spent = ", ".join(f"{span.total_seconds():.1f} s {what}" for what, span in parts.items() if span is not None)
    return f"The browser was this run's after {use.waited.total_seconds():.1f} s in the queue: {spent}."


@dg.resource(required_resource_keys={"settings"}, description="The language model that writes.")
def writer_resource(context: dg.InitResourceContext) -> Writer:
    """Answers the model that the settings name."""
    settings: Settings = context.resources.settings
    return Writer(
        model=settings.model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        temperature=settings.profile.model.temperature,
    )


RESOURCES: Mapping[str, dg.ResourceDefinition] = {
    "settings": settings_resource,
    "clock": clock_resource,
    "database": database_resource,
    "browser": browser_resource,
    "writer": writer_resource,
    # Ops of one run share a process; what a claim hands to its publish step must not outlive that.
    "io_manager": dg.mem_io_manager,
}
"""Every resource, by the name that assets ask for it."""
