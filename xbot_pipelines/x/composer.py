"""Writing a post as a person would: open the editor, type, compare, click once, and see what came of it.

Up to the click everything may fail, and there is no post. From the click on nothing raises: the result says what is
known (X_SURFACE §5). Looking an unknown post up on the timeline is the business of `systems.posting`.
"""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Evidence
from xbot_pipelines.x.answer_errors import AnswerError, parse_errors
from xbot_pipelines.x.answers import Answer, Answers
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, Prepared, PublishResult, Refused, Unknown
from xbot_pipelines.x.graphql import parse_created_id, parse_created_post
from xbot_pipelines.x.page import DIALOG, EDITOR, SUGGESTIONS, TOAST, wall_on
from xbot_pipelines.x.session import Patience, go
from xbot_pipelines.x.shapes import UnreadableAnswer
from xbot_pipelines.x.text import same_text
from xbot_pipelines.x.walls import NOT_PERMITTED_CODES, LayoutChanged, PublishingNotPermitted, Wall

_OPERATIONS = ("CreateTweet", "CreateNoteTweet")
_DUPLICATE = 187
_REFUSALS = {
    186: "the text is too long",
    324: "X does not take the media",
    385: "the post that it answers is deleted or not visible to us",
    433: "the author of the post that it answers has limited who may reply",
}
"""Codes with which X refuses this very post; those that stand for a wall are in `walls`."""

_DISMISS = ("Got it", "Refuse non-essential cookies", "Not now", "Maybe later")
"""Notices that may lie over the editor and mean nothing. Anything else that is in the way stops us."""


def publish(
    page: Page,
    text: str,
    *,
    x_url: str,
    handle: str,
    reply_to: str | None,
    before_click: Callable[[], None],
    patience: Patience,
    clock: Clock,
) -> PublishResult:
    """Publishes one post through the page; see `client.XClient.publish`."""
    composer = _open(page, x_url, reply_to, patience)
    _write(page, composer, text)
    button = _ready_button(page, composer, patience)
    with Answers(page, _OPERATIONS, clock) as answers:
        before_click()
        try:
            button.click(timeout=patience.editor * 1000)
            answer = answers.next(timeout_seconds=patience.answer)
            result = result_of(answer, text, handle) if answer else None
            return result or _toast_result(page, handle, patience)
        except Wall as wall:
            return _unknown_behind(wall)
        except PlaywrightError as failure:
            return Unknown(reason=f"the page broke after the click: {failure.message.splitlines()[0]}")


def prepare(page: Page, text: str, *, x_url: str, reply_to: str | None, patience: Patience) -> Prepared:
    """Writes a post as `publish` does, and takes it away again; see `client.XClient.prepare`."""
    composer = _open(page, x_url, reply_to, patience)
    _write(page, composer, text)
    _ready_button(page, composer, patience)
    # No click. What is left in the editor X would ask about, or keep as a draft.
    _start_over(page, composer.locator(EDITOR).first)
    return Prepared(way="the editor on X's page")


def _open(page: Page, x_url: str, reply_to: str | None, patience: Patience) -> Locator:
    """Opens the editor, and answers the part of the page that holds it and its button."""
    if reply_to is None:
        go(page, f"{x_url}/compose/post")
        return _shown(page, page.locator(DIALOG), patience)
    go(page, f"{x_url}/compose/post?in_reply_to={reply_to}")
    try:
        return _shown(page, page.locator(DIALOG), patience)
    except LayoutChanged:
        # Sometimes X shows home and a loading dialog that never ends; the status page has an editor of its own.
        go(page, f"{x_url}/i/status/{reply_to}")
        return _shown(page, page.locator('[data-testid="primaryColumn"]'), patience)


def _shown(page: Page, composer: Locator, patience: Patience) -> Locator:
    try:
        composer.locator(EDITOR).first.wait_for(timeout=patience.editor * 1000)
    except PlaywrightTimeout:
        raise wall_on(page) or LayoutChanged(missing="the editor (tweetTextarea_0)", where=page.url) from None
    for name in _DISMISS:
        notice = page.get_by_role("button", name=name, exact=True)
        if notice.is_visible():
            notice.click()
    return composer


