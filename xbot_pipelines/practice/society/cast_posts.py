"""The posts of the cast as the world and its lists ask for them: by id, time, author, word, and whom they address.

Lists reach a week back, and what is older is found by its id alone. Who may see a post, and whether it is deleted, is
no matter of this module.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from operator import attrgetter

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post, is_of_the_cast, moment_of, snowflake
from xbot_pipelines.practice.register import last_id_at, newest_first
from xbot_pipelines.practice.society.chronicle import Remark, mentions_of
from xbot_pipelines.practice.society.days import Day, day_of
from xbot_pipelines.practice.society.members import ids_of_members

REACH = timedelta(days=7)
_ONE_DAY = timedelta(days=1)
_FOLLOWED = 0.16  # of the cast, by an account of ours
_id_of = attrgetter("id")


@dataclass(slots=True)
class CastPosts:
    """What the cast of one world says. `addressed` are the accounts of ours that some of it is addressed to."""

    seed: int
    addressed: list[Person] = field(default_factory=list)

    def remark(self, post_id: int) -> Remark | None:
        """A post of the cast with all that is known of it; None where there is none of this id."""
        if not is_of_the_cast(post_id):
            return None
        day = moment_of(post_id).date()
        mentions = (one for account in self.addressed for one in mentions_of(self.seed, day, account.handle))
        found = next((one for one in mentions if one.post.id == post_id), None)
        return found or day_of(self.seed, day).remarks.get(post_id)

    def find(self, post_id: int) -> Post | None:
        """The post of the cast with this id."""
        remark = self.remark(post_id)
        return None if remark is None else remark.post

    def remarks(self, since: datetime, until: datetime) -> Iterator[Remark]:
        """Everything that anybody of the cast said in a time, protected authors and promoted posts among them."""
        for day in _days(until, since):
            mentions = (one for account in self.addressed for one in mentions_of(self.seed, day, account.handle))
            for remark in (*day_of(self.seed, day).remarks.values(), *mentions):
                if since <= remark.post.created_at <= until:
                    yield remark

    def all(self, at: datetime, below: int | None) -> Iterator[Post]:
        """What stood in timelines by then, newest first; `below` passes over ids from that one on."""
        return self._listed(at, below, lambda day: day.posts)

    def with_words(
        self, clauses: Sequence[Sequence[frozenset[str]]], at: datetime, below: int | None, reach: timedelta
    ) -> Iterator[Post]:
        """As `all`, of this reach, but only what has the words (see `Day.with_words`)."""
        return self._listed(at, below, lambda day: day.with_words(clauses), reach)

    def by(self, author_id: int, at: datetime, below: int | None) -> Iterator[Post]:
        """As `all`, of one author."""
        if author_id not in ids_of_members(self.seed):
            return iter(())
        posts = self._listed(at, below, lambda day: day.by_author.get(author_id, ()))
        return (post for post in posts if post.author_id == author_id)

    def addressing(self, account: Person, at: datetime, below: int | None, reach: timedelta = REACH) -> Iterator[Post]:
        """The posts that begin by addressing this account, newest first."""
        last_id, first_id = _bounds(at, below, reach)
        for day in _days(moment_of(last_id), at - reach):
            posts = [one.post for one in mentions_of(self.seed, day, account.handle)]
            yield from _down_to(first_id, newest_first(posts, last_id))

    def answers(self, post_id: int) -> Sequence[Post]:
        """What the cast will ever answer to one of its posts, oldest first."""
        if not is_of_the_cast(post_id):
            return ()
        day = moment_of(post_id).date()
        return [
            answer for of_day in (day, day + _ONE_DAY) for answer in day_of(self.seed, of_day).answers.get(post_id, ())
        ]

    def promoted(self, at: datetime) -> Iterator[Post]:
        """What brands pay for at that moment, newest first; each post for a day."""
        for day in _days(at, at - _ONE_DAY):
            posts = newest_first(day_of(self.seed, day).promoted, last_id_at(at))
            yield from _down_to(snowflake(at - _ONE_DAY, 0), posts)

    def is_followed(self, author_id: int, account: Person) -> bool:
        """Whether an account of ours follows this member of the cast."""
        return draws.fraction(self.seed, "follows", account.handle.lower(), author_id) < _FOLLOWED

    def _listed(
        self, at: datetime, below: int | None, of: Callable[[Day], Sequence[Post]], reach: timedelta = REACH
    ) -> Iterator[Post]:
        spoken = self._spoken(at, below, of, reach)
        # Whoever asks for words or for an author looks through these few himself.
        addressing = (self.addressing(account, at, below, reach) for account in self.addressed)
        return merge(spoken, *addressing, key=_id_of, reverse=True)

    def _spoken(
        self, at: datetime, below: int | None, of: Callable[[Day], Sequence[Post]], reach: timedelta
    ) -> Iterator[Post]:
        last_id, first_id = _bounds(at, below, reach)
        for day in _days(moment_of(last_id), at - reach):
            yield from _down_to(first_id, newest_first(of(day_of(self.seed, day)), last_id))


def _bounds(at: datetime, below: int | None, reach: timedelta) -> tuple[int, int]:
    last_id = last_id_at(at) if below is None else min(last_id_at(at), below - 1)
    return max(last_id, 0), snowflake(at - reach, 0)


def _down_to(first_id: int, posts: Iterable[Post]) -> Iterator[Post]:
    for post in posts:
        if post.id < first_id:
            return
        yield post


def _days(until: datetime, since: datetime) -> Iterator[date]:
    """The UTC days from the last one back to the first one."""
    day, first = until.astimezone(UTC).date(), since.astimezone(UTC).date()
    while day >= first:
        yield day
        day -= _ONE_DAY
