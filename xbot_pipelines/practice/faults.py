"""Misbehaviour on request: which faults there are, what they need, and when the next one strikes.

What a fault then does is played in `graphql`, `api.door` and `pages`; faults of the front end are only handed to the
page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Flag, auto
from typing import Any

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.archive import Archive, FaultRow

EVERYTHING = "*"


class Place(Flag):
    """Where a fault can strike."""

    OPERATION = auto()
    PAGE = auto()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: where it can strike, and which fields of its own it needs or takes (name: type)."""

    places: Place
    needs: Mapping[str, str] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)
    front: bool = False


_TYPES: Mapping[str, tuple[type, ...]] = {
    "a number": (int, float),
    "a whole number": (int,),
    "a text": (str,),
    "true or false": (bool,),
}
_ANYWHERE = Place.OPERATION | Place.PAGE

KINDS: Mapping[str, Kind] = {
    "answer_lost": Kind(Place.OPERATION),
    "http_500_before": Kind(_ANYWHERE),
    "http_500_after": Kind(Place.OPERATION),
    "connection_reset": Kind(_ANYWHERE),
    "slow": Kind(_ANYWHERE, needs={"seconds": "a number"}),
    "http_429": Kind(Place.OPERATION),
    "http_503": Kind(Place.OPERATION),
    "error_code": Kind(Place.OPERATION, needs={"code": "a whole number"}, takes={"message": "a text"}),
    "answer": Kind(Place.OPERATION, needs={"status": "a whole number", "body": "a text"}),
    "altered_text": Kind(Place.OPERATION, needs={"text": "a text"}),
    "empty_tweet_results": Kind(Place.OPERATION, takes={"accepted": "true or false"}),
    "logged_out": Kind(_ANYWHERE),
    "deleted_target": Kind(Place.OPERATION),
    "challenge": Kind(Place.PAGE),
    "locked": Kind(Place.PAGE),
    "suspended": Kind(Place.PAGE),
    "toast_never": Kind(Place.PAGE, front=True),
    "toast_vanishes": Kind(Place.PAGE, front=True),
    "typeahead": Kind(Place.PAGE, front=True),
    "unknown_dialog": Kind(Place.PAGE, front=True),
    "layout_changed": Kind(Place.PAGE, front=True),
}
# What these do makes sense for some operations only.
_ONLY_FOR: Mapping[str, Sequence[str]] = {
    "empty_tweet_results": ["CreateTweet"],
    "altered_text": ["CreateTweet", "createPosts"],
    "deleted_target": ["CreateTweet", "createPosts"],
}
_COMMON = ("operation", "kind", "count", "probability")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that strikes now."""

    kind: str
    fields: Mapping[str, Any]


class Faults:
    """The faults that are asked for and not used up. They survive a restart, and so does their chance."""

    def __init__(self, archive: Archive, seed: int, *, operations: Iterable[str], pages: Iterable[str]) -> None:
        self._archive = archive
        self._seed = seed
        self._operations = frozenset(operations)
        self._pages = frozenset(pages)
        self._rows = archive.faults()

    def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Take up a fault, as the control API describes it.

        Args:
            asked: `operation` (an operation, a page kind or `*`), `kind`, either `count` (default 1) or `probability`
                (until cleared), and the fields of its kind.

        Raises:
            ValueError: Something in it is unknown or missing; the sentence names what is allowed.
        """
        specification = self._checked(asked)
        left = None if "probability" in specification else specification.get("count", 1)
        row = FaultRow(max((row.id for row in self._rows), default=0) + 1, specification, left, drawn=0)
        self._archive.keep_fault(row)
        self._rows.append(row)
        return _public(row)

    def listed(self) -> list[dict[str, Any]]:
        """All faults that can still strike."""
        return [_public(row) for row in self._rows if row.left != 0]

    def clear(self) -> None:
        """Forget all faults."""
        self._archive.drop_faults()
        self._rows.clear()

    def strike_operation(self, operation: str) -> Fault | None:
        """The fault that strikes this request of an operation, used up by one; the first that was asked for wins."""
        return self._strike(operation, Place.OPERATION)

    def strike_page(self, page: str) -> Fault | None:
        """The fault of the server that strikes this page load."""
        return self._strike(page, Place.PAGE)

    def strike_front(self, page: str) -> list[str]:
        """The kinds of all front-end faults that strike this page load."""
        rows = [row for row in self._rows if KINDS[row.specification["kind"]].front]
        return [row.specification["kind"] for row in rows if self._strikes(row, page, Place.PAGE)]

    def _strike(self, name: str, place: Place) -> Fault | None:
        for row in list(self._rows):
            if not KINDS[row.specification["kind"]].front and self._strikes(row, name, place):
                fields = {key: value for key, value in row.specification.items() if key not in _COMMON}
                return Fault(row.specification["kind"], fields)
        return None

    def _strikes(self, row: FaultRow, name: str, place: Place) -> bool:
        wanted, kind = row.specification["operation"], str(row.specification["kind"])
        if wanted not in {name, EVERYTHING} or place not in KINDS[kind].places or row.left == 0:
            return False
        if name not in _ONLY_FOR.get(kind, [name]):
            return False
        probability = float(row.specification.get("probability", 1.0))
        strikes = draws.fraction(self._seed, "fault", row.id, row.drawn) < probability
        left = row.left if row.left is None or not strikes else row.left - 1
        used = replace(row, left=left, drawn=row.drawn + 1)
        self._archive.keep_fault(used)
        self._rows[self._rows.index(row)] = used
        return strikes

    def _checked(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        name = str(asked.get("kind"))
        if name not in KINDS:
            raise ValueError(f"unknown kind {asked.get('kind')!r}: use one of {', '.join(sorted(KINDS))}")
        kind = KINDS[name]
        allowed = (*_COMMON, *kind.needs, *kind.takes)
        unknown = sorted(set(asked) - set(allowed))
        if unknown:
            raise ValueError(f"unknown field {unknown[0]!r} for {name}: allowed are {', '.join(allowed)}")
        targets = self._targets(name, kind)
        if asked.get("operation") not in targets:
            raise ValueError(
                f"operation {asked.get('operation')!r} cannot have {name}: use one of {', '.join(targets)}"
            )
        for name_of_field, type_name in {**kind.needs, **kind.takes}.items():
            missing = name_of_field in kind.needs and name_of_field not in asked
            if missing or (name_of_field in asked and not _is(asked[name_of_field], type_name)):
                raise ValueError(f"{name} needs {name_of_field!r} as {type_name}, not {asked.get(name_of_field)!r}")
        if "count" in asked and "probability" in asked:
            raise ValueError("give either 'count' or 'probability', not both")
        if not _is(asked.get("count", 1), "a whole number") or asked.get("count", 1) < 1:
            raise ValueError(f"'count' must be a whole number from 1, not {asked['count']!r}")
        if not _is(asked.get("probability", 1), "a number") or not 0 < asked.get("probability", 1) <= 1:
            raise ValueError(f"'probability' must be above 0 and at most 1, not {asked['probability']!r}")
        return dict(asked)

    def _targets(self, name: str, kind: Kind) -> list[str]:
        if name in _ONLY_FOR:
            return [EVERYTHING, *_ONLY_FOR[name]]
        targets = {EVERYTHING}
        if Place.OPERATION in kind.places:
            targets |= self._operations
        if Place.PAGE in kind.places:
            targets |= self._pages
        return sorted(targets)


def _is(value: object, type_name: str) -> bool:
    # In Python True is an int; in a fault's JSON it is not.
    return isinstance(value, _TYPES[type_name]) and isinstance(value, bool) == (type_name == "true or false")


def _public(row: FaultRow) -> dict[str, Any]:
    return {"id": row.id, **row.specification, "left": row.left}
