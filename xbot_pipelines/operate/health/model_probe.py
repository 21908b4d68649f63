"""Whether the language model's provider answers, and what time it is there. It is asked for a list, never to write.

The list of models costs nothing, and every server of the Chat Completions interface answers something at its address.
"""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.operate.health.facts import Model, OtherClock
from xbot_pipelines.operate.model_provider import REFUSED, provider_of
from xbot_pipelines.settings import Settings

_SECONDS = 4.0
_ITS_OWN_FAULT = 500

ASK_AGAIN_AFTER = timedelta(seconds=45)
"""Somebody else's server is not asked at every look."""


class ModelProbe:
    """Asks the provider, and remembers what it said until it is time to ask again."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._model = settings.model
        self._provider = provider_of(settings)
        self._clock = clock
        self._last: tuple[Model, OtherClock | None] | None = None

    def look(self) -> tuple[Model, OtherClock | None]:
        """Answers whether the provider answers, and its clock where that was told."""
        now = self._clock.now()
        if self._last is None or not timedelta(0) <= now - self._last[0].asked_at < ASK_AGAIN_AFTER:
            fault, clock = self._ask()
            is_practice = self._provider.is_practice
            self._last = Model(name=self._model, fault=fault, asked_at=now, is_practice=is_practice), clock
        return self._last

    def _ask(self) -> tuple[str | None, OtherClock | None]:
        url = self._provider.url
        if self._provider.key is None:
            return "OPENAI_API_KEY is not set: set it to the key of your provider", None
        try:
            answer = self._provider.list_models(seconds=_SECONDS)
        except httpx2.HTTPError as failure:
            return f"the model's provider at {url} does not answer ({type(failure).__name__})", None
        return _fault(answer.status_code, url), _clock(answer.headers.get("date"), self._clock.now())


def _fault(status: int, url: str) -> str | None:
    # Its own words are not repeated: providers quote the key that they refuse (F28).
    if status in REFUSED:
        return f"the model's provider at {url} refuses OPENAI_API_KEY (HTTP {status}): set it to a valid key"
    if status >= _ITS_OWN_FAULT:
        return f"the model's provider at {url} answers HTTP {status}: a fault of its own"
    return None


def _clock(date: str | None, now: datetime) -> OtherClock | None:
    try:
        there = utc(parsedate_to_datetime(date or ""))
    except ValueError:
        return None
    return OtherClock(whose="the model's provider", ahead=now - there)
