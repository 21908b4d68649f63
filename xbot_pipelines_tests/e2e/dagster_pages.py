"""The pages of the Dagster UI as a person uses them: the lineage, the catalog, an asset, a run and a backfill.

Only what is seen and clicked. What Dagster knows beyond that is asked through `operate.dagster_ui`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from playwright.sync_api import Page, ViewportSize, expect

TALL = ViewportSize(width=1500, height=1600)
"""A window that is high enough for the whole catalog: rows that do not fit are not there."""

PATIENCE_MILLISECONDS = 180_000
"""Dagster looks for new backfills every 30 s, and its page asks for news every 15 s."""


class DagsterPages:
    """A browser's page that shows the Dagster UI at `url`."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        greeting = page.get_by_role("button", name="Skip")
        page.add_locator_handler(greeting, greeting.click)

    def open_lineage(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Shows the lineage, opens groups in it one after the other, and waits until their assets are to be seen."""
        self._page.goto(f"{self._url}/asset-groups")
        for group, assets in groups.items():
            self._page.get_by_text(group, exact=True).last.click()
            for asset in assets:
                expect(self._page.get_by_text(asset, exact=True).first).to_be_visible(timeout=PATIENCE_MILLISECONDS)

    def materialize(self, asset: str) -> str:
        """Materializes an asset without partitions, now, and shows the run that does it; answers the run's id."""
        self._page.goto(f"{self._url}/assets/practice/{asset}")
        self._page.get_by_role("button", name="Materialize").first.click()
        self._page.get_by_role("link", name="View", exact=True).click()
        self._page.wait_for_url("**/runs/*")
        return self._page.url.rpartition("/")[2]

    def open_checks(self, asset: str, *, succeeded: Sequence[str]) -> None:
        """Shows the checks of an asset, and waits until it has these, and all of them have succeeded."""
        self._page.goto(f"{self._url}/assets/practice/{asset}?view=checks")
        for check in succeeded:
            expect(self._page.get_by_text(check, exact=True).first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        listed = self._page.get_by_text("Succeeded", exact=True)
        expect(listed).to_have_count(len(succeeded), timeout=PATIENCE_MILLISECONDS)

    def launch_backfill(self, assets: Sequence[str], first: date, last: date) -> str:
        """Ticks assets in the catalog, chooses the days from `first` to `last`, launches; answers the backfill's id."""
        self._page.goto(f"{self._url}/assets")
        for asset in assets:
            box = self._page.get_by_test_id(f"checkbox-practice/{asset}")
            self._page.locator("label").filter(has=box).click()
        self._page.get_by_role("button", name="Materialize selected").click()
        dialog = self._page.get_by_role("dialog")
        days, warning = dialog.get_by_role("textbox"), dialog.get_by_role("button", name="Confirm")
        days.or_(warning).wait_for()
        if warning.is_visible():  # an asset above these was never materialized: the data is in the tables all the same
            warning.click()
        days.fill(f"[{first}...{last}]")
        days.press("Enter")
        dialog.get_by_text(f"{(last - first).days + 1} partitions", exact=True).wait_for()
        dialog.get_by_role("button", name="Launch backfill").click()
        self._page.get_by_role("link", name="View", exact=True).click()
        self._page.wait_for_url("**/runs/b/*")
        return self._page.url.rpartition("/")[2]

    def open_run(self, run_id: str) -> None:
        """Shows a run."""
        self._page.goto(f"{self._url}/runs/{run_id}")

    def last_line(self, wording: re.Pattern[str]) -> str:
        """Waits until the log of the run on the screen shows a line that is worded so, and answers the last of them.

        A log follows what comes in: lines that others have pushed off the screen are not there any more.
        """
        line = self._page.get_by_text(wording).last
        line.wait_for()
        return line.inner_text()

    def end_of_run(self) -> str:
        """Waits until the run on the screen has ended, and answers how: Success, Failure or Canceled."""
        status = self._page.get_by_text(re.compile("^(Success|Failure|Canceled)$")).first
        status.wait_for()
        return status.inner_text()

    def terminate_run(self) -> None:
        """Ends the run on the screen."""
        self._page.get_by_role("button", name="Terminate").click()
        self._page.get_by_role("dialog").get_by_role("button", name="Terminate 1 run").click()

    def wait_for_completion(self, backfill_id: str) -> None:
        """Waits until the page of a backfill says that all of it is done."""
        self._page.goto(f"{self._url}/runs/b/{backfill_id}")
        expect(self._page.get_by_text("100% completed").first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        expect(self._page.get_by_text("Succeeded", exact=True).first).to_be_visible(timeout=PATIENCE_MILLISECONDS)
