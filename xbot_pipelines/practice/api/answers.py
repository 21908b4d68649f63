"""Answers made of posts or users: `data`, what was asked to come along (`includes`), the `errors` beside them, charges.

How one of them looks is decided in `shapes`, which of them there are in `lookups`, `lists` and `search`. Posts that
come along are charged as those that were asked for; users that come along are free.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from xbot_pipelines.practice.api.bill import Charge, Kind
from xbot_pipelines.practice.api.calls import Answer, Call
from xbot_pipelines.practice.api.problems import field_not_authorized, not_authorized, not_found
from xbot_pipelines.practice.api.shapes import Shapes
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post

Json = dict[str, Any]


def seen(call: Call, post_ids: Iterable[int], parameter: str) -> tuple[list[Post], list[Json]]:
    """The posts of these ids that can be seen, and an error for each of the others.

    Args:
        call: Who asks, and when.
        post_ids: The ids, each once.
        parameter: What the request calls them, as the errors name it.
    """
    posts, errors = [], []
    for post_id in post_ids:
        post = call.world.visible(post_id, call.at)
        if post is None:
            errors.append(_missing(call, post_id, parameter))
        else:
            posts.append(post)
    return posts, errors


def list_of_posts(
    call: Call,
    posts: Sequence[Post],
    errors: Sequence[Json] = (),
    *,
    kind: Kind = Kind.POST_READ,
    meta: Json | None = None,
) -> Answer:
    """A list of posts, charged as one kind."""
    shapes = _shapes(call)
    further, includes, missing = _along(call, posts)
    body = {
        "data": [shapes.post(post) for post in posts],
        "includes": includes,
        "errors": [*errors, *_withheld(call, posts, "ids"), *missing],
        "meta": meta,
    }
    return _answer(body, [Charge(kind, post.id) for post in (*posts, *further)])


def one_post(call: Call, post: Post) -> Answer:
    """One post."""
    further, includes, missing = _along(call, [post])
    body = {
        "data": _shapes(call).post(post),
        "includes": includes,
        "errors": [*_withheld(call, [post], "id"), *missing],
    }
    return _answer(body, [Charge(Kind.POST_READ, one.id) for one in (post, *further)])


def list_of_users(call: Call, people: Sequence[Person], errors: Sequence[Json]) -> Answer:
    """A list of users."""
    pinned, includes, missing = _pinned(call, people)
    body = {"data": [_shapes(call).user(one) for one in people], "includes": includes, "errors": [*errors, *missing]}
    return _answer(body, [*_charges_of(people), *pinned])


def one_user(call: Call, person: Person) -> Answer:
    """One user."""
    pinned, includes, missing = _pinned(call, [person])
    body = {"data": _shapes(call).user(person), "includes": includes, "errors": missing}
    return _answer(body, [*_charges_of([person]), *pinned])


def nothing(*errors: Json) -> Answer:
    """The answer that has nothing to show, and says why."""
    return _answer({"errors": list(errors)}, ())


def _answer(body: Json, charges: Sequence[Charge]) -> Answer:
    """X leaves out what is empty."""
    return Answer({name: part for name, part in body.items() if part}, charges=charges)


def _shapes(call: Call) -> Shapes:
    return Shapes(call.renderer, call.caller, call.asked)


def _missing(call: Call, post_id: int, parameter: str) -> Json:
    post = call.world.find(post_id)
    protected = post is not None and post.created_at <= call.at and call.world.is_protected(post.author_id)
    return (not_authorized if protected else not_found)(call.generation.noun, parameter, str(post_id))


def _withheld(call: Call, posts: Sequence[Post], parameter: str) -> list[Json]:
    shapes = _shapes(call)
    return [
        field_not_authorized(call.generation.noun, parameter, str(post.id), field)
        for post in posts
        for field in shapes.withheld(post)
    ]


def _along(call: Call, posts: Sequence[Post]) -> tuple[Sequence[Post], Json, Sequence[Json]]:
    """What comes along with posts: the further posts, all of it as `includes`, and the errors of what is missing."""
    shapes, names, wanted = _shapes(call), call.generation, call.asked.expansions
    referenced = [int(one["id"]) for post in posts for one in shapes.references(post)]
    expanded = any(name.startswith(names.referenced) for name in wanted)
    further, errors = seen(call, dict.fromkeys(referenced), names.referenced) if expanded else ([], [])
    people: list[int] = []
    if "author_id" in wanted:
        people += [post.author_id for post in posts]
    if names.referenced_authors in wanted:
        people += [post.author_id for post in further]
    if "in_reply_to_user_id" in wanted:
        people += [answered.id for answered in map(call.renderer.answered, posts) if answered is not None]
    if "entities.mentions.username" in wanted:
        people += [person_id for post in posts for person_id in shapes.mentioned(post)]
    includes = {
        "users": [shapes.user(call.world.person(person_id)) for person_id in dict.fromkeys(people)],
        names.plural: [shapes.post(post) for post in further],
    }
    return further, {name: listed for name, listed in includes.items() if listed}, errors


def _pinned(call: Call, people: Sequence[Person]) -> tuple[Sequence[Charge], Json, Sequence[Json]]:
    """The pinned posts that come along with users: their charges, the `includes`, the errors of what is missing."""
    if call.generation.pinned not in call.asked.expansions:
        return (), {}, ()
    ids = [post_id for post_id in (call.world.pinned(person.id) for person in people) if post_id is not None]
    posts, errors = seen(call, ids, call.generation.pinned)
    includes = {call.generation.plural: [_shapes(call).post(post) for post in posts]} if posts else {}
    return [Charge(Kind.POST_READ, post.id) for post in posts], includes, errors


def _charges_of(people: Sequence[Person]) -> list[Charge]:
    return [Charge(Kind.USER_READ, person.id) for person in people]
