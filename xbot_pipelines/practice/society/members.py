"""Who of the cast posts, about what, how often, at which hours, in which language, and whom they talk with.

Drawn once for a seed. What they say is in `talk`, and on which day, in `chronicle`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import accumulate

from xbot_pipelines.practice.draws import Dice
from xbot_pipelines.practice.people import Cast, Person
from xbot_pipelines.practice.prompt_injections import Injection, carriers
from xbot_pipelines.practice.society.talk import SUBJECTS, TOPICS

POSTING_READERS = 270
_ON_SUBJECT_SHARE = 0.45
_CLOSED_SHARE = 0.06
_FRIENDS = 6
# X's words for who alone may answer: people the author follows, people who are mentioned, verified people.
REPLY_POLICIES = ("Community", "ByInvitation", "Verified")


class Kind(Enum):
    """What sort of member somebody is."""

    REGULAR = auto()
    PROTECTED = auto()
    BRAND = auto()
    CARRIER = auto()
    """Carries a prompt injection in the profile."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who posts.

    Attributes:
        person: Who it is.
        kind: What sort of member.
        language: What they write in.
        subjects: Those of ours they write about, the first most; empty for most people.
        on_subject: The share of their posts that is about these.
        topics: What else they write about.
        a_day: Posts a day, answers aside.
        hours: The share of their posts that is out by the end of each hour of the UTC day, ascending to 1.
        reply_policy: Who alone may answer any of their posts; None is everybody.
        friends: Places of those they talk with, among the members.
        injection: What the profile of a carrier holds.
    """

    person: Person
    kind: Kind
    language: str
    subjects: tuple[str, ...]
    on_subject: float
    topics: tuple[str, ...]
    a_day: float
    hours: tuple[float, ...]
    reply_policy: str | None = None
    friends: tuple[int, ...] = ()
    injection: Injection | None = None


@lru_cache(maxsize=4)
def members_of(seed: int) -> Sequence[Member]:
    """Everybody in the world of this seed who posts; the regular ones come first."""
    cast = Cast(seed)
    people = [
        *((person, Kind.REGULAR, None) for person in cast.readers[:POSTING_READERS]),
        *((person, Kind.PROTECTED, None) for person in cast.protected),
        *((person, Kind.BRAND, None) for person in cast.brands),
        *((one.person, Kind.CARRIER, one.injection) for one in carriers(seed).values()),
    ]
    subjects = _subjects_of(seed)
    languages = [_language(Dice(seed, "language", place)) for place in range(POSTING_READERS)]
    return tuple(
        _member(seed, place, person, kind, injection, subjects, languages)
        for place, (person, kind, injection) in enumerate(people)
    )


@lru_cache(maxsize=4)
def ids_of_members(seed: int) -> frozenset[int]:
    """The ids of everybody in the world of this seed who posts."""
    return frozenset(one.person.id for one in members_of(seed))


def _member(
    seed: int,
    place: int,
    person: Person,
    kind: Kind,
    injection: Injection | None,
    subjects: Sequence[tuple[str, ...]],
    languages: Sequence[str],
) -> Member:
    dice = Dice(seed, "member", place)
    regular = kind is Kind.REGULAR
    own = subjects[place] if regular else (SUBJECTS[place % len(SUBJECTS)],)
    language = languages[place] if regular else "en"
    # Who writes about something writes more than the others.
    a_day = {
        Kind.REGULAR: dice.about(10.5 if own else 3.6, 0.45),
        Kind.PROTECTED: 6.0,
        Kind.BRAND: 2.0,
        Kind.CARRIER: 0.2,
    }[kind]
    return Member(
        person=person,
        kind=kind,
        language=language,
        subjects=own,
        on_subject=0.75 if own else 0.0,
        topics=(dice.one_of(TOPICS), dice.one_of(TOPICS)),
        a_day=min(a_day, 30.0),
        hours=_hours(dice),
        reply_policy=dice.one_of(REPLY_POLICIES) if regular and dice.happens(_CLOSED_SHARE) else None,
        friends=_friends(dice, place, subjects, languages) if regular else (),
        injection=injection,
    )


def _subjects_of(seed: int) -> Sequence[tuple[str, ...]]:
    """The subjects of each regular member, so that every subject has about as many people."""
    dice, turn = Dice(seed, "subjects"), 0
    found: list[tuple[str, ...]] = []
    for _ in range(POSTING_READERS):
        if dice.happens(_ON_SUBJECT_SHARE):
            found.append((SUBJECTS[turn % len(SUBJECTS)], dice.one_of(SUBJECTS)))
            turn += 1
        else:
            found.append(())
    return found


def _language(dice: Dice) -> str:
    drawn = dice.fraction()
    return "en" if drawn < 0.82 else "de" if drawn < 0.92 else "es"


def _hours(dice: Dice) -> tuple[float, ...]:
    """People wake between six and nine where they live, write most at noon and in the evening, and sleep."""
    zone = dice.one_of((-8, -6, -5, -5, 0, 0, 1, 1, 1, 2, 3, 5, 8, 10))
    wakes = 6 + int(4 * dice.fraction())
    weights = []
    for hour in range(24):
        local = (hour + zone) % 24
        awake = wakes <= local < 23
        weights.append((1.0 + 0.8 * (local in {12, 13, 19, 20, 21})) if awake else 0.04)
    whole = sum(weights)
    return tuple(value / whole for value in accumulate(weights))


def _friends(dice: Dice, place: int, subjects: Sequence[tuple[str, ...]], languages: Sequence[str]) -> tuple[int, ...]:
    """Mostly people of the same subject, and all of the same language."""
    others = [other for other in range(POSTING_READERS) if other != place and languages[other] == languages[place]]
    near = [other for other in others if subjects[other][:1] == subjects[place][:1]]
    return tuple(dice.one_of(near if near and dice.happens(0.7) else others) for _ in range(_FRIENDS))
