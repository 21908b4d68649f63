"""What is asked of the tables, as the product asks it. How it is measured lies in `measuring`."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import dagster as dg

from benchmarks.scaling.life import NOW
from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt
from xbot_pipelines.settings import AccountSettings, Caps
from xbot_pipelines.store import checkpoints, readings
from xbot_pipelines.store.claiming import claim_next
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.outcomes import rebuild_outcomes
from xbot_pipelines.systems import metrics

THE_TICKS = "the sensor's question"

_TODAY = NOW.replace(hour=0)
_YESTERDAY = _TODAY - timedelta(days=1)
_TOMORROW = _TODAY + timedelta(days=1)
_NO_CAPS = Caps(
    posts_per_hour=9999, posts_per_day=9999, replies_per_hour=9999, replies_per_day=9999, minimum_gap_minutes=0
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, and how much its answer holds: that much must be the same however long the account has lived."""

    what: str
    ask: Callable[[AccountDatabase], int]


@contextmanager
def questions(profile: AccountSettings) -> Iterator[Sequence[Question]]:
    """Hands out all questions, with the Dagster instance that a tick needs, its storage on disk."""
    sensor = _sensor()
    without_caps = profile.model_copy(update={"caps": _NO_CAPS})
    with dg.instance_for_test() as instance:
        yield (
            Question(what=THE_TICKS, ask=_due_span),
            Question(what="checkpoints due", ask=_due_checkpoints),
            Question(
                what="checkpoints nobody owes",
                ask=lambda database: checkpoints.owe_missing(
                    database, checkpoints_hours=profile.checkpoints_hours, since=_YESTERDAY, until=_TOMORROW
                ),
            ),
            Question(what="stale posts", ask=lambda database: len(metrics.stale_posts(database, now=NOW))),
            Question(
                what="living posts of a day",
                ask=lambda database: len(readings.living_posts(database, since=_YESTERDAY, until=_TODAY)),
            ),
            Question(what="a whole tick", ask=lambda database: _tick(database, sensor, instance)),
            Question(what="a claim", ask=lambda database: _claim(database, without_caps)),
            Question(
                what="a day's outcomes",
                ask=lambda database: rebuild_outcomes(database, since=_YESTERDAY, until=_TODAY),
            ),
        )


def _sensor() -> dg.SensorDefinition:
    with warnings.catch_warnings():
        # Dagster warns whoever loads the definitions of what is new in it, and that is no news here.
        warnings.simplefilter("ignore")
        from xbot_pipelines.orchestration.sensors import checkpoints_due
    return checkpoints_due


def _due_span(database: AccountDatabase) -> int:
    due = checkpoints.due_span(database, now=NOW)
    return 0 if due is None else due.count


def _due_checkpoints(database: AccountDatabase) -> int:
    return len(checkpoints.due_checkpoints(database, now=NOW, since=_YESTERDAY, until=_TOMORROW))


def _tick(database: AccountDatabase, sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> int:
    resources = {"database": database, "clock": ManualClock(NOW)}
    with dg.build_sensor_context(instance=instance, resources=resources) as context:
        said = sensor.evaluate_tick(context)
    return len(said.run_requests or ())


def _claim(database: AccountDatabase, profile: AccountSettings) -> int:
    claimed = claim_next(database, profile, now=NOW, by=Provenance(actor="scale"))
    return int(isinstance(claimed, Attempt))
