"""Writes a post from the grammar: which pieces, in which order, and which of several drafts is the freshest.

Everything is a pure function of the assignment and of the random generator it is given. What a reply says is decided in
`replies`.
"""

import random
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from xbot_pipelines.practice.prose import phrases
from xbot_pipelines.practice.prose.assignment import ANGLES, FORMATS, HOOKS, TONES, Assignment
from xbot_pipelines.practice.prose.likeness import freshest
from xbot_pipelines.practice.prose.replies import reply_to
from xbot_pipelines.practice.prose.subjects import SUBJECTS, Subject, capitalised, subject_called
from xbot_pipelines.practice.traits import recognise
from xbot_pipelines.practice.wording import MOST_WEIGHT, weight

_DRAFTS_TO_BE_FRESH = 24
_ATTEMPTS_TO_FIT = 240
_LIST_LENGTH = 3
_EMOJI_SHARE = 0.3
_EMOJI_TONES = ("warm", "playful")


@dataclass(frozen=True, slots=True)
class Writing:
    """A text, what it was meant to be, and what its writer thinks of it: `quality` from 0 to 1, and why."""

    text: str
    subject: str
    angle: str
    tone: str
    format: str
    hook: str
    reason: str
    quality: float = 0.8
    worth_sending: bool = True


def write(assignment: Assignment, chance: random.Random) -> Writing:
    """Write what is asked for; what the prompt leaves open is drawn. At most 280 by X's weighted length."""
    return _written(assignment, chance) if assignment.answered is None else _replied(assignment, chance)


def _written(assignment: Assignment, chance: random.Random) -> Writing:
    name = assignment.subject or chance.choice(sorted(SUBJECTS))
    angle = _chosen(assignment.angle, ANGLES, chance)
    tone = _chosen(assignment.tone, TONES, chance)
    shape = _chosen(assignment.format, FORMATS, chance)
    hook = _chosen(assignment.hook, HOOKS, chance)
    pieces = _Pieces(_subject(name), chance)
    count = _DRAFTS_TO_BE_FRESH if assignment.recent else 1
    drafts = _fitting(lambda: _post(pieces, angle, tone, shape, hook), count)
    asked = {"angle": angle, "tone": tone, "format": shape, "hook": hook, **assignment.asked}
    return Writing(
        text=freshest(drafts, assignment.recent),
        subject=name,
        angle=asked["angle"],
        tone=asked["tone"],
        format=asked["format"],
        hook=asked["hook"],
        reason="A {tone} {format} on {name}, seen as {angle}, opens with a {hook}.".format_map({"name": name, **asked}),
    )


def _replied(assignment: Assignment, chance: random.Random) -> Writing:
    tone = _chosen(assignment.tone, TONES, chance)
    reply = reply_to(assignment, tone, chance)
    about = f" on {reply.subject}" if reply.subject else ""
    reason = (
        f"A {tone} reply{about} to what was said." if reply.against is None else f"Not to be sent: {reply.against}."
    )
    return Writing(
        text=reply.text,
        subject=reply.subject or "life",
        angle="reply",
        tone=assignment.asked.get("tone", tone),
        format="reply",
        hook="direct statement",
        reason=reason,
        quality=reply.quality,
        worth_sending=reply.against is None,
    )


def _chosen(asked: str | None, vocabulary: Collection[str], chance: random.Random) -> str:
    return chance.choice(sorted(vocabulary)) if asked is None else asked


def _subject(name: str) -> Subject:
    if name in SUBJECTS:
        return SUBJECTS[name]
    recognised = recognise(name).subject
    return SUBJECTS.get(recognised) or subject_called(name)


class _Pieces:
    """Fills templates with pieces of one subject; a piece is drawn once for each text, so sentences agree."""

    def __init__(self, subject: Subject, chance: random.Random) -> None:
        self.subject = subject
        self.chance = chance
        self.shuffle()

    def shuffle(self) -> None:
        """Draw the pieces of the next text."""
        act, act2 = self.chance.sample(self.subject.acts, 2)
        reason, reason2 = self.chance.sample(self.subject.reasons, 2)
        myth, fact = self.chance.choice(self.subject.myths)
        slip = self.chance.choice(self.subject.slips)
        small = {
            "noun": self.subject.noun, "act": act, "act2": act2, "slip": slip,
            "reason": reason, "reason2": reason2, "myth": myth, "fact": fact,
        }  # fmt: skip
        self.words = small | {name.capitalize(): capitalised(piece) for name, piece in small.items()}

    def say(self, templates: Sequence[str], **more: str | int) -> str:
        """One of the templates, filled."""
        return self.chance.choice(templates).format_map({**self.words, **more})

    def of(self, table: phrases.Templates, key: str, **more: str | int) -> str:
        """One of the table's templates for `key`, filled; those for "" where it has none."""
        return self.say(table.get(key, table[""]), **more)


