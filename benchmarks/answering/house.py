"""An account on a practice X of its own, with a database, a browser that is logged in, and a practice model."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.reading.site import practice_site
from xbot_pipelines.clock import ManualClock
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import load_settings
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine
from xbot_pipelines.store.migrations import migrate
from xbot_pipelines.store.server import EmbeddedServer
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.client import XClient
from xbot_pipelines_tests.practice_site import Practice

GULLIBLE = "practice-gullible"
"""The practice model that does whatever anything quoted in its prompt asks of it."""

_BEGINNING = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """Everything that one account needs to look around and to answer. Both clocks stand still until moved."""

    practice: Practice
    desk: Desk
    turn: BrowserTurn
    clock: ManualClock

    def client(self) -> XClient:
        """The one browser."""
        return self.turn.client()

    def move(self, step: timedelta) -> None:
        """Moves the site's clock and ours."""
        self.practice.ask("POST", "clock", {"advance_seconds": step.total_seconds()})
        self.clock.advance(step)

    @property
    def gullible_desk(self) -> Desk:
        """The same desk with a model that falls for everything, one reply a turn, and no caps that would hold it up."""
        profile = self.desk.profile
        caps = profile.caps.model_copy(update={"replies_per_hour": 9999, "replies_per_day": 9999})
        replies = profile.replies.model_copy(update={"drafts_a_turn": 1})
        return replace(
            self.desk,
            writer=replace(self.desk.writer, model=GULLIBLE),
            profile=profile.model_copy(update={"caps": caps, "replies": replies}),
        )


@contextmanager
def open_house() -> Iterator[House]:
    """Opens a house at eight in the morning of a Wednesday."""
    with practice_site() as practice, tempfile.TemporaryDirectory(prefix="xbot-replies-") as folder:
        server = EmbeddedServer(Path(folder) / "data")
        url = server.start()
        try:
            migrate(url)
            settings = load_settings(
                {
                    "XBOT_HOME": f"{folder}/home",
                    "XBOT_DATABASE_URL": url,
                    "XBOT_X_URL": practice.url,
                    "OPENAI_BASE_URL": f"{practice.url}/v1",
                    "OPENAI_API_KEY": "practice",
                }
            )
            practice.ask("POST", "clock", {"now": _BEGINNING.isoformat(), "running": False})
            write_private(settings.session_file, json.dumps(practice.storage_state()))
            engine, clock = open_engine(url), ManualClock(practice.now())
            database = AccountDatabase(engine, settings.account)
            writer = Writer(model=settings.model, api_key=settings.openai_api_key, base_url=settings.openai_base_url)
            by = Provenance(actor="benchmark")
            desk = Desk(database=database, profile=settings.profile, writer=writer, clock=clock, by=by)
            with BrowserTurn(settings, database, clock, by=by) as turn:
                yield House(practice, desk, turn, clock)
            engine.dispose()
        finally:
            server.delete()
