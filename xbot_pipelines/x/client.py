"""The port to X: what the rest of the product may ask of it, and what it gets back.

Two clients stand behind it, the browser and the official API; no caller knows which. Reads answer typed snapshots or
raise a `walls.Wall`; publishing answers one of three results, and never anything in between (F02).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xbot_pipelines.models import Evidence, PostSnapshot, ProfileSnapshot
from xbot_pipelines.x.walls import Wall


@dataclass(frozen=True, kw_only=True)
class Posted:
    """The post exists: its id, and what proves it."""

    post_id: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Refused:
    """X said no, and there is no post.

    `wall` is what stands in the way where the fault is not the text's: the same text may be tried again without it.
    """

    code: int | None
    message: str
    wall: Wall | None = None


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Nobody can tell whether the post exists. It must be looked up, and must not be sent again before that.

    `wall` is what the page became after the click, where it became one.
    """

    reason: str
    wall: Wall | None = None


PublishResult = Posted | Refused | Unknown


class XClient(Protocol):
    """One account's way to X."""

    def whoami(self) -> ProfileSnapshot:
        """Answers who is logged in, as the site itself shows it; a cookie alone proves nothing (F20)."""
        ...

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        """Publishes one post, submitting it at most once.

        Args:
            text: the post, at most 280 weighted characters.
            reply_to: id of the post that this one answers, or None.
            before_click: called when everything is ready, right before the one click. What it raises stops the click.

        Raises:
            Wall: something stood in the way before anything was submitted: there is no post.
        """
        ...

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first, each with when it was seen.

        Complete: when the timeline could not be read back as far as `since` or its end, it raises instead.
        """
        ...

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post. Raises `Gone` when it is deleted, hidden or was never there."""
        ...

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts. Raises `Gone` when there is no such account."""
        ...
