"""The person behind the account, as far as a rehearsal needs one: who resumes it, and approves what waits for them."""

from datetime import datetime, timedelta

from xbot_pipelines.models import DecisionType
from xbot_pipelines.operate.practice_session import provide_practice_login
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.store import account
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.store.waiting import NotWaiting, waiting
from xbot_pipelines.systems import by_hand, queue

COMES_AFTER = timedelta(minutes=10)
"""How long the account stands still, or a draft waits, before somebody comes."""

_BY = Provenance(actor="person:rehearsal")


class Person:
    """Somebody who logs in again and resumes the account, some minutes after it was paused, and approves every draft.

    What `xbot resume` asks of X first is not asked: a browser of the person's own would be the second one.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._resumes_at: datetime | None = None
        self._approves_at: datetime | None = None
        self.came = 0

    @property
    def comes_at(self) -> datetime | None:
        """Return when they have something to do next; None: nothing waits for them."""
        return min((moment for moment in (self._resumes_at, self._approves_at) if moment is not None), default=None)

    def look_after_the_account(self) -> None:
        """Notice that the account is paused or that a draft waits, or do something about it when it is time."""
        settings, now = self._stage.settings, self._stage.clock.now()
        if self._resumes_at is not None and self._resumes_at <= now:
            provide_practice_login(settings, self._stage.clock)
            account.resume(self._stage.database, now=now)
            self._resumes_at = None
            self.came += 1
        paused_at = account.state_of(self._stage.database).paused_at
        if self._resumes_at is None and paused_at is not None:
            self._resumes_at = paused_at + COMES_AFTER
        if settings.profile.publishing.approval != "nobody":
            self._approve(now)

    def _approve(self, now: datetime) -> None:
        """Approve what has waited long enough, and posts in time. A reply that has to be sent by hand nobody sends."""
        settings, database = self._stage.settings, self._stage.database
        later: list[datetime] = []
        for draft in waiting(database, now=now):
            if by_hand.address_to_send(settings, draft) is not None:
                continue
            approves_at = draft.written_at + COMES_AFTER
            if draft.kind is DecisionType.SINGLE:
                approves_at = min(approves_at, draft.scheduled_at)
            if approves_at > now:
                later.append(approves_at)
                continue
            try:
                queue.approve(database, settings, draft, clock=self._stage.clock, by=_BY)
            except NotWaiting:
                continue  # no slot is free before it expires, or its author asked to be left alone
        self._approves_at = min(later, default=None)
