"""`/practice/truth/opportunities`, `/practice/truth/optouts` and `/practice/injections`: the truth about the cast.

What can be asked about posts and done to them is in `control_posts`, the rest of the control API in `control`.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice import opportunities
from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.control_input import BadInputError, guarded, moment_from, object_of, person_from
from xbot_pipelines.practice.draws import Dice
from xbot_pipelines.practice.opportunities import Candidate, Wanted
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.prompt_injections import BY_ID, INJECTIONS, Injection, carriers
from xbot_pipelines.practice.society import talk
from xbot_pipelines.practice.society.members import POSTING_READERS
from xbot_pipelines.practice.world import NewPost, World

Json = dict[str, Any]

_MOST_HOURS = 7 * 24


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The control routes about the cast."""
    control = _PeopleControl(backstage)
    return [
        Route("/practice/truth/opportunities", guarded(control.opportunities)),
        Route("/practice/truth/optouts", guarded(control.opt_outs)),
        Route("/practice/injections", guarded(control.injections), methods=["GET"]),
        Route("/practice/injections/{id}", guarded(control.put_injection), methods=["POST"]),
    ]


class _PeopleControl:
    """The handlers of the routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    @property
    def _world(self) -> World:
        return self._backstage.world

    async def opportunities(self, request: Request) -> Json:
        """Every post of the last `within` hours (24), and whether it is right to answer it at a moment.

        `?at=ISO`, `fresh=3` (hours), `within=24`, `subjects=sleep,walking`, `language=en`, `handle=` (of ours).
        """
        query, world = request.query_params, self._world
        wanted = Wanted(
            account=self._account(query.get("handle")),
            at=moment_from(query["at"], "at") if "at" in query else world.clock.now(),
            fresh=timedelta(hours=_hours(query.get("fresh", "3"), "fresh")),
            subjects=[_subject(name) for name in query["subjects"].split(",")]
            if "subjects" in query
            else talk.SUBJECTS,
            language=query.get("language", "en"),
        )
        within = timedelta(hours=_hours(query.get("within", "24"), "within"))
        judged = sorted(opportunities.candidates(world, wanted, within=within), key=lambda one: one.post.id)
        return {
            "now": world.clock.now().isoformat(),
            "at": wanted.at.isoformat(),
            "right": sum(not one.reasons for one in judged),
            "turned_away": dict(Counter(reason for one in judged for reason in one.reasons)),
            "posts": [_public(world, one) for one in judged],
        }

    async def opt_outs(self, request: Request) -> list[Json]:
        """Who had asked us to be left alone by a moment (`?at=ISO`), in which post."""
        query, world = request.query_params, self._world
        at = moment_from(query["at"], "at") if "at" in query else world.clock.now()
        return [
            {
                "author": one.author.handle,
                "id": str(one.post.id),
                "in_reply_to": str(one.post.in_reply_to),
                "text": one.post.text,
                "created_at": one.post.created_at.isoformat(),
            }
            for one in opportunities.opt_outs(world, at)
        ]

    async def injections(self, _: Request) -> list[Json]:
        """All prompt injections there are, where each can stand, and who carries it in the profile."""
        carrying = carriers(self._world.seed)
        return [
            {
                "id": one.id,
                "kind": one.kind,
                "text": one.text,
                "mark": one.mark,
                "places": list(one.places),
                "carriers": {
                    place: carrying[one.id, place].person.handle for place in one.places if (one.id, place) in carrying
                },
            }
            for one in INJECTIONS
        ]

    async def put_injection(self, request: Request) -> Json:
        """Put one before us: `{"as": "post" | "mention" | "bio" | "name", "subject", "at", "handle"}`.

        It is a fresh root post about the subject by somebody who has not written otherwise; `bio` and `name` put a
        harmless post of somebody who carries the injection in the profile.
        """
        injection = BY_ID.get(request.path_params["id"])
        if injection is None:
            raise BadInputError(f"no injection {request.path_params['id']!r}: see GET /practice/injections")
        asked = await object_of(request, "as", "subject", "at", "handle")
        place, subject = asked.get("as", "post"), _subject(asked.get("subject", talk.SUBJECTS[0]))
        if place not in injection.places:
            raise BadInputError(f"'as' must be one of {', '.join(injection.places)} for {injection.id}, not {place!r}")
        author = self._author(injection, place)
        text = self._text(injection, place, subject, self._account(asked.get("handle")))
        at = moment_from(asked["at"], "at") if "at" in asked else self._world.clock.now()
        (post,) = self._world.put([NewPost(author, text, at, None)])
        return {"id": str(post.id), "author": author.handle, "as": place, "text": text, "mark": injection.mark}

    def _author(self, injection: Injection, place: str) -> Person:
        if place in {"bio", "name"}:
            return carriers(self._world.seed)[injection.id, place].person
        # Another reader for each: no rule of one answer a person may keep the second one from us.
        return self._world.cast.readers[POSTING_READERS + INJECTIONS.index(injection)]

    def _text(self, injection: Injection, place: str, subject: str, account: Person) -> str:
        if place == "post":
            return f"A word on {subject}. {injection.text}"
        if place == "mention":
            return f"@{account.handle} on {subject}: {injection.text}"
        return talk.question(Dice(self._world.seed, "carrier", injection.id, place), subject)

    def _account(self, handle: object) -> Person:
        if handle is None:
            return self._world.accounts[0]
        account = person_from(self._world, str(handle))
        if not self._world.is_ours(account.id):
            raise BadInputError(f"@{account.handle} is no account of ours")
        return account


def _subject(name: object) -> str:
    if name not in talk.SUBJECTS:
        raise BadInputError(f"unknown subject {name!r}: use one of {', '.join(talk.SUBJECTS)}")
    return str(name)


def _hours(value: str, name: str) -> float:
    try:
        hours = float(value)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _MOST_HOURS:
        raise BadInputError(f"{name!r} must be a number of hours up to {_MOST_HOURS}, not {value!r}")
    return hours


def _public(world: World, one: Candidate) -> Json:
    deleted_at = world.fates.deleted_at(one.post.id)
    return {
        "id": str(one.post.id),
        "author": one.author.handle,
        "followers": one.author.followers,
        "text": one.post.text,
        "created_at": one.post.created_at.isoformat(),
        "deleted_at": None if deleted_at is None else deleted_at.isoformat(),
        "in_reply_to": None if one.post.in_reply_to is None else str(one.post.in_reply_to),
        "language": one.post.language,
        "subject": one.subject,
        "named": list(one.named),
        "injection": one.injection,
        "right": not one.reasons,
        "reasons": list(one.reasons),
    }
