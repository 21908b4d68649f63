"""`/practice/expected` and `/practice/taste`: what choices could expect of readers, and how these change their minds.

What the readers did to real posts is told in `control_posts`; the rest of the control API is in `control`.
"""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.backstage import Backstage
from xbot_pipelines.practice.control_input import BadInputError, guarded, moment_from, object_of, person_from
from xbot_pipelines.practice.prospects import Numbers, Prospects, prospects, typical
from xbot_pipelines.practice.tastes import DIMENSIONS, Change
from xbot_pipelines.practice.traits import VALUES
from xbot_pipelines.practice.world import World

Json = dict[str, Any]
Choice = Mapping[str, str]

_MOST_CHOICES = 20_000


def routes(backstage: Backstage) -> list[BaseRoute]:
    """The control routes about what readers like."""
    control = _TasteControl(backstage)
    return [
        Route("/practice/expected", guarded(control.expected), methods=["POST"]),
        Route("/practice/taste", guarded(control.taste), methods=["GET"]),
        Route("/practice/taste", guarded(control.change_taste), methods=["POST"]),
    ]


class _TasteControl:
    """The handlers of the routes. Input that cannot be worked with is a ValueError."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    @property
    def _world(self) -> World:
        return self._backstage.world

    async def expected(self, request: Request) -> Json:
        """What originals could expect in all, before luck, if one were published at a moment.

        `{"author", "at", "choices": [{"subject": "sleep", …}], "values": {"subject": ["sleep", "focus"], …}}` tells of
        each of the choices, and of the best and the mean of all combinations of the values.
        """
        world = self._world
        asked = await object_of(request, "author", "at", "choices", "values")
        author = person_from(world, str(asked["author"])) if "author" in asked else world.accounts[0]
        at = moment_from(asked["at"], "at") if "at" in asked else world.clock.now()
        if not {"choices", "values"} & set(asked):
            raise BadInputError("there is nothing to be told: name 'choices', or 'values' of each dimension, or both")
        answer: Json = {"author": author.handle, "at": at.isoformat(), "followers": world.followers(author, at)}
        if "choices" in asked:
            choices = _choices(asked["choices"])
            told = prospects(world, author, at, [typical(**choice) for choice in choices])
            answer["choices"] = [_one(choice, told, place) for place, choice in enumerate(choices)]
        if "values" in asked:
            choices = _combinations(asked["values"])
            told = prospects(world, author, at, [typical(**choice) for choice in choices])
            best, rested = (told.engagements * told.freshness).argmax(), told.engagements.argmax()
            answer["best"] = _one(choices[best], told, int(best))
            answer["best_rested"] = _one(choices[rested], told, int(rested))
            answer["mean"] = _figures(told.views, told.engagements, told.freshness)
        return answer

    async def taste(self, _: Request) -> Json:
        """When the readers change their minds, and about what."""
        changes = [
            {"changes_at": change.at.isoformat(), "dimensions": list(change.dimensions)}
            for change in self._world.tastes.changes
        ]
        return {"changes": changes}

    async def change_taste(self, request: Request) -> Json:
        """Let the readers change their minds: `{"changes_at": ISO, "dimensions": ["subject", "hour"]}`.

        Posts after that moment are judged anew; those up to it keep their fate. Now and all dimensions, if not told.
        """
        asked = await object_of(request, "changes_at", "dimensions")
        now = self._world.clock.now()
        at = moment_from(asked["changes_at"], "changes_at") if "changes_at" in asked else now
        if at < now:
            raise BadInputError(f"'changes_at' {at.isoformat()} lies before the world's clock ({now.isoformat()})")
        named = asked.get("dimensions", list(DIMENSIONS))
        if not isinstance(named, list) or not named or len(set(map(str, named))) < len(named):
            raise BadInputError(f"'dimensions' must be a list, each once, of {', '.join(DIMENSIONS)}; not {named!r}")
        for name in named:
            if name not in DIMENSIONS:
                raise BadInputError(f"unknown dimension {name!r}: readers can change {', '.join(DIMENSIONS)}")
        self._world.tastes.change(Change(at, tuple(named)))
        return await self.taste(request)


def _choices(asked: object) -> list[Choice]:
    if not isinstance(asked, list) or not 0 < len(asked) <= _MOST_CHOICES:
        raise BadInputError(f"'choices' must be a list of 1 to {_MOST_CHOICES} objects with {', '.join(VALUES)}")
    return [
        {dimension: _known(choice[dimension], dimension) for dimension in VALUES}
        for choice in (_whole(choice, "each of 'choices'") for choice in asked)
    ]


def _combinations(asked: object) -> list[Choice]:
    values = _whole(asked, "'values'")
    for dimension, listed in values.items():
        if not isinstance(listed, list) or not listed:
            raise BadInputError(f"the values of {dimension!r} must be a list of at least one, not {listed!r}")
    # Whoever names a value twice would have it count twice in the mean.
    lists = [dict.fromkeys(_known(value, dimension) for value in values[dimension]) for dimension in VALUES]
    combinations = prod(map(len, lists))
    if combinations > _MOST_CHOICES:
        raise BadInputError(f"'values' have {combinations} combinations, and at most {_MOST_CHOICES} are told at once")
    return [dict(zip(VALUES, chosen, strict=True)) for chosen in product(*lists)]


def _whole(asked: object, name: str) -> Json:
    """An object that has every dimension and nothing else."""
    if not isinstance(asked, dict) or set(asked) != set(VALUES):
        raise BadInputError(f"{name} must be an object with {', '.join(VALUES)}, and nothing else; not {asked!r:.120}")
    return asked


def _known(value: object, dimension: str) -> str:
    if value not in VALUES[dimension]:
        raise BadInputError(f"unknown {dimension} {value!r}: readers know {', '.join(VALUES[dimension])}")
    return str(value)


def _one(choice: Choice, told: Prospects, place: int) -> Json:
    return {"choice": choice, **_figures(told.views[place], told.engagements[place], told.freshness[place])}


def _figures(views: Numbers, engagements: Numbers, freshness: Numbers) -> Json:
    """The means of what some texts may expect: tired as readers are of the author, and as if they were rested."""
    return {
        "views": float(np.mean(views * freshness)),
        "engagements": float(np.mean(engagements * freshness)),
        "freshness": float(np.mean(freshness)),
        "rested": {"views": float(np.mean(views)), "engagements": float(np.mean(engagements))},
    }
