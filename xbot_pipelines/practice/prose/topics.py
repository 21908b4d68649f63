"""What a text is about: it is read by its words, as somebody does who knows how people talk, and knows nothing else.

The evidence is that of naive Bayes (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", chapter
13): how much more often a word, or two in a row, is met in talk of one kind than in talk at large. The kinds are the
subjects, the other meanings of their names, and everyday chat. What a text is worth is decided in `occasions`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from xbot_pipelines.practice.prose.talk_lines import ELSEWHERE, FRAMES, LINES, NAMES, SAYING_NOTHING, WORDS

_OTHER_NAMES: Mapping[str, str] = {"stretching": "mobility", "mind": "focus"}
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ion|ed|es|e|(?<![us])s)$")
_DOUBLED = re.compile(r"([a-z])\1$")
_LEAST_LINES = 20  # a kind of fewer lines is taken to have more that were never met
_IN_FRAMES = 0.05
_FAINT = 0.01  # a word that was never met in a kind of talk may stand in it all the same
_LEAST = -1.0  # how much one strange word may speak against a kind
_TELLING = 3.0  # what one of its own words says for a subject
_CALLED = 5.5  # what its name says for it
_CALLED_LOOSELY = 2.5  # what another form of its name says
_LESS_ELSEWHERE = 1.5  # how much less its name says for its other meanings
_ENOUGH = 2.2


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text is about.

    Attributes:
        subject: One of the subjects that were asked for; None for none of them.
        elsewhere: Whether it is plainly about something else, and does not only say too little.
    """

    subject: str | None
    elsewhere: bool


def topic_of(text: str, asked: Sequence[str]) -> Topic:
    """Which of these subjects a text is really about. One that is not known here is known by its name."""
    evidence = evidence_in(text)
    found = {
        subject: evidence.get(known_as(subject), _CALLED if _is_called(_stems(text), subject) else 0.0)
        for subject in asked
    }
    known = {known_as(subject) for subject in asked}
    others = max((value for kind, value in evidence.items() if kind not in known), default=0.0)
    best = max(found, key=lambda subject: found[subject], default=None)
    if best is None or found[best] < _ENOUGH or found[best] <= others:
        return Topic(None, elsewhere=others > _ENOUGH)
    return Topic(best, elsewhere=False)


def stem(word: str) -> str:
    """A word without its ending, roughly: "walks", "walked" and "walking" have the same."""
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word.casefold().replace("’", "'")))


def telling_words(text: str) -> list[str]:
    """The words of a text that say something, as they are written, in their order."""
    return [word for word in _WORD.findall(text) if word.casefold() not in SAYING_NOTHING and not word.isdigit()]


@lru_cache(maxsize=4096)
def evidence_in(text: str) -> Mapping[str, float]:
    """How much the text speaks for each kind: a sum of logarithms of ratios; 0 says nothing either way."""
    features, stems = set(_features(text)), _stems(text)
    found = {kind: sum(weights.get(feature, 0.0) for feature in features) for kind, weights in _weights().items()}
    for kind, names in NAMES.items():
        if any(_is_called(stems, name) for name in names):
            # A name in its usual form says more: who writes "breathe" may write about stress.
            said = _CALLED if re.search(rf"\b{kind}\b", text, re.IGNORECASE) else _CALLED_LOOSELY
            found[kind] += said
            found[ELSEWHERE + kind] += said - _LESS_ELSEWHERE
    return found


def known_as(subject: str) -> str:
    """The kind that a subject is called here, whatever it is called there; in small letters."""
    low = " ".join(subject.lower().split())
    low = _OTHER_NAMES.get(low, low)
    return next((kind for kind, names in NAMES.items() if low in names), low)


def _is_called(stems: Sequence[str], name: str) -> bool:
    called = _stems(name)
    return bool(called) and any(stems[place : place + len(called)] == called for place in range(len(stems)))


def _stems(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text)]


def _features(text: str) -> Iterator[str]:
    """The words that say something, and all pairs in which one does.

    What a name says by itself is settled by _CALLED: as a word it would speak for all its meanings alike.
    """
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    stems = [stem(word) for word in words]
    names, parts = _name_stems()
    telling = [word not in SAYING_NOTHING and not word.isdigit() for word in words]
    strange = [says and one not in parts for says, one in zip(telling, stems, strict=True)]
    for place, one in enumerate(stems):
        if telling[place] and one not in names:
            yield one
        if place and (strange[place] or strange[place - 1]):
            yield f"{stems[place - 1]} {one}"


@cache
def _name_stems() -> tuple[frozenset[str], frozenset[str]]:
    """The stems of the names of one word, and of all words of names."""
    names = [tuple(_stems(name)) for names in NAMES.values() for name in names]
    return frozenset(name[0] for name in names if len(name) == 1), frozenset(one for name in names for one in name)


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    shares = {kind: _shares(lines) for kind, lines in LINES.items()}
    at_large: defaultdict[str, float] = defaultdict(float)
    for of_kind in shares.values():
        for feature, share in of_kind.items():
            at_large[feature] += share / len(shares)
    learned = {
        kind: {
            feature: max(_LEAST, math.log((of_kind.get(feature, 0.0) + _FAINT) / (share + _FAINT)))
            for feature, share in at_large.items()
        }
        for kind, of_kind in shares.items()
    }
    for kind, words in WORDS.items():
        for word in words:
            feature = " ".join(_stems(word.replace("-", " ")))
            learned[kind][feature] = max(_TELLING, learned[kind].get(feature, 0.0))
    return learned


def _shares(lines: Sequence[str]) -> Mapping[str, float]:
    counts = Counter(feature for line in lines for feature in set(_features(line)))
    shares = {feature: count / max(len(lines), _LEAST_LINES) for feature, count in counts.items()}
    for feature in {feature for line in FRAMES for feature in _features(line)}:
        shares[feature] = shares.get(feature, 0.0) + _IN_FRAMES
    return shares
