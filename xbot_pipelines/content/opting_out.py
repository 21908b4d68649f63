"""When somebody asks to be left alone, in English, German and Spanish. Pure; what follows from it lies in `systems`.

Who is taken for asking though they did not gets no answer of ours, which harms nobody; who asked and is answered all
the same is bothered. So where it could be read either way, they asked. A wish counts where it is spoken to somebody: at
the beginning of a sentence, behind words of courtesy. "I can't stop walking" is a story, "stop answering mails at
night" is advice. The words themselves lie in `opting_out_words`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from xbot_pipelines.content.opting_out_words import AFTERWARDS, ALONE, COURTESY, ENGLISH, GERMAN, SPANISH, STOP
from xbot_pipelines.text.clean import LONGEST_MATCHED

_LONG = 25
_SHORT = 12

_NOT_SPOKEN = re.compile(r"@\w+|https?://\S+")
_BREAK = re.compile(r" (?:[,:]|and|und|y) ")
_SENTENCE_ENDS = re.compile(r"[.!?;\n…]+")
_NEITHER_WORD_NOR_COMMA = re.compile(r"[^\w,: ]|_")
_SPELLINGS = (
    (re.compile(r"[’‘`´]"), "'"),
    (re.compile(r"@"), " at "),
    (re.compile(r"\bdon't\b|\bdont\b"), "do not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bi'd\b"), "i would"),
    (re.compile(r"\bi'm\b|\bim\b"), "i am"),
    (re.compile(r"\bthat's\b|\bthats\b"), "that is"),
    (re.compile(r"\byou're\b"), "you are"),
    (re.compile(r"\bhoer"), "hor"),
    (re.compile(r"\bmoechte"), "mochte"),
)
_LED_IN = rf"(?:(?:{COURTESY}) (?:[,:] )*)*"
_WISH = re.compile(rf"{_LED_IN}(?P<said>{'|'.join((*ENGLISH, *GERMAN, *SPANISH))})")
_ONE_WORD = re.compile(rf"{_LED_IN}(?P<said>{ALONE}){AFTERWARDS}$")
_STOPPING = re.compile(rf"{_LED_IN}(?P<said>{STOP}){AFTERWARDS}$")
_NOTHING_BUT_COURTESY = re.compile(rf"(?:(?:{COURTESY})(?: [,:])*(?: |$))*$")
_TO_US = re.compile(r"\b(?:you|your|u|bots?|spam|repl(?:y|ies|ying)|me|serious|du|dich|dir|mir|mich|te|tus?)\b")


def asks_to_be_left_alone(text: str) -> str | None:
    """Answers the words by which the author of a text asks to be left alone, or None where they do not.

    A short text counts for more than a long one: a single word can say it, and a wish may stand behind any comma or
    "and". In a long one it has to begin a sentence. The words are answered in lower case and without accents.

    Args:
        text: what somebody wrote to us, or below a post of ours.
    """
    sentences = _sentences(text[:LONGEST_MATCHED])
    words = sum(len(sentence.split()) for sentence in sentences)
    for sentence in sentences:
        for clause in _clauses(sentence) if words <= _LONG else (sentence,):
            found = _WISH.match(clause)
            if found:
                return found.group("said")
    return _said_alone(sentences, words)


def _said_alone(sentences: Sequence[str], words: int) -> str | None:
    """Finds a single word such as "stop", where it is all that is said, or stands by itself in a short text to us."""
    if len(sentences) == 1:
        found = _ONE_WORD.match(sentences[0])
        if found:
            return found.group("said")
    if words > _SHORT:
        return None
    pieces = [piece for sentence in sentences for piece in _BREAK.split(sentence)]
    for number, piece in enumerate(pieces):
        found = _STOPPING.match(piece)
        others = " ".join((*pieces[:number], *pieces[number + 1 :]))
        if found and (piece == sentences[-1] or _NOTHING_BUT_COURTESY.match(others) or _TO_US.search(others)):
            return found.group("said")
    return None


def _sentences(text: str) -> list[str]:
    """Takes a text apart into sentences of plain words and commas."""
    plain = _NOT_SPOKEN.sub(" ", text).casefold()
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    for spelling, usual in _SPELLINGS:
        plain = spelling.sub(usual, plain)
    found = []
    for sentence in _SENTENCE_ENDS.split(plain):
        words = _NEITHER_WORD_NOR_COMMA.sub(" ", sentence).replace(",", " , ").replace(":", " : ")
        spaced = " ".join(words.split()).strip(" ,:")
        if spaced:
            found.append(spaced)
    return found


def _clauses(sentence: str) -> Iterator[str]:
    """Answers the sentence, and what of it begins behind each comma, colon and "and"."""
    yield sentence
    for stop in _BREAK.finditer(sentence):
        yield sentence[stop.end() :]
