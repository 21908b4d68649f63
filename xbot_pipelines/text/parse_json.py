"""Parse JSON from outside: from X, its API, a model, a saved file, a child process.

`json.loads` raises RecursionError for deep nesting, which no `except ValueError` catches, and what it does parse can
still be too deep for a function that walks it.
"""

import json
from typing import Any

DEEPEST = 100
"""X's deepest answers (a repost of a quoted long post in a conversation) have about 40 levels."""


class InvalidJson(ValueError):
    """The text is no JSON, or is nested deeper than `DEEPEST`."""


def parse_json(content: str | bytes) -> Any:
    """Return the value that a JSON text stands for.

    Raises:
        InvalidJson: it is no JSON, or too deeply nested to be walked.
    """
    try:
        value = json.loads(content)
    except RecursionError:
        raise InvalidJson(f"the JSON is nested deeper than {DEEPEST} levels") from None
    except ValueError as error:
        raise InvalidJson(str(error)) from error
    if _is_too_deep(value):
        raise InvalidJson(f"the JSON is nested deeper than {DEEPEST} levels")
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
