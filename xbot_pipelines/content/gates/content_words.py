"""The words of a text that say what it is about, brought to a common form. Pure, and light: no dictionary, no model.

English, with the little words of German and Spanish. A language that writes no blanks between words has none here.
"""

import re

from xbot_pipelines.content.folded_text import folded

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SHORTEST = 3
_SHORTEST_STEM = 3
_ENDINGS = ("ings", "ing", "iest", "ies", "ied", "edly", "ed", "ers", "er", "ions", "ion", "ly", "es", "s", "e", "y")
_NO_PLURAL = ("ss", "us", "is")

_ENGLISH = """
    a about above actually after again against ago all almost alone along already also although always am among an
    and another any anybody anyone anything are aren't around as at away back be became because become been before
    begin behind being below beside best better between bit both but by came can can't cannot come could day days
    did didn't do does doesn't doing don't done down during each either else enough especially even ever every
    everybody everyone everything far few first for from further gave get gets getting give given go goes going gone
    good got great had has hasn't have having he he'd he's her here hers herself him himself his how however i i'd
    i'll i'm i've if in instead into is isn't it it's its itself just keep kept kind know last late later least less
    let let's like likely little long lot lots made make makes many may maybe me mean might mine more most mostly
    much must my myself near need needs never new next no nobody none nor not nothing now of off often oh ok okay on
    once one ones only or other others our ours out over own part perhaps please put quite rather really right said
    same say says see seem seems several shall she should since small so some somebody someone something sometimes
    soon still such sure take taken takes than that that's the their theirs them themselves then there there's these
    they thing things think this those though through time times to today together too took toward try trying turn
    two under until up us use used very want wants was wasn't way we week weeks well went were what whatever when
    where whether which while who whole whom whose why will with within without won't would yes yet you you'd you'll
    you're you've your yours yourself
"""
_GERMAN = """
    aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des dich die dir
    doch du ein eine einem einen einer eines er es etwas fur hab habe haben hat hatte hier ich ihr im immer in ist
    ja jetzt kann kein keine man mehr mein mich mir mit nach nicht nichts noch nur oder schon sehr sich sie sind so
    uber um und uns von vor war was wenn wer wie wieder wir wird zu zum zur
"""
_SPANISH = """
    al algo asi aun como con cual cuando de del desde donde el ella ellos en entre es esa ese eso esta este esto fue
    hay la las le lo los mas me mi mis muy nada ni no nos o otra otro para pero por porque pues que se ser si sin
    sobre son su sus tambien te tiene todo tu un una unas uno unos y ya yo
"""
_LITTLE = frozenset(folded(_ENGLISH + _GERMAN + _SPANISH).split())


def words(text: str) -> list[str]:
    """Answers the words of a text, folded, in small letters, in order; a hyphen or an apostrophe keeps one together."""
    return [found.casefold() for found in _WORD.findall(folded(text))]


def stem(word: str) -> str:
    """Answers what a word of English has in common with its other forms: walk for walking, walks, walked, walker."""
    bare = word.removesuffix("'s").replace("'", "")
    for ending in _ENDINGS:
        left = bare.removesuffix(ending)
        if left == bare or len(left) < _SHORTEST_STEM or (ending == "s" and bare.endswith(_NO_PLURAL)):
            continue
        doubled = len(left) > _SHORTEST_STEM and left[-1] == left[-2] and left[-1] not in "aeiouls"
        return left[:-1] if doubled else left
    return bare


def content_words(*texts: str) -> frozenset[str]:
    """Answers the stems of all words of the texts that say something by themselves; parts of a hyphenated word, too."""
    return frozenset(stem(part) for text in texts for word in words(text) for part in _parts(word) if says(part))


def says(word: str) -> bool:
    """Whether a word says something by itself: no little word, not too short, no bare number."""
    return len(word) >= _SHORTEST and word not in _LITTLE and not word.isdecimal()


def _parts(word: str) -> list[str]:
    return [word, *word.split("-")] if "-" in word else [word]
