"""`/practice/*`: the truth about the world, its clock, its faults and its histories, for tests, benchmarks and people.

It is there only when the server was started with control, and the product never uses it. Bad input is a 400 with one
sentence that says what is wrong.
"""

import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post, as_post_id
from xbot_pipelines.practice.sessions import storage_state
from xbot_pipelines.practice.world import NewPost, World

Json = dict[str, Any]

_SESSION_SECONDS = 365 * 86400
_PEOPLE_SHOWN = 50
_TEN_YEARS = 10 * 365 * 86400  # seconds
_LONGEST_TEXT = 25_000


def routes(backstage: Backstage) -> list[BaseRoute]:
    """All control routes."""
    control = _Control(backstage)
    return [
        Route("/practice/ready", _guarded(control.ready)),
        Route("/practice/truth", _guarded(control.truth)),
        Route("/practice/people", _guarded(control.people)),
        Route("/practice/requests", _guarded(control.requests)),
        Route("/practice/clock", _guarded(control.clock), methods=["GET"]),
        Route("/practice/clock", _guarded(control.set_clock), methods=["POST"]),
        Route("/practice/reset", _guarded(control.reset), methods=["POST"]),
        Route("/practice/session", _guarded(control.session), methods=["POST"]),
        Route("/practice/posts", _guarded(control.put_posts), methods=["POST"]),
        Route("/practice/posts/{id:int}", _guarded(control.delete_post), methods=["DELETE"]),
        Route("/practice/faults", _guarded(control.faults), methods=["GET"]),
        Route("/practice/faults", _guarded(control.add_fault), methods=["POST"]),
        Route("/practice/faults", _guarded(control.clear_faults), methods=["DELETE"]),
        Route("/practice/limits", _guarded(control.forgive_limits), methods=["DELETE"]),
    ]


