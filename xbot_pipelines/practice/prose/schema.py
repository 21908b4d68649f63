"""Fills a JSON schema (structured outputs) with what was written: known names by meaning, the others by type.

Source of the supported subset: OpenAI, "Structured Outputs", "Supported schemas".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_MEANINGS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "post", "content", "body", "reply", "tweet", "message"),
    "subject": ("subject", "topic"),
    "angle": ("angle",),
    "tone": ("tone",),
    "format": ("format",),
    "hook": ("hook",),
    "reason": ("reason", "rationale", "explanation", "why"),
    "quality": ("quality", "score", "confidence", "relevance"),
    "worth": ("worth", "relevance"),
    "worth_sending": ("worth_sending", "send", "should_send"),
    "number": ("number", "index"),
    "broken_rules": ("broken_rules", "violations"),
}
_SCORE_SHARE = 0.8  # where a score lies between its bounds, when nobody says
_DEFAULT_ITEMS = 2

Said = Mapping[str, Any]
"""What there is to fill in, by meaning; `quality` and `worth` are shares of what is possible, from 0 to 1."""

Schema = Mapping[str, Any]


class SchemaError(ValueError):
    """A schema that cannot be filled; the message says which part."""


def fill(schema: Schema, say: Callable[[], Said], items: Sequence[Said] | None = None) -> Any:
    """A value that fits the schema.

    Args:
        schema: A JSON schema; `$ref` may point into its own `$defs`.
        say: Says something fresh each time: once for the whole, and once for each object in a list.
        items: What the objects of a list are about, when there is one for each.

    Raises:
        SchemaError: A type or a reference nobody can fill.
    """
    return _Filling(schema, say, items).value(schema, "", say())


class _Filling:
    def __init__(self, root: Schema, say: Callable[[], Said], items: Sequence[Said] | None) -> None:
        self.root = root
        self.say = say
        self.items = items

    def value(self, schema: Schema, name: str, said: Said) -> Any:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _of_enum(schema["enum"], _meant(name, said))
        kind = _kind(schema)
        if kind == "object":
            return {key: self.value(part, key, said) for key, part in schema.get("properties", {}).items()}
        if kind == "array":
            meant = _meant(name, said)
            return meant if isinstance(meant, list) else self._list(schema, name)
        return _scalar(kind, schema, name, said)

    def _list(self, schema: Schema, name: str) -> list[Any]:
        part, each = schema.get("items", {"type": "string"}), name.removesuffix("s")
        if self.items is not None and _kind(self._resolved(part)) == "object":
            return [self.value(part, each, said) for said in self.items]
        count = max(min(_DEFAULT_ITEMS, schema.get("maxItems", _DEFAULT_ITEMS)), schema.get("minItems", 0))
        return [self.value(part, each, self.say()) for _ in range(count)]

    def _resolved(self, schema: Schema) -> Schema:
        while True:
            options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
            if "$ref" in schema:
                schema = self._referred(schema["$ref"])
            elif options:
                schema = next((option for option in options if option.get("type") != "null"), options[0])
            else:
                return schema

    def _referred(self, reference: str) -> Schema:
        found: Any = self.root
        for step in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(step) if step and isinstance(found, Mapping) else found
        if not isinstance(found, Mapping):
            raise SchemaError(f"The schema refers to {reference!r}, which is not in it.")
        return found


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else str(kind)


def _meant(name: str, said: Said) -> Any:
    """What was said for a field of this name, the first of its meanings that was; None for nothing."""
    return next((said[meaning] for meaning, names in _MEANINGS.items() if name in names and meaning in said), None)


def _scalar(kind: str, schema: Schema, name: str, said: Said) -> str | float | bool | None:
    meant = _meant(name, said)
    if kind == "string":
        text = str(meant or f"{name.replace('_', ' ').capitalize() or 'A note'} of the practice model.")
        return text[: schema.get("maxLength", len(text))]
    if kind in ("number", "integer"):
        return meant if isinstance(meant, int) else _number(schema, name, kind, meant)
    if kind in ("boolean", "null"):
        return None if kind == "null" else meant is not False
    raise SchemaError(f"The schema of {name!r} has the type {kind!r}, which is none of JSON's types.")


def _of_enum(options: list[Any], meant: Any) -> Any:
    low = str(meant or "").lower()
    named = [option for option in options if isinstance(option, str)]
    same = (option for option in named if option.lower() == low)
    alike = (option for option in named if low and (option.lower() in low or low in option.lower()))
    return next(same, next(alike, options[0]))


def _number(schema: Schema, name: str, kind: str, meant: Any) -> float:
    unit = 1.0 if kind == "number" else 10.0
    low: float = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    high: float = schema.get("maximum", schema.get("exclusiveMaximum", max(low + unit, unit)))
    scored = any(word in name for word in _MEANINGS["quality"])
    share = meant if isinstance(meant, float) else _SCORE_SHARE if scored else 0.5
    value = low + (high - low) * share
    return round(value, 3) if kind == "number" else round(value)
