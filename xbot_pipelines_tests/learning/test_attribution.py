"""Which post won whom: what has to hold whatever the figures are, and what the figures are in plain cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.learning.attention import Numbers
from xbot_pipelines.learning.attribution import Attribution, Won, estimate_drift, won_beyond

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = Won(low=0, best=0, high=0)

Curve = Sequence[tuple[datetime, int]]

unhurried = settings(deadline=None)


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post as the attribution asks for it."""

    posted_at: datetime
    views: Sequence[tuple[datetime, int]] = ()
    gone_at: datetime | None = None


def after(*counts: tuple[float, int]) -> list[tuple[datetime, int]]:
    """Counts at moments that are given as hours after noon."""
    return [(NOON + hours * HOUR, count) for hours, count in counts]


def post(hours: float, *views: tuple[float, int], gone: float | None = None) -> Post:
    """A post and its readings, at moments that are given as hours after noon."""
    return Post(
        posted_at=NOON + hours * HOUR, views=after(*views), gone_at=None if gone is None else NOON + gone * HOUR
    )


def days_of(curve: Curve) -> float:
    return (curve[-1][0] - curve[0][0]) / DAY


def known(won: Won | None) -> Won:
    assert won is not None
    return won


@st.composite
def curves(draw: st.DrawFn) -> list[tuple[datetime, int]]:
    """A follower curve of a few days, which now and then falls."""
    steps = draw(st.lists(st.tuples(st.integers(1, 600), st.integers(-2, 12)), min_size=1, max_size=25))
    minutes = np.cumsum([0, *(minutes for minutes, _ in steps)]).tolist()
    counts = np.cumsum([1000, *(gained for _, gained in steps)]).tolist()
    return [(NOON + timedelta(minutes=minute), count) for minute, count in zip(minutes, counts, strict=True)]


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """A post of around that time with a few readings, or none, which may be found gone."""
    posted_at = NOON + timedelta(minutes=draw(st.integers(-3000, 6000)))
    ages = sorted(draw(st.sets(st.integers(1, 6000), max_size=5)))
    views = np.cumsum(draw(st.lists(st.integers(0, 3000), min_size=len(ages), max_size=len(ages)))).tolist()
    read = [(posted_at + timedelta(minutes=age), seen) for age, seen in zip(ages, views, strict=True)]
    gone_at = draw(st.none() | st.integers(1, 3000).map(lambda minutes: max(ages, default=0) + minutes))
    return Post(
        posted_at=posted_at, views=read, gone_at=None if gone_at is None else posted_at + timedelta(minutes=gone_at)
    )


gains = st.lists(st.tuples(st.floats(0.01, 3), st.integers(-3, 12)), min_size=1, max_size=25)


@unhurried
@given(curves(), st.lists(posts(), max_size=6))
def test_the_bounds_lie_around_the_best_and_nothing_is_negative(curve: Curve, seen: list[Post]) -> None:
    attribution = Attribution(curve, seen)
    for number in range(len(seen)):
        for moment, _ in curve:
            won = attribution.won(number, moment)
            assert won is None or 0 <= won.low <= won.best <= won.high


@unhurried
@given(curves(), st.lists(posts(), max_size=6))
def test_all_posts_together_win_no_more_than_came(curve: Curve, seen: list[Post]) -> None:
    attribution = Attribution(curve, seen)
    came = sum(max(0, after - before) for (_, before), (_, after) in pairwise(curve))
    shrinking = max(0.0, -attribution.drift.per_day * days_of(curve))
    won = [attribution.won(number, curve[-1][0]) for number in range(len(seen))]
    assert sum(one.best for one in won if one is not None) <= came + shrinking + 1e-6


@unhurried
@given(gains, st.floats(-3, 3), st.floats(0.1, 100))
def test_steadily_seen_posts_win_exactly_what_was_gained_beyond_the_drift(
    gained: list[tuple[float, int]], drift: float, views_per_day: float
) -> None:
    days, followers = (np.array(figures, dtype=float) for figures in zip(*gained, strict=True))
    won = won_beyond(followers, views_per_day * days, days, drift_per_day=drift)
    beyond = float(followers.sum() - drift * days.sum())
    assert float(won.sum()) == pytest.approx(max(0.0, beyond), abs=1e-6)


