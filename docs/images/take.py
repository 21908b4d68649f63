"""Takes the pictures of the docs from a house that runs (`make up`): `uv run python docs/images/take.py`."""

from pathlib import Path

from playwright.sync_api import Page

from xbot_pipelines.settings import load_settings
from xbot_pipelines.x.session import open_browser

HERE = Path(__file__).parent
_EMPTY_SPOT = {"x": 700, "y": 200}


def lineage(page: Page, ui: str) -> None:
    """The lineage, every group opened."""
    page.goto(f"{ui}/asset-groups")
    for group in ("posting", "metrics"):
        page.get_by_text(group, exact=True).last.click()
        page.wait_for_timeout(1500)  # the graph moves to its new place, and nothing says when it stands
    page.mouse.dblclick(_EMPTY_SPOT["x"], _EMPTY_SPOT["y"])  # Dagster's way to show all of it
    page.wait_for_timeout(1500)
    page.screenshot(path=HERE / "lineage.png")


def main() -> None:
    """Takes them all."""
    settings = load_settings()
    with open_browser(settings.chromium) as browser:
        page = browser.new_page(viewport={"width": 1500, "height": 640})
        greeting = page.get_by_role("button", name="Skip")
        page.add_locator_handler(greeting, greeting.click)
        lineage(page, f"http://127.0.0.1:{settings.ui_port}")


if __name__ == "__main__":
    main()
