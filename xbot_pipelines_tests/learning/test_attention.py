"""The views of a post between its readings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.learning.attention import SEEN_FOR, ViewCurve

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post of noon as its view curve asks for it."""

    posted_at: datetime = NOON
    views: tuple[tuple[datetime, int], ...] = ()
    gone_at: datetime | None = None


def curve(*views: tuple[timedelta, int], gone_after: timedelta | None = None) -> ViewCurve:
    """The curve of a post that was read at these ages."""
    read = tuple((NOON + age, seen) for age, seen in views)
    return ViewCurve(Post(views=read, gone_at=None if gone_after is None else NOON + gone_after))


def views(of: ViewCurve, *ages: timedelta) -> list[float]:
    return [float(seen) for seen in of.views(np.array([(NOON + age).timestamp() for age in ages]))]


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 10_000), st.integers(0, 10**6), min_size=1), st.lists(st.integers(-100, 20_000)))
def test_a_post_never_has_fewer_views_than_before(read: dict[int, int], ages: list[int]) -> None:
    of = curve(*((age * MINUTE, seen) for age, seen in read.items()))
    seen = views(of, *(age * MINUTE for age in sorted(ages)))
    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(seen))


def test_it_has_what_was_read_when_it_was_read_and_nothing_before_it_was_published() -> None:
    of = curve((10 * MINUTE, 100), (HOUR, 300), (24 * HOUR, 900))
    assert views(of, -HOUR, 0 * HOUR, 10 * MINUTE, HOUR, 24 * HOUR) == pytest.approx([0, 0, 100, 300, 900])


def test_most_of_what_comes_between_two_readings_comes_soon_after_the_first() -> None:
    [half_way] = views(curve((24 * HOUR, 950)), 80 * MINUTE)
    assert half_way == pytest.approx(500, rel=0.01)


def test_after_the_last_reading_it_goes_on_as_the_typical_post_for_seven_days() -> None:
    of = curve((80 * MINUTE, 500))
    assert views(of, SEEN_FOR, 2 * SEEN_FOR) == pytest.approx([992, 992], abs=1)


def test_a_post_that_is_gone_is_seen_no_more() -> None:
    of = curve((80 * MINUTE, 500), gone_after=100 * MINUTE)
    at_the_end, later = views(of, 100 * MINUTE, 24 * HOUR)
    assert at_the_end == later == pytest.approx(556, abs=1)


def test_views_that_fall_are_taken_as_they_were_before() -> None:
    assert views(curve((HOUR, 300), (2 * HOUR, 280), (3 * HOUR, 310)), 2 * HOUR) == [300]


def test_how_much_was_read_is_told_by_the_typical_post() -> None:
    assert curve((80 * MINUTE, 5)).share_read(NOON + 24 * HOUR) == pytest.approx(0.5 / (18 / 19))
    assert curve((80 * MINUTE, 5)).share_read(NOON + HOUR) == 1
    assert curve().share_read(NOON + HOUR) == 0
    assert not curve().is_read
