"""Gates of a reply: it adds something, and says nothing that a stranger put into its mouth.

Pure. A reply passes the gates of every draft as well. The texts in question are data of other people.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process, utils

from xbot_pipelines.content.gates.content_words import content_words, stem, words
from xbot_pipelines.content.gates.drafts import LOOKED_AT, objections
from xbot_pipelines.content.gates.source_comparison import (
    Sources,
    outside_objections,
    repeats_the_prompt,
    wrong_language,
)
from xbot_pipelines.content.prompts.prompt import rules_of_writing
from xbot_pipelines.models import Target
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.text.clean import LONGEST_MATCHED

_FEWEST_WORDS = 4
_A_PARROT = 80.0
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
    profile: AccountSettings,
    target: Target,
    subject: str | None,
    thread: Sequence[str],
    others: Sequence[str],
    recent_texts: Sequence[str],
    about_author: Sequence[str] = (),
    our_words: Sequence[str] = (),
) -> list[str]:
    """Return everything that speaks against a reply; an empty list lets it pass.

    Args:
        text: the reply.
        profile: who writes, and in which language.
        target: the post that it answers. Its author is the one person who may be named.
        subject: which of our subjects it is about; None where somebody addressed us about something else.
        thread: what others said before the post, oldest first.
        others: what others answered to it.
        recent_texts: our last replies, which it must not repeat.
        about_author: what else the model saw of the author's own words: the name, the bio.
        our_words: what we said in the thread ourselves.
    """
    general = objections(text, recent_texts=recent_texts, allowed_mention=target.author_handle)
    if len(text) > LOOKED_AT:
        return general
    target = replace(target, text=target.text[:LONGEST_MATCHED])
    thread, others, about_author = (
        [one[:LONGEST_MATCHED] for one in texts] for texts in (thread, others, about_author)
    )
    sources = Sources(
        outside=[target.text, *thread, *others, *about_author],
        ours=[subject or "", *profile.subjects, profile.persona, *our_words],
        language=profile.language,
    )
    found = (
        wrong_language(text, profile.language),
        repeats_the_prompt(text, rules_of_writing(profile)),
        _too_short(text),
        _applause(text),
        _parrot(text, target, others),
    )
    return [
        *general,
        *(objection for objection in found if objection is not None),
        *outside_objections(_without_mention(text, target.author_handle), sources),
    ]


def _without_mention(text: str, handle: str) -> str:
    return re.sub(rf"@{re.escape(handle)}\b", "", text, flags=re.IGNORECASE)


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
