"""What the bytes of an answer hold: a JSON object, or not. Which fields it has is looked up in `x.shapes`."""

import json
from typing import Any


def object_in(content: bytes) -> dict[str, Any] | None:
    """Answers the JSON object that a body is; None for any other body."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
