"""The subjects the practice model knows: their pieces are read from `subjects.toml`, beside this file.

How a piece must be worded belongs here, the pieces themselves there, the grammar around them in `phrases`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Subject:
    """The pieces of one subject, each worded to fit any template of its kind.

    Attributes:
        noun: How the subject is called in a sentence.
        emoji: One that suits it.
        acts: Bare infinitives, without "you" or "your": "to …", "I …" and "… ." all work.
        slips: Gerunds: "the mistake is …", "she kept …".
        reasons: Whole clauses: "because …".
        myths: Pairs of clauses: what is believed, what is nearer to the truth.
    """

    noun: str
    emoji: str
    acts: Sequence[str]
    slips: Sequence[str]
    reasons: Sequence[str]
    myths: Sequence[tuple[str, str]]


SUBJECTS: Mapping[str, Subject] = {
    name: Subject(**pieces)
    for name, pieces in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


def subject_called(name: str) -> Subject:
    """Material for a subject nobody prepared: true of whatever it is called."""
    return Subject(
        noun=name,
        emoji="🌱",
        acts=(
            f"give {name} five minutes on the calendar",
            f"do the easiest part of {name} first",
            f"write one line about {name} in the evening",
            f"pick one thing about {name} and leave the rest",
            f"do {name} together with somebody",
            f"make {name} a little easier than last time",
        ),
        slips=(
            f"changing everything about {name} at once",
            f"waiting for the perfect day for {name}",
            f"comparing the first week of {name} with somebody's tenth year",
        ),
        reasons=(
            f"small steps make {name} easier to keep",
            f"a little {name} often beats a lot of it once",
            f"{name} gets lighter with practice",
        ),
        myths=(
            (f"{name} is all or nothing", "a little of it counts"),
            (f"{name} needs a perfect plan", "one small step is plan enough"),
        ),
    )


def capitalised(text: str) -> str:
    """The text with its first letter large and the others as they are."""
    return text[:1].upper() + text[1:]
