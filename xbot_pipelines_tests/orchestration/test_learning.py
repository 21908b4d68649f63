"""The asset of learning, run for real: what the UI shows of what is believed."""

from typing import Any

import dagster as dg

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.orchestration.assets.learning import learned_arms
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.taught import teach, weeks_of_posts


def shown(settings: Settings, database: AccountDatabase, clock: ManualClock) -> dict[str, Any]:
    """The metadata that a materialization leaves."""
    resources = {"settings": settings, "database": database, "clock": clock}
    ran = dg.materialize([learned_arms], resources=resources)
    [materialization] = ran.asset_materializations_for_node(learned_arms.op.name)
    return {name: value.value for name, value in materialization.metadata.items()}


def test_what_is_believed_is_said_in_words_in_a_table_and_in_a_picture(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    posts = weeks_of_posts(clock.now(), best=("hook", ["number", "question"]))
    teach(database, posts)
    metadata = shown(settings, database, clock)
    assert metadata["result"] == "done"
    assert metadata["what works"].startswith("What works most surely is the hook 'number': ")
    assert metadata["luck"].startswith("two posts of three bring between ")
    assert metadata["posts learned from"] == len(posts)
    assert (metadata["of these not a day old"], metadata["posts of which something is not known"]) == (0, 0)
    assert metadata["beliefs"].startswith("![what is believed of each value](data:image/png;base64,")
    records = [record.data for record in metadata["best and worst"].records]
    assert len(records) == 10
    assert records[0]["value"] == "hook: number"
    assert " times the account's usual, between " in records[0]["engagement"]
    assert records[0]["posts"] > 10


def test_f25_nothing_to_do_is_said_with_its_reason_and_shows_no_belief(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    assert shown(settings, database, clock) == {
        "result": "nothing to do",
        "reason": "too few outcomes yet: 0 posts have passed their day, and 10 are needed",
    }


def test_the_asset_says_what_it_is_made_from() -> None:
    key = dg.AssetKey([ACCOUNT, "learned_arms"])
    assert learned_arms.asset_deps[key] == {
        dg.AssetKey([ACCOUNT, name]) for name in ("outcomes", "post_velocity_tracking", "follower_snapshots")
    }
    assert learned_arms.get_asset_spec(key).group_name == "learning"
