"""The browser client: the port to X, kept by a Chromium that looks at the site as a person does.

Here is only what belongs to one question each; opening a session lies in `session`, walking a timeline in `timeline`,
writing in `composer`. X forbids scripting its site: against the real one this client needs the owner's acknowledgement.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from playwright.sync_api import Page

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import PostSnapshot, ProfileSnapshot
from xbot_pipelines.x import composer
from xbot_pipelines.x.answers import Answers
from xbot_pipelines.x.client import PublishResult
from xbot_pipelines.x.graphql import parse_gone, parse_posts, parse_profile
from xbot_pipelines.x.page import gone_on
from xbot_pipelines.x.session import Patience, go, own_handle, unbroken
from xbot_pipelines.x.shapes import AccountUnavailable, UnreadableAnswer
from xbot_pipelines.x.timeline import walk
from xbot_pipelines.x.walls import Gone, LayoutChanged


@dataclass(frozen=True, kw_only=True)
class BrowserClient:
    """One account's way to X over a page that is logged in; see `client.XClient` for what each question means."""

    page: Page
    x_url: str
    handle: str
    clock: Clock
    patience: Patience

    def whoami(self) -> ProfileSnapshot:
        """Answers who is logged in, as the home page shows it."""
        with self._listening("Viewer") as answers, _readable("the home page"):
            go(self.page, f"{self.x_url}/home")
            own_handle(self.page, self.patience)
            return parse_profile(answers.expect(timeout_seconds=self.patience.answer).body)

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        """Publishes one post, clicking at most once."""
        with _readable("the composer"):
            return composer.publish(
                self.page,
                text,
                x_url=self.x_url,
                handle=self.handle,
                reply_to=reply_to,
                before_click=before_click,
                patience=self.patience,
                clock=self.clock,
            )

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first: two walks, some twenty posts a request."""
        found: dict[str, PostSnapshot] = {}
        for path, operations in _OWN_TIMELINES.items():
            with self._listening(*operations) as answers, _readable(path.format(handle=self.handle)):
                posts = walk(
                    self.page,
                    answers,
                    self.x_url + path.format(handle=self.handle),
                    since=since,
                    patience=self.patience,
                    ours=self._is_ours,
                )
            found.update({post.id: post for post in posts})
        return sorted(found.values(), key=lambda post: int(post.id), reverse=True)

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post, from its own page."""
        with self._listening("TweetDetail", "TweetResultByRestId") as answers, _readable(f"the page of post {post_id}"):
            go(self.page, f"{self.x_url}/i/status/{post_id}")
            answer = answers.expect(timeout_seconds=self.patience.answer)
            for post in parse_posts(answer.body):
                if post.id == post_id:
                    return replace(post, observed_at=answer.seen_at)
            reasons = [gone.reason for gone in parse_gone(answer.body) if gone.post_id in {post_id, None}]
            reason = next(iter(reasons), None) or gone_on(self.page)
            if reason is not None:
                raise Gone(f"post {post_id} is gone: {reason}")
            raise LayoutChanged(missing=f"post {post_id}", where=self.page.url)

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts, from its own page."""
        with self._listening("UserByScreenName") as answers, _readable(f"the page of @{handle}"):
            go(self.page, f"{self.x_url}/{handle}")
            return parse_profile(answers.expect(timeout_seconds=self.patience.answer).body)

    def _is_ours(self, post: PostSnapshot) -> bool:
        return (post.author.handle or "").lower() == self.handle.lower() and post.reposted is None

    def _listening(self, *operations: str) -> Answers:
        return Answers(self.page, operations, self.clock)


_OWN_TIMELINES = {
    "/{handle}": ("UserOriginalsTimeline", "UserTweets"),
    "/{handle}/with_replies": ("UserRepliesTimeline", "UserTweetsAndReplies"),
}


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turns what the parser cannot read, and a browser that broke off, into the walls that callers know."""
    try:
        with unbroken(where):
            yield
    except AccountUnavailable as failure:
        raise Gone(str(failure)) from failure
    except UnreadableAnswer as failure:
        raise LayoutChanged(missing=failure.missing, where=f"{where} ({failure.where})") from failure
