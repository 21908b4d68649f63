"""What the cast says, put together from the pieces in `talk.toml`, beside this file. Pure: dice in, text out.

How the pieces are worded: acts are bare infinitives without "you" or "your", slips gerunds, questions whole questions;
`unsaid` is on the subject without calling it by its name, `other` calls the name and means something else, `de` and
`es` have the name as a foreign word. None but those calls any subject by its name. `{n}` is a small number.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xbot_pipelines.practice.draws import Dice

_MATERIAL: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_PIECES: Mapping[str, Mapping[str, Sequence[str]]] = _MATERIAL["subject"]
_FRAMES: Mapping[str, Sequence[str]] = _MATERIAL["frames"]
_FILL: Mapping[str, Sequence[str]] = _MATERIAL["fill"]
_TOPICS: Mapping[str, Sequence[str]] = _MATERIAL["topic"]
_ANSWERS: Mapping[str, Sequence[str]] = _MATERIAL["answers"]
_MENTIONS: Mapping[str, Sequence[str]] = _MATERIAL["mentions"]

SUBJECTS: Sequence[str] = tuple(_PIECES)
"""What the example account writes about: what an answer of ours could be about."""

TOPICS: Sequence[str] = tuple(topic for topic in _TOPICS if topic not in {"de", "es"})
"""What else people talk about."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and which of the subjects it is about; None for none of them."""

    text: str
    subject: str | None


def about(dice: Dice, subject: str, language: str) -> Said:
    """Something about a subject; in English, one time out of eight without its name."""
    if language != "en":
        return Said(_filled(dice, dice.one_of(_PIECES[subject][language]), subject), subject)
    if dice.happens(0.125):
        return Said(_framed(dice, "unsaid", subject), subject)
    return Said(_filled(dice, dice.one_of(_FRAMES["said"]), subject) + dice.one_of(_FILL["tail"]), subject)


def question(dice: Dice, subject: str) -> str:
    """A question in English about a subject, called by its name."""
    return _filled(dice, _FRAMES["said"][0], subject)


def naming(dice: Dice, subject: str) -> str:
    """Something in English that calls the name of a subject and means something else."""
    return _framed(dice, "other", subject)


def chat(dice: Dice, topic: str, language: str) -> str:
    """Something that has to do with none of the subjects."""
    text = dice.one_of(_TOPICS[topic if language == "en" else language])
    if language != "en":
        return text + dice.one_of(("", "", " 🙃", " ☕"))
    if dice.happens(0.4):
        text = f"{dice.one_of(_FILL['opening'])} {text}"
    return text + dice.one_of(_FILL["tail"])


def answer(dice: Dice, subject: str | None, language: str) -> str:
    """What somebody says under a post about this subject."""
    if language != "en":
        return dice.one_of(_ANSWERS[language])
    if subject is not None and dice.happens(0.3):
        return _filled(dice, dice.one_of(_ANSWERS["said"]), subject)
    return dice.one_of(_ANSWERS["plain"])


def answer_back(dice: Dice, language: str) -> str:
    """What the author says to somebody who answered."""
    return dice.one_of(_ANSWERS["back" if language == "en" else language])


def mention(dice: Dice, subject: str, handle: str) -> str:
    """A post that begins a conversation with the account of this handle; more than half ask something."""
    frame = dice.one_of(_MENTIONS["questions" if dice.happens(0.6) else "remarks"])
    return _filled(dice, frame.replace("{handle}", handle), subject)


def promotion(dice: Dice, subject: str) -> str:
    """What a brand has to say about a subject."""
    return _filled(dice, dice.one_of(_MATERIAL["promoted"]["lines"]), subject)


def _framed(dice: Dice, kind: str, subject: str) -> str:
    text = dice.one_of(_PIECES[subject][kind])
    return _filled(dice, dice.one_of(_FRAMES[kind]).replace("{text}", text), subject) + dice.one_of(_FILL["tail"])


def _filled(dice: Dice, frame: str, subject: str) -> str:
    pieces = _PIECES[subject]
    slip = dice.one_of(pieces["slips"])
    text = frame.format(
        word=subject,
        Word=subject.capitalize(),
        tag=subject.replace(" ", ""),
        act=dice.one_of(pieces["acts"]),
        slip=slip,
        slip_cap=slip.capitalize(),
        question=dice.one_of(pieces["questions"]),
        mood=dice.one_of(_FILL["mood"]),
        opening=dice.one_of(_FILL["opening"]),
        relative=dice.one_of(_FILL["relative"]),
        n=dice.one_of(_FILL["n"]),
    )
    return text[0].upper() + text[1:]
