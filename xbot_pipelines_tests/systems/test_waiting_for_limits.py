"""How long a limit of X is waited for, whatever its answer says of that."""

from datetime import UTC, datetime, timedelta

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import AccountSettings, load_settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.opting_out import heed_wishes
from xbot_pipelines.systems.walls import heed
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.walls import DailyLimit, RateLimited
from xbot_pipelines_tests.conftest import ROOT

NOW = datetime(2026, 9, 2, 12, 0, tzinfo=UTC)
BY = Provenance(actor="test", run_id="run-1")


@pytest.fixture
def profile() -> AccountSettings:
    """The example account's."""
    return load_settings({"XBOT_ACCOUNTS": str(ROOT / "accounts")}).profile


@pytest.mark.parametrize(
    ("resets_at", "least", "most"),
    [
        (NOW + timedelta(minutes=7), timedelta(minutes=7), timedelta(minutes=7)),
        (NOW - timedelta(seconds=1), timedelta(seconds=3), timedelta(minutes=1)),
        (datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=3), timedelta(minutes=1)),
        (datetime(2037, 1, 1, tzinfo=UTC), timedelta(hours=1), timedelta(days=1)),
        (None, timedelta(minutes=15), timedelta(minutes=15)),
    ],
)
def test_a_limit_is_waited_for_some_seconds_at_least_and_a_day_at_most(
    database: AccountDatabase, profile: AccountSettings, resets_at: datetime | None, least: timedelta, most: timedelta
) -> None:
    heed(database, profile, RateLimited("limited", resets_at=resets_at), clock=ManualClock(NOW), by=BY)
    until = account.state_of(database).wait_until
    assert until is not None
    assert least <= until - NOW <= most


def test_the_limit_of_the_day_is_waited_for_as_long_as_x_says_or_until_tomorrow(
    database: AccountDatabase, profile: AccountSettings
) -> None:
    reset = NOW + timedelta(hours=5)
    heed(database, profile, DailyLimit("enough", resets_at=reset), clock=ManualClock(NOW), by=BY)
    assert account.state_of(database).posting_wait_until == reset
    heed(database, profile, DailyLimit("enough"), clock=ManualClock(NOW), by=BY)
    until = account.state_of(database).posting_wait_until
    assert until is not None
    assert until.astimezone(profile.timezone).hour == 0


def test_f23_a_wish_to_be_left_alone_counts_though_its_row_could_not_be_read(database: AccountDatabase) -> None:
    def row(handle: str | None, text: str | None) -> UnreadableRow:
        return UnreadableRow(row_id="1", missing="the time", where="answer", handle=handle, author_id="7", text=text)

    rows = [row("Tired", "please stop replying to me"), row("bo", "Nice walk."), row(None, "stop"), row("cy", None)]
    assert heed_wishes(database, [], rows, now=NOW, by=BY) == ["Tired"]
