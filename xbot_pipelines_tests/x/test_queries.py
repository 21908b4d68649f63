"""What is asked of X's search, in X's own words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from xbot_pipelines.x.queries import posts_of
from xbot_pipelines_tests.conftest import NOON


def test_the_posts_of_an_account_within_a_span_are_asked_for_by_unix_seconds() -> None:
    query = posts_of("daily_vitals", since=NOON, until=NOON + timedelta(days=1))
    assert query == "from:daily_vitals since_time:1772452800 until_time:1772539200"


def test_a_span_is_widened_to_whole_seconds_and_is_the_same_in_every_timezone() -> None:
    since = datetime(2026, 3, 2, 13, 0, 0, 900_000, tzinfo=timezone(timedelta(hours=1)))
    until = datetime(2026, 3, 2, 12, 0, 1, 100_000, tzinfo=UTC)
    assert posts_of("a", since=since, until=until) == "from:a since_time:1772452800 until_time:1772452802"


@pytest.mark.parametrize("handle", ["", "@daily_vitals", "two words", "a OR from:b", "sixteen_letters_", "ü"])
def test_a_handle_that_would_make_another_query_of_it_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="is no handle"):
        posts_of(handle, since=NOON, until=NOON + timedelta(days=1))


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="is empty"):
        posts_of("daily_vitals", since=NOON, until=NOON)


def test_f27_a_moment_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        posts_of("daily_vitals", since=NOON.replace(tzinfo=None), until=NOON)
