"""A page of X as it stands on the screen: the test ids we rely on, and what it shows to whoever looks for walls.

Test ids do not depend on the locale; labels and visible text do, so nothing here reads those (X_SURFACE §2).
"""

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from xbot_pipelines.x.walls import PageFacts, Wall, gone_in, wall_of_page

OWN_PROFILE_LINK = '[data-testid="AppTabBar_Profile_Link"]'
DIALOG = '[role="dialog"]:has([data-testid="tweetTextarea_0"])'
EDITOR = '[data-testid="tweetTextarea_0"]'
SUGGESTIONS = '[data-testid="TypeaheadListItem"]'
TOAST = '[data-testid="toast"]'

# What people write can say anything, "Just a moment" included; only the site's own words make a wall.
_WORDS_OF_THE_SITE = """
() => {
    const people = `article, [role=textbox], [data-testid=UserName], [data-testid=UserDescription],
        [data-testid=User-Name], [data-testid=UserCell], [data-testid=sidebarColumn], script, style, noscript`;
    const body = document.body.cloneNode(true);
    body.querySelectorAll(people).forEach((part) => part.remove());
    return body.textContent.slice(0, 20000);
}
"""


def facts_of(page: Page) -> PageFacts:
    """Answers what the page shows, the words of people left out."""
    try:
        text = page.evaluate(_WORDS_OF_THE_SITE)
    except PlaywrightError:
        # The page is on its way to another one: its address says enough, and the next look will see the rest.
        text = ""
    return PageFacts(url=page.url, text=text, frame_urls=tuple(frame.url for frame in page.frames))


def wall_on(page: Page) -> Wall | None:
    """Answers the wall that the page is, or None."""
    return wall_of_page(facts_of(page))


def gone_on(page: Page) -> str | None:
    """Answers the words with which the page says that what we asked for is gone, or None."""
    return gone_in(facts_of(page))
