"""The assets of followers, run for real: what the UI shows of them."""

import base64
import re
from datetime import timedelta
from typing import Any

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters
from xbot_pipelines.orchestration.assets.followers import follower_snapshots, post_follower_tracking
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.pictures.followers import follower_picture, won_picture
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.readings import add_follower_snapshot
from xbot_pipelines_tests.store.given import posted, read, reading

POST = "1900000000000000100"
HOUR = timedelta(hours=1)


def shown(
    asset: dg.AssetsDefinition, settings: Settings, database: AccountDatabase, clock: ManualClock
) -> dict[str, Any]:
    """The metadata that a materialization of the asset leaves."""
    resources = {"settings": settings, "database": database, "clock": clock}
    ran = dg.materialize([asset], resources=resources)
    [materialization] = ran.asset_materializations_for_node(asset.op.name)
    return {name: value.value for name, value in materialization.metadata.items()}


def is_picture(markdown: str) -> bool:
    embedded = re.fullmatch(r"!\[[\w ]+\]\(data:image/png;base64,([\w+/=]+)\)", markdown)
    return embedded is not None and base64.b64decode(embedded.group(1)).startswith(b"\x89PNG")


@pytest.fixture
def watched(database: AccountDatabase, clock: ManualClock) -> AccountDatabase:
    """An account that has published one post, and was looked at before it and twice after."""
    began = clock.now()
    posted(database, POST, at=began)
    for hours, followers in ((-1, 1000), (2, 1012), (10, 1020)):
        add_follower_snapshot(database, followers=followers, observed_at=began + hours * HOUR, run_id=None)
    read(database, *(reading(POST, began + hours * HOUR, Counters(views=100 * hours)) for hours in (2, 10)))
    clock.advance(11 * HOUR)
    return database


def test_the_curve_is_shown_with_its_figures_and_drawn(
    settings: Settings, watched: AccountDatabase, clock: ManualClock
) -> None:
    metadata = shown(follower_snapshots, settings, watched, clock)
    assert metadata["result"] == "done"
    assert metadata["followers"] == 1020
    assert metadata["counts"] == 3
    assert metadata["gained in 7 days"] == "unknown"
    assert metadata["longest gap in hours"] == 8
    assert is_picture(metadata["curve"])


def test_who_won_whom_is_shown_with_its_bounds_and_drawn(
    settings: Settings, watched: AccountDatabase, clock: ManualClock
) -> None:
    metadata = shown(post_follower_tracking, settings, watched, clock)
    assert (metadata["result"], metadata["posts"], metadata["checkpoints"]) == ("done", 1, 2)
    assert metadata["checkpoints of which it is unknown"] == 0
    assert is_picture(metadata["won by post"])
    [record] = metadata["posts that won most"].records
    assert record.data["post"] == f"{settings.x_url}/{settings.profile.handle}/status/{POST}"
    assert 0 < record.data["at least"] < record.data["won"] < record.data["at most"]


@pytest.mark.parametrize("asset", [follower_snapshots, post_follower_tracking], ids=lambda asset: asset.op.name)
def test_f25_nothing_to_do_is_said_with_its_reason(
    asset: dg.AssetsDefinition, settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    metadata = shown(asset, settings, database, clock)
    assert metadata["result"] == "nothing to do"
    assert metadata["reason"]


def test_f09_pictures_of_nothing_are_sentences() -> None:
    assert follower_picture([]) == "No page has shown our followers yet."
    assert won_picture([]) == "It is not known yet of any post what it has won."


def test_the_assets_say_what_they_are_made_from() -> None:
    def key(name: str) -> dg.AssetKey:
        return dg.AssetKey([ACCOUNT, name])

    assert follower_snapshots.asset_deps[key("follower_snapshots")] == {key("tweet_metrics")}
    assert post_follower_tracking.asset_deps[key("post_follower_tracking")] == {
        key(name) for name in ("follower_snapshots", "tweet_metrics", "posted_decisions")
    }
