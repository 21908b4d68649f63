"""One request of an endpoint as the endpoint sees it, and what it answers: no HTTP, no tokens, no limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xbot_pipelines.practice.api.bill import Charge
from xbot_pipelines.practice.api.fields import Asked
from xbot_pipelines.practice.api.generations import Generation
from xbot_pipelines.practice.api.parameters import Parameters
from xbot_pipelines.practice.api.problems import invalid_parameter
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import as_post_id
from xbot_pipelines.practice.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` has what stands in the address, `body` the JSON object that came along."""

    world: World
    at: datetime
    caller: Person
    path: Mapping[str, str]
    parameters: Parameters
    asked: Asked
    body: Json = field(default_factory=dict)

    @property
    def generation(self) -> Generation:
        """The names in which the request is answered."""
        return self.asked.generation

    @property
    def renderer(self) -> Renderer:
        """What knows how posts and people are at the moment of the call."""
        return Renderer(self.world, self.at)

    def id(self) -> int:
        """The id in the address.

        Raises:
            Refused: It is none.
        """
        value = self.path["id"]
        found = as_post_id(value)
        if found is None:
            raise invalid_parameter("id", value, f"The `id` query parameter value [{value}] is not valid")
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers, and what X would charge for it."""

    body: Json
    status: int = 200
    charges: Sequence[Charge] = ()
