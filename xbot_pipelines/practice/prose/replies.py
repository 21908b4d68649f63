"""Writes a reply: by what sort of thing somebody wrote, and by what is named in it. And says when none should be sent.

The pieces are in `replies.toml`, beside this file: `acts`, `slips` and `reasons` as in `subjects`, `asks` whole
questions, `on` whole sentences that say themselves what they are about. A frame is filled with {subject} {act} {act2}
{reason} {ask} {on}, with a capital letter where one begins a sentence. No verb of a frame agrees with {subject}: it may
be a plural.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from xbot_pipelines.practice.prose import phrases
from xbot_pipelines.practice.prose.assignment import Assignment
from xbot_pipelines.practice.prose.likeness import freshest, likeness
from xbot_pipelines.practice.prose.occasions import Occasion, occasion_of
from xbot_pipelines.practice.prose.subjects import SUBJECTS, capitalised, subject_called
from xbot_pipelines.practice.prose.topics import known_as, stem, telling_words, topic_of
from xbot_pipelines.practice.wording import MOST_WEIGHT, weight

_MATERIAL: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_FRAMES: Mapping[str, Sequence[str]] = _MATERIAL["frames"]
_PREPARED: Mapping[str, Mapping[str, Any]] = _MATERIAL["subject"]
_ASKS = ("What have you tried so far?", "What would make it easier?", "How did it begin?")
_LANGUAGES = ("en", "de", "es")

_DRAFTS = 24
_ATTEMPTS = 120
_ABOUT_WHAT_IS_NAMED = 0.8  # of the replies to a post that names something we have a word for
_TONED = 0.3
_TONES_FOR: Mapping[str, Sequence[str]] = {
    "question": ("warm", "playful"),
    "struggle": ("warm",),
    "win": ("playful",),
    "statement": ("playful",),
}
_PARROTING = 0.6  # of the words
_SAID_ALREADY = 0.5
_NAMING = 4  # letters of a word that is enough to say what a text talks about
_A_WORD = re.compile(r"[a-z]{5,12}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, and what its writer thinks of sending it.

    Attributes:
        text: The reply; something decent even where none should be sent.
        subject: What it is about; "" for nothing we know.
        quality: How good it is, from 0 to 1.
        against: Why it should not be sent; None for nothing.
    """

    text: str
    subject: str
    quality: float
    against: str | None


def reply_to(assignment: Assignment, tone: str, chance: random.Random) -> Reply:
    """Answer the post of the assignment. At most 280 by X's weighted length, no link, no mention."""
    post = assignment.answered or ""
    occasion = occasion_of(post)
    subject = assignment.subject or topic_of(post, list(_PREPARED)).subject or ""
    against = occasion.reason or _off_subject(assignment) or _foreign(assignment.language)
    drafter = _Drafter(assignment, subject, tone, occasion, chance)
    if against is not None:
        return Reply(drafter.quiet(), subject, 0.1, against)
    drafts = list(drafter.drafts())
    if not drafts:
        return Reply(drafter.quiet(), subject, 0.1, "nothing comes to mind that has to do with it")
    text = freshest(drafts, [*assignment.recent, *assignment.others, *assignment.objections])
    return Reply(text, subject, drafter.quality_of(text), None)


def _off_subject(assignment: Assignment) -> str | None:
    """Why it is not about its subject: it is plainly about something else, and what was said before it is, too."""
    subject = assignment.subject
    if subject is None or not topic_of(assignment.answered or "", [subject]).elsewhere:
        return None
    conversation = any(topic_of(text, [subject]).subject for text in assignment.earlier)
    return None if conversation else f"it is not about {subject}"


def _foreign(language: str) -> str | None:
    return None if language in _LANGUAGES else f"nothing good can be written here in the language {language!r}"


class _Drafter:
    """Draws drafts of one reply."""

    def __init__(
        self, assignment: Assignment, subject: str, tone: str, occasion: Occasion, chance: random.Random
    ) -> None:
        self._assignment = assignment
        self._post = assignment.answered or ""
        self._subject = subject
        self._tone = tone
        self._occasion = occasion
        self._chance = chance
        self._pieces = _pieces_of(subject)
        self._named = [text for one in self._pieces["on"] if _names(self._post, one["cue"]) for text in one["say"]]

    def drafts(self) -> Iterator[str]:
        """Drafts that say what they talk about, and repeat neither the post nor what others answered to it."""
        tried = (self._draft() for _ in range(_ATTEMPTS))
        return islice((draft for draft in tried if self._passes(draft)), _DRAFTS)

    def quiet(self) -> str:
        """What can be said to anybody: for what is not to be sent, and repeats nothing of what was read."""
        kindly = _FRAMES.get(self._occasion.against or "")
        if kindly is not None:
            return self._chance.choice(kindly)
        return f"Thank you for writing about {self._subject}." if self._subject else "Thank you for writing this."

    def quality_of(self, draft: str) -> float:
        """How good a draft is: better when it answers what was asked, and what is named."""
        named = any(text in draft for text in self._named)
        return 0.5 if not self._subject else 0.74 + 0.1 * named + 0.05 * (self._occasion.kind == "question")

    def _draft(self) -> str:
        if not self._subject:
            return self._about_anything()
        kind = self._assignment.language if self._assignment.language != "en" else self._occasion.kind
        on = bool(self._named) and self._chance.random() < _ABOUT_WHAT_IS_NAMED
        frames = [frame for frame in _FRAMES[kind] if ("{On}" in frame) == on] or _FRAMES[kind]
        text = self._chance.choice(frames).format_map(self._words())
        toned = self._tone in _TONES_FOR.get(kind, ()) and self._chance.random() < _TONED
        return f"{text} {self._chance.choice(phrases.TONE_SENTENCES[self._tone])}" if toned else text

    def _about_anything(self) -> str:
        words = [word for word in telling_words(self._post) if _A_WORD.fullmatch(word)]
        if not words:
            return self.quiet()
        return self._chance.choice(_FRAMES["anything"]).format(word=self._chance.choice(words))

    def _words(self) -> Mapping[str, str]:
        act, act2 = self._chance.sample(self._pieces["acts"], 2)
        small = {
            "subject": self._subject,
            "act": act,
            "act2": act2,
            "reason": self._chance.choice(self._pieces["reasons"]),
            "ask": self._chance.choice(self._pieces["asks"]),
            "on": self._chance.choice(self._named) if self._named else "",
        }
        return small | {name.capitalize(): capitalised(piece) for name, piece in small.items()}

    def _passes(self, draft: str) -> bool:
        said, named = _long_words(self._post), _long_words(draft)
        return (
            (_is_named(self._subject, draft) or not said.isdisjoint(named))
            and weight(draft) <= MOST_WEIGHT
            and likeness(draft, self._post) < _PARROTING
            and all(likeness(draft, other) < _SAID_ALREADY for other in self._assignment.others)
        )


def _pieces_of(subject: str) -> Mapping[str, Any]:
    kind = known_as(subject)
    prepared = _PREPARED.get(kind, {})
    prose = SUBJECTS.get(kind) or subject_called(subject)
    return {"acts": prose.acts, "reasons": prose.reasons, "asks": _ASKS, "on": (), **prepared}


def _is_named(subject: str, draft: str) -> bool:
    return bool(subject) and re.search(rf"(?<!\w){re.escape(subject)}(?!\w)", draft, re.IGNORECASE) is not None


def _long_words(text: str) -> set[str]:
    return {word.casefold() for word in telling_words(text) if len(word) >= _NAMING}


def _names(post: str, cue: str) -> bool:
    return stem(cue) in {stem(word) for word in telling_words(post)}
