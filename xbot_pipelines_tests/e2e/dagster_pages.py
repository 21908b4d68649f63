"""The pages of the Dagster UI as a person uses them who backfills: the catalog, its dialog, a run and a backfill.

Only what is seen and clicked. What Dagster knows beyond that is asked through `operate.dagster_ui`.
"""

import re
from collections.abc import Sequence
from datetime import date

from playwright.sync_api import Page, expect

PATIENCE_MILLISECONDS = 180_000
"""Dagster looks for new backfills every 30 s, and its page asks for news every 15 s."""


class DagsterPages:
    """A browser's page that shows the Dagster UI at `url`."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        page.set_default_timeout(PATIENCE_MILLISECONDS)

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
