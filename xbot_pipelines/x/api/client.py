"""The API client: the port to X, kept by X's official API, which permits what we do and is paid for.

Here is only what belongs to one question each; how a question gets there lies in `wire`, what an answer says in
`objects` and `problems`, what it costs in `prices`. It knows nothing of any particular server.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from xbot_pipelines.clock import Clock, utc
from xbot_pipelines.models import PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.x.api import fields
from xbot_pipelines.x.api.objects import ApiObjects
from xbot_pipelines.x.api.prices import PRICES, Charge, Priced, kind_of_post
from xbot_pipelines.x.api.problems import ApiAnswer, what_became_of
from xbot_pipelines.x.api.queries import BEHIND_NOW, recent_search, written
from xbot_pipelines.x.api.wire import NotTaken, Wire
from xbot_pipelines.x.client import (
    Conversation,
    Found,
    Pages,
    Posted,
    PostPage,
    Prepared,
    PublishResult,
    Refused,
    Unknown,
    Way,
    all_of,
    may_be_ours,
    post_among,
)
from xbot_pipelines.x.conversations import above, answers_to
from xbot_pipelines.x.shapes import UnreadableAnswer, UnreadableRow
from xbot_pipelines.x.walls import Gone, LayoutChanged, Unreachable

MOST_IDS = 100
"""How many posts one question can be about."""

_PAGE = 100
_SMALLEST_SEARCH = 10
_MOST_CONVERSATION_PAGES = 5
_MOST_ABOVE = 10
_PRIVATE_FOR = timedelta(days=29)
"""X tells an author's own figures for thirty days; asked about an older post it answers with an error as well."""

_CREATE = "POST /2/tweets"
_LOOK_UP = "GET /2/tweets"
_SEARCH = "GET /2/tweets/search/recent"
_ANALYTICS = "GET /2/tweets/analytics"
_ME = "GET /2/users/me"
_BY_HANDLE = "GET /2/users/by/username/:username"
_OWN_POSTS = "GET /2/users/:id/tweets"
_MENTIONS = "GET /2/users/:id/mentions"


