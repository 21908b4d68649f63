r"""Escape text that others wrote for the place it is shown in: one function for each output, used by all of them.

"Others" are the authors of posts, names, bios and feeds, the language model, and whoever answers us with an error. Each
function takes any text and returns one that the output shows as it was written and does nothing with. What a terminal
would obey or nobody would see is written as its code (`\x1b`, `\u202e`) everywhere, so that a person sees it is there.
"""

import json
import re
import unicodedata
from typing import Any

from markupsafe import Markup, escape

from xbot_pipelines.text.visible import is_visible

_LONGEST_LOGGED = 2_000
_LONGEST_TOLD = 1_000

# A terminal may take these for the end of a line, too.
_LINE_ENDS = frozenset({"Zl", "Zp"})
_MARKUP_ANYWHERE = re.compile(r"[\\`*_\[\]<|~$]|&(?=#?\w+;)")
_MARKUP_AT_THE_BEGINNING = re.compile(r"[-+=#>]|(?<=\d)[.)](?=\s|$)")
# GitHub's dialect makes links of bare addresses.
_ADDRESS = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
# What a spreadsheet takes for a formula, also behind blanks, and the apostrophe that marks what is none.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n']")
# `@everyone`, `<@id>`, `<!channel>`, `[text](address)`: a mention or a link is broken between these two characters.
_MENTION_OR_LINK = re.compile(r"(?<=[@<\uff20])(?=\S)|(?<=\])(?=[(\[])")
_BREAK = "\u200b"


class Markdown(str):
    """Text that is Markdown already, and is not escaped."""

    __slots__ = ()


def for_terminal(text: str) -> str:
    r"""Return a text for a terminal; line breaks stay, a tab becomes a blank, and emoji stay whole."""
    usual = text.replace("\r\n", "\n").replace("\t", " ")
    if usual.isascii():
        return _coded(usual)
    import emoji

    pieces = []
    end = 0
    for found in emoji.emoji_list(usual):
        pieces += [_coded(usual[end : found["match_start"]]), usual[found["match_start"] : found["match_end"]]]
        end = found["match_end"]
    return "".join([*pieces, _coded(usual[end:])])


def for_terminal_line(text: str) -> str:
    """Return a text for a terminal on a single line, where a second one would look like ours."""
    return " ".join(for_terminal(text).split())


def for_log(text: str) -> str:
    """Return a text for one line of a log: nobody can forge a second entry, and it is cut where it is long."""
    return for_terminal_line(_cut(text, _LONGEST_LOGGED))


def for_html(text: str) -> Markup:
    """Return a text for HTML, as an element or a quoted attribute; a template with autoescape takes it as it is."""
    return escape(for_terminal(text))


def for_template(value: Any) -> Any:
    """Return what a template of HTML puts in, escaped unless it is HTML already: jinja's `finalize`."""
    return for_html(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def for_markdown(text: str) -> Markdown:
    """Return a text as one line of Markdown. CommonMark lets any punctuation be escaped, so what is markup is."""
    line = _ADDRESS.sub(r"\\", _MARKUP_ANYWHERE.sub(r"\\\g<0>", for_terminal_line(text)))
    number = _NUMBER.match(line)
    place = number.end() if number else 0
    return Markdown(f"{line[:place]}\\{line[place:]}" if _MARKUP_AT_THE_BEGINNING.match(line, place) else line)


def for_markdown_quote(text: str) -> Markdown:
    """Return a text as a quotation of Markdown that keeps its lines."""
    lines = [for_markdown(line) for line in for_terminal(text).split("\n")]
    # A backslash at the end of a line breaks it, but not before an empty one.
    ends = ["\\" if line and following else "" for line, following in zip(lines, [*lines[1:], ""], strict=True)]
    return Markdown("\n".join(f"> {line}{end}".rstrip() for line, end in zip(lines, ends, strict=True)))


def for_markdown_block(text: str) -> Markdown:
    """Return a text as a code block of Markdown: blanks and blank lines stay, and nothing inside can close it."""
    inside = for_terminal(text)
    longest_run = max(map(len, re.findall("`+", inside)), default=0)
    fence = "`" * max(3, longest_run + 1)
    return Markdown(f"{fence}\n{inside}\n{fence}")


def for_csv_cell(text: str) -> str:
    """Return a text for a cell of CSV that no spreadsheet takes for a formula.

    Such a text gets an apostrophe in front, and so does one that begins with an apostrophe: whoever takes one leading
    apostrophe away has every text as it was (docs/exporting.md).
    """
    return f"'{text}" if _FORMULA.match(text) else text


def for_notification(text: str) -> str:
    """Return a text for a chat, a mail or a push message: it mentions nobody, and no link hides behind other words.

    The same for every service: a zero width space breaks what one of them would take for a mention or a link, and a
    service that knows neither shows the text all the same. Declare the format as plain text besides.
    """
    return _MENTION_OR_LINK.sub(_BREAK, for_terminal_line(_cut(text, _LONGEST_TOLD)))


def for_json(value: Any, *, indent: int | None = None) -> str:
    r"""Return a value as JSON that every reader gets back exactly, and in which nothing is invisible.

    What nobody would see stands as `\uXXXX`. Letters of all languages stay readable.
    """
    written = json.dumps(value, indent=indent, ensure_ascii=False)
    return "".join(one if one == "\n" or _is_shown(one) else json.dumps(one)[1:-1] for one in written)


def _coded(text: str) -> str:
    return "".join(one if one == "\n" or _is_shown(one) else ascii(one)[1:-1] for one in text)


def _is_shown(character: str) -> bool:
    return is_visible(character) and unicodedata.category(character) not in _LINE_ENDS


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"
