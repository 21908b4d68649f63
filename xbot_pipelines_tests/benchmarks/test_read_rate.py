"""The judge of `benchmarks/read_rate.py`: what it counts, what is no reading to it, and when it calls a goal broken."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.reading.site import put_history
from benchmarks.reading.summary import Summary
from benchmarks.reading.ways import Readers, ReadWrongly, Turn, Way, open_readers
from xbot_pipelines_tests.practice_site import Practice

POSTS = 88
FAST = Turn(way=Way.TIMELINES, posts=400, seconds=2.0, requests={"UserOriginalsTimeline": 20}, page_loads=2)
SLOW = Turn(way=Way.ONE_BY_ONE, posts=40, seconds=10.0, requests={"TweetDetail": 40}, page_loads=40)
BARE = Turn(way=Way.BARE_HTTP, posts=400, seconds=0.5, requests={"UserOriginalsTimeline": 20}, page_loads=1)


@pytest.fixture
def readers(practice: Practice) -> Iterator[Readers]:
    """The three readers of one day of our account."""
    with open_readers(practice, put_history(practice, days=1), one_by_one=2) as readers:
        yield readers


@pytest.mark.browser
def test_every_way_reads_what_the_site_has_and_is_told_what_it_asked(readers: Readers) -> None:
    timelines, one_by_one, bare = (readers.take_turn(way) for way in Way)
    walked = {"UserOriginalsTimeline": 4, "UserRepliesTimeline": 3}  # three pages and two, and each time the end
    assert (timelines.posts, one_by_one.posts, bare.posts) == (POSTS, 2, POSTS)
    assert timelines.requests == {"Viewer": 2, "UserByScreenName": 2, **walked}
    assert one_by_one.requests == {"Viewer": 2, "TweetDetail": 2}
    assert bare.requests == {"Viewer": 1, **walked}
    assert (timelines.page_loads, one_by_one.page_loads, bare.page_loads) == (2, 2, 1)

    newest = next(reversed(readers.history.counters))
    counters = {**readers.history.counters, newest: {"likes": 123_456}}
    with pytest.raises(ReadWrongly, match=f"post {newest} has 123456 likes"):
        replace(readers, history=replace(readers.history, counters=counters)).take_turn(Way.BARE_HTTP)
    readers.practice.ask("DELETE", f"posts/{newest}")
    with pytest.raises(ReadWrongly, match=f"our timelines: post {newest} was not read"):
        readers.take_turn(Way.TIMELINES)


def test_figures_are_medians_of_the_turns_of_each_way() -> None:
    turns = [FAST, replace(FAST, seconds=4.0), replace(FAST, seconds=1.0), SLOW, BARE]
    [timelines, one_by_one, bare] = Summary(turns).lines
    assert (timelines.posts_per_second, timelines.slowest) == (200, 100)
    assert (one_by_one.posts_per_second, one_by_one.requests_per_post, one_by_one.page_loads_per_post) == (4, 1, 1)
    assert bare.posts_per_second == 800


@pytest.mark.parametrize(
    ("ours", "kept"),
    [
        (FAST, [True, True]),
        (replace(FAST, seconds=6.6), [True, True]),  # 60.6 posts a second: 15 times SLOW's 4 are 60
        (replace(FAST, seconds=6.7), [False, True]),
        (replace(FAST, requests={"UserOriginalsTimeline": 20, "Viewer": 21}), [True, False]),
    ],
)
def test_a_goal_is_broken_by_too_few_posts_a_second_or_too_many_requests(ours: Turn, kept: list[bool]) -> None:
    assert [goal.kept for goal in Summary([ours, SLOW, BARE]).goals] == kept