@unhurried
@given(curves(), st.lists(posts(), max_size=6))
def test_what_a_post_has_won_does_not_become_less(curve: Curve, seen: list[Post]) -> None:
    attribution = Attribution(curve, seen)
    for number in range(len(seen)):
        known_won = [won.best for moment, _ in curve if (won := attribution.won(number, moment)) is not None]
        assert all(later >= earlier - 1e-9 for earlier, later in pairwise(known_won))


@unhurried
@given(curves(), st.lists(posts(), max_size=4))
def test_a_post_that_was_not_seen_gets_nothing(curve: Curve, seen: list[Post]) -> None:
    unseen = post(0, (1, 0), (24, 0), (168, 0))
    assert Attribution(curve, [*seen, unseen]).won(len(seen), curve[-1][0]) == NOTHING


@unhurried
@given(st.integers(1, 200), st.integers(-5, 50), st.integers(1, 5000))
def test_a_post_that_was_seen_alone_gets_all_that_was_gained_beyond_the_drift(
    hours: int, gained: int, views: int
) -> None:
    attribution = Attribution(after((0, 2000), (hours, 2000 + gained)), [post(0, (hours, views))])
    beyond = max(0.0, gained - attribution.drift.per_day * hours / 24)
    assert known(attribution.won(0, NOON + hours * HOUR)).best == pytest.approx(beyond, abs=1e-6)


@unhurried
@given(gains, st.lists(st.integers(0, 900), min_size=25, max_size=25), st.integers(0, 24), st.floats(0.05, 0.95))
def test_an_interval_that_is_cut_evenly_is_worth_the_same(
    gained: list[tuple[float, int]], seen: list[int], place: int, part: float
) -> None:
    days, followers = (np.array(figures, dtype=float) for figures in zip(*gained, strict=True))
    views = np.array(seen[: len(days)], dtype=float)
    cut = place % len(days)

    def in_two(figures: Numbers) -> Numbers:
        pieces = [figures[cut] * part, figures[cut] * (1 - part)]
        return np.concatenate([figures[:cut], pieces, figures[cut + 1 :]])

    whole = won_beyond(followers, views, days, drift_per_day=0.4)
    again = won_beyond(in_two(followers), in_two(views), in_two(days), drift_per_day=0.4)
    assert again[cut] + again[cut + 1] == pytest.approx(whole[cut], abs=1e-6)
    assert float(again.sum()) == pytest.approx(float(whole.sum()), abs=1e-6)


@unhurried
@given(st.sets(st.integers(1, 5 * 24 * 6 - 1), max_size=200))
def test_wherever_the_curve_is_cut_a_post_has_won_nearly_the_same(cuts: set[int]) -> None:
    """Three posts that win two followers per hundred views, counted at any moments."""
    posted, comes_to = (0.0, 20.0, 70.0), (3000, 1000, 2000)

    def views(number: int, hours: float) -> float:
        age = max(0.0, hours - posted[number])
        return comes_to[number] * age / (age + 4 / 3)

    seen = [
        post(at, *((at + age, round(views(number, at + age))) for age in (0.5, 2, 12, 24, 48)))
        for number, at in enumerate(posted)
    ]
    hours = [minute / 6 for minute in (0, *sorted(cuts), 5 * 24 * 6)]
    curve = after(*((at, round(2000 + sum(views(n, at) for n in range(3)) / 50)) for at in hours))
    attribution = Attribution(curve, seen)
    for number in range(3):
        won = known(attribution.won(number, curve[-1][0]))
        assert won.best == pytest.approx(views(number, 120) / 50, rel=0.1, abs=2)
        assert won.low <= views(number, 120) / 50 <= won.high


