"""What the tests of the front end share: names of parts of a page, and short ways to look at it."""

from datetime import timedelta

from playwright.sync_api import Locator, Page

from xbot_pipelines_tests.practice_site import Practice

HANDLE = "daily_vitals"
EDITOR = "[data-testid=tweetTextarea_0]"
TOAST = "[data-testid=toast]"
SUGGESTION = "[data-testid=TypeaheadListItem]"
HARD_TEXT = (
    "A family \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 and a wave 👋🏽\n\n"
    "Line three: “quotes” & <tags> – done…\n- #sleep, and @daily_vitals too\n- naïve ½ 你好"
)


def texts_on_x(practice: Practice) -> list[str]:
    return [post["text"] for post in practice.truth()["posts"]]


def write_history(practice: Practice, count: int) -> list[str]:
    """Posts of our account, one a minute up to now; answers their ids, oldest first."""
    begin = practice.now() - timedelta(minutes=count)
    return practice.put(
        *(
            {
                "author": HANDLE,
                "text": f"Note {number} on walking.",
                "created_at": (begin + timedelta(minutes=number)).isoformat(),
            }
            for number in range(count)
        )
    )


def composer_of(page: Page, where: str) -> Locator:
    return page.locator(where).filter(has=page.locator(EDITOR)).locator(".composer")


def covered(part: Locator) -> bool:
    return bool(
        part.evaluate(
            """part => {
                const box = part.getBoundingClientRect();
                const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return !part.contains(hit);
            }"""
        )
    )
