"""Keeps work coming: posts and replies into the queue, and a posting run whenever none is queued or running.

The schedules go on beside it; this only asks more often, so that a night of turns fits into an hour.
"""

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx2
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from benchmarks.crashing.sight import Eye
from xbot_pipelines.models import DecisionStatus, DecisionType, Draft, Target
from xbot_pipelines.operate.dagster_ui import DagsterSilent, DagsterUi
from xbot_pipelines.store import decisions
from xbot_pipelines.store.database import AccountDatabase, Provenance, open_engine

_LOOK_EVERY_SECONDS = 0.25
_KEPT_IN_THE_QUEUE = 4
_TARGETS = 300
_REPLIES_FOR_EACH_POST = 4
_POSTS_A_DAY = 200
"""How many posts, a fifth of them originals, stay well within what X takes of both kinds in 24 hours (50 and 200)."""

_DAY = timedelta(hours=25)

_SUBJECTS = ("sleep", "a short walk", "water", "daylight", "quiet", "stretching", "breakfast", "breathing")
_THOUGHTS = (
    "does more than it seems to",
    "is easier in the morning",
    "was the small thing of this week",
    "needs no plan at all",
    "works best when nobody counts",
)


_PAUSE_WHEN_DRY_SECONDS = 8.0


class Supply:
    """Works in a thread of its own, until its block ends.

    Args:
        database_url: where the account's tables are.
        practice_url: where X is.
        ui_url: the Dagster that runs the jobs.
        create: what X is asked to take a post by.
        draw: the source of chance.
    """

    def __init__(self, *, database_url: str, practice_url: str, ui_url: str, create: str, draw: random.Random) -> None:
        self._engine = open_engine(database_url)
        self._database = AccountDatabase(self._engine, "practice")
        self._ui = DagsterUi(ui_url, location="practice")
        self._eye = Eye(database_url, practice_url, create=create)
        self._x = httpx2.Client(base_url=f"{practice_url}/practice", trust_env=False, timeout=30)
        self._drafts = _drafts(self._put_targets(draw), draw)
        self._is_feeding = True
        self._days: list[datetime] = []
        self._pauses_are_cut = False
        self._pushed_at = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="supply", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._ui.close()
        self._eye.close()
        self._x.close()
        self._engine.dispose()

    def dry_up(self) -> None:
        """From now on only what is in the queue is published, without the long pauses between two tries of it."""
        self._is_feeding = False
        self._pauses_are_cut = True

    def set_faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Tells X what to do wrong next, and to forget what it was told before."""
        self._x.delete("/faults").raise_for_status()
        for fault in faults:
            self._x.post("/faults", json=dict(fault)).raise_for_status()

    def by_our_clock(self, moment: datetime) -> datetime:
        """Answers when a moment of X's clock, which was put forward now and then, was by the clock of the house."""
        return moment - _DAY * sum(moment >= day + _DAY for day in self._days)

    def _work(self) -> None:
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            # What does not answer was killed a moment ago; the next look finds it again.
            with contextlib.suppress(DBAPIError, DagsterSilent, httpx2.HTTPError):
                if self._is_feeding:
                    self._feed()
                if self._pauses_are_cut:
                    self._cut_pauses()
                self._push()
                self._make_room()

    def _feed(self) -> None:
        now = datetime.now(UTC)
        due = sum(decisions.queue_of(self._database, kind, now=now).due for kind in DecisionType)
        for draft in itertools.islice(self._drafts, max(0, _KEPT_IN_THE_QUEUE - due)):
            decisions.add_decision(
                self._database,
                draft,
                status=DecisionStatus.QUEUED,
                scheduled_at=now,
                expires_at=None,
                now=now,
                by=Provenance(actor="benchmark"),
            )

    def _cut_pauses(self) -> None:
        with self._database.transaction() as connection:
            connection.execute(text("UPDATE content_metadata SET not_before = now() WHERE not_before > now()"))

    def _push(self) -> None:
        # Once nothing new comes, most runs would only look again at what X may still take two minutes to show.
        pause = 0.0 if self._is_feeding else _PAUSE_WHEN_DRY_SECONDS
        sight = self._eye.look()
        if sight is not None and not sight.runs and time.monotonic() - self._pushed_at >= pause:
            self._ui.launch("posting", {})
            self._pushed_at = time.monotonic()

    def _make_room(self) -> None:
        """Lets X forget its rate limits, and a day of it pass: the limits are not what is tried here."""
        self._x.delete("/limits").raise_for_status()
        if self._eye.posts_asked_for() >= _POSTS_A_DAY * (len(self._days) + 1):
            self._x.post("/clock", json={"advance_seconds": _DAY.total_seconds()}).raise_for_status()
            self._days.append(datetime.now(UTC) + _DAY * len(self._days))

    def _put_targets(self, draw: random.Random) -> list[Target]:
        shown = self._x.get("/people", params={"most": _TARGETS}).raise_for_status().json()
        people = [person["handle"] for person in shown]
        draw.shuffle(people)
        wanted = [
            # By its API X takes a reply only to who has named us.
            {"author": author, "text": f"@daily_vitals what about {draw.choice(_SUBJECTS)}? Part {number}."}
            for number, author in enumerate(people)
        ]
        put = self._x.post("/posts", json=wanted).raise_for_status().json()["posts"]
        return [
            Target(post_id=post["id"], author_handle=asked["author"], text=asked["text"])
            for post, asked in zip(put, wanted, strict=True)
        ]


def _drafts(targets: list[Target], draw: random.Random) -> Iterator[Draft]:
    """Answers what is to be published, without end: no text twice, and mostly replies, of which X takes more a day.

    Nobody is answered twice: that is what a day is for. Once everybody was, there are posts alone.
    """
    left = iter(targets)
    for number in itertools.count(1):
        words = f"Note {number}: {draw.choice(_SUBJECTS)} {draw.choice(_THOUGHTS)}."
        target = next(left, None) if number % (_REPLIES_FOR_EACH_POST + 1) else None
        kind = DecisionType.SINGLE if target is None else DecisionType.REPLY
        yield Draft(decision_type=kind, text=words, target=target)
