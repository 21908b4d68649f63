"""What sort of thing somebody wrote, as far as it matters for an answer: what it is worth, or why nobody should answer.

It is read by its wording alone. Where it could be read either way, it is not answered: silence harms nobody. The words
that speak against an answer are in `occasions.toml`, beside this file. What a text is about is decided in `topics`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_LETTER = re.compile(r"[^\W\d_]")
_AN_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+|#\w+")

_AGAINST: Mapping[str, Mapping[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_CUES = {
    kind: re.compile("|".join(one["cues"]), re.IGNORECASE | re.MULTILINE)
    for kind, one in _AGAINST.items()
    if "cues" in one
}
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007f]")
_LEFT_OUT = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ALPHABETS_MIXED = re.compile(r"[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]", re.IGNORECASE)

_ASKS = re.compile(r"\?")
_ASKS_FOR_REAL = re.compile(
    r"\b(?:how|what|which|who|when|where|why|does|do|is|are|any(?:one|body)?|can|should)\b[^.!?]{4,}\?",
    re.IGNORECASE,
)
_STRUGGLES = re.compile(
    r"\b(?:help|struggl\w+|fail(?:ing|ed)?|hard(?:er)?|hurts?|sore|stiff|tired|exhausted|awake|insomnia|worse|worst|"
    r"overwhelm\w*|burn(?:ed|t)? ?-?out|anxi\w+|nervous|cried|guilt\w*|ashamed|not proud|complain|regret|no idea|alone"
    r"|can(?:not|'t)|never enough|headache|distracted|ruin\w*|mystery|hate|g[ai]ve up|send (?:coffee|calm)|no plan)\b",
    re.IGNORECASE,
)
_WINS = re.compile(
    r"\b(?:win|managed|finally|proud|progress|reborn|first time|helped|it works|so much better|no regrets|fixed|pr)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a text is, for whoever thinks of answering.

    Attributes:
        kind: "question", "struggle", "win" or "statement".
        worth: How much it is worth an answer, from 0 to 1, if it is on a subject of ours.
        against: What speaks against any answer: a table of `occasions.toml`; None for what may be answered.
    """

    kind: str
    worth: float
    against: str | None = None

    @property
    def reason(self) -> str | None:
        """Why nobody should answer it, in words."""
        return None if self.against is None else str(_AGAINST[self.against]["reason"])


@lru_cache(maxsize=4096)
def occasion_of(text: str) -> Occasion:
    """What sort of thing a text is. Any text has an answer."""
    plain = _plain(text)
    kind, worth = _kind(plain)
    against = _against(text, plain)
    return Occasion(kind, worth if against is None else 0.0, against)


def _plain(text: str) -> str:
    """The text as it is read: without what is not seen, letters of fancy alphabets as letters."""
    seen = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", text))
    return "".join(sign for sign in seen if not unicodedata.combining(sign)).replace("’", "'")


def _kind(plain: str) -> tuple[str, float]:
    struggles = bool(_STRUGGLES.search(plain))
    if _ASKS_FOR_REAL.search(plain):
        return "question", 0.95 if struggles else 0.9
    if struggles:
        return "struggle", 0.85 if _ASKS.search(plain) else 0.8
    if _ASKS.search(plain):
        return "question", 0.7
    return ("win", 0.6) if _WINS.search(plain) else ("statement", 0.5)


def _against(text: str, plain: str) -> str | None:
    if _UNSEEN.search(text) or _ALPHABETS_MIXED.search(text):
        return "directing"
    spoken = next((kind for kind, cues in _CUES.items() if cues.search(plain)), None)
    if spoken is None and len(_LETTER.findall(_AN_ADDRESS.sub(" ", plain))) < 2:
        return "empty"
    return spoken