def test_the_gain_of_an_interval_is_shared_by_the_views_gained_in_it() -> None:
    curve = after((0, 2000), (24, 2100))
    seen = [post(0, (24, 300)), post(0, (24, 100)), post(23, (24, 600))]
    attribution = Attribution(curve, seen)
    won = [known(attribution.won(number, curve[-1][0])) for number in range(3)]
    assert [one.best for one in won] == pytest.approx([30, 10, 60])
    assert all(one.low < one.best < one.high for one in won)
    assert won[2].low > won[1].high


def test_each_interval_goes_to_those_who_were_seen_in_it() -> None:
    morning, evening = post(0, (1, 400), (6, 400), (24, 400)), post(6, (7, 100), (24, 100))
    attribution = Attribution(after((0, 2000), (6, 2040), (12, 2050)), [morning, evening])
    assert known(attribution.won(0, NOON + 6 * HOUR)).best == pytest.approx(40)
    assert known(attribution.won(0, NOON + 12 * HOUR)).best == pytest.approx(40)
    assert attribution.won(1, NOON + 6 * HOUR) == NOTHING
    assert known(attribution.won(1, NOON + 12 * HOUR)).best == pytest.approx(10)


def test_fewer_followers_are_told_less_surely() -> None:
    seen = [post(0, (12, 500)), post(0, (12, 500))]
    few, many = (known(Attribution(after((0, 500), (12, last)), seen).won(0, NOON + 12 * HOUR)) for last in (504, 900))
    assert few.best == pytest.approx(2)
    assert many.best == pytest.approx(200)
    assert few.low < 0.1 * few.best
    assert many.low > 0.4 * many.best
    assert few.high > 2 * few.best
    assert many.high < 1.6 * many.best


def test_nobody_can_have_won_more_than_came_while_he_was_seen() -> None:
    seen = [post(0, (1 / 6, 50)), post(0, (1 / 6, 50))]
    won = known(Attribution(after((0, 2000), (1 / 6, 2001)), seen).won(0, NOON + HOUR / 6))
    assert won.best == pytest.approx(0.5)
    assert 1 <= won.high < 1.5, "the one who came, and a little for somebody who may have left meanwhile"


def test_what_is_gained_when_nobody_sees_a_post_is_drift() -> None:
    """Ten days of nothing but two followers a day, and then a post that wins thirty."""
    quiet = [(24.0 * day, 2000 + 2 * day) for day in range(11)]
    shown = post(240, (252, 4000), (264, 5000))
    attribution = Attribution(after(*quiet, (264, 2052)), [shown])
    assert attribution.drift.per_day == pytest.approx(2, abs=0.3)
    assert attribution.drift.deviation < 1
    won = known(attribution.won(0, NOON + 264 * HOUR))
    assert won.best == pytest.approx(30, abs=0.5)
    assert won.low > 25


def test_the_quiet_hours_are_not_blamed_for_the_few_that_posts_win_in_them() -> None:
    days, views = np.full(40, 0.5), np.tile([1000.0, 100.0], 20)
    drift = estimate_drift(views * 0.02 + 1.0, views, days, followers=5000)
    assert drift.per_day == pytest.approx(2, abs=0.2), "two a day by themselves, and four more in the quiet halves"


def test_without_quiet_hours_the_drift_is_what_was_assumed() -> None:
    drift = estimate_drift(np.full(10, 9.0), np.full(10, 500.0), np.full(10, 0.5), followers=3000)
    assert drift.per_day == 0
    assert drift.deviation == pytest.approx(3)


def test_a_loss_takes_nothing_from_any_one_gain_but_tells_how_many_come_by_themselves() -> None:
    won = won_beyond(np.array([4.0, -1.0, 0.0, 5.0]), np.full(4, 100.0), np.ones(4), drift_per_day=0)
    assert won.tolist() == pytest.approx([4 * 8 / 9, 0, 0, 5 * 8 / 9])


def test_a_bad_week_does_not_hide_a_good_day() -> None:
    week = [(24.0 * day, 2000 - day) for day in range(8)]
    shown = post(168, (180, 4000), (192, 5000))
    won = known(Attribution(after(*week, (192, 2023)), [shown]).won(0, NOON + 192 * HOUR))
    assert won.best == pytest.approx(30, abs=1)


