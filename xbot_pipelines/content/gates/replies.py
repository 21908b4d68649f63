"""Gates of a reply: it is about what it answers, adds something, and says nothing that a stranger put into its mouth.

Pure. A reply passes the gates of every draft as well. The texts in question are data of other people.
"""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process, utils

from xbot_pipelines.content.gates.content_words import content_words, stem, words
from xbot_pipelines.content.gates.drafts import LOOKED_AT, objections
from xbot_pipelines.content.gates.strangers_words import came_back, plainly_said
from xbot_pipelines.models import Target
from xbot_pipelines.text.clean import LONGEST_MATCHED

_FEWEST_WORDS = 4
_A_PARROT = 80.0
_COPIED_WORDS = 5
_BEYOND_APPLAUSE = 2
_CLAPS = frozenset(
    stem(word)
    for word in words(
        """
    absolutely agree agreed amazing appreciate awesome beautiful brilliant congrats congratulations correct
    exactly excellent fantastic gem gold good great helpful insight insightful inspiring interesting love loved
    lovely nice nicely nailed perfect powerful preach super thank thanks thoughtful totally true truly
    underrated valuable well-said wisdom wise wonderful wow
    """
    )
)
# What stands around them in "thanks for sharing this great post".
_AROUND = content_words(
    """
    cool couldn't important job keep needed point post posts read reminder reply say sharing share shared spot
    take thoughts thread tip tips truth tweet useful words work worth writing written
    """
)


def reply_objections(
    text: str,
    *,
    target: Target,
    subject: str | None,
    thread: Sequence[str],
    others: Sequence[str],
    recent_texts: Sequence[str],
    about_author: Sequence[str] = (),
) -> list[str]:
    """Answers everything that speaks against a reply; an empty list lets it pass.

    Args:
        text: the reply.
        target: the post that it answers. Its author is the one person who may be named.
        subject: which of our subjects it is about; None where somebody addressed us about something else.
        thread: what was said before the post, oldest first.
        others: what others answered to it.
        recent_texts: our last replies, which it must not repeat.
        about_author: what else the model saw of the author's own words: the name, the bio.
    """
    general = objections(text, recent_texts=recent_texts, allowed_mention=target.author_handle)
    if len(text) > LOOKED_AT:
        return general
    target = replace(target, text=target.text[:LONGEST_MATCHED])
    thread, others, about_author = (
        [one[:LONGEST_MATCHED] for one in texts] for texts in (thread, others, about_author)
    )
    found = (
        _off_topic(text, target, subject, thread),
        _too_short(text),
        _applause(text),
        _parrot(text, target, others),
        _copied(text, target),
        _stranger_speaks(text, [target.text, *others, *about_author], subject, thread),
    )
    return [*general, *(objection for objection in found if objection is not None)]


def _off_topic(text: str, target: Target, subject: str | None, thread: Sequence[str]) -> str | None:
    about = content_words(target.text, *thread, subject or "")
    if not about or content_words(text) & about:
        return None
    return "it has no word in common with the post, its thread or the subject"


def _too_short(text: str) -> str | None:
    count = len(words(text))
    return f"it has {count} words, fewer than {_FEWEST_WORDS}" if 0 < count < _FEWEST_WORDS else None


def _applause(text: str) -> str | None:
    claps = any(stem(word) in _CLAPS for word in words(text))
    if claps and "?" not in text and len(content_words(text) - _CLAPS - _AROUND) < _BEYOND_APPLAUSE:
        return "it only applauds and adds nothing"
    return None


def _parrot(text: str, target: Target, others: Sequence[str]) -> str | None:
    said = {"the post it answers": [target.text], "what somebody else answered": others}
    for whose, texts in said.items():
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            found = process.extractOne(
                text, texts, scorer=scorer, processor=utils.default_process, score_cutoff=_A_PARROT
            )
            if found:
                return f"it is {found[1]:.0f} % like {whose}: {found[0][:80]!r}"
    return None


def _copied(text: str, target: Target) -> str | None:
    theirs = set(_runs(target.text))
    run = next((run for run in _runs(text) if run in theirs), None)
    return None if run is None else f"it copies {' '.join(run)!r} from the post it answers"


def _runs(text: str) -> list[tuple[str, ...]]:
    said = words(text)
    return [tuple(said[start : start + _COPIED_WORDS]) for start in range(len(said) - _COPIED_WORDS + 1)]


def _stranger_speaks(text: str, read: Sequence[str], subject: str | None, thread: Sequence[str]) -> str | None:
    word = came_back(text, read=[*read, *thread], known=[subject or "", *map(plainly_said, thread)])
    return None if word is None else f"it says {word!r}, which somebody wanted it to say"
