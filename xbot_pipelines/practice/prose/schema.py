"""Fills a JSON schema (structured outputs) with what was written: known names by meaning, the others by type.

Source of the supported subset: OpenAI, "Structured Outputs", "Supported schemas".
"""

from collections.abc import Callable, Mapping
from typing import Any

from xbot_pipelines.practice.prose.writer import Writing

_MEANINGS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "post", "content", "body", "reply", "tweet", "message"),
    "subject": ("subject", "topic"),
    "angle": ("angle",),
    "tone": ("tone",),
    "format": ("format",),
    "hook": ("hook",),
    "reason": ("reason", "rationale", "explanation", "why"),
}
_MEANING_OF = {name: meaning for meaning, names in _MEANINGS.items() for name in names}
_SCORE_NAMES = ("quality", "score", "confidence", "relevance")
_SCORE_SHARE = 0.8  # where a score lies between its bounds
_DEFAULT_ITEMS = 2

Schema = Mapping[str, Any]


class SchemaError(ValueError):
    """A schema that cannot be filled; the message says which part."""


def fill(schema: Schema, write: Callable[[], Writing]) -> Any:
    """A value that fits the schema.

    Args:
        schema: A JSON schema; `$ref` may point into its own `$defs`.
        write: Gives a fresh text each time: one for the whole, and one for each object in a list.

    Raises:
        SchemaError: A type or a reference nobody can fill.
    """
    return _Filling(schema, write).value(schema, "", write())


class _Filling:
    def __init__(self, root: Schema, write: Callable[[], Writing]) -> None:
        self.root = root
        self.write = write

    def value(self, schema: Schema, name: str, writing: Writing) -> Any:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _of_enum(schema["enum"], _meant(name, writing))
        kind = _kind(schema)
        if kind == "object":
            return {key: self.value(part, key, writing) for key, part in schema.get("properties", {}).items()}
        if kind == "array":
            return self._items(schema, name)
        return _scalar(kind, schema, name, writing)

    def _items(self, schema: Schema, name: str) -> list[Any]:
        count = min(max(_DEFAULT_ITEMS, schema.get("minItems", 0)), schema.get("maxItems", _DEFAULT_ITEMS))
        part = schema.get("items", {"type": "string"})
        return [
            self.value(part, name.removesuffix("s"), self.write()) for _ in range(max(count, schema.get("minItems", 0)))
        ]

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


def _meant(name: str, writing: Writing) -> str | None:
    meaning = _MEANING_OF.get(name)
    return str(getattr(writing, meaning)) if meaning else None


def _scalar(kind: str, schema: Schema, name: str, writing: Writing) -> str | float | bool | None:
    if kind == "string":
        text = _meant(name, writing) or f"{name.replace('_', ' ').capitalize() or 'A note'} of the practice model."
        return text[: schema.get("maxLength", len(text))]
    if kind in ("number", "integer"):
        return _number(schema, name, kind)
    if kind in ("boolean", "null"):
        return True if kind == "boolean" else None
    raise SchemaError(f"The schema of {name!r} has the type {kind!r}, which is none of JSON's types.")


def _of_enum(options: list[Any], meant: str | None) -> Any:
    low = (meant or "").lower()
    alike = (
        option
        for option in options
        if isinstance(option, str) and low and (option.lower() in low or low in option.lower())
    )
    return next(alike, options[0])


def _number(schema: Schema, name: str, kind: str) -> float:
    unit = 1.0 if kind == "number" else 10.0
    low: float = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    high: float = schema.get("maximum", schema.get("exclusiveMaximum", max(low + unit, unit)))
    share = _SCORE_SHARE if any(word in name for word in _SCORE_NAMES) else 0.5
    value = low + (high - low) * share
    return round(value, 3) if kind == "number" else round(value)
