"""Pictures in the metadata of assets: PNG inside Markdown, which draw what is known and nothing else."""

import base64
import re
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from matplotlib.image import imread

from xbot_pipelines.learning.arms import Dimension
from xbot_pipelines.learning.beliefs import ArmBelief
from xbot_pipelines.models import CheckpointStatus, PublishedPost
from xbot_pipelines.pictures.arms import arms_picture
from xbot_pipelines.pictures.checkpoints import lateness_picture, velocity_picture
from xbot_pipelines.pictures.outcomes import views_picture
from xbot_pipelines.store.checkpoints import Checkpoint
from xbot_pipelines.store.outcomes import PostOutcome
from xbot_pipelines_tests.conftest import NOON

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def post(number: int) -> PublishedPost:
    return PublishedPost(
        decision_id=UUID(int=number), tweet_id=str(1900000000000000100 + number), posted_at=NOON, text="Walk a little."
    )


def taken(number: int, hours: int, views: int | None, *, late: timedelta = 9 * SECOND) -> Checkpoint:
    return Checkpoint(
        post=post(number),
        hours=hours,
        status=CheckpointStatus.ON_TIME,
        observed_at=NOON + hours * HOUR + late,
        age=hours * HOUR + late,
        late=late,
        views=views,
    )


def missed(number: int, hours: int) -> Checkpoint:
    return Checkpoint(post=post(number), hours=hours, status=CheckpointStatus.MISSED, missed_reason="gone")


def came_to(number: int, views: int | None) -> PostOutcome:
    return PostOutcome(
        tweet_id=post(number).tweet_id, posted_at=NOON + number * HOUR, collected_at=NOON, gone_at=None, views=views
    )


def drawn(markdown: str) -> bytes:
    """The picture inside Markdown, which has to be a PNG that can be opened, with something drawn in it."""
    found = re.fullmatch(r"!\[[^\]]+\]\(data:image/png;base64,([A-Za-z0-9+/=]+)\)", markdown)
    assert found is not None, markdown[:80]
    png = base64.b64decode(found.group(1), validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    pixels = imread(BytesIO(png), format="png")
    assert pixels.min() < pixels.max()
    return png


def test_a_picture_is_a_png_inside_markdown() -> None:
    curve = [taken(1, 2, 100), taken(1, 12, 400), taken(2, 2, 50)]
    pictures = {
        drawn(velocity_picture(curve)),
        drawn(lateness_picture(curve)),
        drawn(views_picture([came_to(1, 400), came_to(2, 50)])),
    }
    assert len(pictures) == 3


@pytest.mark.parametrize("nothing", [[], [missed(1, 2), missed(1, 12)], [taken(1, 2, None)]])
def test_f09_a_velocity_of_which_nothing_is_known_is_said_and_not_drawn(nothing: Sequence[Checkpoint]) -> None:
    assert velocity_picture(nothing) == "No checkpoint with known views yet."


@pytest.mark.parametrize("nothing", [[], [missed(1, 2)]])
def test_f09_without_a_checkpoint_that_was_read_no_lateness_is_drawn(nothing: Sequence[Checkpoint]) -> None:
    assert lateness_picture(nothing) == "No checkpoint was read yet."


@pytest.mark.parametrize("nothing", [[], [came_to(1, None)]])
def test_f09_without_known_views_no_bar_is_drawn(nothing: Sequence[PostOutcome]) -> None:
    assert views_picture(nothing) == "X shows no views of these posts yet."


def test_f09_what_is_unknown_is_not_drawn_and_what_is_zero_is() -> None:
    known = [taken(1, 2, 100), taken(1, 24, 400)]
    assert velocity_picture([known[0], taken(1, 12, None), known[1]]) == velocity_picture(known)
    assert velocity_picture([known[0], missed(1, 12), known[1]]) == velocity_picture(known)
    assert velocity_picture([known[0], taken(1, 12, 0), known[1]]) != velocity_picture(known)

    assert lateness_picture([*known, missed(2, 2)]) == lateness_picture(known)

    two = [came_to(1, 400), came_to(3, 50)]
    assert views_picture([two[0], came_to(2, None), two[1]]) == views_picture(two)
    assert views_picture([two[0], came_to(2, 0), two[1]]) != views_picture(two)


def test_each_post_has_a_curve_of_its_own() -> None:
    together = [taken(1, 2, 100), taken(1, 12, 400)]
    apart = [taken(1, 2, 100), taken(2, 12, 400)]
    assert velocity_picture(together) != velocity_picture(apart)


def test_of_many_posts_the_newest_are_drawn() -> None:
    many = [taken(number, 2, 10 * number) for number in range(100)]
    assert velocity_picture(many) == velocity_picture(many[-40:])
    outcomes = [came_to(number, number) for number in range(100)]
    assert views_picture(outcomes) == views_picture(outcomes[-40:])


def test_however_alike_or_far_apart_the_readings_came_their_lateness_is_drawn() -> None:
    drawn(lateness_picture([taken(1, 2, 1)]))
    drawn(lateness_picture([taken(number, 2, 1, late=9 * SECOND) for number in range(50)]))
    drawn(lateness_picture([taken(number, 2, 1, late=number * HOUR) for number in range(200)]))


def arm(value: str, mean: float, dimension: Dimension = Dimension.TONE) -> ArmBelief:
    return ArmBelief(dimension=dimension, value=value, mean=mean, deviation=0.2, pulls=10.0)


def test_beliefs_are_drawn_the_best_of_a_dimension_first_and_hours_in_their_order() -> None:
    tones = [arm("warm", 0.4), arm("plain", -0.4)]
    assert drawn(arms_picture(tones)) == drawn(arms_picture([*reversed(tones)]))
    hours = [arm("08", 0.4, Dimension.HOUR), arm("09", -0.4, Dimension.HOUR)]
    assert drawn(arms_picture(hours)) != drawn(arms_picture([*reversed(hours)]))


def test_a_value_is_drawn_as_it_is_written_whatever_signs_are_in_it() -> None:
    drawn(arms_picture([arm(r"$5 \frac{ for <b>", 0.1), arm("_", 0.0)]))


def test_without_beliefs_that_is_said_and_nothing_is_drawn() -> None:
    assert arms_picture([]) == "Nothing is believed yet."
