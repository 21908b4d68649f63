"""The limits of X's API, as its last answers told them."""

from datetime import timedelta

from xbot_pipelines.store import x_limits
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import x_rate_limits
from xbot_pipelines.store.x_limits import UsedUp
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.store.rows import refuse

MINUTE = timedelta(minutes=1)


def note(database: AccountDatabase, endpoint: str, *, remaining: int, minutes: int) -> None:
    """Takes down that X grants 300 requests in a window, and when that resets."""
    resets_at = NOON + minutes * MINUTE
    x_limits.note(database, endpoint, granted=300, remaining=remaining, resets_at=resets_at, now=NOON)


def test_a_limit_that_leaves_nothing_is_known_until_it_resets(
    database: AccountDatabase, other: AccountDatabase
) -> None:
    note(database, "GET /2/tweets", remaining=0, minutes=15)
    note(database, "GET /2/users/me", remaining=0, minutes=5)
    note(database, "POST /2/tweets", remaining=1, minutes=15)
    note(other, "POST /2/tweets", remaining=0, minutes=15)

    tweets = UsedUp(endpoint="GET /2/tweets", granted=300, resets_at=NOON + 15 * MINUTE)
    me = UsedUp(endpoint="GET /2/users/me", granted=300, resets_at=NOON + 5 * MINUTE)
    assert x_limits.used_up(database, now=NOON) == [me, tweets]
    assert x_limits.used_up(database, now=NOON + 5 * MINUTE) == [tweets]
    assert x_limits.used_up(database, now=NOON + 15 * MINUTE) == []


def test_what_x_says_last_of_a_limit_holds(database: AccountDatabase) -> None:
    note(database, "GET /2/tweets", remaining=0, minutes=15)
    note(database, "GET /2/tweets", remaining=299, minutes=30)
    assert x_limits.used_up(database, now=NOON) == []


def test_the_table_takes_no_count_below_zero(database: AccountDatabase) -> None:
    row = {"account": "practice", "endpoint": "GET /2/tweets", "resets_at": NOON, "seen_at": NOON}
    refuse(
        database,
        x_rate_limits,
        {**row, "granted": 300, "remaining": -1},
        because="ck_x_rate_limits_counters_not_negative",
    )
