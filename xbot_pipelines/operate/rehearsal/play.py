"""The rehearsal itself: what happens when. One moment after another, and nothing between them.

At each moment the schedules that have their turn are asked, then the sensor if it looks, then runs begin: in the order
of the queue, one at a time with a browser. The day begins with a queue of posts, as any day does after the first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import dagster as dg

from xbot_pipelines.operate.rehearsal.agenda import Agenda, Looks
from xbot_pipelines.operate.rehearsal.performing import Performer, Ran
from xbot_pipelines.operate.rehearsal.person import Person
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.operate.rehearsal.waiting import Asked, Queue
from xbot_pipelines.orchestration.passing import Due, PassedOver, Why
from xbot_pipelines.orchestration.sensors import LOOK_EVERY_SECONDS
from xbot_pipelines.orchestration.timetable import Turn, turn_of
from xbot_pipelines.store import checkpoints
from xbot_pipelines.systems.planning import KEEP_AHEAD

# Between the sensor's looks lies half a minute, and nothing comes due in step with it.
_FIRST_LOOK_AFTER = timedelta(seconds=10)
_LOOK_EVERY = timedelta(seconds=LOOK_EVERY_SECONDS)

# What came due before the end is still read, as it would be: at once, or when somebody has let the account go on.
_AFTERWARDS = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is rehearsed: which part of the timetable, from when to when."""

    begins_at: datetime
    ends_at: datetime
    turns: Sequence[Turn]

    @property
    def hours(self) -> float:
        """How many hours it lasts."""
        return (self.ends_at - self.begins_at) / timedelta(hours=1)


@dataclass(kw_only=True)
class Played:
    """What happened: the runs in their order, and the turns that were passed over, by job and kind of reason."""

    runs: list[Ran] = field(default_factory=list)
    passed_over: Counter[tuple[str, Why]] = field(default_factory=Counter)


Progress = Callable[[datetime], None]
"""Is told how far a rehearsal is, in its own time."""


class Play:
    """One rehearsal on one stage.

    Args:
        stage: where it is played; its clock stands at the script's beginning.
        script: what is played.
        performer: does what is done.
        person: looks after an account that stands still.
        progress: is told how far it is.
    """

    def __init__(
        self, stage: Stage, script: Script, performer: Performer, person: Person, *, progress: Progress
    ) -> None:
        self._stage = stage
        self._script = script
        self._performer = performer
        self._person = person
        self._progress = progress
        self._agenda = Agenda(script.turns, stage.settings.profile.timezone, script.begins_at)
        self._looks = Looks(script.begins_at + _FIRST_LOOK_AFTER, _LOOK_EVERY)
        self._looked_at = script.begins_at
        self._checkpoints_asked_at: datetime | None = None
        self._queue = Queue(script.begins_at)
        self._played = Played()

    def play(self) -> Played:
        """Plays it to its end, and answers what happened."""
        for _ in range(KEEP_AHEAD):
            self._execute(Asked(turn=turn_of("plan"), request=dg.RunRequest(), at=self._script.begins_at))
        self._person.look_after_the_account()
        while (moment := self._next_moment()) < self._script.ends_at:
            self._stage.clock.move_to(moment)
            self._progress(moment)
            self._ask_schedules()
            self._serve()
        while (last := self._last_moments()) is not None:
            self._stage.clock.move_to(last)
            self._serve()
        self._progress(self._script.ends_at)
        return self._played

    def _next_moment(self) -> datetime:
        return min(moment for moment in (self._agenda.next_moment, *self._moments_between()) if moment is not None)

    def _last_moments(self) -> datetime | None:
        """When there is still something to be done of what belongs to the time that was rehearsed."""
        due_at = checkpoints.next_due_at(self._stage.database)
        if self._queue.next_moment is None and (due_at is None or due_at >= self._script.ends_at):
            return None
        moment = min((moment for moment in self._moments_between() if moment is not None), default=None)
        return moment if moment is not None and moment < self._script.ends_at + _AFTERWARDS else None

    def _moments_between(self) -> Sequence[datetime | None]:
        """When something happens that no schedule asks for: a run begins, the sensor sees something, somebody comes."""
        now = self._stage.clock.now()
        free_at = self._queue.next_moment
        return [max(free_at, now) if free_at is not None else None, self._next_look(), self._person.comes_at]

    def _next_look(self) -> datetime | None:
        due_at = checkpoints.next_due_at(self._stage.database)
        if due_at is None:
            return None
        return self._looks.at_or_after(max(due_at, self._looked_at + timedelta(microseconds=1)))

    def _ask_schedules(self) -> None:
        for turn in self._agenda.take(self._stage.clock.now()):
            self._take_in(turn, self._performer.ask(turn))

    def _serve(self) -> None:
        """Does everything that is to be done at this moment and that is no schedule's."""
        now = self._stage.clock.now()
        if self._next_look() == now:
            self._looked_at = now
            if self._take_in(turn_of("velocity_tracker"), self._performer.look(asked_at=self._checkpoints_asked_at)):
                self._checkpoints_asked_at = now
        self._person.look_after_the_account()
        while (asked := self._queue.next(now)) is not None:
            self._execute(asked)

    def _take_in(self, turn: Turn, answer: Due) -> bool:
        """Puts the run that was asked for into the queue, unless the job is there or at work already."""
        now = self._stage.clock.now()
        if isinstance(answer, dg.RunRequest) and not self._queue.has(turn.job, now):
            self._queue.add(Asked(turn=turn, request=answer, at=now))
            return True
        why = answer.why if isinstance(answer, PassedOver) else Why.UNDER_WAY
        self._played.passed_over[turn.job, why] += 1
        return False

    def _execute(self, asked: Asked) -> None:
        ran = self._performer.execute(asked)
        self._queue.ends(asked, ran.ended_at)
        self._played.runs.append(ran)
