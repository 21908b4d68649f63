"""Whether a text hides characters from its reader, or plainly addresses a language model. Pure.

Such a text never reaches a model. The list of phrases is short on purpose: attacks are worded in more ways than a list
holds. What comes of the others is found in the draft, by comparing it with its sources (`content.gates`).
"""

import re

from xbot_pipelines.content.folded_text import folded, respelled, turned
from xbot_pipelines.text.clean import LONGEST_MATCHED

# X's own apps put isolates around a name, a hashtag or a link in a text of both directions.
_ISOLATED_NAME = re.compile("[\u2066-\u2068](?:[@#]\\w+|https?://[^\\s\u2069]+)\u2069")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FLAG_OF_TAGS = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_UNSEEN_IN_A_WORD = re.compile(
    "[A-Za-z][\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0]+[A-Za-z]"
)
_SMUGGLING = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}|[\u200b-\u200d\u2060-\u2064\ufeff]{4,}")
_EMPHASIS = re.compile(r"[*_~`]")
_HIDING = (
    (_TURNED, "it turns the direction of its text around"),
    (_TAGS, "it holds tag characters, which nobody sees"),
    (_UNSEEN_IN_A_WORD, "it has characters inside its words that nobody sees"),
    (_SMUGGLING, "it has a row of characters that nobody sees"),
)


def _ignoring(blank: str) -> str:
    """Return the pattern of "ignore all previous instructions", for a text with these blanks, or with none."""
    verbs = r"(?<!\bi )(?<!\bwe )(?<!\bthey )(?:ignore|disregard|forget|override)"
    what = rf"(?:{blank}(?:all|any|every|of|the|your|my|our|previous|prior|earlier|above)){{0,5}}"
    rules = rf"{blank}(?:all|any|your|previous|prior|earlier|above){what}{blank}rules"
    return rf"{verbs}(?:{what}{blank}(?:instructions?|prompts?|system{blank}(?:prompt|message))|{rules})"


_ASSISTANT = r"(?:ai(?: model| assistant)?|bot|llm|(?:large )?language model|chatgpt|assistant)"
_CORE = re.compile(
    "|".join(
        f"(?:{pattern})"
        for pattern in (
            _ignoring(" "),
            r"\bsystem (?:prompt|message|override)\b",
            r"\b(?:your|the) (?:hidden|initial|original|secret|previous|prior) (?:instructions|rules|prompt)\b",
            r"\b(?:reveal|print|repeat|show|leak|output) (?:me )?(?:your|the) (?:\w+ )?(?:instructions|prompt)\b",
            r"\bprompt injection\b|\bjailbreak",
            r"\b(?:developer|debug|god|unrestricted) mode\b",
            r"\byour new (?:task|role|instructions?|persona)\b",
            r"\bforget your (?:persona|role|training)\b",
            rf"\bif you(?:'re| are) an? {_ASSISTANT}[,;:]",
            rf"\b(?:dear|attention|(?:note |message )?to) (?:all |any |the )?{_ASSISTANT}s?(?: reading|[,:])",
            r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|instructions?)\b[^>\n]{0,40}>?",
            r"\[/?(?:inst|system|assistant)\]|<</?sys>>",
            r"^[^\w\n]{0,20}(?:system|assistant|developer) ?:",
            r"^#+ ?(?:system|instructions?|assistant)\b",
            r"[\"'](?:role|tool)[\"'] ?: ?[\"']",
            r"\bignorier\w* (?:alle |die |deine )*(?:vorherigen |bisherigen )?(?:anweisungen|regeln)\b",
            r"\bignora (?:todas )?(?:las |tus )?(?:instrucciones|reglas)\b",
            r"\b(?:ignore|oublie)z? (?:toutes )?(?:les|tes|vos) (?:instructions|consignes)\b",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_IGNORING_IN_ANY_SPELLING = re.compile("|".join(map(_ignoring, (" ", ""))), re.IGNORECASE)


def detect_prompt_injection(text: str) -> str | None:
    """Return why a text is kept from the model, or None if nothing speaks against reading it.

    Args:
        text: a post, a bio, a name, or the title of some news, as it was written: nothing taken out of it.
    """
    text = text[:LONGEST_MATCHED]
    shown = _FLAG_OF_TAGS.sub("", _ISOLATED_NAME.sub("", text))
    hiding = next((reason for pattern, reason in _HIDING if pattern.search(shown)), None)
    if hiding:
        return hiding
    plain = folded(text)
    found = next(filter(None, map(_CORE.search, (plain, " ".join(_EMPHASIS.sub("", plain).split())))), None)
    if found:
        return f"it addresses a language model ({found[0].strip()[:40]!r})"
    if any(map(_IGNORING_IN_ANY_SPELLING.search, (*respelled(plain), *turned(plain)))):
        return "it spells an order so that only a program reads it"
    return None
