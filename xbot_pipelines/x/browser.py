"""The browser client: the port to X, kept by a Chromium that looks at the site as a person does.

Here is only what belongs to one question each; opening a session lies in `session`, walking a timeline in `timeline`,
writing in `composer`. X forbids scripting its site: against the real one this client needs the owner's acknowledgement.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import quote, urlencode

from playwright.sync_api import Page

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.models import PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.x import composer
from xbot_pipelines.x.answers import Answer, Answers
from xbot_pipelines.x.client import Conversation, Found, Missing, Pages, Prepared, PublishResult, Way, all_of
from xbot_pipelines.x.conversations import above, answers_to
from xbot_pipelines.x.figures import parse_private_counters
from xbot_pipelines.x.graphql import GonePost, parse_cursor, parse_gone, parse_profile, parse_unreadable
from xbot_pipelines.x.objects import Gone as NotShown
from xbot_pipelines.x.page import gone_on
from xbot_pipelines.x.session import Patience, own_handle, unbroken
from xbot_pipelines.x.shapes import AccountUnavailable, UnreadableAnswer, UnreadableRow
from xbot_pipelines.x.timeline import own_pages, page_of, posts_in, walk
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
            answers.open(f"{self.x_url}/home")
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

    def prepare(self, text: str, *, reply_to: str | None) -> Prepared:
        """Writes one post into the editor, and takes it away again."""
        with _readable("the composer"):
            return composer.prepare(self.page, text, x_url=self.x_url, reply_to=reply_to, patience=self.patience)

    def effort(self, way: Way, posts: int) -> float:
        """What is dear here is a request."""
        return requests_for(way, posts)

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first."""
        return all_of(self.own_timelines(since))

    def own_timelines(self, since: datetime) -> Sequence[Pages]:
        """Answers our two timelines, first the posts and then the replies: some twenty posts a request."""
        since, passed_on = utc(since), set[str]()
        return [
            self._own_timeline(self.x_url + path.format(handle=self.handle), operations, since, passed_on)
            for path, operations in _OWN_TIMELINES
        ]

    def search(self, query: str) -> Pages:
        """Hands out what X's "Latest" search finds: some twenty posts a request."""
        if not query.strip():
            raise ValueError("the query is empty: say what to search for")
        url = f"{self.x_url}/search?{urlencode({'q': query, 'src': 'typed_query', 'f': 'live'}, quote_via=quote)}"
        with self._listening("SearchTimeline") as answers, _readable(f"the search for {query!r}"):
            for answer in walk(self.page, answers, url, patience=self.patience):
                yield page_of(answer, posts_in(answer))

    def mentions(self) -> Pages:
        """Hands out what others wrote to us, from the "Mentions" of our notifications: some twenty posts a request."""
        url = f"{self.x_url}/notifications/mentions"
        with self._listening("NotificationsTimeline") as answers, _readable(url):
            for answer in walk(self.page, answers, url, patience=self.patience):
                if answer.variables.get("timeline_type") != "Mentions":
                    raise LayoutChanged(missing='timeline_type "Mentions" in the question', where=url)
                yield page_of(answer, (post for post in posts_in(answer) if not self._is_by_us(post)))

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post, from its own page."""
        with self._listening(*_ONE_POST) as answers, _readable(f"the page of post {post_id}"):
            answers.open(self._address_of(post_id))
            return self._focal(answers.expect(timeout_seconds=self.patience.answer), post_id)

    def posts(self, post_ids: Sequence[str]) -> Found:
        """Hands out posts by their ids, each from its own page."""
        for post_id in post_ids:
            try:
                yield self.post(post_id)
            except Gone as gone:
                yield Missing(post_id=post_id, reason=str(gone))
            except _Unreadable as unreadable:
                yield unreadable.row

    def conversation(self, post_id: str) -> Conversation:
        """Answers a post with those above and below it, from its own page: one request for the first page of them."""
        focal: PostSnapshot | None = None
        found: dict[str, PostSnapshot] = {}
        gone: list[GonePost] = []
        with self._listening("TweetDetail") as answers, _readable(f"the page of post {post_id}"):
            pages = walk(self.page, answers, self._address_of(post_id), patience=self.patience)
            for answer in islice(pages, _MOST_CONVERSATION_PAGES):
                focal = focal or self._focal(answer, post_id)
                found.update({post.id: post for post in posts_in(answer)})
                # An answer to what cannot be read is an answer, as with what is gone.
                gone.extend([*parse_gone(answer.body), *map(_not_shown, parse_unreadable(answer.body))])
                if parse_cursor(answer.body) is None:
                    break
        assert focal is not None, "a walk has a first page, or raises"
        return Conversation(
            post=focal, answers=answers_to(post_id, found.values(), gone), above=above(focal, found.values())
        )

    def post_analytics(self, post_id: str) -> PrivateCounters:
        """Answers the private figures of a post of ours, from its analytics view."""
        with (
            self._listening(*_ONE_POST) as page_of_post,
            self._listening("TweetActivityQuery") as answers,
            _readable(f"the analytics of post {post_id}"),
        ):
            answers.open(f"{self.x_url}/{self.handle}/status/{post_id}/analytics")
            answer = answers.expect(
                timeout_seconds=self.patience.answer, meanwhile=lambda: self._check_ours(page_of_post, post_id)
            )
            if answer.variables.get("restId") != post_id:
                raise LayoutChanged(
                    missing=f"restId {post_id} in the question for TweetActivityQuery", where=self.page.url
                )
            figures = parse_private_counters(answer.body, post_id)
        if isinstance(figures, NotShown):
            raise Gone(f"post {post_id} is gone: {figures.reason}")
        return figures

    def hours(self, post_ids: Sequence[str], *, since: datetime, until: datetime) -> Sequence[Reading]:
        """Answers nothing: no page of X tells what was counted in which hour."""
        del post_ids, since, until
        return ()

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts, from its own page."""
        with self._listening("UserByScreenName") as answers, _readable(f"the page of @{handle}"):
            answers.open(f"{self.x_url}/{handle}")
            return parse_profile(answers.expect(timeout_seconds=self.patience.answer).body)

    def _own_timeline(self, url: str, operations: Sequence[str], since: datetime, passed_on: set[str]) -> Pages:
        with self._listening(*operations) as answers, _readable(url):
            walked = walk(self.page, answers, url, patience=self.patience)
            yield from own_pages(walked, since, handle=self.handle, ours=self._is_ours, passed_on=passed_on)

    def _focal(self, answer: Answer, post_id: str) -> PostSnapshot:
        """Answers the post that a page is about, by its id: it need not be the first on it (F07)."""
        unreadable = next((row for row in parse_unreadable(answer.body) if row.post_id == post_id), None)
        if unreadable is not None:
            raise _Unreadable(unreadable)
        post = next((post for post in posts_in(answer) if post.id == post_id), None)
        if post is not None:
            return post
        reasons = [gone.reason for gone in parse_gone(answer.body) if gone.post_id in {post_id, None}]
        reason = next(iter(reasons), None) or gone_on(self.page)
        if reason is not None:
            raise Gone(f"post {post_id} is gone: {reason}")
        raise LayoutChanged(missing=f"post {post_id}", where=self.page.url)

    def _check_ours(self, answers: Answers, post_id: str) -> None:
        """Looks at what the page behind the analytics view has been answered by now, without waiting for it."""
        answer = answers.next(timeout_seconds=0)
        if answer is None:
            return
        wall = answer.wall()
        if wall:
            raise wall
        post = self._focal(answer, post_id)
        if not self._is_ours(post):
            raise Gone(f"post {post_id} is @{post.author.handle}'s: X tells its figures to nobody else")

    def _address_of(self, post_id: str) -> str:
        return f"{self.x_url}/i/status/{post_id}"

    def _is_ours(self, post: PostSnapshot) -> bool:
        return self._is_by_us(post) and post.reposted is None

    def _is_by_us(self, post: PostSnapshot) -> bool:
        return post.author.handle.lower() == self.handle.lower()

    def _listening(self, *operations: str) -> Answers:
        return Answers(self.page, operations, self.clock)


class _Unreadable(LayoutChanged):
    """The post that a page is about is on it, and cannot be read."""

    def __init__(self, row: UnreadableRow) -> None:
        super().__init__(missing=row.missing, where=row.where)
        self.row = row


def _not_shown(row: UnreadableRow) -> GonePost:
    return GonePost(row.post_id, str(row))


_MOST_CONVERSATION_PAGES = 5
_ONE_POST = ("TweetDetail", "TweetResultByRestId")
_POSTS_A_PAGE = 20
"""How many posts one answer of X holds (X_SURFACE §3)."""
_OWN_TIMELINES = (
    ("/{handle}", ("UserOriginalsTimeline", "UserTweets")),
    ("/{handle}/with_replies", ("UserRepliesTimeline", "UserTweetsAndReplies")),
)


def requests_for(way: Way, posts: int) -> int:
    """Answers how many requests it takes to read so many posts in a way.

    One of search counts for two: finding posts to answer lives on these, and nobody knows what search leaves out.
    """
    # Each walk has a page on which it ends.
    pages = math.ceil(posts / _POSTS_A_PAGE)
    return {Way.TIMELINE: len(_OWN_TIMELINES) + pages, Way.SEARCH: 2 * (1 + pages), Way.BY_ID: posts}[way]


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
