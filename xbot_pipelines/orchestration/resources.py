"""Resources: what a run is handed, made when it begins and closed when it ends.

They hand on the plain objects that `systems` work with. No address and no key is part of their configuration, so none
is shown in the UI; everything comes from the environment of the run.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from xbot_pipelines.clock import Clock, SystemClock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.server import database_address
from xbot_pipelines.systems.browser_turn import BrowserTurn


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
        yield AccountDatabase(engine, settings.account)
    finally:
        engine.dispose()


@dg.resource(
    required_resource_keys={"settings", "database", "clock"},
    description="The run's turn at the browser. Nothing is opened before it is asked for.",
)
def browser_resource(context: dg.InitResourceContext) -> Iterator[BrowserTurn]:
    """Begins a turn, and ends it with the run: the browser is closed and the lease given back."""
    needed = context.resources
    with BrowserTurn(needed.settings, needed.database, needed.clock) as turn:
        yield turn


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
