"""The asset of news, run for real: feeds that cannot be read are a failure, and not "nothing to do" (F22)."""

import dagster as dg
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.orchestration.assets.news import news_items
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines_tests.feeds.site import Page, Site, item, open_site, rss

BY = Provenance(actor="test", run_id="run-1")


def look(
    site: Site, settings: Settings, database: AccountDatabase, clock: ManualClock, *paths: str
) -> dg.ExecuteInProcessResult:
    """Run the asset for some feeds, while the account is paused: X is not searched, and no browser is opened."""
    profile = settings.profile.model_copy(update={"feeds": tuple(f"{site.url}{path}" for path in paths)})
    told = settings.model_copy(update={"profile": profile})
    account.pause(database, reason="a test", now=clock.now(), by=BY)
    browser = BrowserTurn(told, database, clock, by=BY, asked_at=clock.now())
    resources = {"settings": told, "database": database, "browser": browser, "clock": clock}
    return dg.materialize([news_items], resources=resources, raise_on_error=False)


@pytest.mark.parametrize("paths", [("/missing", "/page"), ("/missing",)])
def test_f22_feeds_of_which_none_can_be_read_fail_the_run(
    settings: Settings, database: AccountDatabase, clock: ManualClock, paths: tuple[str, ...]
) -> None:
    with open_site() as site:
        site.pages["/page"] = Page(b"<!doctype html><html><body>Hello", headers={"Content-Type": "text/html"})
        ran = look(site, settings, database, clock, *paths)
    assert not ran.success
    [failed] = [event for event in ran.all_events if event.is_step_failure]
    failure = failed.step_failure_data.user_failure_data
    assert failure is not None
    assert str(failure.description).startswith(f"no feed could be read: {site.url}/missing answered HTTP 404")
    assert failure.metadata["feeds that failed"].value == len(paths)


def test_a_feed_that_cannot_be_read_is_counted_beside_one_that_can(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    with open_site() as site:
        site.pages["/good"] = Page(rss(item("Naps help memory", "https://example.org/1")))
        ran = look(site, settings, database, clock, "/missing", "/good")
    [materialization] = ran.asset_materializations_for_node(news_items.op.name)
    assert materialization.metadata["feeds that failed"].value == 1
    assert materialization.metadata["new from feeds"].value == 1
