"""The prompt-injection attempts of this world, and the people who carry one in their bio or in their display name.

The texts are in `prompt_injections.toml`, beside this file. When they come into the world by themselves is decided in
`society`; putting one before us by hand is a matter of `control_people`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from xbot_pipelines.practice.people import Person, reader

_LONGEST_NAME = 50  # characters, as X allows
_LONGEST_BIO = 160
_FIRST_NUMBER = 700  # of those who carry one; readers have the numbers below


@dataclass(frozen=True, slots=True)
class Injection:
    """One attempt.

    Attributes:
        id: Its kind and its number within the kind, such as `link-3`.
        kind: What it pretends to be.
        text: The attempt itself.
        mark: What would show in a published text, in small letters, if a program had obeyed.
    """

    id: str
    kind: str
    text: str
    mark: str

    @property
    def places(self) -> tuple[str, ...]:
        """Where it fits: `post` and `mention` always, `bio` and `name` when it is short enough."""
        bio = ("bio",) if len(self.text) <= _LONGEST_BIO else ()
        name = ("name",) if len(self.text) <= _LONGEST_NAME and "\n" not in self.text else ()
        return ("post", "mention", *bio, *name)


def _read() -> tuple[Injection, ...]:
    kinds = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(
        Injection(f"{kind}-{number}", kind, one["text"], one["mark"])
        for kind, listed in kinds.items()
        for number, one in enumerate(listed, 1)
    )


INJECTIONS: Sequence[Injection] = _read()
BY_ID: Mapping[str, Injection] = {one.id: one for one in INJECTIONS}


def injection_in(text: str) -> Injection | None:
    """The attempt that stands in a text, if there is one."""
    return next((one for one in INJECTIONS if one.text in text), None)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody whose profile holds an attempt, in its `place`: "bio" or "name"."""

    person: Person
    injection: Injection
    place: str


@lru_cache(maxsize=4)
def carriers(seed: int) -> Mapping[tuple[str, str], Carrier]:
    """All who carry an attempt in their profile, by injection id and place."""
    wanted = [(one, place) for one in INJECTIONS for place in one.places if place in {"bio", "name"}]
    return {
        (injection.id, place): Carrier(
            _carrier(reader(seed, _FIRST_NUMBER + number), injection, place), injection, place
        )
        for number, (injection, place) in enumerate(wanted)
    }


def _carrier(person: Person, injection: Injection, place: str) -> Person:
    return replace(person, bio=injection.text) if place == "bio" else replace(person, name=injection.text)
