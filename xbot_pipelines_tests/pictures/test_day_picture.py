"""The picture of a day: what is known is drawn at its moment, and what is not known never looks like zero."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from xbot_pipelines.models import DecisionType
from xbot_pipelines.pictures.day import day_picture
from xbot_pipelines.pictures.drawing import embedded
from xbot_pipelines.pictures.followers import follower_picture
from xbot_pipelines.store.days import DayPost
from xbot_pipelines.store.followers import FollowerSnapshot
from xbot_pipelines_tests.pictures.test_pictures import drawn

VIENNA = ZoneInfo("Europe/Vienna")
MIDNIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def post(hours: float, views: int | None, kind: DecisionType = DecisionType.SINGLE) -> DayPost:
    return DayPost(
        kind=kind,
        tweet_id="1900000000000000100",
        posted_at=MIDNIGHT + hours * HOUR,
        text="Walk.",
        target_author=None,
        target_text=None,
        engagement_rate=None,
        collected_at=None,
        gone_at=None,
        views=views,
    )


def picture(*posts: DayPost, hours: int = 24, zone: ZoneInfo = VIENNA) -> str:
    return day_picture(posts, since=MIDNIGHT, until=MIDNIGHT + hours * HOUR, zone=zone)


def test_posts_are_drawn_at_their_moment_as_high_as_they_were_seen_and_apart_from_replies() -> None:
    pictures = [
        picture(post(3, 100), post(9, 40)),
        picture(post(4, 100), post(9, 40)),
        picture(post(3, 100), post(9, 90)),
        picture(post(3, 100), post(9, 40, DecisionType.REPLY)),
    ]
    assert len({drawn(one) for one in pictures}) == 4


def test_f09_unknown_views_are_neither_left_out_nor_zero() -> None:
    pictures = [
        picture(post(3, 100), post(9, None)),
        picture(post(3, 100), post(9, 0)),
        picture(post(3, 100)),
        picture(post(3, None)),
    ]
    assert len({drawn(one) for one in pictures}) == 4


def test_a_day_without_posts_is_said_and_not_drawn() -> None:
    assert picture() == "Nothing was published on this day."


def test_hours_are_those_of_the_account_and_a_day_may_have_23_of_them_or_25() -> None:
    pictures = [picture(post(3, 100), hours=hours) for hours in (23, 24, 25)]
    pictures.append(picture(post(3, 100), zone=ZoneInfo("UTC")))
    assert len({drawn(one) for one in pictures}) == 4


def test_the_follower_curve_has_the_hours_of_the_timezone_it_is_given_in() -> None:
    def curve(zone: timezone) -> list[FollowerSnapshot]:
        return [FollowerSnapshot((MIDNIGHT + hour * HOUR).astimezone(zone), 100 + hour) for hour in range(20)]

    assert drawn(follower_picture(curve(UTC))) != drawn(follower_picture(curve(timezone(5 * HOUR))))


def test_a_picture_is_taken_out_of_its_markdown_and_a_sentence_is_none() -> None:
    markdown = picture(post(3, 100))
    taken = embedded(markdown)
    assert taken is not None
    assert f"![{taken.title}]({taken.address})" == markdown
    assert taken.address.startswith("data:image/png;base64,")
    assert embedded(picture()) is None