@dataclass(frozen=True, kw_only=True)
class ApiClient:
    """One account's way to X over its API; see `client.XClient` for what each question means.

    `user_id` is the account's own id on X.
    """

    wire: Wire
    handle: str
    user_id: str
    clock: Clock

    def effort(self, way: Way, posts: int) -> float:
        """What is dear here is money, in tenths of a cent: our own posts are cheap on our timeline alone."""
        return posts if way is Way.TIMELINE else 5 * posts

    def whoami(self) -> ProfileSnapshot:
        """Answers who is logged in."""
        return who_is_it(self.wire)

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        """Publishes one post, submitting it once."""
        self.wire.make_ready(_CREATE)
        # made_with_ai is X's label for media that a model has made: a text without media has nothing to label.
        body: dict[str, object] = {"text": text}
        if reply_to is not None:
            body["reply"] = {"in_reply_to_tweet_id": reply_to}
        before_click()
        priced = kind_of_post(text, is_reply=reply_to is not None)
        try:
            answer = self.wire.submit(_CREATE, lambda sdk: sdk.posts.create(body))
        except NotTaken as failure:
            return Refused(code=None, message=str(failure), wall=Unreachable(str(failure)))
        except Unreachable as failure:
            result: PublishResult = Unknown(reason=f"{failure}: X may have taken the post before that")
        else:
            result = what_became_of(answer, text)
        if not isinstance(result, Refused):
            # What is unknown is counted as well: X charges for it, if it has taken it.
            resource = result.post_id if isinstance(result, Posted) else f"unknown, {self.clock.now():%H:%M:%S.%f}"
            self.wire.meter.charge([Charge(what=priced, resource=resource)])
        return result

    def prepare(self, text: str, *, reply_to: str | None) -> Prepared:
        """Makes sure of everything that can be known before X is asked to take a post, and tells its price."""
        self.wire.make_ready(_CREATE)
        return Prepared(way=f"X's API ({_CREATE})", usd=PRICES[kind_of_post(text, is_reply=reply_to is not None)])

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        """Answers our own posts and replies since a moment, newest first."""
        return all_of(self.own_timelines(since))

    def own_timelines(self, since: datetime) -> Sequence[Pages]:
        """Answers our one timeline: posts and replies together, a hundred a request, the 3,200 newest."""
        return [self._own_timeline(utc(since))]

    def search(self, query: str) -> Pages:
        """Hands out what X's recent search finds: a hundred posts a request, of the last seven days."""
        if not query.strip():
            raise ValueError("the query is empty: say what to search for")
        asked = recent_search(query, now=self.clock.now())
        if asked is None:
            return
        for answer in self.wire.pages(
            _SEARCH,
            lambda sdk, token: sdk.posts.search_recent(
                asked.query,
                max_results=self._affordable_page(),
                pagination_token=token,
                start_time=written(asked.start),
                end_time=written(asked.end),
                **fields.about_posts(),
            ),
        ):
            yield self._page(answer, Priced.POST_READ)

    def mentions(self) -> Pages:
        """Hands out what others wrote to us: a hundred posts a request, the 800 newest."""
        for answer in self.wire.pages(
            _MENTIONS,
            lambda sdk, token: sdk.users.get_mentions(
                self.user_id, max_results=_PAGE, pagination_token=token, **fields.about_posts()
            ),
        ):
            yield self._page(answer, Priced.OWN_READ, unless=lambda post: post.author.id == self.user_id)

    def post(self, post_id: str) -> PostSnapshot:
        """Answers one post."""
        return post_among(self._look_up([post_id]), post_id)

    def posts(self, post_ids: Sequence[str]) -> Found:
        """Hands out posts by their ids, a hundred a request."""
        for first in range(0, len(post_ids), MOST_IDS):
            yield from self._look_up(post_ids[first : first + MOST_IDS])

    def conversation(self, post_id: str) -> Conversation:
        """Answers a post with those above and below it, as far as search goes back: seven days."""
        focal = self.post(post_id)
        pages = self.search(f"conversation_id:{focal.conversation_id or post_id}")
        found = {post.id: post for page in islice(pages, _MOST_CONVERSATION_PAGES) for post in page.posts}
        pages.close()
        found[post_id] = focal
        lowest = focal
        for _ in range(_MOST_ABOVE):
            answered = lowest.in_reply_to_id
            if answered is None:
                break
            if answered not in found:
                # The first post of a conversation may be older than search goes back.
                looked_up = next((one for one in self._look_up([answered]) if isinstance(one, PostSnapshot)), None)
                if looked_up is None:
                    break
                found[answered] = looked_up
            lowest = found[answered]
        return Conversation(
            post=focal, answers=answers_to(post_id, found.values(), ()), above=above(focal, found.values())
        )

    def post_analytics(self, post_id: str) -> PrivateCounters:
        """Answers the private figures of a post of ours."""
        post = post_among(self._look_up([post_id], private=True), post_id)
        if post.author.id != self.user_id:
            raise Gone(f"post {post_id} is @{post.author.handle}'s: X tells its figures to nobody else")
        return post.private or PrivateCounters()

    def hours(self, post_ids: Sequence[str], *, since: datetime, until: datetime) -> Sequence[Reading]:
        """Answers the counters of posts of ours at the end of each hour, a hundred posts a request."""
        readings: list[Reading] = []
        for first in range(0, len(post_ids), MOST_IDS):
            some = list(post_ids[first : first + MOST_IDS])
            answer = self.wire.ask(
                _ANALYTICS,
                lambda sdk, some=some: sdk.posts.get_analytics(  # type: ignore[misc]
                    some,
                    start_time=written(since),
                    end_time=written(until),
                    granularity="hourly",
                    analytics_fields=list(fields.ANALYTICS_FIELDS),
                ),
            )
            with _readable():
                told = _objects(answer).hours()
            self._charge(Priced.ANALYTICS_READ, {reading.tweet_id for reading in told})
            readings += told
        return readings

    def profile(self, handle: str) -> ProfileSnapshot:
        """Answers an account's public facts."""
        answer = self.wire.ask(
            _BY_HANDLE, lambda sdk: sdk.users.get_by_username(handle, user_fields=list(fields.USER_FIELDS))
        )
        with _readable():
            profile = _objects(answer).profile()
        if profile is None:
            raise Gone(f"@{handle} is gone: {answer.problem}")
        self._charge(Priced.USER_READ, [profile.id])
        return profile

    def _own_timeline(self, since: datetime) -> Pages:
        private = self.clock.now() - since < _PRIVATE_FOR
        for answer in self.wire.pages(
            _OWN_POSTS,
            lambda sdk, token: sdk.users.get_posts(
                self.user_id,
                max_results=_PAGE,
                pagination_token=token,
                start_time=written(min(since, self.clock.now() - BEHIND_NOW)),
                exclude=["retweets"],
                **fields.about_posts(private=private),
            ),
        ):
            yield self._page(
                answer,
                Priced.OWN_READ,
                unless=lambda post: post.reposted is not None,
                reports=lambda row: may_be_ours(row, handle=self.handle, since=since),
            )

    def _look_up(self, post_ids: Sequence[str], *, private: bool = False) -> Found:
        answer = self.wire.ask(
            _LOOK_UP, lambda sdk: sdk.posts.get_by_ids(list(post_ids), **fields.about_posts(private=private))
        )
        with _readable():
            objects = _objects(answer, self.handle)
            found = objects.found()
        self._charge(Priced.POST_READ, objects.post_ids())
        # X names posts as well that came along with these, or should have.
        yield from (one for one in found if isinstance(one, PostSnapshot) or one.post_id in {*post_ids, None})

    def _page(
        self,
        answer: ApiAnswer,
        price: Priced,
        *,
        unless: Callable[[PostSnapshot], bool] = lambda _: False,
        reports: Callable[[UnreadableRow], bool] = lambda _: True,
    ) -> PostPage:
        with _readable():
            objects = _objects(answer, self.handle)
            posts = objects.posts()
        self._charge(price, objects.post_ids())
        passed_on = sorted((post for post in posts if not unless(post)), key=lambda post: int(post.id), reverse=True)
        unreadable = tuple(filter(reports, objects.unreadable()))
        return PostPage(posts=tuple(passed_on), requests_left=answer.requests_left, unreadable=unreadable)

    def _affordable_page(self) -> int:
        """How many posts of others a page may hold: X charges for each of them, read or not."""
        most = int(self.wire.meter.left_usd() / PRICES[Priced.POST_READ])
        return max(_SMALLEST_SEARCH, min(most, _PAGE))

    def _charge(self, price: Priced, resources: Iterable[str]) -> None:
        self.wire.meter.charge([Charge(what=price, resource=resource) for resource in sorted(resources)])


def who_is_it(wire: Wire) -> ProfileSnapshot:
    """Asks the API whose token or keys it is asked with.

    Raises:
        Wall: it does not say.
    """
    answer = wire.ask(_ME, lambda sdk: sdk.users.get_me(user_fields=list(fields.USER_FIELDS)))
    with _readable():
        me = _objects(answer).profile()
    if me is None:
        raise LayoutChanged(missing="the account", where=f"the answer to {_ME}")
    wire.meter.charge([Charge(what=Priced.USER_READ, resource=me.id)])
    return me


def _objects(answer: ApiAnswer, handle: str = "") -> ApiObjects:
    where = f"the answer to {answer.endpoint}"
    return ApiObjects(payload=answer.body, handle=handle, where=where, seen_at=answer.seen_at)


@contextmanager
def _readable() -> Iterator[None]:
    """Turns what cannot be read in an answer into the wall that callers know."""
    try:
        yield
    except UnreadableAnswer as failure:
        raise LayoutChanged(missing=failure.missing, where=failure.where) from failure