def _write(page: Page, composer: Locator, text: str) -> None:
    """Puts the text into the editor, and makes sure that it is the text and nothing else."""
    editor = composer.locator(EDITOR).first
    _click(page, editor)
    page.keyboard.insert_text(text)
    if not same_text(editor.inner_text(), text):
        _start_over(page, editor)
        for number, line in enumerate(text.split("\n")):
            if number:
                page.keyboard.press("Enter")
            page.keyboard.insert_text(line)
    if page.locator(SUGGESTIONS).first.is_visible():
        # A suggestion would be taken by Enter or Tab, and its backdrop lies over the button; a real key closes it.
        page.keyboard.press("End")
        page.keyboard.press("Space")
    if not same_text(editor.inner_text(), text):
        raise LayoutChanged(missing="the text, as it was typed, in the editor", where=page.url)


def _start_over(page: Page, editor: Locator) -> None:
    editor.press("ControlOrMeta+a")
    page.keyboard.press("Backspace")


def _ready_button(page: Page, composer: Locator, patience: Patience) -> Locator:
    """Answers the button that submits, once it can be clicked and nothing lies over it."""
    button = composer.locator('[data-testid="tweetButton"], [data-testid="tweetButtonInline"]').first
    _click(page, button, trial=True, timeout_seconds=patience.editor)
    return button


def _click(page: Page, part: Locator, *, trial: bool = False, timeout_seconds: float = 10) -> None:
    try:
        part.click(trial=trial, timeout=timeout_seconds * 1000)
    except PlaywrightTimeout as failure:
        raise wall_on(page) or LayoutChanged(
            missing="a free way to the editor and its button (something unknown lies over it)", where=page.url
        ) from failure


def result_of(answer: Answer, text: str, handle: str) -> PublishResult | None:
    """Return what X's own answer says of the post, or None where it says nothing.

    An id comes first: it proves that there is a post, whatever errors stand beside it and whatever the post says.
    """
    post_id = parse_created_id(answer.payload) if isinstance(answer.payload, dict) else None
    if post_id is None:
        return _refusal(answer, parse_errors(answer.payload) if answer.payload is not None else [])
    try:
        post = parse_created_post(answer.body)
    except (UnreadableAnswer, LayoutChanged) as failure:
        return Posted(post_id=post_id, evidence=Evidence.ANSWER, note=f"the post could not be read: {failure}")
    if post is None:
        return Posted(post_id=post_id, evidence=Evidence.ANSWER, note="X did not show the post")
    if post.author.handle and post.author.handle.lower() != handle.lower():
        return None  # another tab of the same browser, perhaps: it is not the answer to our click
    differs = not same_text(post.visible_text, text)
    return Posted(post_id=post_id, evidence=Evidence.ANSWER, note=TEXT_DIFFERS if differs else None)


def _refusal(answer: Answer, errors: list[AnswerError]) -> Refused | Unknown | None:
    for error in errors:
        if error.code == _DUPLICATE:
            return Unknown(
                reason=f"X has this text already, perhaps from an earlier try: {error.message} ({_DUPLICATE})"
            )
        if error.code in _REFUSALS:
            return Refused(code=error.code, message=f"{_REFUSALS[error.code]}: {error.message}")
    if not_permitted := next((error for error in errors if error.code in NOT_PERMITTED_CODES), None):
        wall: Wall | None = PublishingNotPermitted(
            f"X takes no posts from this account: {not_permitted.message}; "
            "look in a browser of your own, then `xbot resume`"
        )
        return Refused(code=not_permitted.code, message=str(wall), wall=wall)
    # A fault of the server says nothing about the post: it may have been taken before the fault.
    wall = answer.wall() if answer.status is not None and answer.status < 500 else None  # noqa: PLR2004
    return (
        Refused(code=next((error.code for error in errors), answer.status), message=str(wall), wall=wall)
        if wall
        else None
    )


def _toast_result(page: Page, handle: str, patience: Patience) -> PublishResult:
    """Answers what the toast says, which is gone after a few seconds."""
    link = page.locator(f'{TOAST} a[href*="/status/"]')
    own_post = re.compile(rf"/(?:{re.escape(handle)}|i|i/web)/status/([0-9]+)", re.IGNORECASE)
    give_up = time.monotonic() + patience.toast
    while time.monotonic() < give_up:
        for address in link.evaluate_all("links => links.map((link) => link.getAttribute('href'))"):
            found = own_post.search(address)
            if found:
                return Posted(post_id=found.group(1), evidence=Evidence.TOAST)
        wall = wall_on(page)
        if wall:
            # X leads away at once when a session ends, and what it answered is gone with the page.
            return _unknown_behind(wall)
        page.wait_for_timeout(50)
    return Unknown(reason="neither X's answer nor the toast said what became of it")


def _unknown_behind(wall: Wall) -> Unknown:
    return Unknown(reason=f"after the click the page became a wall: {wall}", wall=wall)
