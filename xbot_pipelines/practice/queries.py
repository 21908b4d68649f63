"""X's search language: a query as a person types it becomes conditions that a post meets or does not. Pure.

Which posts there are to be searched, and in which order they are shown, is decided in `search_timeline`.

Words, "phrases", #tags and @names must all be in the text, whatever their case. `OR` stands between alternatives and
binds closer than the blank; brackets group; a minus turns what follows it round. Operators: from, to, since, until,
since_time, until_time, since_id, max_id, filter:replies, filter:links, lang, min_faves. An operator that X does not
know, or whose value is none, is a word like any other.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

from xbot_pipelines.practice.posts import Post, as_post_id, snowflake
from xbot_pipelines.practice.wording import URL

_ENDLESS = 1 << 64
_MOST_BRACKETS = 50  # nobody means more; they are left out then
_TOKEN = re.compile(
    r'\s*(?:(?P<minus>-)(?=\S))?(?:(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))'
)
_CURLY = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that a query is held against, with what the post itself does not know.

    Handles are in small letters; `answering` is whose post it answers, None for a post that answers nobody. `likes`
    is a question, because the answer costs more than all else and few queries ask.
    """

    post: Post
    author: str
    answering: str | None
    language: str
    likes: Callable[[], int]


class Condition(Protocol):
    """One thing that a query asks of a post."""

    def holds(self, candidate: Candidate) -> bool:
        """Whether the post meets it."""


# Makes a condition of an operator's value; None of a value that is none.
Operator = Callable[[str], Condition | None]
_NO_MORE: Mapping[str, Operator] = {}


@dataclass(frozen=True, slots=True)
class Says:
    """A word, phrase, #tag or @name stands in the text, as a whole."""

    words: str

    def holds(self, candidate: Candidate) -> bool:
        """Whether the text has it; a name also stands in a reply to its bearer, as the automatic mention."""
        text = _plain(candidate.post.text)
        return self.words == f"@{candidate.answering}" or _as_a_whole(self.words).search(text) is not None


@dataclass(frozen=True, slots=True)
class By:
    """An author wrote it."""

    handle: str

    def holds(self, candidate: Candidate) -> bool:
        """Whether the author has this handle."""
        return candidate.author == self.handle


@dataclass(frozen=True, slots=True)
class Answering:
    """It answers a post of somebody, or (None) of anybody."""

    handle: str | None

    def holds(self, candidate: Candidate) -> bool:
        """Whether it is such a reply."""
        return candidate.answering is not None and self.handle in {None, candidate.answering}


@dataclass(frozen=True, slots=True)
class Linking:
    """A link stands in the text."""

    def holds(self, candidate: Candidate) -> bool:
        """Whether there is one."""
        return URL.search(candidate.post.text) is not None


@dataclass(frozen=True, slots=True)
class Between:
    """Its id lies between two ids, both included; an id is a moment, so this says the time, too."""

    first_id: int = 0
    last_id: int = _ENDLESS

    def holds(self, candidate: Candidate) -> bool:
        """Whether the id is within."""
        return self.first_id <= candidate.post.id <= self.last_id


@dataclass(frozen=True, slots=True)
class InLanguage:
    """It is written in a language."""

    code: str

    def holds(self, candidate: Candidate) -> bool:
        """Whether X takes it for this language."""
        return candidate.language == self.code


@dataclass(frozen=True, slots=True)
class LikedBy:
    """At least so many like it."""

    least: int

    def holds(self, candidate: Candidate) -> bool:
        """Whether there are enough likes now."""
        return candidate.likes() >= self.least


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: Condition

    def holds(self, candidate: Candidate) -> bool:
        """Whether the condition does not hold."""
        return not self.of.holds(candidate)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several."""

    conditions: Sequence[Condition]

    def holds(self, candidate: Candidate) -> bool:
        """Whether one of them holds."""
        return any(condition.holds(candidate) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Query:
    """All of several conditions. The properties tell where to look, so that not every post has to be looked at."""

    conditions: Sequence[Condition]

    def holds(self, candidate: Candidate) -> bool:
        """Whether all of them hold. A query that asks nothing finds nothing."""
        return bool(self.conditions) and all(condition.holds(candidate) for condition in self.conditions)

    @property
    def author(self) -> str | None:
        """The one handle, in small letters, whose posts alone can be found; None when they can be anybody's."""
        return next((one.handle for one in self.conditions if isinstance(one, By)), None)

    @property
    def ids(self) -> Between:
        """Between which ids everything lies that can be found."""
        within = [one for one in self.conditions if isinstance(one, Between)]
        first_id = max((one.first_id for one in within), default=0)
        return Between(first_id, min((one.last_id for one in within), default=_ENDLESS))


