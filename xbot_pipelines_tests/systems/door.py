"""The one door of posting for tests: its steps, one call each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt, DecisionStatus, DecisionType, Draft, Target
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import decisions
from xbot_pipelines.store.claiming import Blocked, NothingDue
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems import posting
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.posting import SettleSummary
from xbot_pipelines.x.client import PublishResult

TEXT = "A glass of water before the first coffee.\n\nThat is the whole habit. 🚰"


class Door:
    """The posting job's steps, one call each, so that a test can stop between any two of them."""

    def __init__(
        self, database: AccountDatabase, settings: Settings, turn: BrowserTurn, clock: ManualClock, by: Provenance
    ) -> None:
        self.database, self.settings, self.turn, self.clock, self.by = database, settings, turn, clock, by

    def queue(self, text: str = TEXT, target: Target | None = None) -> UUID:
        kind = DecisionType.SINGLE if target is None else DecisionType.REPLY
        now = self.clock.now()
        return decisions.add_decision(
            self.database,
            Draft(decision_type=kind, text=text, target=target),
            status=DecisionStatus.QUEUED,
            scheduled_at=now,
            expires_at=now + timedelta(hours=12),
            now=now,
            by=self.by,
        )

    def settle(self) -> SettleSummary:
        self.turn.lease()
        return posting.settle(self.database, self.settings.profile, self.turn.client, clock=self.clock, by=self.by)

    def claim(self) -> Attempt | NothingDue | Blocked:
        return posting.claim(self.database, self.settings.profile, clock=self.clock, by=self.by)

    def claimed(self) -> Attempt:
        attempt = self.claim()
        assert isinstance(attempt, Attempt), attempt
        return attempt

    def publish(self, attempt: Attempt) -> PublishResult:
        return posting.publish(self.database, attempt, self.turn, clock=self.clock)

    def record(self, attempt: Attempt, result: PublishResult) -> None:
        posting.record(self.database, self.settings.profile, attempt, result, clock=self.clock, by=self.by)

    def publish_and_record(self) -> PublishResult:
        attempt = self.claimed()
        result = self.publish(attempt)
        self.record(attempt, result)
        return result

    def status(self, decision_id: UUID) -> str:
        row = self.row(f"SELECT status FROM content_metadata WHERE decision_id = '{decision_id}'")
        return str(row["status"])

    def row(self, query: str) -> dict[str, Any]:
        with self.database.transaction() as connection:
            return dict(connection.execute(text(query)).mappings().one())
