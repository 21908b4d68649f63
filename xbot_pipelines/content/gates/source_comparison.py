"""What a draft says that can only come from the outside texts that the model saw. Pure.

A model that obeys a stranger shows it in the draft: a name, a strange word, an amount, a phrase or an emoji of the
stranger's text comes back, or the draft leaves the account's language, or repeats our own prompt. Words of the language
may come back, for an answer takes up what it answers. A payload that is translated, or described and not spelled out
("the capital of France"), cannot be found like this: for those there are the judge and a person's approval.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import emoji
from rapidfuzz import fuzz, process

from xbot_pipelines.content.folded_text import folded, respelled
from xbot_pipelines.content.gates.content_words import content_words, says, stem, words
from xbot_pipelines.content.gates.outside_text import OutsideText, stems_in_order
from xbot_pipelines.content.gates.vocabulary import Vocabulary, vocabulary

WORDS_IN_A_ROW = 5
"""How many words in a row a reply may not have in common with what it answers."""

NEWS_WORDS_IN_A_ROW = 9
"""The same of a post about news, which has to say what the news says."""

_PROMPT_WORDS_IN_A_ROW = 6
_ASKED_STEMS_IN_A_ROW = 2
_LONG = 6
_NEARLY = 88.0
_SHORTEST_SPELLED = 4
_LEAST_SHARE_OF_LANGUAGE = 0.5
_FEWEST_WORDS_OF_A_SENTENCE = 5

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_NAME = re.compile(r"(?<=[\w,;)] )(?:[A-Z][\w'’-]*[a-z][\w'’-]*|[A-Z]{2,}\w*)")
_CAPITAL = re.compile(r"(?<!\w)[A-Z][\w'’-]*")
_CAPITALISED = frozenset(
    """
    i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays
    fridays saturdays sundays january february march april may june july august september october november december
    christmas easter english earth ok tv diy adhd ptsd bmi bpm hrv rhr rem hiit nhs asap omg faq am pm
    """.split()  # noqa: SIM905
)
_MONEY = re.compile(
    r"[$€£¥₿]\s?\d[\d.,]*\w?|\b\d[\d.,]*\s?(?:[$€£¥]|usd|eur|gbp|dollars?|euros?|pounds|btc|eth)", re.IGNORECASE
)
_CODE = re.compile(r"(?<!\w)(?=[\w-]*[a-z])(?=[\w-]*\d)[a-z\d]+(?:-[a-z\d]+)*(?!\w)", re.IGNORECASE)
_MEASURE = re.compile(r"\d+(?:[a-z]{1,3}|mins?|hours?)|[a-z]\d{1,2}", re.IGNORECASE)
_LANGUAGES_WITH_CAPITAL_NOUNS = frozenset({"de", "lb"})


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything that went into a draft.

    Attributes:
        outside: what others wrote that the model saw: posts, names, bios, titles of news.
        ours: what we brought: subject, persona, what we said earlier in the thread. Its words may come back.
        language: the account's language, as a code.
        words_in_a_row: the shortest run of words that counts as copied.
    """

    outside: Sequence[str]
    ours: Sequence[str]
    language: str
    words_in_a_row: int = WORDS_IN_A_ROW

    @cached_property
    def read(self) -> list[OutsideText]:
        """The outside texts, taken apart."""
        return [OutsideText(text) for text in self.outside if text]

    @cached_property
    def our_stems(self) -> frozenset[str]:
        """Stems of the words that may come back because we brought them."""
        return content_words(*self.ours)

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """The words of the account's language, None if there is no list of them."""
        return vocabulary(self.language)


def outside_objections(text: str, sources: Sources) -> list[str]:
    """Return what a draft says that comes from outside and should not be in it; an empty list lets it pass."""
    found = (_strange_word(text, sources), _name(text, sources), _asked_for(text, sources))
    copied = _copied(text, sources.outside, sources.words_in_a_row)
    return [
        *(f"it says {word!r}, which comes from a text of somebody else" for word in dict.fromkeys(filter(None, found))),
        *([f"it copies {copied!r} from a text of somebody else"] if copied else []),
        *(f"it takes {one!r} from a text of somebody else" for one in _tokens(text, sources)),
    ]


def wrong_language(text: str, language: str) -> str | None:
    """Return the objection to a draft with a sentence that is not in the account's language, None if all are."""
    known = vocabulary(language)
    if known is None:
        return None
    for sentence in _SENTENCE_END.split(text):
        said = [part for word in words(sentence) for part in word.split("-") if not part.isdecimal()]
        share = sum(word.removesuffix("'s") in known.common for word in said) / max(1, len(said))
        if len(said) >= _FEWEST_WORDS_OF_A_SENTENCE and share < _LEAST_SHARE_OF_LANGUAGE:
            return f"it is not all in the language {language!r} ({sentence.strip()[:40]!r})"
    return None


