"""What the bytes of an answer hold: a JSON object, or not. Which fields it has is looked up in `x.shapes`."""

from typing import Any

from xbot_pipelines.text.parse_json import InvalidJson, parse_json


def object_in(content: bytes) -> dict[str, Any] | None:
    """Answers the JSON object that a body is; None for any other body."""
    try:
        said = parse_json(content)
    except InvalidJson:
        return None
    return said if isinstance(said, dict) else None
