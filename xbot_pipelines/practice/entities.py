"""A post's text as X writes it into its answers: escaped, links shortened to t.co, everything found in it listed.

Source: X_SURFACE §3 and real answers: `full_text` has `&`, `<` and `>` escaped as in HTML, the text of a `note_tweet`
has not; indices count code points of the text as it stands there.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.wording import HASHTAG, MENTION, URL

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its entities. `start` is where the visible part begins, after automatic mentions."""

    text: str
    start: int
    entities: Json


def stamp(moment: datetime) -> str:
    """A time as X writes it: `Mon Sep 14 20:58:57 +0000 2026`. Needs a moment in UTC and a C locale."""
    return moment.strftime("%a %b %d %H:%M:%S +0000 %Y")


def write_escaped(text: str, *, answering: Person | None, known: Callable[[str], Person | None]) -> Written:
    """A text as `legacy.full_text` has it.

    Args:
        text: The text as its author sent it.
        answering: Whom the automatic mention at the beginning names, or None.
        known: Finds the person of a handle.
    """
    automatic = "" if answering is None else f"@{answering.handle} "
    return _write(text, automatic, known, escape=lambda part: html.escape(part, quote=False))


def write_plain(text: str, *, known: Callable[[str], Person | None]) -> Written:
    """A text as the `text` of a note_tweet has it."""
    return _write(text, "", known, escape=str)


def _write(
    text: str, automatic: str, known: Callable[[str], Person | None], *, escape: Callable[[str], str]
) -> Written:
    written = automatic
    urls: list[Json] = []
    position = 0
    for link in URL.finditer(text):
        written += escape(text[position : link.start()])
        short = "https://t.co/" + draws.token(10, "t.co", link.group()).replace("-", "x").replace("_", "y")
        urls.append(_url(link.group(), short, len(written)))
        written += short
        position = link.end()
    written += escape(text[position:])
    found = {
        "hashtags": [{"indices": [tag.start(), tag.end()], "text": tag.group(1)} for tag in HASHTAG.finditer(written)],
        "urls": urls,
        "user_mentions": [
            {
                "id_str": str(person.id),
                "indices": [name.start(), name.end()],
                "name": person.name,
                "screen_name": person.handle,
            }
            for name in MENTION.finditer(written)
            if (person := known(name.group(1))) is not None
        ],
    }
    return Written(written, len(automatic), {kind: listed for kind, listed in found.items() if listed})


def _url(link: str, short: str, start: int) -> Json:
    expanded = link if "://" in link else f"http://{link}"
    display = expanded.split("://", 1)[1].removeprefix("www.")
    return {
        "display_url": display if len(display) <= 28 else display[:27] + "…",
        "expanded_url": expanded,
        "indices": [start, start + len(short)],
        "url": short,
    }
