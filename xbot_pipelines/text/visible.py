"""What a reader sees of a text: one line, without the characters that show as nothing. Pure.

Control and format characters, bidi overrides, zero widths, tags and fillers can hide words from a person and show them
to a program, or turn a terminal's screen around. What is left is data all the same.
"""

import unicodedata

# Control, format (zero width, bidi, tags), surrogate, private use and unassigned characters: nobody sees them.
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks that show as nothing: fillers, the joiner of graphemes, the blank braille pattern.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def visible_text(text: str) -> str:
    """Return what can be seen of a text, composed (NFC), on one line with single blanks."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if character.isspace() else character for character in composed)
    return " ".join("".join(filter(is_visible, spaced)).split())


def is_visible(character: str) -> bool:
    """Return whether a character shows as something by itself."""
    code = ord(character)
    return (
        unicodedata.category(character) not in _INVISIBLE_CATEGORIES
        and character not in _BLANKS
        and not any(first <= code <= last for first, last in _SELECTORS)
    )