def _guarded(handler: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler's answer as JSON; what it cannot work with as a 400 with a sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


class _BadInputError(ValueError):
    """A request that cannot be worked with; its text is the sentence for the person."""


class _Control:
    """The handlers of the control routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    @property
    def _world(self) -> World:
        return self._backstage.world

    async def ready(self, _: Request) -> Json:
        return {"ready": True, "seed": self._world.seed, "handles": [one.handle for one in self._world.accounts]}

    async def truth(self, request: Request) -> Json:
        """Posts with their counters at a moment: `?at=ISO`, `author=`, `ids=a,b`, `all=1` (everybody's posts)."""
        world, query = self._world, request.query_params
        at = _moment(query["at"], "at") if "at" in query else world.clock.now()
        posts = world.published()
        if query.get("all") == "1":
            replies = (reply for post in posts for reply in world.replies_to(post, at))
            posts = sorted({post.id: post for post in (*posts, *replies)}.values(), key=lambda post: post.id)
        elif "author" in query:
            author_id = self._person(query["author"]).id
            posts = [post for post in posts if post.author_id == author_id]
        elif "ids" not in query:
            posts = [post for post in posts if world.is_ours(post.author_id)]
        if "ids" in query:
            wanted = [_id(part, "ids") for part in query["ids"].split(",") if part]
            posts = [post for post in map(world.find, wanted) if post is not None]
        return {
            "now": world.clock.now().isoformat(),
            "posts": [_truth_of(world, post, at) for post in posts if post.created_at <= at],
            "accounts": [
                {"handle": one.handle, "id": str(one.id), "followers": world.followers(one, at)}
                for one in world.accounts
            ],
        }

    async def people(self, _: Request) -> list[Json]:
        """Some of the cast, the most followed first: who can be an author in /practice/posts."""
        readers = sorted(self._world.cast.readers, key=lambda one: one.followers, reverse=True)[:_PEOPLE_SHOWN]
        return [
            {"handle": one.handle, "id": str(one.id), "name": one.name, "followers": one.followers} for one in readers
        ]

    async def requests(self, _: Request) -> Json:
        """How often each operation and each page was asked for since the start or the last reset."""
        operations, pages = self._backstage.requests, self._backstage.page_loads
        return {"total": operations.total(), "by_operation": dict(operations), "by_page": dict(pages)}

    async def clock(self, _: Request) -> Json:
        return {"now": self._world.clock.now().isoformat(), "running": self._world.clock.running}

    async def set_clock(self, request: Request) -> Json:
        asked = await _object(request, "now", "advance_seconds", "running")
        now = _moment(asked["now"], "now") if "now" in asked else None
        ahead = asked.get("advance_seconds", 0)
        if isinstance(ahead, bool) or not isinstance(ahead, int | float) or not 0 <= ahead <= _TEN_YEARS:
            raise _BadInputError(f"'advance_seconds' must be a number from 0 to {_TEN_YEARS}, not {ahead!r}")
        if not isinstance(asked.get("running", True), bool):
            raise _BadInputError(f"'running' must be true or false, not {asked['running']!r}")
        newest = self._world.newest_moment()
        if now is not None and newest is not None and now < newest:
            raise _BadInputError(f"'now' {now.isoformat()} lies before the newest post ({newest.isoformat()})")
        clock = self._world.clock
        if now is not None:
            clock.put(now)
        clock.advance(timedelta(seconds=ahead))
        if "running" in asked:
            (clock.thaw if asked["running"] else clock.freeze)()
        self._world.keep_clock()
        return await self.clock(request)

    async def reset(self, request: Request) -> Json:
        asked = await _object(request, "seed")
        seed = asked.get("seed", self._world.seed)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise _BadInputError(f"'seed' must be a whole number, not {seed!r}")
        self._backstage.reset(seed)
        return await self.ready(request)

    async def session(self, request: Request) -> Json:
        """A login of one of our accounts, as a Playwright storage_state."""
        asked = await _object(request, "handle")
        account = self._person(str(asked.get("handle", "")))
        if not self._world.is_ours(account.id):
            raise _BadInputError(f"@{account.handle} is no account of ours: nobody can log in as a reader")
        session = self._backstage.sessions.log_in(account)
        return storage_state(session, host=request.url.hostname or "127.0.0.1", expires=time.time() + _SESSION_SECONDS)

    async def put_posts(self, request: Request) -> Json:
        """Posts of anybody, at any time up to now: `[{"author", "text", "created_at", "in_reply_to", "pinned"}]`."""
        body = await _json(request)
        entries = body if isinstance(body, list) else [body]
        new = [self._new_post(entry) for entry in entries]
        posts = self._world.put(new)
        for entry, post in zip(entries, posts, strict=True):
            if entry.get("pinned"):
                self._world.pin(post)
        return {"posts": [{"id": str(post.id), "created_at": post.created_at.isoformat()} for post in posts]}

    async def delete_post(self, request: Request) -> Json:
        post_id = _id(request.path_params["id"], "id")
        if self._world.find(post_id) is None:
            raise _BadInputError(f"no post {post_id}")
        self._world.delete(post_id)
        return {"deleted": str(post_id)}

    async def faults(self, _: Request) -> list[Json]:
        return self._backstage.faults.listed()

    async def add_fault(self, request: Request) -> Json:
        body = await _json(request)
        if not isinstance(body, dict):
            raise _BadInputError("a fault is a JSON object")
        return self._backstage.faults.add(body)

    async def clear_faults(self, _: Request) -> list[Json]:
        self._backstage.faults.clear()
        return []

    async def forgive_limits(self, _: Request) -> Json:
        """Every window of the rate limits begins anew, as after 15 minutes; daily limits stay."""
        self._backstage.rate_limits.forgive()
        return {"forgiven": True}

    def _new_post(self, entry: object) -> NewPost:
        if not isinstance(entry, dict):
            raise _BadInputError(f"a post is a JSON object, not {entry!r}")
        _only(entry, "author", "text", "created_at", "in_reply_to", "pinned")
        text = entry.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_TEXT:
            raise _BadInputError(f"'text' must be a text of 1 to {_LONGEST_TEXT} characters, not {text!r:.80}")
        author = self._person(str(entry.get("author", "")))
        if entry.get("pinned") and not self._world.is_ours(author.id):
            raise _BadInputError(f"'pinned' is for accounts of ours, and @{author.handle} is none")
        target, created_at = entry.get("in_reply_to"), entry.get("created_at")
        return NewPost(
            author=author,
            text=text,
            created_at=self._world.clock.now() if created_at is None else _moment(created_at, "created_at"),
            in_reply_to=None if target is None else _id(target, "in_reply_to"),
        )

    def _person(self, handle: str) -> Person:
        person = self._world.person_by_handle(handle.removeprefix("@"))
        if person is None:
            raise _BadInputError(
                f"nobody here is @{handle}: see /practice/people for readers, /practice/ready for accounts"
            )
        return person


def _truth_of(world: World, post: Post, at: datetime) -> Json:
    counters = world.counters(post, at)
    deleted_at = world.deleted_at(post.id)
    return {
        "id": str(post.id),
        "author": world.person(post.author_id).handle,
        "text": post.text,
        "created_at": post.created_at.isoformat(),
        "in_reply_to": None if post.in_reply_to is None else str(post.in_reply_to),
        "deleted_at": None if deleted_at is None else deleted_at.isoformat(),
        "counters": {
            "views": counters.views,
            "likes": counters.likes,
            "reposts": counters.reposts,
            "replies": counters.replies,
            "quotes": counters.quotes,
            "bookmarks": counters.bookmarks,
        },
        "private": {
            "profile_visits": counters.profile_visits,
            "detail_expands": counters.detail_expands,
            "link_clicks": counters.link_clicks,
            "follows": counters.follows,
        },
    }


async def _json(request: Request) -> Any:
    body = await request.body()
    try:
        return json.loads(body) if body else {}
    except json.JSONDecodeError as error:
        raise _BadInputError(f"the body is no JSON: {error}") from error


async def _object(request: Request, *allowed: str) -> Json:
    body = await _json(request)
    if not isinstance(body, dict):
        raise _BadInputError(f"the body must be a JSON object with {', '.join(allowed)}")
    _only(body, *allowed)
    return body


def _only(body: Json, *allowed: str) -> None:
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise _BadInputError(f"unknown field {unknown[0]!r}: allowed are {', '.join(allowed)}")


def _moment(value: object, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _BadInputError(f"{name!r} must be an ISO time, not {value!r}") from error
    if moment.tzinfo is None:
        raise _BadInputError(f"{name!r} must name its time zone, e.g. {value}+00:00")
    return moment.astimezone(UTC)


def _id(value: object, name: str) -> int:
    post_id = as_post_id(value)
    if post_id is None:
        raise _BadInputError(f"{name!r} must be the id of a post, not {value!r}")
    return post_id