def parse(text: str, more: Mapping[str, Operator] = _NO_MORE) -> Query:
    """The query that a text stands for. Any text is one: what cannot be understood is looked for as words.

    Args:
        text: The query as it was typed.
        more: Operators besides those that the site has.
    """
    found = [
        token for token in _TOKEN.finditer(text.translate(_CURLY)) if token["phrase"] is None or token["phrase"].strip()
    ]
    if sum(1 for token in found if token["open"]) > _MOST_BRACKETS:
        found = [token for token in found if not token["open"] and not token["close"]]
    return _Parser(found, {**_OPERATORS, **more}).query()


class _Parser:
    """Reads tokens from left to right: a query is alternatives beside alternatives, an alternative is one thing."""

    def __init__(self, tokens: Sequence[re.Match[str]], operators: Mapping[str, Operator]) -> None:
        self._tokens = tokens
        self._operators = operators
        self._place = 0

    def query(self) -> Query:
        conditions = list(self._alternatives())
        while self._place < len(self._tokens):
            # A bracket that closes nothing: as if it were not there.
            self._place += 1
            conditions += self._alternatives()
        return Query(conditions)

    def _alternatives(self) -> Iterator[Condition]:
        while (one := self._one()) is not None:
            among = [one]
            while self._word() == "OR":
                self._place += 1
                other = self._one()
                among += [] if other is None else [other]
            yield among[0] if len(among) == 1 else AnyOf(among)

    def _one(self) -> Condition | None:
        while self._word() == "OR":
            # With nothing on its left there is nothing to choose from.
            self._place += 1
        if self._place == len(self._tokens) or self._tokens[self._place]["close"]:
            return None
        token = self._tokens[self._place]
        self._place += 1
        found = self._group() if token["open"] else self._condition(token)
        return Not(found) if token["minus"] else found

    def _group(self) -> Condition:
        group = Query(list(self._alternatives()))
        self._place = min(self._place + 1, len(self._tokens))
        return group

    def _condition(self, token: re.Match[str]) -> Condition:
        word: str | None = token["word"]
        if word is None:
            return Says(" ".join(_plain(token["phrase"]).split()))
        name, _, value = word.partition(":")
        operator = self._operators.get(name.lower())
        made = operator(value) if value and operator is not None else None
        return made or Says(_plain(word))

    def _word(self) -> str | None:
        at_end = self._place == len(self._tokens)
        return None if at_end or self._tokens[self._place]["minus"] else self._tokens[self._place]["word"]


def _handle(value: str) -> str:
    return value.removeprefix("@").lower()


def _since(value: str, moment_of: Callable[[str], datetime | None]) -> Condition | None:
    moment = moment_of(value)
    return None if moment is None else Between(first_id=snowflake(moment, 0))


def _until(value: str, moment_of: Callable[[str], datetime | None]) -> Condition | None:
    moment = moment_of(value)
    return None if moment is None else Between(last_id=snowflake(moment, 0) - 1)


def _day(value: str) -> datetime | None:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _seconds(value: str) -> datetime | None:
    number = as_post_id(value)
    try:
        return None if number is None else datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _after_id(value: str) -> Condition | None:
    post_id = as_post_id(value)
    return None if post_id is None else Between(first_id=post_id + 1)


def _up_to_id(value: str) -> Condition | None:
    post_id = as_post_id(value)
    return None if post_id is None else Between(last_id=post_id)


def _liked(value: str) -> Condition | None:
    least = as_post_id(value)
    return None if least is None else LikedBy(least)


_KINDS: Mapping[str, Condition] = {"replies": Answering(None), "links": Linking()}
_OPERATORS: Mapping[str, Operator] = {
    "from": lambda value: By(_handle(value)),
    "to": lambda value: Answering(_handle(value)),
    "since": lambda value: _since(value, _day),
    "until": lambda value: _until(value, _day),
    "since_time": lambda value: _since(value, _seconds),
    "until_time": lambda value: _until(value, _seconds),
    "since_id": _after_id,
    "max_id": _up_to_id,
    "filter": lambda value: _KINDS.get(value.lower()),
    "lang": lambda value: InLanguage(value.lower()),
    "min_faves": _liked,
}


def _plain(text: str) -> str:
    return text.translate(_CURLY).casefold()


@lru_cache(maxsize=256)
def _as_a_whole(words: str) -> re.Pattern[str]:
    between_words = r"\W+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<![\w@]){between_words}(?!\w)")
