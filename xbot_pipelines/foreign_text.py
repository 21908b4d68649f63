"""What other people wrote, as a person may be shown it: nothing moves the cursor, hides a word or turns a line around.

Every text that comes from X, from a feed or from a model passes here on its way to a terminal or into a report. What
HTML and Markdown make of it is the business of whoever writes those.
"""

import unicodedata

import emoji

from xbot_pipelines.seen_text import is_seen

# A terminal may take these for the end of a line, too.
_LINE_ENDS = frozenset({"Zl", "Zp"})


def harmless(text: str) -> str:
    r"""Answers the text with what a terminal would obey, or nobody would see, written as its code: `\x1b`, `\u202e`.

    Ends of lines stay, a tab becomes a blank, and emoji stay whole, whatever they are joined from.
    """
    usual = text.replace("\r\n", "\n").replace("\t", " ")
    pieces = []
    end = 0
    for found in emoji.emoji_list(usual):
        pieces += [_coded(usual[end : found["match_start"]]), usual[found["match_start"] : found["match_end"]]]
        end = found["match_end"]
    return "".join([*pieces, _coded(usual[end:])])


def in_one_line(text: str) -> str:
    """Answers the same on a single line, for where a second one would look like ours."""
    return " ".join(harmless(text).split())


def _coded(text: str) -> str:
    return "".join(character if _is_seen(character) else ascii(character)[1:-1] for character in text)


def _is_seen(character: str) -> bool:
    return character == "\n" or (is_seen(character) and unicodedata.category(character) not in _LINE_ENDS)
