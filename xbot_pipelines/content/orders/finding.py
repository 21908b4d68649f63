"""Whether a text of somebody gives orders to a program, or hides characters from its reader. Pure.

This keeps such a text from ever reaching a model. What a model makes of one that slips through is looked at again in
`content.gates`. The patterns lie in `words`, how a spelling is undone in `folded_text`.
"""

import re
from collections.abc import Iterator

from xbot_pipelines.content.orders.folded_text import folded, respelled, turned
from xbot_pipelines.content.orders.words import FORGET, HINTS, PLAIN
from xbot_pipelines.text.clean import LONGEST_MATCHED

_HINTS_ENOUGH = 2

# X's own apps put isolates around a name, a hashtag or a link in a text of both directions.
_ISOLATED_NAME = re.compile("[\u2066-\u2068](?:[@#]\\w+|https?://[^\\s\u2069]+)\u2069")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FLAG_OF_TAGS = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_UNSEEN_IN_A_WORD = re.compile(
    "[A-Za-z][\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0]+[A-Za-z]"
)
_SMUGGLING = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}|[\u200b-\u200d\u2060-\u2064\ufeff]{4,}")
_HIDING = (
    (_TURNED, "it turns the direction of its text around"),
    (_TAGS, "it holds tag characters, which nobody sees"),
    (_UNSEEN_IN_A_WORD, "it has characters inside its words that nobody sees"),
    (_SMUGGLING, "it has a row of characters that nobody sees"),
)

_EMPHASIS = re.compile(r"[*_~`]")
_BLANKS = re.compile(r"\s+")
_PLAIN = [(reason, re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)) for reason, patterns in PLAIN]
_HINTS = [re.compile(hint, re.IGNORECASE) for hint in HINTS]
_FORGET = re.compile("|".join(f"(?:{one})" for one in FORGET.values()), re.IGNORECASE)


def speaks_to_a_machine(text: str) -> str | None:
    """Answers why a text is taken for one that gives orders to a program or hides characters; None where it does not.

    A person may be taken for it who only writes about such things; who is, gets no answer of ours, which harms nobody.

    Args:
        text: a post, a bio, a name, or the title of some news, as it was written: nothing taken out of it.
    """
    text = text[:LONGEST_MATCHED]
    hiding = _hides(text)
    if hiding:
        return hiding
    plain = folded(text)
    spellings = tuple(respelled(plain))
    for view in _views(plain):
        reason = _orders(view)
        if reason:
            return reason
    if any(map(_orders, spellings)) or any(_FORGET.search(view) for view in (*spellings, *turned(plain))):
        return "it spells an order so that only a program reads it"
    return None


def _orders(view: str) -> str | None:
    for reason, pattern in _PLAIN:
        if pattern.search(view):
            return f"it {reason}"
    hints = sum(hint.search(view) is not None for hint in _HINTS)
    return "it sounds like an order to a program" if hints >= _HINTS_ENOUGH else None


def _hides(text: str) -> str | None:
    shown = _FLAG_OF_TAGS.sub("", _ISOLATED_NAME.sub("", text))
    return next((reason for pattern, reason in _HIDING if pattern.search(shown)), None)


def _views(plain: str) -> Iterator[str]:
    """Answers the text as it stands, then on one line without emphasis: the end of a line may end a sentence or not."""
    yield plain
    bare = _EMPHASIS.sub("", plain)
    one_line = _BLANKS.sub(" ", bare).strip()
    if one_line != plain:
        yield one_line
    if "\n" in plain:
        yield _BLANKS.sub(" ", bare.replace("\n", ". ")).strip()