def test_followers_that_x_removes_are_not_held_against_the_posts() -> None:
    steady = [(hours, 2000 + hours) for hours in range(49)]
    purged = [(hours, count if hours < 24 else count - 900) for hours, count in steady]
    seen = [post(0, (1, 500), (48, 900)), post(24, (25, 500), (48, 900))]
    end = NOON + 48 * HOUR
    for number in range(2):
        whole, after_purge = (known(Attribution(after(*curve), seen).won(number, end)) for curve in (steady, purged))
        assert after_purge.best == pytest.approx(whole.best, rel=0.3)


def test_f09_what_cannot_be_known_is_unknown_and_not_zero() -> None:
    curve = after((0, 2000), (4, 2010), (8, 2020))
    read = post(1, (2, 100), (8, 150))
    attribution = Attribution(curve, [read, post(1), post(-1, (2, 100), (8, 150)), post(1, (1.05, 10))])
    end = NOON + 8 * HOUR
    assert attribution.won(0, end) is not None
    assert attribution.won(0, end + HOUR) is None, "nobody has counted yet"
    assert attribution.won(1, end) is None, "its views were never read"
    assert attribution.won(2, end) is None, "it was there before anybody counted"
    assert attribution.won(3, end) is None, "three minutes say nothing of seven hours"
    assert attribution.won(1, NOON + HOUR) == NOTHING, "it was not published yet"


def test_a_post_that_was_never_read_is_not_left_out_of_the_sharing() -> None:
    curve, read = after((0, 2000), (8, 2040)), post(0, (8, 150))
    won = known(Attribution(curve, [read, post(0)]).won(0, NOON + 8 * HOUR))
    assert won.best == pytest.approx(20)


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        ([], "no follower count"),
        (after((1, 5), (0, 6)), "ascending"),
        (after((1, 5), (1, 6)), "each moment once"),
    ],
)
def test_a_curve_that_cannot_be_is_refused_with_a_sentence(curve: Curve, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Attribution(curve, [])


@unhurried
@given(curves(), st.lists(posts(), max_size=6), st.data())
def test_what_all_win_together_lies_between_its_bounds_and_adds_up_over_time(
    curve: Curve, seen: list[Post], data: st.DataObject
) -> None:
    attribution = Attribution(curve, seen)
    begin, middle, end = sorted(data.draw(st.sampled_from(curve))[0] for _ in range(3))
    whole = attribution.won_together(begin, end)
    if whole is None:
        assert seen, "without any post it is known that none won"
        return
    assert 0 <= whole.low <= whole.best <= whole.high
    parts = [known(attribution.won_together(*span)) for span in ((begin, middle), (middle, end))]
    assert sum(part.best for part in parts) == pytest.approx(whole.best, abs=1e-6)


def test_together_posts_are_surer_of_what_they_won_than_each_of_them_alone() -> None:
    curve = after((0, 2000), (12, 2060), (24, 2100))
    attribution = Attribution(curve, [post(0, (24, 300)), post(0, (24, 100))])
    end = NOON + DAY
    together = known(attribution.won_together(NOON, end))
    alone = [known(attribution.won(number, end)) for number in range(2)]
    assert together.best == pytest.approx(sum(one.best for one in alone))
    assert together.high - together.low < sum(one.high - one.low for one in alone)


def test_f09_what_all_won_together_is_unknown_where_nobody_counted_or_nothing_was_read() -> None:
    curve = after((0, 2000), (8, 2040))
    end = NOON + 8 * HOUR
    assert Attribution(curve, [post(0)]).won_together(NOON, end) is None
    read = Attribution(curve, [post(0), post(0, (8, 150))])
    assert read.won_together(NOON - HOUR, end) is None
    assert read.won_together(NOON, end + HOUR) is None
    assert known(read.won_together(NOON, end)).best == pytest.approx(40)
    assert Attribution(curve, []).won_together(NOON, end) == NOTHING
