"""What each section says in short: plain language, and unknown never told as zero."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.learning.attribution import Won
from xbot_pipelines.learning.beliefs import ArmBelief
from xbot_pipelines.models import CheckpointStatus, DecisionStatus, DecisionType
from xbot_pipelines.store.days import (
    DayAlert,
    DayPost,
    ModelUse,
    Moved,
    OpportunityTally,
    PostAtCheckpoint,
    Received,
)
from xbot_pipelines.store.followers import FollowerSnapshot
from xbot_pipelines.store.promises import CheckpointTally
from xbot_pipelines.systems.reports import words
from xbot_pipelines.systems.reports.days import day_on
from xbot_pipelines.systems.reports.sections.audience import Conversations, Followers, Opportunities
from xbot_pipelines.systems.reports.sections.believing import Beliefs
from xbot_pipelines.systems.reports.sections.comparing import Comparison, beside, compare
from xbot_pipelines.systems.reports.sections.publishing import Checkpoints, Decisions, Published
from xbot_pipelines.systems.reports.sections.running import Alerts, ModelCost

DAY = day_on(date(2026, 3, 2), ZoneInfo("Europe/Vienna"))


def post(views: int | None) -> DayPost:
    return DayPost(
        kind=DecisionType.SINGLE,
        tweet_id="1900000000000000100",
        posted_at=DAY.since,
        text="Walk.",
        target_author=None,
        target_text=None,
        engagement_rate=None,
        collected_at=None,
        gone_at=None,
        views=views,
    )


@pytest.mark.parametrize(
    ("posts", "replies", "said"),
    [
        ([], [], "Nothing was published."),
        ([1], [], "One post was published and has been seen once so far."),
        ([1234, 0], [6], "Two posts and one reply were published and have been seen 1,240 times so far."),
        ([0], [], "One post was published and has not been seen so far."),
        ([], [None], "One reply was published; how often that was seen is not known yet."),
        (
            [500] * 13,
            [None],
            "13 posts and one reply were published and have been seen 6,500 times so far (of one it is not known).",
        ),
    ],
)
def test_f09_what_was_published(posts: list[int | None], replies: list[int | None], said: str) -> None:
    section = Published(day=DAY, posts=[post(views) for views in posts], replies=[post(views) for views in replies])
    assert section.in_short == said
    assert section.headline == ("posts + replies", f"{len(posts)} + {len(replies)}")


@pytest.mark.parametrize(
    ("on_time", "late", "missed", "owed", "said", "headline"),
    [
        (0, 0, 0, 0, "No checkpoint fell due.", "none due"),
        (1, 0, 0, 0, "The checkpoint that fell due was read on time.", "1 of 1"),
        (43, 0, 0, 0, "All 43 checkpoints were read on time.", "43 of 43"),
        (
            *(40, 1, 0, 2),
            "Of 43 checkpoints that fell due, 40 were read on time, 1 was read late and 2 are still owed.",
            "40 of 43",
        ),
        (
            *(0, 0, 1, 1),
            "Of two checkpoints that fell due, 1 was missed because the post was gone and 1 is still owed.",
            "0 of 2",
        ),
    ],
)
def test_checkpoints(on_time: int, late: int, missed: int, owed: int, said: str, headline: str) -> None:
    section = Checkpoints(tally=CheckpointTally(on_time=on_time, late=late, missed=missed, owed=owed), curves=[])
    assert section.in_short == said
    assert section.headline == ("checkpoints on time", headline)


def counts(*followers: int | None) -> list[FollowerSnapshot | None]:
    return [None if one is None else FollowerSnapshot(DAY.since, one) for one in followers]


@pytest.mark.parametrize(
    ("first", "last", "won", "said"),
    [
        (
            *(1000, 1014, Won(low=8.7, best=11.6, high=15.2)),
            "There are 1,014 followers, 14 more than a day before; the posts have won about 12 (8 to 16).",
        ),
        (
            *(1000, 999, None),
            "There are 999 followers, 1 fewer than a day before; how many the posts have won is not known.",
        ),
        (
            *(20, 20, Won(low=0, best=0, high=0.4)),
            "There are 20 followers, as many as a day before; the posts have won about 0 (0 to 1).",
        ),
        (
            *(None, 20, None),
            "There are 20 followers; how many were gained is not known, as nobody counted at both ends of the day.",
        ),
        (None, None, None, "How many followers there are is not known: no page has shown it."),
    ],
)
def test_f09_followers(first: int | None, last: int | None, won: Won | None, said: str) -> None:
    began, ended = counts(first, last)
    section = Followers(day=DAY, curve=[], first=began, last=ended, won=won)
    assert section.in_short == said
    assert section.headline.figure == ("unknown" if None in {first, last} else words.signed(last - first))  # type: ignore[operator]


def test_followers_that_were_counted_in_the_middle_of_the_day_only_are_told_without_a_gain() -> None:
    section = Followers(day=DAY, curve=[FollowerSnapshot(DAY.since, 50)], first=None, last=None, won=None)
    assert section.in_short.startswith("There are 50 followers; how many were gained is not known")
    assert (section.gained, section.won_by_posts) == (None, "unknown")


def test_replies_and_opportunities() -> None:
    assert Conversations(received=Received(count=0, authors=0, newest=[])).in_short == "Nobody replied."
    assert Conversations(received=Received(count=2, authors=1, newest=[])).in_short == (
        "Two replies came in from one person."
    )
    assert Conversations(received=Received(count=40, authors=1, newest=[])).unshown == 40

    def opportunities(judged: int, turned_away: int, answered: int) -> str:
        tally = OpportunityTally(judged=judged, turned_away=turned_away, answered=answered, reasons=[])
        return Opportunities(tally=tally).in_words

    assert opportunities(0, 0, 0) == "No post of others was judged."
    assert opportunities(31, 19, 9) == "Of 31 posts that others wrote 12 were worth a reply, 9 answered so far."
    assert opportunities(2, 2, 0) == "Of two posts that others wrote none were worth a reply."
    assert opportunities(1, 0, 0) == "Of one post that others wrote 1 was worth a reply."


def moved(status: DecisionStatus, kind: DecisionType = DecisionType.SINGLE, *, is_new: bool = False) -> Moved:
    return Moved(
        kind=kind,
        text="Walk.",
        target_author=None,
        is_new=is_new,
        status=status,
        moved_at=DAY.since,
        reason=None,
        status_now=status,
    )


def test_drafts_are_counted_by_where_they_stood_and_those_set_aside_are_told() -> None:
    rejected, expired, queued = DecisionStatus.REJECTED, DecisionStatus.EXPIRED, DecisionStatus.QUEUED
    section = Decisions(
        moved=[
            moved(expired),
            moved(rejected, is_new=True),
            moved(queued, DecisionType.REPLY, is_new=True),
            moved(rejected),
        ]
    )
    assert section.in_short == "Two drafts were rejected and one expired."
    assert section.table == [("written", 1, 1), ("queued", 0, 1), ("rejected", 2, 0), ("expired", 1, 0)]
    assert [one.status for one in section.set_aside] == [rejected, rejected, expired]
    assert Decisions(moved=[moved(queued)]).in_short == ""
    unsure = Decisions(moved=[moved(status) for status in (DecisionStatus.REFUSED, DecisionStatus.UNCONFIRMED)])
    assert unsure.in_short == "One draft was refused by X and one is not confirmed."


def use(cost_usd: float, unknown: int = 0) -> ModelUse:
    return ModelUse(purpose="post", calls=3, calls_of_unknown_cost=unknown, tokens=900, cost_usd=cost_usd)


def test_f09_what_the_model_cost_is_told_beside_its_budget() -> None:
    cheap = ModelCost(uses=[use(0.1), use(0.02)], daily_budget_usd=1.0)
    assert cheap.in_words == "The language model cost $0.12 of the day's $1.00."
    assert cheap.headline == ("model, of $1.00", "$0.12")
    assert cheap.in_short == "", "the head of the report says it already"
    dear = ModelCost(uses=[use(0.85, unknown=2)], daily_budget_usd=1.0)
    assert dear.in_short == "The language model cost $0.85 of the day's $1.00; what two calls cost is not known."
    assert dear.headline.figure == "≥ $0.85"
    unpriced = ModelCost(uses=[use(0.0, unknown=3)], daily_budget_usd=1.0)
    assert (unpriced.in_words, unpriced.headline.figure) == ("What the language model cost is not known.", "unknown")
    assert ModelCost(uses=[], daily_budget_usd=0.0).in_words == "The language model was not asked."
    assert ModelCost(uses=[], daily_budget_usd=0.0).in_short == ""


def test_alerts() -> None:
    alert = DayAlert(sentence="the account is paused: logged out.", opened_at=DAY.since, closed_at=None)
    assert Alerts(alerts=[]).in_short == ""
    assert Alerts(alerts=[]).headline == ("alerts", "none")
    assert Alerts(alerts=[alert]).in_short == "One alert was open: the account is paused: logged out."
    assert Alerts(alerts=[alert, alert]).in_short == "Two alerts were open."


def at_checkpoint(
    number: int,
    views: int | None,
    *,
    kind: DecisionType = DecisionType.SINGLE,
    status: CheckpointStatus = CheckpointStatus.ON_TIME,
) -> PostAtCheckpoint:
    return PostAtCheckpoint(
        kind=kind,
        tweet_id=str(UUID(int=number).int),
        posted_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number),
        text=f"Number {number}.",
        about=(),
        status=status,
        views=views,
    )


def test_the_best_and_the_weakest_are_told_beside_the_median_of_their_kind() -> None:
    posts = [at_checkpoint(number, views) for number, views in enumerate([100, 400, 1240, 300, 500])]
    posts += [at_checkpoint(9, 9999, kind=DecisionType.REPLY)]
    of_posts = compare(posts, DecisionType.SINGLE)
    assert (of_posts.count, of_posts.median, of_posts.left_out) == (5, 400, 0)
    assert [(one.post.text, one.beside_the_median) for one in of_posts.best] == [
        ("Number 2.", "1,240 views, 3.1 times the median of the last seven days"),
        ("Number 4.", "500 views, 1.2 times the median of the last seven days"),
    ]
    assert [(one.post.text, one.beside_the_median) for one in of_posts.weakest] == [
        ("Number 0.", "100 views, 25 % of the median of the last seven days"),
        ("Number 3.", "300 views, 75 % of the median of the last seven days"),
    ]
    comparison = Comparison(hours=24, posts=of_posts, replies=compare(posts, DecisionType.REPLY))
    assert comparison.in_short == (
        "After 24 hours the best post had 1,240 views, 3.1 times the median of the last seven days."
    )
    assert not comparison.replies.best, "one alone is compared with nothing"


def test_at_most_three_of_each_are_shown_and_none_as_both() -> None:
    seven = compare([at_checkpoint(number, number) for number in range(7)], DecisionType.SINGLE)
    assert [one.post.views for one in seven.best] == [6, 5, 4]
    assert [one.post.views for one in seven.weakest] == [0, 1, 2]
    three = compare([at_checkpoint(number, number) for number in range(3)], DecisionType.SINGLE)
    assert (three.count, three.median, three.best, three.weakest) == (3, None, (), ())


def test_f09_what_was_read_late_or_without_views_is_left_out_and_said_to_be() -> None:
    posts = [at_checkpoint(number, 100) for number in range(4)]
    posts += [at_checkpoint(5, 9000, status=CheckpointStatus.LATE), at_checkpoint(6, None)]
    of_posts = compare(posts, DecisionType.SINGLE)
    assert (of_posts.count, of_posts.median, of_posts.left_out) == (4, 100, 2)
    assert Comparison(
        hours=24, posts=compare([], DecisionType.SINGLE), replies=compare([], DecisionType.REPLY)
    ).is_empty


@pytest.mark.parametrize(
    ("views", "median", "said"),
    [
        (31, 10, "31 views, 3.1 times the median"),
        (204, 10, "204 views, 20 times the median"),
        (104, 100, "104 views, about the median"),
        (96, 100, "96 views, about the median"),
        (94, 100, "94 views, 94 % of the median"),
        (1, 1000, "1 view, less than 1 % of the median"),
        (0, 210, "no views, the median of the last seven days being 210"),
        (3, 0, "three views, the median of the last seven days being 0"),
    ],
)
def test_a_comparison_is_said_in_plain_words(views: int, median: float, said: str) -> None:
    assert beside(views, median).startswith(said)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (words.number(None), "unknown"),
        (words.number(0), "0"),
        (words.number(1234567), "1,234,567"),
        (words.number(2.5), "2.5"),
        (words.signed(None), "unknown"),
        (words.signed(0), "0"),
        (words.signed(-3), "-3"),
        (words.percent(None), "unknown"),
        (words.percent(0.0), "0.0 %"),
        (words.percent(0.0125), "1.2 %"),
        (words.dollars(0), "$0.00"),
        (words.dollars(0.0042), "$0.0042"),
        (words.counted(0, "reply"), "no replies"),
        (words.listed([]), ""),
        (words.listed(["a"]), "a"),
        (words.listed(["a", "b", "c"]), "a, b and c"),
    ],
)
def test_f09_figures_are_told_as_a_person_reads_them(shown: str, expected: str) -> None:
    assert shown == expected


def arm(value: str, mean: float, deviation: float, dimension: Dimension = Dimension.HOOK) -> ArmBelief:
    return ArmBelief(dimension=dimension, value=value, mean=mean, deviation=deviation, pulls=9.0)


def test_f09_what_works_is_said_with_its_bounds_and_of_what_cannot_be_told_nothing() -> None:
    section = Beliefs(
        arms=[
            arm("question", 0.5, 0.1),
            arm("number", -0.5, 0.1),
            arm("warm", 0.01, 0.3, Dimension.TONE),
            arm("plain", -0.01, 0.3, Dimension.TONE),
        ]
    )
    assert section.in_short.startswith(
        "What works most surely is the hook 'question': 1.6 times the account's usual, between 1.4 and 2.0."
    )
    [contrast] = section.contrasts
    assert (contrast.dimension, contrast.best, contrast.worst) == ("hook", "question", "number")
    assert contrast.worst_in_words == "0.6 times the account's usual, between 0.5 and 0.7"
    assert str(section.picture()).startswith("![what is believed of each value](data:image/png;base64,")


def test_f09_before_anything_was_learned_nothing_is_believed() -> None:
    section = Beliefs(arms=[])
    assert (section.in_short, section.contrasts) == ("", [])
    assert section.in_words.startswith("Too few posts have passed their day")
    assert section.picture() is None
