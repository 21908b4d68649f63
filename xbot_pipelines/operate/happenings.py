"""What has happened to the account since one last looked, in plain words: alerts, planned, published, refused, read.

Reads the tables; changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, text

from xbot_pipelines.models import DecisionStatus
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase

_TEXT_LENGTH = 100
_READINGS_SHOWN = 3


@dataclass(frozen=True)
class Bookmark:
    """How far the history has been told: the last alert, change of a decision, and reading.

    `open_alerts` are those of which it was told that they began, and not yet that they are over.
    """

    alert_id: int = 0
    open_alerts: frozenset[int] = frozenset()
    event_id: int = 0
    reading_id: int = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How much waits to be published, or for a person; how much was published in all, and when last."""

    waiting: int
    unapproved: int
    posted: int
    last_posted_at: datetime | None

    @property
    def wants_first_cycle(self) -> bool:
        """Whether to plan and publish at once: where there is nothing to see yet, or nothing to wait for."""
        return self.posted == 0 or self.waiting == 0


class History:
    """The account's history, told piece by piece."""

    def __init__(self, database: AccountDatabase, settings: Settings) -> None:
        self._database = database
        self._profile_url = f"{settings.x_url}/{settings.profile.handle}"
        self._bookmark = Bookmark()

    def skip(self) -> None:
        """Takes everything up to now as told, but for the alerts that are open: those still concern a person."""
        with self._database.transaction() as connection:
            row = connection.execute(text(_LATEST), self._names()).one()
        self._bookmark = Bookmark(alert_id=row.alert_id, event_id=row.event_id, reading_id=row.reading_id)

    def standing(self) -> Standing:
        """Answers what waits, and what was published so far."""
        with self._database.transaction() as connection:
            row = connection.execute(text(_STANDING), self._names()).one()
        return Standing(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name

    def news(self) -> list[str]:
        """Answers what has happened since the last call, a line each, oldest first."""
        known = self._bookmark
        with self._database.transaction() as connection:
            alerts = self._rows(connection, _ALERTS, after=known.alert_id, told=list(known.open_alerts))
            changes = self._rows(connection, _CHANGES, after=known.event_id)
            readings = self._rows(connection, _READINGS, after=known.reading_id)
        self._bookmark = Bookmark(
            alert_id=max([known.alert_id, *(alert.id for alert in alerts)]),
            open_alerts=frozenset(alert.id for alert in alerts if alert.closed_at is None),
            event_id=max([known.event_id, *(change.id for change in changes)]),
            reading_id=max([known.reading_id, *(reading.id for reading in readings)]),
        )
        alarms = [line for alert in alerts for line in _tell_alert(alert, begun=alert.id in known.open_alerts)]
        told = [self._tell_change(change) for change in changes]
        return alarms + [line for line in told if line] + self._tell_readings(readings)

    def _tell_change(self, change: Row[tuple[object, ...]]) -> str | None:
        wording = f"«{shortened(change.text)}»"
        reason = f": {change.reason}" if change.reason else ""
        match change.to_status:
            case DecisionStatus.QUEUED if change.from_status in (None, DecisionStatus.DRAFT):
                return f"planned for {change.scheduled_at:%H:%M:%S} UTC: {wording}"
            case DecisionStatus.QUEUED if change.from_status == DecisionStatus.QUEUED:
                return f"{change.reason}, not sent: {wording}"
            case DecisionStatus.QUEUED if change.from_status == DecisionStatus.NEEDS_REVIEW:
                return f"approved by {change.actor}, to go out at {change.scheduled_at:%H:%M:%S} UTC: {wording}"
            case DecisionStatus.NEEDS_REVIEW:
                return f"waits for you in `xbot review`{reason}: {wording}"
            case DecisionStatus.POSTED:
                return f"published: {self._profile_url}/status/{change.tweet_id} ({change.evidence}) {wording}"
            case DecisionStatus.QUEUED | DecisionStatus.POSTING | DecisionStatus.DRAFT:
                return None
            case status:
                return f"{status.replace('_', ' ')}{reason} {wording}"

    def _tell_readings(self, readings: list[Row[tuple[object, ...]]]) -> list[str]:
        first = [reading for reading in readings if reading.is_first]
        shown = readings if len(readings) <= _READINGS_SHOWN else first
        lines = [_tell_reading(reading) for reading in shown]
        silent = len(readings) - len(shown)
        return [*lines, f"read: {silent} posts again"] if silent else lines

    def _rows(self, connection: Connection, query: str, **names: object) -> list[Row[tuple[object, ...]]]:
        return list(connection.execute(text(query), {**self._names(), **names}))

    def _names(self) -> dict[str, str]:
        return {"account": self._database.account}


def shortened(written: str) -> str:
    """A post's text in one line, cut where it is long."""
    line = " / ".join(part.strip() for part in written.splitlines() if part.strip())
    return line if len(line) <= _TEXT_LENGTH else f"{line[: _TEXT_LENGTH - 1]}…"


def _tell_alert(alert: Row[tuple[object, ...]], *, begun: bool) -> Iterator[str]:
    """An alert's beginning, unless that was told before, and its end, once it has one."""
    if not begun:
        yield f"ALERT: {alert.sentence} (since {alert.opened_at:%Y-%m-%d %H:%M} UTC)"
    if alert.closed_at is not None:
        yield f"over: {alert.sentence} (after {in_words(alert.closed_at - alert.opened_at)})"


def _tell_reading(reading: Row[tuple[object, ...]]) -> str:
    which = "first reading" if reading.is_first else "reading"
    counted = ", ".join(_counted(name, getattr(reading, name)) for name in ("views", "likes", "reposts", "replies"))
    return f"{which} of {reading.tweet_id} at the age of {in_words(timedelta(seconds=reading.age_seconds))}: {counted}"


def _counted(name: str, number: int | None) -> str:
    # X shows no views at all for the first seconds of a post: unknown, and not 0.
    return f"{name} unknown" if number is None else f"{number:,} {name}"


_LATEST = """
    SELECT (SELECT coalesce(max(id), 0) FROM alerts WHERE account = :account) AS alert_id,
           (SELECT coalesce(max(id), 0) FROM decision_events WHERE account = :account) AS event_id,
           (SELECT coalesce(max(id), 0) FROM tweet_metrics WHERE account = :account) AS reading_id
"""
_STANDING = """
    SELECT (SELECT count(*) FROM content_metadata
            WHERE account = :account AND status = 'queued') AS waiting,
           (SELECT count(*) FROM content_metadata
            WHERE account = :account AND status = 'needs_review') AS unapproved,
           (SELECT count(*) FROM posted_decisions WHERE account = :account) AS posted,
           (SELECT max(posted_at) FROM posted_decisions WHERE account = :account) AS last_posted_at
"""
_ALERTS = """
    SELECT id, sentence, opened_at, closed_at
    FROM alerts
    WHERE account = :account AND (id > :after OR closed_at IS NULL OR id = ANY(:told))
    ORDER BY id
"""
_CHANGES = """
    SELECT event.id, event.from_status, event.to_status, event.actor, event.reason, content.text, content.scheduled_at,
           post.tweet_id, post.evidence
    FROM decision_events AS event
    JOIN content_metadata AS content USING (decision_id)
    LEFT JOIN posted_decisions AS post USING (decision_id)
    WHERE event.account = :account AND event.id > :after
    ORDER BY event.id
"""
_READINGS = """
    SELECT reading.id, reading.tweet_id, views, likes, reposts, replies,
           extract(epoch FROM observed_at - posted_at)::double precision AS age_seconds,
           NOT EXISTS (SELECT FROM tweet_metrics AS earlier
                       WHERE earlier.tweet_id = reading.tweet_id AND earlier.id < reading.id) AS is_first
    FROM tweet_metrics AS reading
    JOIN posted_decisions AS post USING (account, tweet_id)
    WHERE reading.account = :account AND reading.id > :after
    ORDER BY reading.id
"""
