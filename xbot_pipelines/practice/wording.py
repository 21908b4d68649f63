"""X's rules about the text of a post: its weighted length, its links, hashtags and mentions.

Nothing about JSON and nothing about readers. Source of the rules: X_SURFACE §4 (twitter-text v3).
"""

import re
import unicodedata
from functools import lru_cache

import emoji

MOST_WEIGHT = 280
LINK_WEIGHT = 23

_DOMAIN_ENDINGS = "com|org|net|io|co|app|dev|ai|edu|gov|info|health|news|blog|uk|de|eu|fr|nl|ch|at"
URL = re.compile(
    # A link ends before the punctuation of the sentence it stands in.
    r"https?://[^\s<>\"]*[^\s<>\".,;:!?)'’]"
    rf"|(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:{_DOMAIN_ENDINGS})\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
HASHTAG = re.compile(r"(?<!\w)#(\w*[^\W\d]\w*)")
MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]{1,15})\b")

# Where emoji can be: each has one of these characters in it, a keycap with its digit before it. Looking for emoji is
# dear, so it is done in these places only.
_OF_EMOJI = re.compile("[0-9#*]?[\u00a9\u00ae\u200d\u203c-\u3299\ufe0e\ufe0f\U0001f000-\U0010ffff]+")

# Every character but those of these ranges weighs double.
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")


def emoji_places(text: str) -> tuple[tuple[int, int], ...]:
    """Where in the text each emoji begins and ends; a joined sequence is one emoji."""
    return tuple(
        (run.start() + found["match_start"], run.start() + found["match_end"])
        for run in _OF_EMOJI.finditer(text)
        for found in emoji.emoji_list(run.group())
    )


@lru_cache(maxsize=8192)
def weight(text: str) -> int:
    """The length of a text as X counts it, after NFC: 1 for Latin and the like, 2 for all else, 23 for a link.

    An emoji sequence weighs 2 whatever it is joined of.
    """
    without_links, links = URL.subn("", unicodedata.normalize("NFC", text))
    return _weight_without_links(without_links) + LINK_WEIGHT * links


def _weight_without_links(text: str) -> int:
    places = emoji_places(text)
    edges = [0, *(edge for place in places for edge in place), len(text)]
    rest = "".join(text[edges[number] : edges[number + 1]] for number in range(0, len(edges), 2))
    return len(rest) + len(_HEAVY.findall(rest)) + 2 * len(places)
