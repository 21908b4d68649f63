"""What waits to be published in the time to come."""

from datetime import timedelta

from xbot_pipelines.models import DecisionStatus, DecisionType
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.planned import Planned, planned
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.store.given import claimed, posted, queued, reply, single
from xbot_pipelines_tests.store.steps import retry

HOUR = timedelta(hours=1)


def test_what_is_queued_or_waits_for_a_person_and_goes_out_in_time_is_planned(
    database: AccountDatabase, other: AccountDatabase
) -> None:
    posted(database, "1900000000000000100", at=NOON - 2 * HOUR)
    tried_again = claimed(database, single("Tried, and again in ten minutes."), at=NOON - HOUR)
    retry(database, tried_again, NOON)
    queued(database, single("Overdue."), at=NOON - HOUR)
    queued(database, reply("For a person to see."), at=NOON, status=DecisionStatus.NEEDS_REVIEW)
    queued(database, single("Thought better of."), at=NOON, status=DecisionStatus.REJECTED)
    queued(database, single("Expired."), at=NOON - HOUR, expires_at=NOON)
    queued(database, single("Not before tomorrow."), at=NOON + 24 * HOUR)
    queued(other, single("Another account's."), at=NOON)

    assert planned(database, now=NOON, until=NOON + 24 * HOUR) == [
        Planned(kind=DecisionType.SINGLE, text="Overdue."),
        Planned(kind=DecisionType.REPLY, text="For a person to see."),
        Planned(kind=DecisionType.SINGLE, text="Tried, and again in ten minutes."),
    ]
