"""How fresh each asset has to be: what the timetable promises, and no more. The UI shows what breaks the promise."""

from datetime import timedelta

import dagster as dg

from xbot_pipelines.orchestration.timetable import turn_of

_TURNS_MISSED_UNTIL_A_WARNING = 2
_TURNS_MISSED_UNTIL_A_FAILURE = 4


FRESH_WHEN_THERE_IS_WORK = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=2), warn_window=timedelta(days=1))
"""For what is only written when something is due: hours without work are no failure, two days without any are one."""


def fresh(job: str) -> dg.FreshnessPolicy:
    """Answers the policy of an asset that a job of the timetable materializes at each of its turns.

    One turn may be passed over, because the browser was busy or nothing was due; more is worth a look.
    """
    longest = turn_of(job).longest_distance
    return dg.FreshnessPolicy.time_window(
        fail_window=longest * _TURNS_MISSED_UNTIL_A_FAILURE, warn_window=longest * _TURNS_MISSED_UNTIL_A_WARNING
    )
