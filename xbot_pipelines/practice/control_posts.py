"""`/practice/truth` and `/practice/posts`: what there is in the world, and what is put into it or done to it by hand.

The rest of the control API is in `control`; both are there only when the server was started with control.
"""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.control_input import (
    BadInputError,
    body_of,
    guarded,
    id_from,
    moment_from,
    object_of,
    person_from,
    refuse_others,
)
from xbot_pipelines.practice.posts import Post
from xbot_pipelines.practice.world import NewPost, World

Json = dict[str, Any]

_LONGEST_TEXT = 25_000
_PUBLIC = ("views", "likes", "reposts", "replies", "quotes", "bookmarks")
_PRIVATE = ("profile_visits", "detail_expands", "link_clicks")


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The control routes of posts."""
    control = _PostsControl(backstage)
    return [
        Route("/practice/truth", guarded(control.truth)),
        Route("/practice/posts", guarded(control.put_posts), methods=["POST"]),
        Route("/practice/posts/{id:int}", guarded(control.delete_post), methods=["DELETE"]),
        Route("/practice/posts/{id:int}/hide", guarded(control.hide_post), methods=["POST"]),
        Route("/practice/posts/{id:int}/show", guarded(control.show_post), methods=["POST"]),
        Route("/practice/posts/{id:int}/counters", guarded(control.correct_counters), methods=["POST"]),
    ]


class _PostsControl:
    """The handlers of the routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    @property
    def _world(self) -> World:
        return self._backstage.world

    async def truth(self, request: Request) -> Json:
        """Posts with their counters at a moment: `?at=ISO`, `author=`, `ids=a,b`, `all=1` (everybody's posts)."""
        world, query = self._world, request.query_params
        at = moment_from(query["at"], "at") if "at" in query else world.clock.now()
        posts = world.published()
        if query.get("all") == "1":
            replies = (reply for post in posts for reply in world.replies_to(post, at))
            posts = sorted({post.id: post for post in (*posts, *replies)}.values(), key=lambda post: post.id)
        elif "author" in query:
            author_id = person_from(world, query["author"]).id
            posts = [post for post in posts if post.author_id == author_id]
        elif "ids" not in query:
            posts = [post for post in posts if world.is_ours(post.author_id)]
        if "ids" in query:
            wanted = [id_from(part, "ids") for part in query["ids"].split(",") if part]
            posts = [post for post in map(world.find, wanted) if post is not None]
        return {
            "now": world.clock.now().isoformat(),
            "posts": [_truth_of(world, post, at) for post in posts if post.created_at <= at],
            "accounts": [
                {"handle": one.handle, "id": str(one.id), "followers": world.followers(one, at)}
                for one in world.accounts
            ],
        }

    async def put_posts(self, request: Request) -> Json:
        """Posts of anybody, at any time up to now: `[{"author", "text", "created_at", "in_reply_to", "pinned"}]`."""
        body = await body_of(request)
        entries = body if isinstance(body, list) else [body]
        new = [self._new_post(entry) for entry in entries]
        posts = self._world.put(new)
        for entry, post in zip(entries, posts, strict=True):
            if entry.get("pinned"):
                self._world.pin(post)
        return {"posts": [{"id": str(post.id), "created_at": post.created_at.isoformat()} for post in posts]}

    async def delete_post(self, request: Request) -> Json:
        post_id = self._post_id(request)
        self._world.delete(post_id)
        return {"deleted": str(post_id)}

    async def hide_post(self, request: Request) -> Json:
        """Hide a post from everybody from now on, as X does with what it limits."""
        post_id = self._post_id(request)
        self._world.fates.hide(post_id, self._world.clock.now())
        return {"hidden": str(post_id)}

    async def show_post(self, request: Request) -> Json:
        """Show a hidden post again."""
        post_id = self._post_id(request)
        self._world.fates.show(post_id, self._world.clock.now())
        return {"shown": str(post_id)}

    async def correct_counters(self, request: Request) -> Json:
        """Add to counters from now on, `{"likes": -3}`: X takes likes of bots back, and counters fall."""
        post_id = self._post_id(request)
        changes = await object_of(request, *_PUBLIC, *_PRIVATE)
        for name, change in changes.items():
            if isinstance(change, bool) or not isinstance(change, int):
                raise BadInputError(f"{name!r} must be a whole number to be added, not {change!r}")
        self._world.fates.correct(post_id, self._world.clock.now(), changes)
        return {"corrected": str(post_id)}

    def _post_id(self, request: Request) -> int:
        post_id = id_from(request.path_params["id"], "id")
        if self._world.find(post_id) is None:
            raise BadInputError(f"no post {post_id}")
        return post_id

    def _new_post(self, entry: object) -> NewPost:
        if not isinstance(entry, dict):
            raise BadInputError(f"a post is a JSON object, not {entry!r}")
        refuse_others(entry, "author", "text", "created_at", "in_reply_to", "pinned")
        text = entry.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_TEXT:
            raise BadInputError(f"'text' must be a text of 1 to {_LONGEST_TEXT} characters, not {text!r:.80}")
        author = person_from(self._world, str(entry.get("author", "")))
        if entry.get("pinned") and not self._world.is_ours(author.id):
            raise BadInputError(f"'pinned' is for accounts of ours, and @{author.handle} is none")
        target, created_at = entry.get("in_reply_to"), entry.get("created_at")
        return NewPost(
            author=author,
            text=text,
            created_at=self._world.clock.now() if created_at is None else moment_from(created_at, "created_at"),
            in_reply_to=None if target is None else id_from(target, "in_reply_to"),
        )


def _truth_of(world: World, post: Post, at: datetime) -> Json:
    counters = world.counters(post, at)
    deleted_at = world.fates.deleted_at(post.id)
    expected = world.expected(post) if world.is_ours(post.author_id) else None
    return {
        "id": str(post.id),
        "author": world.person(post.author_id).handle,
        "text": post.text,
        "created_at": post.created_at.isoformat(),
        "in_reply_to": None if post.in_reply_to is None else str(post.in_reply_to),
        "deleted_at": None if deleted_at is None else deleted_at.isoformat(),
        "hidden": world.fates.is_hidden(post.id, at),
        "counters": {name: getattr(counters, name) for name in _PUBLIC},
        "private": {
            **{name: getattr(counters, name) for name in _PRIVATE},
            "follows": counters.follows,
            "engagements": counters.engagements,
        },
        "expected": None
        if expected is None
        else {"views": expected.views, "engagements": expected.engagements, "freshness": post.freshness},
    }
