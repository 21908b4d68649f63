"""What an outside text says, in every spelling that a model might undo, and what it wants to see in our draft. Pure.

It is read for `source_comparison`. Nothing here decides; it only makes texts of others comparable with ours.
"""

import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from urllib.parse import unquote

from xbot_pipelines.content.folded_text import folded, respelled
from xbot_pipelines.content.gates.content_words import says, stem, words
from xbot_pipelines.text.clean import LONGEST_MATCHED

_HEX = re.compile(r"\b(?:(?:0x)?[0-9a-f]{2}[ :,]?){4,}\b", re.IGNORECASE)
_OUTPUT = (
    r"say(?:ing|s)?|writ(?:e|ing)|reply|replies|answers?|respond|print|output|post|tweet|publish|repeat"
    r"|mention(?:s|ing)?|tag|add(?:ing)?|includ(?:e|es|ing)|insert|quot(?:e|ing)|contain(?:s|ing)?|confess|confirm|type"
    r"|spell|conclude|(?:begin|start|end|finish|close|open|sign off) (?:\w+ ){0,3}(?:with|by)|phrase|slogan|motto"
    r"|wording|words?|hashtag|code(?:word)?|password|poem|tell|state|declare|announce|claim|admit|append|prepend"
    r"|(?:slip|weave|work) in|sagt?|sage|schreibe?|antworte|nenne|erwahne|wort|satz|responde|escribe|di|menciona"
    r"|palabra|frase|reponds|ecris|dis|dites|mentionne|mot"
)
_ADVICE = (
    r"call|name|named|praise|recommend|promote|advertise|plug|thank|endorse|credit|buy|love|try|visit|follow|support|vote"
    r"|preise|lobe|empfiehl|recomienda|recommande"
)
# Who tells of it asks for nothing: "all I could say", "trying to put".
_TOLD = (
    r"(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\bshe )(?<!\bthey )(?<!\bcould )(?<!\bwould )"
    r"(?<!ing to )(?<!ed to )(?<!\btry to )"
)
_OUTPUT_ASKED = re.compile(rf"{_TOLD}\b(?:{_OUTPUT})\b[ :,\"'_*`]*(?P<said>[^.!?\n]{{1,160}})", re.IGNORECASE)
_ADVICE_ASKED = re.compile(rf"{_TOLD}\b(?:{_ADVICE})\b[ :,\"'_*`]*(?P<said>[^.!?\n]{{1,160}})(?!\?)", re.IGNORECASE)
_QUOTED = re.compile(
    r"\"(?P<double>[^\"\n]{2,200})\"|(?<!\w)'(?P<single>[^'\n]{2,120})'(?!\w)"
    r"|(?<!\w)[_*`]+(?P<marked>[^_*`\n]{2,120})[_*`]+(?!\w)"
)
_CAPITALS = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?!\w)")
_PLACE = re.compile(r"(?:\w{2,8}://|www\.)\S+|\b[\w-]{1,63}(?:\[?\.\]?[\w-]{1,63})+\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][\w'-]{2,}\b")
_MOST_CAPITALS = 0.5  # with more of them the text is a headline or shouts, and none of them stands out


@dataclass(frozen=True)
class OutsideText:
    """One text that somebody else wrote and that the model saw."""

    text: str

    @cached_property
    def views(self) -> list[str]:
        """The text folded, and every text that it may stand for: letters apart, figures for letters, encodings."""
        plain = folded(self.text[:LONGEST_MATCHED])
        unescaped = folded(html.unescape(unquote(self.text[:LONGEST_MATCHED])))
        found = [plain, *respelled(plain), *_from_hexadecimal(plain)]
        return [*found, unescaped] if unescaped != plain else found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every view, in small letters, parts of hyphenated words included."""
        return frozenset(part for view in self.views for word in words(view) for part in {word, *word.split("-")})

    @cached_property
    def letters(self) -> list[str]:
        """Its letters and figures alone, forwards, backwards, and the first ones of its words and of its lines."""
        plain = self.views[0].casefold()
        squeezed = ["".join(filter(str.isalnum, view.casefold())) for view in self.views]
        initials = "".join(word[0] for word in words(plain))
        line_initials = "".join(line.strip()[:1] for line in plain.splitlines())
        return [*squeezed, squeezed[0][::-1], initials, line_initials]

    @cached_property
    def asked_for(self) -> list[str]:
        """What stands behind a verb that asks somebody to say something, to the end of the sentence."""
        patterns = (_OUTPUT_ASKED, _ADVICE_ASKED)
        return [found["said"] for view in self.views for one in patterns for found in one.finditer(view)]

    @cached_property
    def marked_words(self) -> frozenset[str]:
        """Words that it asks for, quotes, writes in capitals or as a name, or puts into an address."""
        pieces = [*self.asked_for, *(piece for view in self.views for piece in _standing_out(view))]
        return frozenset(part for one in pieces for word in words(one) for part in {word, *word.split("-")})

    def spells(self, word: str) -> bool:
        """Return whether its letters hold a word: split, backwards, as initials, or shifted along the alphabet."""
        squeezed = "".join(filter(str.isalnum, word))
        return any(squeezed in letters for letters in self.letters) or any(
            shifted in self.words for shifted in _shifted(squeezed)
        )


def stems_in_order(text: str) -> list[str]:
    """Return the stems of the words that say something by themselves, in order."""
    return [stem(word) for word in words(text) if says(word)]


def _standing_out(plain: str) -> Iterator[str]:
    for found in _QUOTED.finditer(plain):
        yield found["double"] or found["single"] or found["marked"]
    yield from _PLACE.findall(plain)
    if sum(word[:1].isupper() for word in plain.split()) <= _MOST_CAPITALS * len(plain.split()):
        yield from _CAPITALS.findall(plain)
        yield from _NAME.findall(plain)


def _from_hexadecimal(plain: str) -> Iterator[str]:
    for found in _HEX.finditer(plain):
        digits = re.sub(r"0x|[ :,]", "", found[0], flags=re.IGNORECASE)
        try:
            decoded = binascii.unhexlify(digits).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if decoded.isprintable():
            yield folded(decoded)


def _shifted(word: str) -> Iterator[str]:
    for by in range(1, 26):
        yield word.translate(str.maketrans(ascii_lowercase, ascii_lowercase[by:] + ascii_lowercase[:by]))
