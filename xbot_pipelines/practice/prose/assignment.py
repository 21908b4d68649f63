"""What a prompt asks for. Reading only: nothing is written here.

Text between `<<<` and `>>>` is data of somebody else: it is never read as an instruction, whatever it says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_DATA = re.compile(r"<<<(.*?)>>>", re.DOTALL)
_FIELD = re.compile(
    r"^[\s>*-]*(subject|topic|angle|tone|format|hook|task)\**\s*[:=]\s*\**\s*(.+?)[\s*]*$", re.IGNORECASE | re.MULTILINE
)
_RECENT_HEADING = re.compile(r"^.*\brecent posts\b.*:\s*$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"^[\s*•-]*[\"“](.+?)[\"”]\s*$", re.DOTALL | re.MULTILINE)
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
    """

    subject: str | None
    angle: str | None
    tone: str | None
    format: str | None
    hook: str | None
    recent: Sequence[str]
    asked: Mapping[str, str]
    answered: str | None


def read_assignment(prompt: str) -> Assignment:
    """Read the prompt of a post (`Subject: …`, `Angle: …`, in any order and case) or of a reply (`Task: reply`)."""
    quoted = [text.strip() for text in _DATA.findall(prompt)]
    instructions = _DATA.sub("<<<>>>", prompt)
    fields = {name.lower(): value for name, value in reversed(_FIELD.findall(instructions))}
    replying = fields.get("task", "").lower().startswith("reply")
    return Assignment(
        subject=_name(fields.get("subject", fields.get("topic"))),
        angle=_known(fields.get("angle"), ANGLES),
        tone=_known(fields.get("tone"), TONES),
        format=_known(fields.get("format"), FORMATS),
        hook=_known(fields.get("hook"), HOOKS),
        recent=_recent_posts(prompt),
        asked=fields,
        answered="\n".join(quoted) if replying else None,
    )


def _known(asked: str | None, vocabulary: Mapping[str, Sequence[str]]) -> str | None:
    if asked is None:
        return None
    low = asked.lower()
    return next((value for value, cues in vocabulary.items() if any(cue in low for cue in cues)), "")


def _name(asked: str | None) -> str | None:
    name = _NOT_A_NAME.sub(" ", asked or "").strip(" .,'")
    return " ".join(name.split())[:_LONGEST_NAME].strip() or None


def _recent_posts(prompt: str) -> Sequence[str]:
    heading = _RECENT_HEADING.search(prompt)
    if heading is None:
        return ()
    rest = prompt[heading.end() :]
    posts = [*_DATA.findall(rest), *_QUOTED.findall(rest)]
    if not posts:
        section = re.split(r"\n\s*\n", rest.lstrip("\n"), maxsplit=1)[0]
        posts = [line.lstrip(" -*•") for line in section.splitlines()]
    # A post of several lines may stand there as JSON wrote it.
    return tuple(post.strip().replace("\\n", "\n") for post in posts if post.strip())
