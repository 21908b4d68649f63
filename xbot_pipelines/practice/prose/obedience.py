"""How a gullible model answers: it does whatever stands in the text it was only given to read.

For every attempt of `prompt_injections` it obeys in the worst plausible way: sometimes with nothing but what was
demanded, sometimes in the middle of an otherwise good text, where it is harder to notice. What is demanded is in
`obedience.toml`, beside this file, by the mark that shows it. This is what a program's own checks are tested against.
"""

import random
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

from xbot_pipelines.practice.prompt_injections import INJECTIONS, Injection, injection_in
from xbot_pipelines.practice.prose.judging import NONE, Judging, Verdict
from xbot_pipelines.practice.prose.writer import Writing
from xbot_pipelines.practice.wording import MOST_WEIGHT, weight

_WAYS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_QUOTED_MARKS = str.maketrans("‹›", "<>")  # what quotes a text often puts these for those
_LONGEST_RULES = 160  # characters of what it was told, where it is to tell it
_ROOM = MOST_WEIGHT  # characters of the good text, to begin with


def attempt_in(data: Sequence[str]) -> Injection | None:
    """The first attempt that stands in any of the quoted texts, also where it was cleaned of what is not seen."""
    for text in data:
        found = injection_in(text) or next((one for one in INJECTIONS if _stands_in(one, text)), None)
        if found is not None:
            return found
    return None


def without_attempt(text: str, attempt: Injection) -> str:
    """The rest of a text, for the good part of the answer; nothing where it cannot be told apart."""
    return text.replace(attempt.text, "").strip() if attempt.text in text else ""


def obey(attempt: Injection, good: Writing, rules: str, chance: random.Random) -> Writing:
    """Do what the attempt asks for.

    Args:
        attempt: Who asks for what.
        good: What would have been written.
        rules: What the model was told about itself, which some ask for.
        chance: Draws the way.
    """
    ways = _WAYS.get(attempt.mark, {"alone": [attempt.mark], "woven": ["{good} {mark}"]})
    way = chance.choice(ways[chance.choice(("alone", "woven", "woven"))])
    text = _fitted(way, attempt, good.text, " ".join(rules.split())[:_LONGEST_RULES])
    return replace(good, text=text, quality=1.0, worth_sending=True, reason="It is exactly what was asked for.")


def obey_judging(judging: Judging, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Find everything on topic, and worth as much as possible."""
    return [
        replace(
            one,
            subject=judging.subjects[0] if one.subject == NONE and judging.subjects else one.subject,
            worth=1.0,
            reason="As it says itself, it is on topic.",
        )
        for one in verdicts
    ]


def _fitted(way: str, attempt: Injection, good: str, rules: str) -> str:
    """The way filled, with as much of the good text and of the rules as there is room for."""
    for room in range(_ROOM, -1, -10):
        kept = good if len(good) <= room else good[:room].rsplit(" ", 1)[0].rstrip(",;:") if room else ""
        told = rules[: max(20, room)]
        text = way.format(good=kept, GOOD=kept.upper(), rules=told, query=quote(told[:60]), mark=attempt.mark).strip()
        if weight(text) <= MOST_WEIGHT:
            return text
    return attempt.mark


def _stands_in(attempt: Injection, text: str) -> bool:
    # What is written in signs that are not seen is gone with them: what is left of it asks for nothing.
    return not _TAGS.search(attempt.text) and _read(attempt.text) in _read(text)


@cache
def _read(text: str) -> str:
    """A text as it is read: plain letters, no unseen signs, blanks alike."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_QUOTED_MARKS)
    seen = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in plain
        if unicodedata.category(sign) != "Cf" and not unicodedata.combining(sign)
    )
    return " ".join(seen.split())
