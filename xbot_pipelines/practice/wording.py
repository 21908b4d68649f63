"""X's rules about the text of a post: its weighted length, its links, hashtags and mentions.

Nothing about JSON and nothing about readers. Source of the rules: X_SURFACE §4 (twitter-text v3).
"""

import re
import unicodedata

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

_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def weight(text: str) -> int:
    """The length of a text as X counts it, after NFC: 1 for Latin and the like, 2 for all else, 23 for a link.

    An emoji sequence weighs 2 whatever it is joined of.
    """
    normal = unicodedata.normalize("NFC", text)
    without_links, links = URL.subn("", normal)
    emoji_found = emoji.emoji_list(without_links)
    without_emoji = emoji.replace_emoji(without_links, "")
    letters = sum(1 if _is_light(ord(character)) else 2 for character in without_emoji)
    return letters + 2 * len(emoji_found) + LINK_WEIGHT * links


def _is_light(code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _LIGHT)
