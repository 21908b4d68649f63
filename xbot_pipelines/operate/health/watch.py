"""Watching: looks at the health again and again, and answers at any moment what it saw last.

Who asks waits for nothing: where the looking itself hangs, that is the answer.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from xbot_pipelines.operate.health.facts import Facts
from xbot_pipelines.operate.health.judging import Judgement, judge
from xbot_pipelines.operate.health.reasons import Cause, Reason, Status
from xbot_pipelines.operate.spans import in_words

_LOG = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 10.0

STALE_AFTER = timedelta(seconds=45)
"""A look takes some seconds at worst. What was seen longer ago says nothing of now."""


class Watch:
    """Looks when told to, and keeps what it saw.

    Args:
        collect: collects the facts.
        also: answers what else is wrong, of which no fact tells.
        heed: is told of each judgement right after it was made.
        stopwatch: monotonic seconds; how old a look is must not depend on a clock that somebody sets.
    """

    def __init__(
        self,
        collect: Callable[[], Facts],
        *,
        also: Callable[[], Iterable[Reason]],
        heed: Callable[[Judgement], None],
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._collect = collect
        self._also = also
        self._heed = heed
        self._stopwatch = stopwatch
        self._seen: tuple[Judgement, float] | None = None

    def look(self) -> None:
        """Looks once."""
        judgement = judge(self._collect(), *self._also())
        self._seen = judgement, self._stopwatch()
        self._heed(judgement)

    def go_on(self, ending: threading.Event) -> None:
        """Looks every ten seconds until the end."""
        while not ending.wait(LOOK_EVERY_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001 - a bug of ours: until a look succeeds, what was seen grows old and says so
                _LOG.exception("the look failed")

    @property
    def judgement(self) -> Judgement:
        """What was seen last; where that is long ago, it says so first."""
        assert self._seen is not None, "nobody asks before the first look"
        judgement, seen_at = self._seen
        age = timedelta(seconds=self._stopwatch() - seen_at)
        if age <= STALE_AFTER:
            return judgement
        sentence = (
            f"nobody has looked for {in_words(age)}: the looking hangs or fails, and what is shown is as old as that"
        )
        stale = Reason(cause=Cause.WATCH, status=Status.DOWN, sentence=sentence)
        return Judgement(facts=judgement.facts, reasons=(stale, *judgement.reasons))