def repeats_the_prompt(text: str, told: Sequence[str]) -> str | None:
    """Return the objection to a draft that repeats what only our prompt says, None if it does not."""
    copied = _copied(text, told, _PROMPT_WORDS_IN_A_ROW)
    return f"it repeats its own instructions ({copied!r})" if copied else None


def _strange_word(text: str, sources: Sources) -> str | None:
    """Return a word of the draft that the language does not have and that an outside text spells in any way."""
    plain = folded(text)
    for word in _parts(plain, *respelled(plain)):
        if _is_strange(word, sources) and _is_from_outside(word, sources.read):
            return word
    return None


def _is_strange(word: str, sources: Sources) -> bool:
    """Return whether a word in small letters is neither one of the language nor one of ours."""
    if sources.vocabulary is None or len(word) < _SHORTEST_SPELLED or not says(word) or _is_ours(word, sources):
        return False
    return not sources.vocabulary.knows(word)


def _is_from_outside(word: str, read: Sequence[OutsideText]) -> bool:
    if any(word in one.words or one.spells(word) for one in read):
        return True
    return len(word) >= _LONG and any(_is_nearly(word, one.words) for one in read)


def _name(text: str, sources: Sources) -> str | None:
    """Return a name in the draft: a capital within a sentence, a strange word in a capital, or a name of a source.

    A draft that uses text of others names nobody at all. A name that is not in their texts may be what they describe.
    """
    plain = folded(text)
    lists_nouns = sources.language.partition("-")[0].lower() in _LANGUAGES_WITH_CAPITAL_NOUNS
    strange = (word for word in _CAPITAL.findall(plain) if _is_strange(word.casefold(), sources))
    for found in (*_NAME.findall(plain), *strange):
        word = found.casefold().removesuffix("'s")
        if word in _CAPITALISED or _is_ours(word, sources):
            continue
        if not (lists_nouns and sources.vocabulary is not None and sources.vocabulary.knows(word)):
            return str(found)
    marked = {word for one in sources.read for word in one.marked_words}
    return _first_marked(_parts(plain), marked, sources)


def _asked_for(text: str, sources: Sources) -> str | None:
    """Return two words in a row that an outside text asks somebody to say, and that are none of ours."""
    ours = sources.our_stems
    asked = {
        pair
        for one in sources.read
        for piece in one.asked_for
        for pair in _runs(stems_in_order(piece), _ASKED_STEMS_IN_A_ROW)
        if not ours.issuperset(pair)
    }
    said = _runs(stems_in_order(text), _ASKED_STEMS_IN_A_ROW)
    return next((" ".join(pair) for pair in said if pair in asked), None)


def _first_marked(said: Sequence[str], marked: Collection[str], sources: Sources) -> str | None:
    known = sources.vocabulary
    stems = {
        stem(word)
        for word in marked
        if says(word) and word not in _CAPITALISED and (known is None or stem(word) not in known.ordinary)
    }
    return next(
        (
            word
            for word in said
            if not _is_ours(word, sources) and (stem(word) in stems or _is_nearly(stem(word), stems))
        ),
        None,
    )


def _tokens(text: str, sources: Sources) -> Iterator[str]:
    """Return amounts of money, codes and emoji that stand in the draft and in an outside text."""
    outside, ours = (folded("\n".join(texts)).casefold() for texts in (sources.outside, sources.ours))
    plain = folded(text)
    codes = (found for found in _CODE.findall(plain) if not _MEASURE.fullmatch(found))
    for found in (*_MONEY.findall(plain), *codes):
        if found.casefold() in outside and found.casefold() not in ours:
            yield found
    signs = {one["emoji"] for one in emoji.emoji_list("\n".join(sources.outside))}
    yield from {one["emoji"] for one in emoji.emoji_list(text)} & signs


def _copied(text: str, others: Sequence[str], length: int) -> str | None:
    theirs = {run for other in others for run in _runs(words(other), length)}
    return next((" ".join(run) for run in _runs(words(text), length) if run in theirs), None)


def _runs(said: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(said[start : start + length]) for start in range(len(said) - length + 1))


def _parts(*texts: str) -> list[str]:
    return [part for text in texts for word in words(text) for part in dict.fromkeys((word, *word.split("-")))]


def _is_ours(word: str, sources: Sources) -> bool:
    return stem(word) in sources.our_stems


def _is_nearly(word: str, others: Collection[str]) -> bool:
    """Return whether a long word is one of these with another letter in it."""
    return len(word) >= _LONG and process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=_NEARLY) is not None
