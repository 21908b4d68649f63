"""What a prompt for a post or a reply asks for. Reading only: nothing is written here.

Text between `<<<` and `>>>` is data of somebody else: it is never read as an instruction, whatever it says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xbot_pipelines.practice.prose.quoting import Prompt, take_apart

_FIELD = re.compile(
    r"^[\s>*-]*(subject|topic|angle|tone|format|hook|task)\**\s*[:=]\s*\**\s*(.+?)[\s*]*$", re.IGNORECASE | re.MULTILINE
)
_LANGUAGE = re.compile(r"\blanguage with the code ([a-z]{2,3})\b")
_RECENT = re.compile(r"\brecent (?:posts|replies)\b")
_EARLIER = re.compile(r"\bsaid before\b")
_OTHERS = re.compile(r"\bothers answered\b")
_OBJECTIONS = re.compile(r"\bturned away\b")
_AUTHOR = re.compile(r"^the author\b")
_ANSWERED = re.compile(r"\bpost to answer\b")
_ASIDE = (_RECENT, _EARLIER, _OTHERS, _OBJECTIONS, _AUTHOR)
_NOT_A_NAME = re.compile(r"https?://\S+|[@#<>{}\"\n]")
_LONGEST_NAME = 40

ANGLES: Mapping[str, Sequence[str]] = {
    "common mistake": ("mistake",),
    "small experiment": ("experiment",),
    "why it matters": ("why", "matter"),
    "myth and fact": ("myth", "fact"),
    "personal routine": ("routine",),
    "how to start": ("start", "begin"),
}
TONES: Mapping[str, Sequence[str]] = {
    "warm": ("warm", "kind", "gentle"),
    "plain": ("plain", "neutral"),
    "playful": ("playful", "funny", "humor"),
    "direct": ("direct", "blunt"),
}
FORMATS: Mapping[str, Sequence[str]] = {
    "question and answer": ("answer", "q&a"),
    "single sentence": ("sentence",),
    "short list": ("list",),
    "mini story": ("story",),
}
HOOKS: Mapping[str, Sequence[str]] = {
    "question": ("question",),
    "surprising contrast": ("contrast", "surpris"),
    "number": ("number",),
    "confession": ("confess",),
    "direct statement": ("statement", "direct"),
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """What shall be written. None where the prompt leaves the choice, "" where it asks for something unknown.

    Attributes:
        subject: As the prompt calls it.
        angle: One of ANGLES.
        tone: One of TONES.
        format: One of FORMATS.
        hook: One of HOOKS.
        recent: Texts that shall not be repeated.
        asked: What the prompt says, word by word, by field.
        answered: The post to answer; None for an original post.
        others: What others answered to it, which shall not be said again.
        earlier: What was said before it, oldest first.
        objections: Why an earlier draft was turned away.
        language: The code of the language to write in.
    """

    subject: str | None
    angle: str | None
    tone: str | None
    format: str | None
    hook: str | None
    recent: Sequence[str]
    asked: Mapping[str, str]
    answered: str | None
    others: Sequence[str] = ()
    earlier: Sequence[str] = ()
    objections: Sequence[str] = ()
    language: str = "en"


def read_assignment(prompt: str, system: str = "") -> Assignment:
    """Read the prompt of a post (`Subject: …`, `Angle: …`, in any order and case) or of a reply (`Task: reply`).

    Args:
        prompt: What the user says.
        system: What the system messages say; the language stands there, if not in the prompt.
    """
    parts = take_apart(prompt)
    fields = {name.lower(): value for name, value in reversed(_FIELD.findall(parts.instructions))}
    replying = fields.get("task", "").lower().startswith("reply")
    language = _LANGUAGE.search(parts.instructions) or _LANGUAGE.search(take_apart(system).instructions)
    return Assignment(
        subject=_name(fields.get("subject", fields.get("topic"))),
        angle=_known(fields.get("angle"), ANGLES),
        tone=_known(fields.get("tone"), TONES),
        format=_known(fields.get("format"), FORMATS),
        hook=_known(fields.get("hook"), HOOKS),
        # A post of several lines may stand there as JSON wrote it.
        recent=tuple(text.replace("\\n", "\n") for text in _listed(parts, _RECENT)),
        asked=fields,
        answered=_answered(parts) if replying else None,
        others=_listed(parts, _OTHERS),
        earlier=_listed(parts, _EARLIER),
        objections=_listed(parts, _OBJECTIONS),
        language="en" if language is None else language[1],
    )


def _listed(parts: Prompt, heading: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(
        text for section in parts.sections() if heading.search(section.heading) for text in parts.texts_of(section)
    )


def _answered(parts: Prompt) -> str:
    """What stands under its heading; where there is none, all that is quoted under no other."""
    sections = parts.sections()
    named = [section for section in sections if _ANSWERED.search(section.heading)]
    rest = [section for section in sections if not any(aside.search(section.heading) for aside in _ASIDE)]
    return "\n".join(text for section in named or rest for text in parts.quoted_in(section.lines))


def _known(asked: str | None, vocabulary: Mapping[str, Sequence[str]]) -> str | None:
    if asked is None:
        return None
    low = asked.lower()
    return next((value for value, cues in vocabulary.items() if any(cue in low for cue in cues)), "")


def _name(asked: str | None) -> str | None:
    name = _NOT_A_NAME.sub(" ", asked or "").strip(" .,'")
    return " ".join(name.split())[:_LONGEST_NAME].strip() or None
