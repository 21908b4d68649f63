"""How a text sounds in which a language model speaks of itself, plays a part, or answers in markup. Pure.

Nothing of the kind belongs into a post. It is what a model leaves in a text that was talked into something, or that
took the post for the conversation it is in. The gates ask here.
"""

import re

from xbot_pipelines.content.folded_text import folded

_ITSELF = r"an? (?:ai|a\.i\.|bot|robot|(?:large )?language model|(?:ai |virtual )?assistant|chat ?bot|program)"
_FIRST = r"(?:sure|of course|certainly|okay|ok|absolutely|understood|got it|no problem|as requested)\b"
_SIGNS = {
    "it speaks of being a model": (
        rf"\bas {_ITSELF}\b|\bi(?:'m| am) (?:just |only )?{_ITSELF}\b",
        r"\bmy (?:training data|programming|developers?|creators?)\b",
        r"\bi (?:was|am|have been) (?:instructed|programmed|prompted|trained) (?:to|not)\b",
        r"\bi (?:can't|cannot|won't|will not) (?:comply|assist|fulfil)",
        r"\bi can(?:'t|not) help (?:you )?with (?:that|this)\b",
    ),
    "it speaks of a prompt or of instructions": (
        (
            r"\b(?:my|your|system|hidden|initial|previous|above|prior|these|original) (?:system )?"
            r"(?:prompts?|instructions?|persona)\b"
        ),
        r"\bapi[ _-]?keys?\b|\bprompt injection|\bjailbreak",
        r"\bpersona[- ](?:begin|end)\b|\bhidden rules\b|\bcontent filter\b",
    ),
    "it plays a part of a conversation": (
        r"(?:^|\n|[.!?] )\W*(?:system|assistant|user|human|developer|ai|bot|model|operator) ?:",
        (
            r"^\W*(?:reply|answer|response|draft|output|tweet|post|final|subject|tone|task)"
            r"(?: (?:text|answer|reply|draft|post))? ?:"
        ),
    ),
    "it begins like an answer to whoever asked for it": (
        rf"^\W*{_FIRST}\W{{1,3}}(?:here\b|i (?:will|can)\b|i'll\b)|^\W*{_FIRST}[^.\n]{{0,40}}:",
        (
            r"\b(?:here(?:'s| is| are)|below is) (?:my|the|your|an?|one|some)\b[^.\n]{0,30}"
            r"\b(?:reply|answer|response|draft|tweet)\b"
        ),
    ),
    "it holds code or markup": (
        r"```|`[^`\n]+`|<\|?/?[a-z!][^>\n]*>|<<|>>|\{|\}|[\"'] ?: ?[\"']|\[[^\]\n]*\] ?\(|\[/?[a-z][a-z _-]*\]",
        r"(?:^|\n) ?(?:#{1,6} |>|---)|\| ?:?-{3,}|\*\*[^*\n]+\*\*|__[^_\n]+__|(?<!\w)[_*][^_*\s][^_*\n]*[_*](?!\w)",
        r"; ?--|\w\([\"']|\\[nt\"]",
    ),
}
_COMPILED = [(reason, re.compile("|".join(patterns), re.IGNORECASE)) for reason, patterns in _SIGNS.items()]


def gives_a_model_away(text: str) -> str | None:
    """Answers what shows that a model speaks, with the words that show it; None where nothing does."""
    plain = folded(text)
    for reason, pattern in _COMPILED:
        found = pattern.search(plain)
        if found:
            return f"{reason} ({found[0].strip()[:40]!r})"
    return None
