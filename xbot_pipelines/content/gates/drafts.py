"""Gates: what a draft has to pass before it may be queued. Pure; each answers an objection in words, or nothing.

The model is asked for all of this already, and a model can be talked into anything: here it is checked. What a reply
has to pass besides lies in `replies`.
"""

import re
import unicodedata
from collections.abc import Sequence

import emoji
from rapidfuzz import fuzz, process, utils

from xbot_pipelines.content.folded_text import folded, respelled
from xbot_pipelines.content.gates.model_talk import gives_a_model_away
from xbot_pipelines.text.visible import is_visible
from xbot_pipelines.x.text import find_links, weighted_length

_LONGEST = 280
LOOKED_AT = 2_000
"""How many characters of a draft are looked at: one that is longer is too long, whatever it says."""

_TOO_ALIKE = 85.0
_SHOUTED_LETTERS = 5
_KNOWN_CAPITALS = frozenset({"AMRAP", "COVID", "COVID-19", "NSAID", "NSAIDS", "UNESCO", "UNICEF"})

_TO_BE_REBUILT = re.compile(
    r"\b\w{2,8}://|\bwww\b|\bhxxps?\b|\bhttps?\b|\w ?[\[({<] ?(?:\.|dot|punkt|punto|point) ?[\])}>] ?\w"
    r"|\b(?:dot|punkt|punto) ?(?:com|net|org|io|co|info|app|dev|shop|xyz|online|site|example)\b",
    re.IGNORECASE,
)
# A dot without a blank behind it, or one with a blank before it: a name of a host, whatever it ends in. "Then" after a
# sentence's end begins with a capital.
_LIKE_A_HOST = re.compile(
    r"\b[\w-]{1,63}(?: ?\.[\w-]{1,63})* ?\.(?:[a-z]{2,}|[A-Z]{2,})\b|\b\w+ ?\. (?:com|net|org|example)\b"
)
_MENTION = re.compile(r"(?<!\w)[@\uff20]\w{1,15}")
_HASHTAG = re.compile(r"(?<!\w)[#\uff03]\w*[^\W\d_]\w*")
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
_LONG_NUMBER = re.compile(r"\+?\(?\d(?:[ ()./-]{0,2}\d){6,}")
_KEY = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{20,}\b")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TWO_ALPHABETS = re.compile(r"[A-Za-z][\u0370-\u052f\u0531-\u0587]|[\u0370-\u052f\u0531-\u0587][A-Za-z]")
_STRUCK = re.compile(r"[\u0335-\u0338\u20d2\u20d3\u20e5\u20e6]|[\u0300-\u036f]{3,}")
_DOSE = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|[µμ]g|iu|ml)\b", re.IGNORECASE)
_MEDICINE = re.compile(
    r"\b(?:stop|start|skip|double|halve|replace)\b[^.!?\n]{0,30}\b(?:medication|medicine|medicines|insulin|statins?|"
    r"antidepressants?|antibiotics?|prescription|pills?|tablets?)\b|\b(?:cures?|heals?|treats?)\s+(?:your\s+)?"
    r"(?:cancer|diabetes|depression|anxiety|adhd|autism|covid)",
    re.IGNORECASE,
)


def objections(text: str, *, recent_texts: Sequence[str], allowed_mention: str | None = None) -> list[str]:
    """Answers everything that speaks against a draft; an empty list lets it pass.

    Args:
        text: the draft.
        recent_texts: what was written lately, which it must not repeat. Three thousand take some 20 milliseconds.
        allowed_mention: the handle of the one person who may be named in it, without the @.
    """
    if len(text) > LOOKED_AT:
        return [f"it is {len(text)} characters long, {_LONGEST} are allowed"]
    found = (
        _length(text),
        _unseen(text),
        _disguised(text),
        _links(text),
        _mentions(text, allowed_mention),
        _hashtags(text),
        _cashtags(text),
        _contact(text),
        _shouting(text),
        gives_a_model_away(text),
        _medical_instruction(text),
        _repetition(text, recent_texts),
    )
    return [objection for objection in found if objection is not None]


def _length(text: str) -> str | None:
    if not text.strip():
        return "it is empty"
    length = weighted_length(text)
    return f"it is {length} characters long as X counts, {_LONGEST} are allowed" if length > _LONGEST else None


def _unseen(text: str) -> str | None:
    unseen = next((one for one in emoji.replace_emoji(text, "") if one != "\n" and not is_visible(one)), None)
    return None if unseen is None else f"it holds a character that nobody sees (U+{ord(unseen):04X})"


def _disguised(text: str) -> str | None:
    if _TWO_ALPHABETS.search(text) or _STRUCK.search(unicodedata.normalize("NFD", text)) or any(map(_is_styled, text)):
        return "it holds letters that are drawn like others, or struck through"
    return None


def _is_styled(letter: str) -> bool:
    """Whether this is a Latin letter in bold, in a circle, or the like; "1º" is how Spanish is written."""
    if letter.isascii() or letter in "ªº":
        return False
    plain = unicodedata.normalize("NFKC", letter)
    return len(plain) == 1 and plain.isascii() and plain.isalpha()


def _links(text: str) -> str | None:
    for start, end in find_links(text):
        return f"it holds a link ({text[start:end]})"
    plain = folded(text)
    found = _TO_BE_REBUILT.search(plain) or _LIKE_A_HOST.search(plain)
    return f"it holds something like a link ({found[0]})" if found else None


def _mentions(text: str, allowed: str | None) -> str | None:
    strangers = [name for name in _MENTION.findall(text) if name[1:].lower() != (allowed or "").lower()]
    return f"it mentions {', '.join(strangers)}" if strangers else None


def _hashtags(text: str) -> str | None:
    tags = _HASHTAG.findall(text)
    return f"it has hashtags ({', '.join(tags)})" if tags else None


def _cashtags(text: str) -> str | None:
    tags = _CASHTAG.findall(text)
    return f"it has {len(tags)} cashtags ({', '.join(tags)}), X takes one at most" if len(tags) > 1 else None


def _contact(text: str) -> str | None:
    found = _LONG_NUMBER.search(folded(text)) or _KEY.search(text)
    return f"it holds a telephone number, or one of an account ({found[0]})" if found else None


def _shouting(text: str) -> str | None:
    plain = folded(text)
    words = (word for view in (plain, *respelled(plain)) for word in _WORD.findall(view))
    shouted = next((word for word in words if _is_shouted(word)), None)
    return None if shouted is None else f"it shouts ({shouted})"


def _is_shouted(word: str) -> bool:
    letters = [one for one in word if one.isalpha()]
    return len(letters) >= _SHOUTED_LETTERS and all(map(str.isupper, letters)) and word not in _KNOWN_CAPITALS


def _medical_instruction(text: str) -> str | None:
    plain = folded(text)
    found = _DOSE.search(plain) or _MEDICINE.search(plain)
    return f"it reads like a medical instruction ({found[0]!r})" if found else None


def _repetition(text: str, recent_texts: Sequence[str]) -> str | None:
    nearest = process.extractOne(
        text, recent_texts, scorer=fuzz.token_sort_ratio, processor=utils.default_process, score_cutoff=_TOO_ALIKE
    )
    if nearest is None:
        return None
    recent, likeness, _ = nearest
    return f"it is {likeness:.0f} % like an earlier post: {recent[:80]!r}"
