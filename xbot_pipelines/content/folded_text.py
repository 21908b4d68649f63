"""A text in plain letters: what a reader takes it for, however it was spelled to slip past a program. Pure.

Folding is for looking at a text, never for showing it. What is looked for lies in `finding` and in the gates.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator

from xbot_pipelines.text.visible import is_visible

_ENGLAND_SCOTLAND_WALES = re.compile(
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_TAGS = (0xE0020, 0xE007E)
_TAG_OF_NOTHING = 0xE0000
_LETTERS_IN_A_SIGN = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))  # white on black, round and square
_MARKS = frozenset({"Mn", "Me"})
_LINE_ENDS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
# Each a letter, and the Latin one that it is drawn like; those that NFKD leaves as they are.
_PAIRS = (
    "аa вb сc ԁd еe ԍg һh іi јj кk ӏl мm оo рp ԛq ѕs тt цu уy ѵv ԝw хx "  # Cyrillic
    "АA ВB СC ЕE ԌG НH ІI ЈJ КK МM ОO РP ԚQ ЅS ТT УY ԜW ХX "
    "αa βb ςc δd εe γy ηn ιi κk νn οo ρp τt υu χx ωw "  # Greek
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX "
    "օo սu ցg հh ոn յj "  # Armenian
    "ɑa ɡg ıi ɩi ȷj ᴀa ʙb ᴄc ᴅd ᴇe ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz øo łl đd ØO ŁL ĐD "
    "“\" ”\" „\" ‟\" «\" »\" ‘' ’' ‚' ‛' ‹' ›' ′' ´' ‐- ‑- ‒- –- —- ―- −- ⁄/ ∕/"
)
_ALIKE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_SPELLED_OUT = re.compile(r"(?<!\w)\w(?:[ .\-_*·|/]{1,2}\w){3,}(?!\w)")
_FIGURES = str.maketrans("0134578@$", "oieastbas")
_WITH_FIGURES = re.compile(r"(?<!\w)(?=[\w@$]*[a-z])(?=[\w@$]*[0-9@$])[a-z0-9@$]{3,}(?!\w)", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{16,}={0,2}(?![\w+/])")


def folded(text: str) -> str:
    """Answers the text in plain Latin letters where they look like it, without accents, strokes and unseen characters.

    Tags are read as the letters they stand for. Case and lines stay, every other run of blanks is one.
    """
    shown = "".join(_shown(character) for character in _ENGLAND_SCOTLAND_WALES.sub("\U0001f3f4", text))
    bare = "".join(c for c in unicodedata.normalize("NFKD", shown) if unicodedata.category(c) not in _MARKS)
    plain = unicodedata.normalize("NFC", bare).translate(_ALIKE)
    return "\n".join(" ".join(line.split()) for line in plain.split("\n"))


def _shown(character: str) -> str:
    code = ord(character)
    if _TAGS[0] <= code <= _TAGS[1]:
        return chr(code - _TAG_OF_NOTHING)
    if character.isspace():
        return "\n" if character in _LINE_ENDS else " "
    for first, last in _LETTERS_IN_A_SIGN:
        if first <= code <= last:
            return chr(ord("A") + code - first)
    return character if is_visible(character) or unicodedata.category(character) in _MARKS else ""


def respelled(plain: str) -> Iterator[str]:
    """Answers the other texts that a folded one shows signs of standing for.

    Letters apart ("i g n o r e") are brought together, figures are read as letters ("1gn0re"), base64 is decoded.
    """
    together = _SPELLED_OUT.sub(lambda found: re.sub(r"[\W_]", "", found[0]), plain)
    if together != plain:
        yield together
    lettered = _WITH_FIGURES.sub(lambda found: found[0].lower().translate(_FIGURES), plain)
    if lettered != plain:
        yield lettered
    for found in _BASE64.finditer(plain):
        decoded = _decoded(found[0])
        if decoded:
            yield decoded


def turned(plain: str) -> Iterator[str]:
    """Answers a folded text backwards, and by rot13: what any text could stand for."""
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")


def _decoded(encoded: str) -> str | None:
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return folded(text) if text.isprintable() else None
