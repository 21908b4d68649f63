"""What a reader recognises in a text at a glance: its subject, angle, tone, format and hook, and its outward form.

Reading only; what readers like about it is decided in `appeal`. The values are words a person would use; a text
without any cue of a dimension has that dimension's plain value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from xbot_pipelines.practice.wording import URL, emoji_places, weight

_SUBJECTS: Mapping[str, Sequence[str]] = {
    "sleep": ("sleep", "bed", "nap", "insomnia", "night", "tired", "pillow", "alarm"),
    "walking": ("walk", "steps a day", "000 steps", "step goal", "stroll", "stairs", "on foot"),
    "strength": ("strength", "lift", "muscle", "squat", "push-up", "weights", "training", "workout", "gym"),
    "nutrition": ("eat", "food", "meal", "protein", "vegetable", "fibre", "fiber", "breakfast", "snack", "cook"),
    "stress": ("stress", "anxious", "worry", "calm", "overwhelm", "tension"),
    "hydration": ("water", "hydrat", "drink", "thirst"),
    "screen time": ("screen", "phone", "scroll", "notification"),
    "sunlight": ("sun", "daylight", "light", "outside", "outdoors"),
    "breathing": ("breath", "inhale", "exhale"),
    "habits": ("habit", "streak", "discipline", "consisten"),
    "mobility": ("mobility", "stretch", "posture", "stiff", "yoga"),
    "focus": ("focus", "concentrat", "distract", "interrupt", "deep work"),
    "rest days": ("rest day", "resting", "day off", "days off", "easy day", "recover"),
    "mind": ("mind", "mood", "meditat", "journal", "gratitude"),
}
_ANGLES: Mapping[str, Sequence[str]] = {
    "common mistake": ("mistake", "go wrong", "goes wrong", "stop ", "instead of", "most people"),
    "myth and fact": ("myth", "fact", "actually", "not true", "you have heard", "you've heard"),
    "small experiment": ("experiment", "try ", "test", "for a week", "for seven days"),
    "personal routine": (
        "my routine",
        "every morning i",
        "every evening i",
        "what i do",
        "i keep",
        "my own",
        "i always",
    ),
    "how to start": ("start", "begin", "first step", "new to", "day one"),
    "why it matters": ("because", "why", "matters", "reason", "helps"),
}
_TONES: Mapping[str, Sequence[str]] = {
    "playful": ("plot twist", "spoiler", "haha", "secretly", "your couch", "confetti", "magic", "gremlin", "dramatic"),
    "warm": (
        "gentl",
        "kind",
        "be easy on",
        "you're not alone",
        "you are not alone",
        "that's okay",
        "friend",
        "we all",
    ),
    "direct": (
        "stop",
        "do it once",
        "do it.",
        "just do",
        "just start",
        "just asking",
        "just one question",
        "no excuses",
        "period.",
        "simple as that",
        "don't",
    ),
}
_CONFESSIONS = re.compile(r"\b(confession|i admit|i used to|i was wrong|guilty|i failed|took me years)\b")
_CONTRASTS = re.compile(r"\b(not|isn't|aren't|less|but|surprising|unexpected|opposite)\b")
_STORY = re.compile(
    r"\b(last (week|month|year|night)|yesterday|one day|years ago|she|he|then i|i (was|had|went|tried))\b"
)
_LIST_LINE = re.compile(r"^\s*(?:[-–•*✓✅→]|\d+[.)])\s*\S", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s|$)")


_LIFE, _OBSERVATION, _PLAIN = "life", "observation", "plain"
"""What a text without any cue is about, how it looks at it, and how it sounds."""

VALUES: Mapping[str, Sequence[str]] = {
    "subject": (*_SUBJECTS, _LIFE),
    "angle": (*_ANGLES, _OBSERVATION),
    "tone": (*_TONES, _PLAIN),
    "format": ("single sentence", "short list", "mini story", "question and answer", "paragraph"),
    "hook": ("question", "surprising contrast", "number", "confession", "direct statement"),
}
"""Everything that a text can be recognised as, by dimension."""


@dataclass(frozen=True, slots=True)
class Traits:
    """One text as readers take it in. `length` is short, medium or long (by X's weighted length)."""

    subject: str
    angle: str
    tone: str
    format: str
    hook: str
    length: str
    question: bool
    emoji: int
    links: int
    hashtags: int


@lru_cache(maxsize=8192)
def recognise(text: str) -> Traits:
    """What a reader recognises in this text. Any text has an answer."""
    low = text.lower().replace("’", "'")
    characters = weight(text)
    return Traits(
        subject=_most_cues(low, _SUBJECTS, otherwise=_LIFE),
        angle=_most_cues(low, _ANGLES, otherwise=_OBSERVATION),
        tone=_most_cues(low, _TONES, otherwise=_PLAIN),
        format=_format(text, low),
        hook=_hook(low),
        length="short" if characters < 100 else "medium" if characters < 200 else "long",
        question="?" in text,
        emoji=len(emoji_places(text)),
        links=len(URL.findall(text)),
        hashtags=len(re.findall(r"#\w", text)),
    )


def _most_cues(low: str, vocabulary: Mapping[str, Sequence[str]], *, otherwise: str) -> str:
    """The value with the most cues in the text; of two, the one that is met first."""
    found = {value: _places_of_cues(low, cues) for value, cues in vocabulary.items()}
    best = max(found, key=lambda value: (len(found[value]), -min(found[value], default=0)))
    return best if found[best] else otherwise


def _places_of_cues(low: str, cues: Sequence[str]) -> list[int]:
    # Most texts have none of them anywhere, and that is found out much faster than where they begin a word.
    if not any(cue in low for cue in cues):
        return []
    return [match.start() for match in _cues(tuple(cues)).finditer(low)]


@cache
def _cues(cues: tuple[str, ...]) -> re.Pattern[str]:
    # A cue is the beginning of a word: "eat" is met in "eating", not in "great".
    return re.compile(r"\b(?:" + "|".join(map(re.escape, cues)) + ")")


def _format(text: str, low: str) -> str:
    if len(_LIST_LINE.findall(text)) >= 2:
        return "short list"
    if re.search(r"^\s*q:", low, re.MULTILINE) or re.search(r"\?\s*\n", text):
        return "question and answer"
    if len(_SENTENCE_END.findall(text)) <= 1:
        return "single sentence"
    return "mini story" if _STORY.search(low) else "paragraph"


def _hook(low: str) -> str:
    opening = re.split(r"(?<=[.!?])\s|\n", low.strip(), maxsplit=1)[0]
    if opening.endswith("?"):
        return "question"
    if _CONFESSIONS.search(opening):
        return "confession"
    if re.search(r"\d", opening):
        return "number"
    return "surprising contrast" if _CONTRASTS.search(opening) else "direct statement"
