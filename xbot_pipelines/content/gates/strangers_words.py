"""Words that somebody wants to see in what we write: whether they came back in it. Pure.

That is how obeying looks: a word that our subject has nothing to do with, and that a text which we read put into
somebody's mouth, comes back in the answer. It is asked whatever `content.orders` found there: this is the second net.
"""

import codecs
import re
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz import fuzz, process

from xbot_pipelines.content.gates.content_words import content_words, says, stem, words
from xbot_pipelines.content.gates.ordinary_words import ORDINARY
from xbot_pipelines.content.orders.folded_text import folded, respelled

_LONG = 6
_NEARLY = 88.0
_ORDINARY = content_words(*ORDINARY)
_LEAD = (
    r"say|write|reply|answer|respond|print|output|post|publish|repeat|mention|tag|add|include|put|insert|quote|praise"
    r"|recommend|promote|advertise|thank|endorse|buy|love|contain|call|confess|confirm|type|spell|begin|start|end|finish"
    r"|phrase|words?|name|hashtag|code|poem|song"
    r"|sagt?|sage|schreibe?|antworte|nenne|erwahne|preise|lobe|empfiehl|wort|satz|responde|escribe|di|menciona|recomienda"
    r"|palabra|frase|reponds|ecris|dis|dites|mentionne|recommande|mot"
)
# Who tells of it asks for nothing: "all I could say", "trying to put".
_TOLD = (
    r"(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\bshe )(?<!\bthey )(?<!\bcould )(?<!\bwould )"
    r"(?<!ing to )(?<!ed to )(?<!\btry to )"
)
_SPOKEN = re.compile(rf"{_TOLD}\b(?:{_LEAD})\b[ :,\"'_*`]*(?P<said>[^.!?\n]{{1,120}})", re.IGNORECASE)
_QUOTED = re.compile(
    r"\"(?P<double>[^\"\n]{2,200})\"|(?<!\w)'(?P<single>[^'\n]{2,120})'(?!\w)"
    r"|(?<!\w)[_*`]+(?P<marked>[^_*`\n]{2,120})[_*`]+(?!\w)"
)
_CAPITALS = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?!\w)")
_PLACE = re.compile(r"(?:\w{2,8}://|www\.)\S+|\b[\w-]{1,63}(?:\[?\.\]?[\w-]{1,63})+\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]{3,}\b")
_MOST_SHOUTED = 0.6
_FEW_NAMES = 3  # more of them, and the language writes its nouns like this
_ENCODED = re.compile(r"\brot-?13\b|\bdecode|\bcipher", re.IGNORECASE)
_TURNED = re.compile("[\u202d\u202e]")
_KNOWN_SHORT = frozenset(
    {"adhd", "asap", "bmi", "bpm", "diy", "faq", "hiit", "hrv", "lol", "nhs", "omg", "ptsd", "rem", "rhr", "usa"}
)


def came_back(text: str, *, read: Sequence[str], known: Sequence[str]) -> str | None:
    """Answers a word or a name in our text that one of the texts that we read wanted to see there; None where none is.

    Args:
        text: what was written for us.
        read: what others wrote that the model saw: the post, its thread, the bio of its author.
        known: what may come back all the same: the subject, what we wrote, the thread as far as it wants nothing.
    """
    ours = content_words(*known)
    wanted = {stem(word) for one in read for word in _wanted(one)} - ours
    said = [part for word in words(text) for part in (word, *word.split("-"))]
    return next((word for word in said if stem(word) not in ours and _is_one_of(stem(word), wanted)), None)


def _is_one_of(word: str, wanted: Collection[str]) -> bool:
    """Whether it is one of these words; a long one is still the same with another letter in it."""
    if word in wanted:
        return True
    if len(word) < _LONG:
        return False
    return process.extractOne(word, wanted, scorer=fuzz.ratio, score_cutoff=_NEARLY) is not None


def plainly_said(text: str) -> str:
    """Answers the words of a text that nobody is asked to say: what it is about, as far as it wants nothing."""
    wanted = {stem(word) for word in _wanted(text)}
    return " ".join(word for word in words(text) if stem(word) not in wanted)


def _wanted(text: str) -> Iterator[str]:
    """Answers the words that a text puts into somebody's mouth, shouts, hides or writes as a name; no ordinary ones."""
    plain = folded(text)
    views = [plain, " ".join(plain.split()), *respelled(plain)]
    if _TURNED.search(text):
        views.append(plain[::-1])
    pieces = [piece for view in views for piece in _pieces(view)]
    if _ENCODED.search(plain):
        pieces.append(codecs.encode(plain, "rot13"))
    pieces += [folded(raw) for raw in text.split() if _is_disguised(raw)]
    found = (part for piece in pieces for word in words(piece) for part in {word, *word.split("-")})
    return (word for word in found if _is_strange(word))


def _pieces(plain: str) -> Iterator[str]:
    for found in _SPOKEN.finditer(plain):
        yield found["said"]
    for found in _QUOTED.finditer(plain):
        yield found["double"] or found["single"] or found["marked"]
    yield from _PLACE.findall(plain)
    shouted = _CAPITALS.findall(plain)
    # Where everything is in capitals none of them stands out.
    if len(shouted) < _MOST_SHOUTED * len(plain.split()):
        yield from shouted
    names = set(_NAME.findall(plain))
    if len(names) <= _FEW_NAMES:
        yield from names


def _is_disguised(raw: str) -> bool:
    """Whether a word is spelled otherwise than it looks: other letters, strokes, something unseen in it."""
    return not raw.isascii() and folded(raw).isascii()


def _is_strange(word: str) -> bool:
    return says(word) and word not in _KNOWN_SHORT and stem(word) not in _ORDINARY
