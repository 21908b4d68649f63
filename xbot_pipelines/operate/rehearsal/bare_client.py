"""The bare client: practice X asked by HTTP alone, with no browser, for rehearsals of weeks.

It asks what the site's own front end asks, with the query ids of a page that it loads, and what comes back is read as
always. It works on practice X and nowhere else: X itself is never asked in this way.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import httpx2

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.models import PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.text.parse_json import parse_json
from xbot_pipelines.x.answers import Answer
from xbot_pipelines.x.client import (
    Conversation,
    Found,
    Missing,
    Pages,
    Prepared,
    PublishResult,
    Unknown,
    Way,
    XClient,
    all_of,
)
from xbot_pipelines.x.composer import result_of
from xbot_pipelines.x.conversations import above, answers_to
from xbot_pipelines.x.figures import parse_private_counters
from xbot_pipelines.x.graphql import is_last_page, parse_cursor, parse_gone, parse_profile
from xbot_pipelines.x.objects import Gone as NotShown
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.timeline import own_pages, page_of, posts_in
from xbot_pipelines.x.walls import Gone, LayoutChanged, LoggedOut

_CONFIG = re.compile(r'<script id="page-config" type="application/json">(.*?)</script>', re.DOTALL)
_OWN_TIMELINES = ("UserOriginalsTimeline", "UserRepliesTimeline")
_PAGE = 20
_LONGEST_ANSWER_SECONDS = 30.0


class _Front(NamedTuple):
    """What a page of the site says: the id of who looks at it, and how operations are called at present."""

    user_id: str
    query_ids: dict[str, str]


class BareClient:
    """One account's way to practice X; see `client.XClient` for what each question means.

    Raises:
        LoggedOut: the session is over, or somebody else's.
    """

    def __init__(self, http: httpx2.Client, *, handle: str, clock: Clock) -> None:
        self.handle = handle
        self._http = http
        self._clock = clock
        self._front = self._look()

    def whoami(self) -> ProfileSnapshot:
        """Answers who is logged in."""
        return parse_profile(self._ask("Viewer").body)

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        """Publishes one post, asking once."""
        before_click()
        answer = self._asked("CreateTweet", tweet_text=text, **_answering(reply_to))
        return result_of(answer, text, self.handle) or Unknown(reason="X's answer does not say what became of the post")

    def prepare(self, text: str, *, reply_to: str | None) -> Prepared:
        """Answers the way: with no page there is nothing to be made ready."""
        del text, reply_to
        return Prepared(way="HTTP alone")

    def effort(self, way: Way, posts: int) -> float:
        """What is dear here is a request."""
        pages = math.ceil(posts / _PAGE)
        return {Way.TIMELINE: len(_OWN_TIMELINES) + pages, Way.SEARCH: 1 + pages, Way.BY_ID: posts}[way]

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first."""
        return all_of(self.own_timelines(since))

    def own_timelines(self, since: datetime) -> Sequence[Pages]:
        """Answers our two timelines, first the posts and then the replies."""
        since, passed_on = utc(since), set[str]()
        return [
            own_pages(
                self._pages(operation, userId=self._front.user_id),
                since,
                handle=self.handle,
                ours=self._is_ours,
                passed_on=passed_on,
            )
            for operation in _OWN_TIMELINES
        ]

    def search(self, query: str) -> Pages:
        """Hands out what the "Latest" search finds."""
        for answer in self._pages("SearchTimeline", rawQuery=query, product="Latest"):
            yield page_of(answer, posts_in(answer))

    def mentions(self) -> Pages:
        """Hands out what others wrote to us."""
        for answer in self._pages("NotificationsTimeline", timeline_type="Mentions"):
            yield page_of(answer, (post for post in posts_in(answer) if not self._is_ours(post)))

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post."""
        return self.conversation(post_id).post

    def posts(self, post_ids: Sequence[str]) -> Found:
        """Hands out posts by their ids."""
        for post_id in post_ids:
            try:
                yield self.post(post_id)
            except Gone as gone:
                yield Missing(post_id=post_id, reason=str(gone))

    def conversation(self, post_id: str) -> Conversation:
        """Answers a post with those above and below it, as far as the first page of them goes."""
        answer = self._ask("TweetDetail", focalTweetId=post_id)
        posts, gone = posts_in(answer), parse_gone(answer.body)
        focal = next((post for post in posts if post.id == post_id), None)
        if focal is None:
            reason = next((one.reason for one in gone if one.post_id in {post_id, None}), None)
            raise Gone(f"post {post_id} is gone: {reason or 'it is not on its own page'}")
        return Conversation(post=focal, answers=answers_to(post_id, posts, gone), above=above(focal, posts))

    def post_analytics(self, post_id: str) -> PrivateCounters:
        """Answers the private figures of a post of ours."""
        figures = parse_private_counters(self._ask("TweetActivityQuery", restId=post_id).body, post_id)
        if isinstance(figures, NotShown):
            raise Gone(f"post {post_id} is gone: {figures.reason}")
        return figures

    def hours(self, post_ids: Sequence[str], *, since: datetime, until: datetime) -> Sequence[Reading]:
        """Answers nothing: the site does not tell what was counted in which hour."""
        del post_ids, since, until
        return ()

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts."""
        return parse_profile(self._ask("UserByScreenName", screen_name=handle).body)

    def _is_ours(self, post: PostSnapshot) -> bool:
        return post.author.handle.lower() == self.handle.lower()

    def _look(self) -> _Front:
        page = self._http.get("/home")
        found = _CONFIG.search(page.text)
        if found is None:
            raise LayoutChanged(missing="the page's configuration", where=str(page.url))
        config = parse_json(found.group(1))
        viewer = config["viewer"]
        if viewer is None or viewer["handle"].lower() != self.handle.lower():
            raise LoggedOut(f"practice X does not show @{self.handle} logged in")
        return _Front(user_id=viewer["id"], query_ids=config["queryIds"])

    def _pages(self, operation: str, **variables: str) -> Iterator[Answer]:
        cursors: set[str | None] = {None}
        answer = self._ask(operation, **variables, count=_PAGE)
        yield answer
        while not is_last_page(answer.body) and (cursor := parse_cursor(answer.body)) not in cursors:
            cursors.add(cursor)
            answer = self._ask(operation, **variables, count=_PAGE, cursor=cursor)
            yield answer

    def _ask(self, operation: str, **variables: object) -> Answer:
        answer = self._asked(operation, **variables)
        wall = answer.wall()
        if wall:
            raise wall
        return answer

    def _asked(self, operation: str, **variables: object) -> Answer:
        address = f"/i/api/graphql/{self._front.query_ids[operation]}/{operation}"
        headers = {"x-csrf-token": self._http.cookies.get("ct0") or ""}
        try:
            if operation == "CreateTweet":
                response = self._http.post(address, json={"variables": variables}, headers=headers)
            else:
                response = self._http.get(address, params={"variables": json.dumps(variables)}, headers=headers)
        except httpx2.HTTPError:
            return self._answer(operation, variables, status=None, headers={}, payload=None)
        try:
            payload = parse_json(response.content)
        except ValueError:
            payload = None
        return self._answer(
            operation,
            variables,
            status=response.status_code,
            headers=dict(response.headers),
            payload=payload if isinstance(payload, dict) else None,
        )

    def _answer(self, operation: str, variables: dict[str, Any], **said: Any) -> Answer:
        return Answer(operation=operation, variables=variables, seen_at=self._clock.now(), **said)


