"""Which words a language has, and which of them everybody uses: frequencies of words in film subtitles.

The lists come with `pyspellchecker`. They hold few names of brands, so a word that is in none of them and that others
wrote first is taken for something that they want to see in our draft.
"""

from dataclasses import dataclass
from functools import lru_cache

from xbot_pipelines.content.folded_text import folded
from xbot_pipelines.content.gates.content_words import stem

_MOST_COMMON = 15_000
_ORDINARY = 6_000
_NEWER_THAN_THE_LISTS = frozenset(
    """
    adhd ai app apps asap bluetooth bmi bpm burnout diy doomscrolling faq fibre glutes hiit hrv hummus inbox influencer
    kefir kettlebell kilometre kimchi kombucha litre lockdown metre microbiome mindfulness nhs omg overthinking podcast
    ptsd quinoa rem rhr screentime smartphone smartwatch smoothie tofu unfollow vegan wifi workout
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language, folded.

    Attributes:
        words: all of them.
        common: those that make up most of any text, by which a language is recognised.
        ordinary: stems of those that say little by coming back in an answer.
    """

    words: frozenset[str]
    common: frozenset[str]
    ordinary: frozenset[str]

    def knows(self, word: str) -> bool:
        """Return whether a folded word is one of the language, in this or another form, or made up of such words."""
        if "-" in word:
            return all(map(self.knows, filter(None, word.split("-"))))
        bare = word.removesuffix("'s")
        root = stem(bare)
        return any(form in self.words for form in (bare, root, f"{root}e", f"{root}y"))


@lru_cache(maxsize=4)
def vocabulary(language: str) -> Vocabulary | None:
    """Return the words of a language such as "en" or "pt-BR", or None if there is no list of them."""
    from spellchecker import SpellChecker

    code = language.partition("-")[0].lower()
    if code not in SpellChecker.languages():
        return None
    counts = SpellChecker(language=code, distance=1).word_frequency.dictionary
    ranked = [word if word.isascii() else folded(word) for word in sorted(counts, key=counts.__getitem__, reverse=True)]
    return Vocabulary(
        words=frozenset(ranked) | _NEWER_THAN_THE_LISTS,
        common=frozenset(ranked[:_MOST_COMMON]) | _NEWER_THAN_THE_LISTS,
        ordinary=frozenset(map(stem, [*ranked[:_ORDINARY], *_NEWER_THAN_THE_LISTS])),
    )