def _post(pieces: _Pieces, angle: str, tone: str, shape: str, hook: str) -> str:
    pieces.shuffle()
    parts = _SHAPES.get(shape, _paragraph)(pieces, angle, tone, hook)
    if tone in _EMOJI_TONES and pieces.chance.random() < _EMOJI_SHARE:
        return f"{parts} {pieces.subject.emoji}"
    return parts


def _paragraph(pieces: _Pieces, angle: str, tone: str, hook: str) -> str:
    opening = pieces.of(phrases.OPENINGS, hook)
    return _joined(opening, pieces.of(phrases.ANGLE_SENTENCES, angle), pieces.of(phrases.TONE_SENTENCES, tone))


def _single_sentence(pieces: _Pieces, angle: str, tone: str, hook: str) -> str:
    return capitalised(
        pieces.of(
            phrases.SENTENCES,
            hook,
            clause=pieces.of(phrases.CLAUSES, angle),
            lead=pieces.of(phrases.TONE_LEADS, tone),
            tail=pieces.of(phrases.TONE_TAILS, tone),
        )
    )


def _short_list(pieces: _Pieces, angle: str, tone: str, hook: str) -> str:
    items = _list_items(pieces, angle)
    bullet = pieces.chance.choice(phrases.BULLETS)
    lines = [f"{bullet}{capitalised(item)}" for item in items]
    if hook == "number":
        title = pieces.of(phrases.NUMBERED_LIST_TITLES, angle, count=len(items))
    else:
        title = pieces.of(phrases.LIST_TITLES, angle)
    # A title is a direct statement by itself; any other hook needs its own first line.
    opening = pieces.of(phrases.OPENINGS, hook) if hook not in ("number", "direct statement", "") else ""
    last = pieces.of(phrases.TONE_SENTENCES, tone)
    return "\n".join(line for line in (opening, title, *lines, last) if line)


def _list_items(pieces: _Pieces, angle: str) -> Sequence[str]:
    subject = pieces.subject
    if angle == "myth and fact":
        return (f"Myth: {pieces.words['myth']}", f"Fact: {pieces.words['fact']}")
    source = {"common mistake": subject.slips, "why it matters": subject.reasons, "": subject.reasons}
    return pieces.chance.sample(source.get(angle, subject.acts), _LIST_LENGTH)


def _mini_story(pieces: _Pieces, angle: str, tone: str, hook: str) -> str:
    return _joined(
        pieces.of(phrases.OPENINGS, hook),
        pieces.say(phrases.STORIES),
        pieces.say(phrases.STORY_ENDS),
        pieces.of(phrases.ANGLE_SENTENCES, angle),
        pieces.of(phrases.TONE_SENTENCES, tone),
    )


def _question_and_answer(pieces: _Pieces, angle: str, tone: str, hook: str) -> str:
    opening = "" if hook == "question" else pieces.of(phrases.OPENINGS, hook)
    question = pieces.of(phrases.QUESTIONS, angle)
    answer = _joined(pieces.of(phrases.ANSWERS, angle), pieces.of(phrases.TONE_SENTENCES, tone))
    return "\n".join(line for line in (opening, f"Q: {question}", f"A: {answer}") if line)


_SHAPES: dict[str, Callable[[_Pieces, str, str, str], str]] = {
    "single sentence": _single_sentence,
    "short list": _short_list,
    "mini story": _mini_story,
    "question and answer": _question_and_answer,
}


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _fitting(draft: Callable[[], str], count: int) -> Sequence[str]:
    """As many drafts as wanted that are short enough, or fewer where most are too long; at least one."""
    fitting: list[str] = []
    for _ in range(_ATTEMPTS_TO_FIT):
        text = draft()
        if weight(text) <= MOST_WEIGHT:
            fitting.append(text)
        if len(fitting) == count:
            break
    # Every draft was too long, which a very long subject name can do: the first sentence says something too. Beside
    # whole drafts it would be the least like anything, and be taken for the freshest.
    return fitting or [re.split(r"(?<=[.?!])\s", text)[0][:MOST_WEIGHT]]