def bare_turns(stage: Stage) -> Callable[[Provenance, datetime], BrowserTurn]:
    """Answers what makes the turns of a rehearsal's runs, each of which opens a bare client in place of a browser."""

    def turn(by: Provenance, asked_at: datetime) -> BrowserTurn:
        return _BareTurn(stage.settings, stage.database, stage.clock, by=by, asked_at=asked_at)

    return turn


class _BareTurn(BrowserTurn):
    def _open(self) -> XClient:
        settings = self._settings
        if not settings.is_practice:
            raise CannotRun(f"the bare client is for practice X alone, and not for {settings.x_url}")
        http = self._opened.enter_context(
            httpx2.Client(
                base_url=settings.x_url,
                cookies=_cookies(SessionFile(path=settings.session_file, x=settings.profile.x)),
                timeout=_LONGEST_ANSWER_SECONDS,
                trust_env=False,
                follow_redirects=True,
            )
        )
        return BareClient(http, handle=settings.profile.handle, clock=self._clock)


def _answering(post_id: str | None) -> dict[str, object]:
    return {} if post_id is None else {"reply": {"in_reply_to_tweet_id": post_id, "exclude_reply_user_ids": []}}


def _cookies(file: SessionFile) -> httpx2.Cookies:
    # With their domains: one that the site renews would stand beside the old one otherwise.
    cookies = httpx2.Cookies()
    for cookie in file.load()["cookies"]:
        cookies.set(cookie["name"], cookie["value"], domain=cookie["domain"])
    return cookies
