"""Telling a person: each alert once when it begins and once when it is over, by whatever service they have named.

What could not be delivered is tried again until it is; meanwhile everything else goes on. Where to is a secret, and in
no sentence of ours (F28). An alert is plain text, whatever its service would make of it, and mentions nobody: not even
the account by its handle, which may be somebody else's there.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.health.alerting import Message, Outages, Tables
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.store.alerts import Untold, record_told, untold
from xbot_pipelines.text.escape import for_notification

if TYPE_CHECKING:
    from apprise import Apprise

_LOG = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 5.0
_MOST_DOUBLINGS = 6
"""Five minutes, and a little."""

NEWS_FOR = timedelta(days=1)
"""What has been over for longer is told to nobody any more."""


class Services:
    """The services by which a person is told.

    Args:
        urls: where to, as apprise writes it.
        handle: whose alerts they are.

    Raises:
        CannotRun: apprise does not know one of them.
    """

    def __init__(self, urls: Sequence[SecretStr], *, handle: str) -> None:
        # Its warnings name hosts and users.
        logging.getLogger("apprise").disabled = True
        self._services = [_service(url, number) for number, url in enumerate(urls, start=1)]
        self._handle = handle
        self._reached: dict[Message, set[int]] = {}

    def deliver(self, message: Message) -> bool:
        """Sends a message by each service that has not taken it yet. Answers whether all have."""
        from apprise import NotifyFormat, NotifyType

        kind = NotifyType.FAILURE if message.ended_at is None else NotifyType.SUCCESS
        reached = self._reached.setdefault(message, set())
        for number, service in enumerate(self._services):
            if number not in reached and service.notify(
                body=for_notification(_body(message)),
                title=for_notification(_title(message, self._handle)),
                notify_type=kind,
                body_format=NotifyFormat.TEXT,
            ):
                reached.add(number)
        if len(reached) < len(self._services):
            return False
        del self._reached[message]
        return True


class Teller:
    """Tells what nobody has been told yet.

    Args:
        services: how.
        tables: opens the account's tables.
        outages: the outages of the database, which are not in them.
        clock: when something was told.
    """

    def __init__(self, services: Services, tables: Tables, outages: Outages, clock: Clock) -> None:
        self._services = services
        self._tables = tables
        self._outages = outages
        self._clock = clock
        self._failures = 0

    def go_on(self, ending: threading.Event) -> None:
        """Tells what there is every five seconds until the end; less often while it cannot be delivered."""
        while not ending.wait(LOOK_EVERY_SECONDS * 2 ** min(self._failures, _MOST_DOUBLINGS)):
            try:
                self.tell()
            except Exception as bug:  # noqa: BLE001 - of a service, which may put its address into it: it is tried again
                _LOG.error("an alert could not be told: %s", type(bug).__name__)
                self._failures += 1

    def tell(self) -> None:
        """Tells what there is to tell, in the order in which it happened."""
        delivered = [self._tell_outage(), self._tell_alerts()]
        self._failures = 0 if all(delivered) else self._failures + 1

    def wrong(self) -> Iterator[Reason]:
        """Says that nobody hears of what is wrong, while that is so."""
        if self._failures:
            sentence = (
                "alerts cannot be delivered, and are tried again: look at the services that XBOT_ALERT_URLS names"
            )
            yield Reason(cause=Cause.TELLING, status=Status.DEGRADED, sentence=sentence)

    def _tell_outage(self) -> bool:
        for message in self._outages.untold():
            if not self._services.deliver(message):
                return False
            self._outages.note_told(message)
        return True

    def _tell_alerts(self) -> bool:
        now = self._clock.now()
        # Without a database there is nothing to read: what it has is told when it is back.
        with suppress(CannotRun), self._tables() as database:
            delivered = True
            for alert in untold(database, since=now - NEWS_FOR):
                if self._services.deliver(_message(alert)):
                    record_told(database, alert, now=now)
                else:
                    delivered = False
            return delivered
        return True


def _service(url: SecretStr, number: int) -> "Apprise":
    from apprise import Apprise

    service = Apprise()
    if not service.add(url.get_secret_value()):
        scheme = url.get_secret_value().partition("://")[0]
        raise CannotRun(f"XBOT_ALERT_URLS: apprise cannot use number {number}, {scheme}://…: see its list of services")
    return service


def _message(alert: Untold) -> Message:
    return Message(sentence=alert.sentence, began_at=alert.opened_at, ended_at=alert.closed_at)


def _title(message: Message, handle: str) -> str:
    return f"{handle}: {'something is wrong' if message.ended_at is None else 'it is over'}"


def _body(message: Message) -> str:
    if message.ended_at is None:
        return f"{message.sentence} (since {message.began_at:%Y-%m-%d %H:%M} UTC)"
    return f"Over: {message.sentence} (after {in_words(message.ended_at - message.began_at)})"
