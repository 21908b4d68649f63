"""Text inside Markdown: whatever somebody wrote comes out as they wrote it, and makes no markup, no HTML and no link.

CommonMark lets any punctuation be escaped, so what would read as markup is, and nothing else.
"""

import re

from xbot_pipelines.foreign_text import harmless, in_one_line

_ANYWHERE = re.compile(r"[\\`*_\[\]<|~$]|&(?=#?\w+;)")
_AT_THE_BEGINNING = re.compile(r"[-+=#>]|(?<=\d)[.)](?=\s|$)")
# GitHub's dialect makes links of bare addresses.
_ADDRESS = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


class Markdown(str):
    """Text that is Markdown already, and is not escaped."""

    __slots__ = ()


def escaped(text: str) -> Markdown:
    """Answers a text, as one line, so that Markdown shows it as it is."""
    line = _ADDRESS.sub(r"\\", _ANYWHERE.sub(r"\\\g<0>", in_one_line(text)))
    number = _NUMBER.match(line)
    place = number.end() if number else 0
    return Markdown(f"{line[:place]}\\{line[place:]}" if _AT_THE_BEGINNING.match(line, place) else line)


def quoted(text: str) -> Markdown:
    """Answers a text as a quotation that keeps its lines."""
    lines = [escaped(line) for line in harmless(text).split("\n")]
    # A backslash at the end of a line breaks it, but not before an empty one.
    ends = ["\\" if line and following else "" for line, following in zip(lines, [*lines[1:], ""], strict=True)]
    return Markdown("\n".join(f"> {line}{end}".rstrip() for line, end in zip(lines, ends, strict=True)))
