"""Takes the pictures of the docs from a house that runs (`make up`): `uv run python docs/images/take.py`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from xbot_pipelines.settings import load_settings
from xbot_pipelines.x.session import open_browser
from xbot_pipelines_tests.e2e.dagster_pages import TALL, DagsterPages

HERE = Path(__file__).parent
_SHOWN = ViewportSize(width=1500, height=640)
_EMPTY_SPOT = {"x": 700, "y": 200}
_MOVING_MILLISECONDS = 1500  # the graph moves to its new place, and nothing says when it stands


def lineage(page: Page, pages: DagsterPages) -> None:
    """The lineage, two of its groups opened."""
    pages.open_lineage({"posting": ["posted_decisions"], "metrics": ["tweet_metrics"]})
    page.wait_for_timeout(_MOVING_MILLISECONDS)
    page.mouse.dblclick(_EMPTY_SPOT["x"], _EMPTY_SPOT["y"])  # Dagster's way to show all of it
    page.wait_for_timeout(_MOVING_MILLISECONDS)
    page.screenshot(path=HERE / "lineage.png")


def materialized(page: Page, pages: DagsterPages) -> None:
    """An asset that a person has just materialized, and what its run says."""
    pages.materialize("follower_snapshots")
    pages.end_of_run()
    page.wait_for_timeout(_MOVING_MILLISECONDS)
    page.screenshot(path=HERE / "materialized.png")


def backfill(page: Page, pages: DagsterPages) -> None:
    """A backfill over some days, done."""
    today = datetime.now(UTC).date()
    page.set_viewport_size(TALL)
    begun = pages.launch_backfill(["tweet_metrics", "outcomes"], today - timedelta(days=6), today)
    page.set_viewport_size(ViewportSize(width=1500, height=320))
    pages.wait_for_completion(begun)
    page.screenshot(path=HERE / "backfill.png")


def checks(page: Page, pages: DagsterPages) -> None:
    """The checks of the readings."""
    page.set_viewport_size(_SHOWN)
    pages.open_checks("tweet_metrics", succeeded=["counters_are_plausible", "counters_do_not_fall"])
    page.wait_for_timeout(_MOVING_MILLISECONDS)
    page.screenshot(path=HERE / "checks.png")


def main() -> None:
    """Takes them all."""
    settings = load_settings()
    with open_browser(settings.chromium, home=settings.home) as browser:
        page = browser.new_page(viewport=_SHOWN, reduced_motion="reduce")
        pages = DagsterPages(page, f"http://127.0.0.1:{settings.ui_port}")
        for take in (lineage, materialized, backfill, checks):
            take(page, pages)


if __name__ == "__main__":
    main()
