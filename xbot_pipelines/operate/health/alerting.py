"""Alerts from what is judged: one for each cause, begun when it lasts, ended when it has been over for a while.

An outage of the database cannot be written into it: that one alert is kept in memory. How a person hears of them lies
in `telling`.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.health.judging import Judgement
from xbot_pipelines.operate.health.reasons import Cause, Reason, is_judged
from xbot_pipelines.store.alerts import close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase

Tables = Callable[[], AbstractContextManager[AccountDatabase]]
"""Opens the account's tables.

Raises:
    CannotRun: they cannot be reached.
"""

LASTING = timedelta(seconds=45)
"""How long a cause must be there, or be over, before that is more than a hiccup."""


@dataclass(frozen=True)
class Changes:
    """Which alerts to begin, and the causes of those to end."""

    begin: Sequence[Reason]
    end: Sequence[str]


class Settling:
    """Tells what lasts from what comes and goes."""

    def __init__(self) -> None:
        self._there_since: Mapping[str, datetime] = {}
        self._over_since: Mapping[str, datetime] = {}

    def changes(self, reasons: Iterable[Reason], begun: Collection[str], *, now: datetime) -> Changes:
        """Answers what to begin and to end.

        Args:
            reasons: what is wrong now.
            begun: the causes of the alerts that have begun.
            now: the moment of the look.
        """
        there = {reason.cause: reason for reason in reasons}
        # A clock that was ahead and is set right must not have us wait until it is there again.
        self._there_since = {cause: min(self._there_since.get(cause, now), now) for cause in there}
        over = [cause for cause in begun if cause not in there]
        self._over_since = {cause: min(self._over_since.get(cause, now), now) for cause in over}
        return Changes(
            begin=[
                reason
                for cause, reason in there.items()
                if cause not in begun and now - self._there_since[cause] >= LASTING
            ],
            end=[cause for cause, since in self._over_since.items() if now - since >= LASTING],
        )


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing to tell a person: that something began (`ended_at` None), or that it is over."""

    sentence: str
    began_at: datetime
    ended_at: datetime | None = None


class Outages:
    """The outages of the database, and what nobody has been told of them yet. It may be asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lasting: Message | None = None
        # Where nobody is to be told, nobody takes them away.
        self._untold: deque[Message] = deque(maxlen=20)

    @property
    def is_on(self) -> bool:
        """Whether one has begun, and is not over."""
        return self._lasting is not None

    def begin(self, sentence: str, *, now: datetime) -> None:
        """Notes that one has begun."""
        with self._lock:
            self._lasting = Message(sentence=sentence, began_at=now)
            self._untold.append(self._lasting)

    def end(self, *, now: datetime) -> None:
        """Notes that it is over."""
        with self._lock:
            if self._lasting is not None:
                self._untold.append(replace(self._lasting, ended_at=now))
                self._lasting = None

    def untold(self) -> Sequence[Message]:
        """Answers what nobody has been told yet, in the order in which it happened."""
        with self._lock:
            return tuple(self._untold)

    def note_told(self, message: Message) -> None:
        """Notes that a person was told."""
        with self._lock, suppress(ValueError):
            self._untold.remove(message)


class AlertKeeper:
    """Begins and ends the account's alerts as the judgements say.

    Args:
        tables: opens where they are kept.
        outages: where an outage of the database is kept.
    """

    def __init__(self, tables: Tables, outages: Outages) -> None:
        self._tables = tables
        self._outages = outages
        self._settling = Settling()
        self._settling_outages = Settling()

    def heed(self, judgement: Judgement) -> None:
        """Does what a judgement asks for."""
        now = judgement.facts.looked_at
        self._heed_outage([reason for reason in judgement.reasons if reason.cause == Cause.DATABASE], now)
        if judgement.facts.activity is not None:
            reasons = [reason for reason in judgement.reasons if is_judged(reason.cause)]
            begun = {alert.cause for alert in judgement.facts.activity.alerts if is_judged(alert.cause)}
            self._write(self._settling.changes(reasons, begun, now=now), now)

    def _heed_outage(self, reasons: Sequence[Reason], now: datetime) -> None:
        begun: tuple[str, ...] = (Cause.DATABASE,) if self._outages.is_on else ()
        changes = self._settling_outages.changes(reasons, begun, now=now)
        for reason in changes.begin:
            self._outages.begin(reason.sentence, now=now)
        for _ in changes.end:
            self._outages.end(now=now)

    def _write(self, changes: Changes, now: datetime) -> None:
        if not changes.begin and not changes.end:
            return
        # A database that is lost in between is judged at the next look, and the changes are asked for again.
        with suppress(CannotRun), self._tables() as database, database.transaction() as connection:
            for reason in changes.begin:
                raise_alert(connection, database.account, cause=reason.cause, sentence=reason.sentence, now=now)
            for cause in changes.end:
                close_alert(connection, database.account, cause=cause, now=now)
