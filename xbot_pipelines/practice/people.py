"""The people of the practice world: the cast of readers, drawn from the seed, and the accounts that are ours.

Who they are and how many follow them at the start; how a following changes is decided in `following`.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.names import FIRST_NAMES, INTERESTS, LAST_NAMES, PLACES, TRADES
from xbot_pipelines.practice.posts import snowflake

CAST_SIZE = 600
PROTECTED = 24
BRANDS = (
    ("Lull & Co", "lullandco"), ("Stepwise", "stepwise_club"), ("Ironleaf", "ironleafgym"),
    ("Green Spoon", "greenspoonbox"), ("Stillwater", "stillwaterapp"), ("Daybright", "daybrightlamps"),
)  # fmt: skip
OWN_FOLLOWERS_AT_START = 2181

_PERSON_IDS_FROM = 20_000_000
_ADVERTISER_FOLLOWERS = 48_210


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `followers` and `posts` are the numbers the world began with."""

    id: int
    handle: str
    name: str
    bio: str
    location: str
    joined_at: datetime
    followers: int
    following: int
    posts: int
    verified: bool = False
    protected: bool = False


@dataclass(frozen=True)
class Cast:
    """Everybody in the world who is not ours: readers, some whose posts are protected, brands, and some others.

    Attributes:
        seed: Which world it is.
        others: People who are drawn elsewhere and belong to it.
    """

    seed: int
    others: tuple[Person, ...] = ()

    @cached_property
    def readers(self) -> tuple[Person, ...]:
        """All readers, in the order they were drawn."""
        return tuple(reader(self.seed, number) for number in range(CAST_SIZE))

    @cached_property
    def protected(self) -> tuple[Person, ...]:
        """Those whose posts only their followers see."""
        numbers = range(CAST_SIZE, CAST_SIZE + PROTECTED)
        return tuple(replace(reader(self.seed, number), protected=True) for number in numbers)

    @cached_property
    def brands(self) -> tuple[Person, ...]:
        """Those who pay for their posts to be shown."""
        return tuple(
            replace(
                reader(self.seed, CAST_SIZE + PROTECTED + number),
                handle=handle,
                name=name,
                bio=f"{name}. Made with care. Questions: write to us.",
                verified=True,
            )
            for number, (name, handle) in enumerate(BRANDS)
        )

    @cached_property
    def advertiser(self) -> Person:
        """The brand behind the promoted posts."""
        return Person(
            id=_PERSON_IDS_FROM - 1,
            handle="MorningOatsCo",
            name="Morning Oats",
            bio="Oats. In the morning.",
            location="",
            joined_at=datetime(2014, 3, 3, 9, tzinfo=UTC),
            followers=_ADVERTISER_FOLLOWERS,
            following=12,
            posts=1904,
            verified=True,
        )

    @cached_property
    def _by_id(self) -> dict[int, Person]:
        return {person.id: person for person in self._everybody}

    @cached_property
    def _by_handle(self) -> dict[str, Person]:
        return {person.handle.lower(): person for person in self._everybody}

    @property
    def _everybody(self) -> tuple[Person, ...]:
        return (*self.readers, *self.protected, *self.brands, self.advertiser, *self.others)

    def by_id(self, person_id: int) -> Person | None:
        """The member of the cast with this id."""
        return self._by_id.get(person_id)

    def by_handle(self, handle: str) -> Person | None:
        """The member of the cast with this handle, whatever its case."""
        return self._by_handle.get(handle.lower())


def own_account(handle: str) -> Person:
    """A young account of ours as it is when it first appears in a world; the same in every world."""
    chance = draws.generator("own account", handle.lower())
    joined_at = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=int(chance.integers(180 * 86400)))
    return Person(
        id=snowflake(joined_at, int(chance.integers(1, 4096))),
        handle=handle,
        name=handle.replace("_", " ").title(),
        bio="Small, kind notes on sleep, movement, food and calm. General information, no medical advice. Automated.",
        location="",
        joined_at=joined_at,
        followers=OWN_FOLLOWERS_AT_START,
        following=int(chance.integers(120, 320)),
        posts=0,
    )


@lru_cache(maxsize=4 * CAST_SIZE)
def reader(seed: int, number: int) -> Person:
    """The reader of this number, below 1000, in the world of this seed.

    Remembered, because a process may open many worlds of one seed, and drawing everybody is half of that.
    """
    chance = draws.generator(seed, "reader", number)

    def one_of(words: tuple[str, ...]) -> str:
        return words[int(chance.integers(len(words)))]

    first, last = one_of(FIRST_NAMES), one_of(LAST_NAMES)
    # The number keeps handles apart; X allows 15 characters.
    handle = f"{first.lower()}{one_of(('_', '', ''))}{last.lower()}"[:12] + str(number)
    joined_at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=int(chance.integers(15 * 365 * 86400)))
    return Person(
        id=_PERSON_IDS_FROM + number * 4817 + int(chance.integers(4817)),
        handle=handle,
        name=f"{first} {last}",
        bio=f"{one_of(TRADES).capitalize()}. Into {one_of(INTERESTS)} and {one_of(INTERESTS)}.",
        location=one_of(PLACES),
        joined_at=joined_at,
        followers=min(400_000, int(chance.lognormal(5.6, 1.6))),
        following=int(chance.lognormal(5.4, 0.8)),
        posts=int(chance.lognormal(6.5, 1.3)),
        verified=bool(chance.random() < 0.12),
    )
