"""What the port answers to each of its questions, whichever client stands behind it: true, whole, and bound by id."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from xbot_pipelines.models import PostSnapshot, PrivateCounters
from xbot_pipelines.x.client import Missing, Pages, XClient
from xbot_pipelines.x.queries import about, by_any, linking, posts_of
from xbot_pipelines.x.walls import Gone, RateLimited
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.x.conftest import history, told

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Way:
    """One of the two ways: how many posts a page of it holds, and what its questions are called at the site."""

    page: int
    posts: str
    replies: str
    search: str
    mentions: str
    post: str
    conversation: str
    analytics: str


BROWSER = Way(
    page=20,
    posts="UserOriginalsTimeline",
    replies="UserRepliesTimeline",
    search="SearchTimeline",
    mentions="NotificationsTimeline",
    post="TweetDetail",
    conversation="TweetDetail",
    analytics="TweetActivityQuery",
)
API = Way(
    page=100,
    posts="getUsersPosts",
    replies="getUsersPosts",
    search="searchPostsRecent",
    mentions="getUsersMentions",
    post="getPostsByIds",
    conversation="searchPostsRecent",
    analytics="getPostsByIds",
)


@pytest.fixture(params=[BROWSER, API], ids=["browser", "api"])
def way(request: pytest.FixtureRequest) -> Way:
    """The way that the client takes."""
    chosen: Way = request.param
    return chosen


@pytest.fixture
def x(request: pytest.FixtureRequest, way: Way) -> XClient:
    """The client of that way, logged in as our account."""
    client: XClient = request.getfixturevalue("client" if way is BROWSER else "api_client")
    return client


def readers(practice: Practice) -> Iterator[str]:
    """Handles of people who are not us."""
    return (person["handle"] for person in practice.ask("GET", "people"))


def quiet(practice: Practice) -> Iterator[str]:
    """Handles of people who are not us, and say nothing by themselves."""
    return (person["handle"] for person in practice.ask("GET", "people") if not person["speaks"])


def of_the_last_day(pages: Pages, now: datetime) -> list[PostSnapshot]:
    """The posts of a search as far back as a day."""
    since, found = now - timedelta(days=1), []
    with closing(pages):
        for page in pages:
            found += [post for post in page.posts if post.created_at >= since]
            if any(post.created_at < since for post in page.posts):
                break
    return found


def asked(practice: Practice) -> Counter[str]:
    """How often each question was asked."""
    return Counter(practice.ask("GET", "requests")["by_operation"])


def newest_first(ids: list[str]) -> list[str]:
    return sorted(ids, key=int, reverse=True)


def test_it_says_who_is_logged_in(x: XClient, practice: Practice) -> None:
    me = x.whoami()
    assert me.handle == practice.handle
    assert me.followers == practice.truth()["accounts"][0]["followers"]


def test_own_posts_are_posts_and_replies_of_ours_alone(x: XClient, practice: Practice) -> None:
    [target] = practice.put({"author": practice.handle, "text": "A root post of ours"})
    reply = practice.visitor().post("A reply of ours", in_reply_to=target)
    seen = {post.id: post for post in x.own_posts(practice.now() - timedelta(hours=1))}
    assert set(seen) == {target, reply}
    assert seen[reply].in_reply_to_id == target
    assert seen[reply].visible_text == "A reply of ours"


def test_own_posts_since_a_moment_ago_are_none_and_no_error(x: XClient, practice: Practice) -> None:
    """X refuses a start that is younger than ten seconds."""
    practice.put(
        {
            "author": practice.handle,
            "text": "An hour old",
            "created_at": (practice.now() - timedelta(hours=1)).isoformat(),
        }
    )
    assert x.own_posts(practice.now() - timedelta(seconds=1)) == []


def test_own_posts_go_back_over_many_pages_to_the_moment_asked_for(x: XClient, practice: Practice) -> None:
    now = practice.now()
    ids = practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"Post number {number} of a long history",
                "created_at": (now - timedelta(hours=70 - number)).isoformat(),
            }
            for number in range(70)
        )
    )
    since = now - timedelta(hours=55, minutes=30)
    seen = x.own_posts(since)
    assert [post.id for post in seen] == sorted((post for post in ids[15:]), key=int, reverse=True)


def test_counters_are_those_of_the_moment_of_reading(x: XClient, practice: Practice) -> None:
    now = practice.now()
    practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"Old enough to have been seen, number {number}",
                "created_at": (now - timedelta(hours=20 + number)).isoformat(),
            }
            for number in range(3)
        )
    )
    practice.ask("POST", "clock", {"running": False})
    truth = told(practice)
    seen = x.own_posts(now - timedelta(hours=30))
    assert len(seen) == 3
    for post in seen:
        counters = truth[post.id]["counters"]
        assert {name: getattr(post, name) for name in counters} == counters
        assert post.observed_at is not None


def test_an_account_without_posts_has_none_and_is_no_error(x: XClient) -> None:
    assert x.own_posts(datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_one_post_is_read_from_its_own_page(x: XClient, practice: Practice) -> None:
    [post_id] = practice.put({"author": practice.handle, "text": "Look at me"})
    assert x.post(post_id).visible_text == "Look at me"


def test_a_deleted_post_is_gone_and_so_is_a_hidden_one_and_one_that_never_was(x: XClient, practice: Practice) -> None:
    deleted, hidden = practice.put(
        {"author": practice.handle, "text": "Soon deleted"}, {"author": practice.handle, "text": "Soon hidden"}
    )
    practice.ask("DELETE", f"posts/{deleted}")
    practice.ask("POST", f"posts/{hidden}/hide")
    for post in (deleted, hidden, "1234567890"):
        for ask in (x.post, x.conversation, x.post_analytics):
            with pytest.raises(Gone, match=post):
                ask(post)


def test_a_profile_is_read_and_a_missing_one_is_gone(x: XClient, practice: Practice) -> None:
    assert x.profile(practice.handle).handle == practice.handle
    with pytest.raises(Gone):
        x.profile("nobody_of_this")


def test_a_rate_limit_is_one_for_every_question_and_says_when_it_ends(x: XClient, practice: Practice, way: Way) -> None:
    [ours] = practice.put({"author": practice.handle, "text": "Asked about too often"})
    questions: list[tuple[str, Callable[[], object]]] = [
        (way.posts, lambda: x.own_posts(practice.now() - timedelta(days=1))),
        (way.replies, lambda: x.own_posts(practice.now() - timedelta(days=1))),
        (way.search, lambda: list(x.search("from:daily_vitals"))),
        (way.mentions, lambda: list(x.mentions())),
        (way.post, lambda: x.post(ours)),
        (way.conversation, lambda: x.conversation(ours)),
        (way.analytics, lambda: x.post_analytics(ours)),
    ]
    for operation, ask in questions:
        practice.fault(operation=operation, kind="http_429", count=1)
        with pytest.raises(RateLimited) as met:
            ask()
        assert met.value.resets_at is not None
        assert met.value.resets_at > practice.now()


def test_f27_a_moment_without_a_timezone_is_refused(x: XClient) -> None:
    with pytest.raises(ValueError, match="timezone"):
        x.own_posts(datetime(2026, 3, 2, 12, 0))  # noqa: DTZ001 - the very thing that is refused


def test_own_posts_come_page_by_page_newest_first_then_the_replies_and_nothing_older(
    client: XClient, practice: Practice, noon: datetime
) -> None:
    posts = practice.put(*history(practice.handle, noon - timedelta(hours=1), 45))
    replies = practice.put(*history(practice.handle, noon - timedelta(minutes=5), 3, in_reply_to=posts[-1]))
    since = noon - timedelta(hours=1, minutes=41, seconds=30)
    pages = [[post.id for post in page.posts] for timeline in client.own_timelines(since) for page in timeline]
    assert pages[:4] == [
        newest_first(posts[25:]),
        newest_first(posts[5:25]),
        newest_first(posts[3:5]),
        newest_first(replies),
    ]
    assert not any(pages[4:]), "after the last reply comes nothing but a page of cursors"


def test_each_page_says_how_many_more_x_grants(x: XClient, practice: Practice, noon: datetime, way: Way) -> None:
    practice.put(*history(practice.handle, noon, 2 * way.page + 5))
    left = [page.requests_left for page in x.search(f"from:{practice.handle}")]
    first = left[0]
    assert first is not None
    assert left == [first - number for number in range(len(left))]
    assert len(left) >= 3


def test_a_caller_that_has_enough_stops_at_any_page_and_asks_on(
    x: XClient, practice: Practice, noon: datetime, way: Way
) -> None:
    posts = practice.put(*history(practice.handle, noon, 4 * way.page + 10))
    before = asked(practice)
    with closing(x.own_timelines(noon - timedelta(days=1))[0]) as pages:
        assert [post.id for post in next(pages).posts] == newest_first(posts[-way.page :])
    assert asked(practice)[way.posts] - before[way.posts] == 1
    assert x.post(posts[0]).id == posts[0]
    assert asked(practice)[way.posts] - before[way.posts] == 1
    assert len(x.own_posts(noon - timedelta(days=1))) == 4 * way.page + 10


def test_posts_are_looked_up_by_their_ids_each_as_it_is_or_why_it_is_not_there(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    there = practice.put(*history(practice.handle, noon, 3))
    practice.ask("DELETE", f"posts/{there[1]}")
    found = {one.id if isinstance(one, PostSnapshot) else one.post_id: one for one in x.posts([*there, "1234567890"])}
    assert {post_id for post_id, one in found.items() if isinstance(one, PostSnapshot)} == {there[0], there[2]}
    for post_id in (there[1], "1234567890"):
        missing = found[post_id]
        assert isinstance(missing, Missing)
        assert missing.reason


def test_an_answer_to_an_old_post_of_ours_does_not_end_the_walk_at_it(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    [old] = practice.put(*history(practice.handle, noon - timedelta(days=3), 1))
    replies = practice.put(*history(practice.handle, noon, 25, in_reply_to=old))
    seen = x.own_posts(noon - timedelta(days=1))
    assert [post.id for post in seen] == newest_first(replies)


def test_f22_a_rate_limit_in_the_middle_of_a_walk_is_raised_and_not_taken_for_its_end(
    x: XClient, practice: Practice, noon: datetime, way: Way
) -> None:
    practice.put(*history(practice.handle, noon, 2 * way.page + 5))
    pages = x.own_timelines(noon - timedelta(days=1))[0]
    assert len(next(pages).posts) == way.page
    practice.fault(operation=way.posts, kind="http_429", count=1)
    with pytest.raises(RateLimited):
        list(pages)


def test_f07_counters_are_bound_by_id_with_other_posts_first_on_the_page(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    """A pinned post and a promoted one stand above ours, and the answered post above our answer."""
    [other] = practice.put(*history(next(readers(practice)), noon - timedelta(hours=30), 1))
    [pinned] = practice.put({**history(practice.handle, noon - timedelta(hours=29), 1)[0], "pinned": True})
    [ours] = practice.put(*history(practice.handle, noon - timedelta(hours=20), 1))
    [reply] = practice.put(*history(practice.handle, noon - timedelta(hours=10), 1, in_reply_to=other))
    truth = told(practice, all="1")
    own = {post.id: post for post in x.own_posts(noon - timedelta(days=2))}
    assert own.keys() == {pinned, ours, reply}
    for post in [*own.values(), x.post(reply), x.post(ours)]:
        counters = truth[post.id]["counters"]
        assert {name: getattr(post, name) for name in counters} == counters
    assert own[reply].views != truth[other]["counters"]["views"]


def test_a_search_finds_an_accounts_posts_and_replies_of_a_span_newest_first_without_the_promoted(
    x: XClient, practice: Practice, noon: datetime, way: Way
) -> None:
    posts = practice.put(*history(practice.handle, noon - timedelta(hours=1), 60))
    replies = practice.put(*history(practice.handle, noon - timedelta(minutes=5), 3, in_reply_to=posts[-1]))
    practice.put(*history(next(readers(practice)), noon, 5))
    # One a minute: the ten oldest and the newest lie outside.
    query = posts_of(practice.handle, since=noon - timedelta(minutes=109), until=noon - timedelta(minutes=5))
    pages = [[post.id for post in page.posts] for page in x.search(query)]
    assert [post_id for page in pages for post_id in page] == newest_first([*posts[10:], *replies[:-1]])
    assert [len(page) for page in pages][:2] == ([20, 20] if way is BROWSER else [52])


def test_f22_each_page_says_how_many_promoted_posts_were_left_out(
    client: XClient, practice: Practice, noon: datetime
) -> None:
    practice.put(*history(practice.handle, noon, 25))
    timeline, _ = client.own_timelines(noon - timedelta(days=1))
    for pages in (client.search(f"from:{practice.handle}"), timeline):
        promoted = [page.promoted for page in pages]
        assert promoted[0] == 1
        assert not any(promoted[1:])


def test_the_posts_about_a_subject_are_all_that_name_it_in_our_language_and_answer_nobody(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    ann, ben, *_ = readers(practice)
    [linked, apart] = practice.put(
        {"author": ann, "text": "Screen time, measured: https://example.org/study"},
        {"author": ben, "text": "Time for a new screen."},
    )
    [reply] = practice.put(*history(ben, noon, 1, in_reply_to=linked))
    judged = practice.ask("GET", "truth/opportunities?within=24")["posts"]
    naming = [post for post in judged if "screen time" in post["named"]]
    left_out = {"other_language", "reply", "promoted", "protected", "deleted", "hidden"}
    expected = {post["id"] for post in naming if not left_out & set(post["reasons"])}
    assert linked in expected
    assert any("other_language" in post["reasons"] for post in naming)
    found = of_the_last_day(x.search(about("screen time", language="en")), noon)
    assert {post.id for post in found} == expected
    assert not {post.id for post in found} & {apart, reply}
    assert {(post.lang, post.in_reply_to_id) for post in found} == {("en", None)}
    linking_somewhere = of_the_last_day(x.search(linking("screen time", language="en")), noon)
    assert linked in {post.id for post in linking_somewhere}
    assert {post.id for post in linking_somewhere} == {post.id for post in found if "://" in post.visible_text}


def test_the_posts_of_several_accounts_are_found_together_replies_among_them(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    ann, ben, cleo, *_ = quiet(practice)
    [first] = practice.put(*history(ann, noon - timedelta(minutes=30), 1))
    [reply] = practice.put(*history(ben, noon - timedelta(minutes=20), 1, in_reply_to=first))
    practice.put(*history(cleo, noon - timedelta(minutes=10), 1))
    assert [post.id for page in x.search(by_any([ann, ben])) for post in page.posts] == [reply, first]


def test_who_answers_us_or_names_us_is_told_page_by_page_newest_first_without_ourselves(
    x: XClient, practice: Practice, noon: datetime, way: Way
) -> None:
    ann, ben, *_ = readers(practice)
    [ours] = practice.put(*history(practice.handle, noon - timedelta(minutes=50), 1))
    [answer] = practice.put(*history(ann, noon - timedelta(minutes=40), 1, in_reply_to=ours))
    named = practice.put(
        *(
            {
                "author": ben,
                "text": f"@{practice.handle} question {number}?",
                "created_at": (noon - timedelta(minutes=30 - number)).isoformat(),
            }
            for number in range(25)
        )
    )
    practice.put(
        {"author": practice.handle, "text": f"We are @{practice.handle}"},
        {"author": ann, "text": f"{practice.handle} without the sign"},
    )
    pages = list(x.mentions())
    told_of = [post for page in pages for post in page.posts]
    assert [post.id for post in told_of][:26] == newest_first([answer, *named])
    assert len(pages[0].posts) <= way.page < len(told_of) + way.page
    assert [post.id for post in told_of] == newest_first([post.id for post in told_of])
    assert practice.handle not in {post.author.handle for post in told_of}
    by_id = {post.id: post for post in told_of}
    assert by_id[answer].in_reply_to_id == ours
    assert all(post.observed_at is not None for post in told_of)
    left = [page.requests_left for page in pages]
    assert left[0] is not None
    assert left == [left[0] - number for number in range(len(left))]


@pytest.mark.usefixtures("noon")
def test_a_post_says_whether_its_author_lets_us_answer(x: XClient, practice: Practice, way: Way) -> None:
    judged = practice.ask("GET", "truth/opportunities?within=12")["posts"]
    there = [post for post in judged if not {"deleted", "hidden", "protected"} & set(post["reasons"])]
    closed = next(post["id"] for post in there if "closed" in post["reasons"])
    open_to_us = next(post["id"] for post in there if "closed" not in post["reasons"])
    for ask in (x.post, lambda post_id: x.conversation(post_id).post):
        # The API tells a group that may answer, and not whether we belong to it.
        assert ask(closed).replies_allowed in ({False} if way is BROWSER else {False, None})
        assert ask(open_to_us).replies_allowed is True


@pytest.mark.usefixtures("noon")
def test_what_a_search_shows_says_of_each_post_whether_we_may_answer(client: XClient, practice: Practice) -> None:
    judged = {post["id"]: post for post in practice.ask("GET", "truth/opportunities?within=48")["posts"]}
    for subject in ("sleep", "stress", "walking"):
        with closing(client.search(about(subject, language="en"))) as pages:
            seen = {post.id: post.replies_allowed for post in next(pages).posts}
        assert seen == {post_id: "closed" not in judged[post_id]["reasons"] for post_id in seen}
        if False in seen.values():
            return
    pytest.fail("no closed post among those found: look for another subject")


def test_a_search_that_finds_nothing_ends_and_is_no_error(x: XClient) -> None:
    assert [post for page in x.search("from:daily_vitals nobody-says-this") for post in page.posts] == []


def test_a_search_for_nothing_is_refused(x: XClient) -> None:
    with pytest.raises(ValueError, match="what to search for"):
        list(x.search("  "))


def test_a_conversation_is_who_answered_us_and_who_answered_them(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    ann, ben, cleo, *_ = readers(practice)
    [above] = practice.put(*history(ann, noon - timedelta(minutes=50), 1))
    [ours] = practice.put(*history(practice.handle, noon - timedelta(minutes=40), 1, in_reply_to=above))
    [direct] = practice.put(*history(ben, noon - timedelta(minutes=30), 1, in_reply_to=ours))
    [deeper] = practice.put(*history(cleo, noon - timedelta(minutes=20), 1, in_reply_to=direct))
    [beside] = practice.put(*history(cleo, noon - timedelta(minutes=10), 1, in_reply_to=above))
    found = {post.id: post for post in x.conversation(ours).answers}
    assert found.keys() >= {direct, deeper}
    assert not found.keys() & {above, ours, beside}
    assert {post.in_reply_to_id for post in found.values()} <= {ours, *found}
    assert (found[direct].author.handle, found[deeper].in_reply_to_id) == (ben, direct)
    assert found[direct].observed_at is not None


def test_a_conversation_has_above_it_what_the_post_answers_up_to_where_it_began(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    ann, ben, cleo, *_ = readers(practice)
    [first] = practice.put(*history(ann, noon - timedelta(minutes=50), 1))
    [second] = practice.put(*history(ben, noon - timedelta(minutes=40), 1, in_reply_to=first))
    [third] = practice.put(*history(ann, noon - timedelta(minutes=30), 1, in_reply_to=second))
    [asked] = practice.put(*history(cleo, noon - timedelta(minutes=20), 1, in_reply_to=third))
    practice.put(*history(ben, noon - timedelta(minutes=10), 1, in_reply_to=first))
    conversation = x.conversation(asked)
    assert [(post.id, post.author.handle) for post in conversation.above] == [
        (first, ann),
        (second, ben),
        (third, ann),
    ]
    assert conversation.above[0].observed_at is not None
    assert x.conversation(first).above == []
    practice.ask("DELETE", f"posts/{second}")
    assert [post.id for post in x.conversation(asked).above] == [third]


def test_a_long_conversation_is_read_over_its_pages_up_to_five(
    client: XClient, practice: Practice, noon: datetime
) -> None:
    ann, *_ = readers(practice)
    [ours] = practice.put(*history(practice.handle, noon - timedelta(hours=3), 1))
    answers = practice.put(*history(ann, noon, 110, in_reply_to=ours))
    found = [post.id for post in client.conversation(ours).answers if post.author.handle == ann]
    assert found == answers[: len(found)]
    assert 80 <= len(found) <= 100
    assert asked(practice)["TweetDetail"] <= 6


def test_the_private_figures_of_a_post_are_those_that_x_counted(
    x: XClient, practice: Practice, noon: datetime, way: Way
) -> None:
    [plain] = practice.put(*history(practice.handle, noon - timedelta(days=2), 1))
    [linked] = practice.put(
        {
            "author": practice.handle,
            "text": "The whole study is here: https://example.com/sleep",
            "created_at": (noon - timedelta(days=2)).isoformat(),
        }
    )
    for post_id in (plain, linked):
        private = told(practice)[post_id]["private"]
        assert x.post_analytics(post_id) == PrivateCounters(
            profile_visits=private["profile_visits"],
            detail_expands=private["detail_expands"] if way is BROWSER else None,
            link_clicks=private["link_clicks"],
        )


def test_the_private_figures_of_somebody_elses_post_are_not_for_us(
    x: XClient, practice: Practice, noon: datetime
) -> None:
    [other] = practice.put(*history(next(readers(practice)), noon - timedelta(hours=1), 1))
    with pytest.raises(Gone, match=other):
        x.post_analytics(other)
