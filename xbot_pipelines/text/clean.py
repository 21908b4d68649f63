r"""Clean text where it enters, so that nothing behind it meets a character that PostgreSQL or UTF-8 refuses.

U+0000 and lone surrogates become U+FFFD. They are not dropped, for two reasons: dropping joins what stood on both
sides, so that a word appears which no filter has seen (`ign\0ore`); and X tells what is visible of a post by indices,
which a shorter text would shift.
"""

import re
from typing import Any

LONGEST_MATCHED = 10_000
"""How many characters of an outside text are compared with others or matched against patterns.

X's longest post has 25,000, and the time of some patterns grows faster than the text. Nothing behind this is given to a
model either (`content.prompts.prompt.quoted`): what was not looked at is not read.
"""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text with U+0000 and lone surrogates replaced by U+FFFD; its length stays the same."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean_values(value: Any) -> Any:
    """Return a value of JSON with every text in it clean, names as well. `parse_json` has bounded its depth."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean_values(name): clean_values(inner) for name, inner in value.items()}
        case list():
            return [clean_values(inner) for inner in value]
    return value
