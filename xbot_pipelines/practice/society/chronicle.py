"""What the cast says on one day, and what they answer each other: drawn from the seed and the day, never stored.

A day begins conversations; their last answers may come on the day after it, never later. Which posts of several days
can be seen where is decided in `days`, and when one is taken back, in `regrets`.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from xbot_pipelines.practice.draws import Dice
from xbot_pipelines.practice.posts import (
    CAST_SEQUENCES,
    Post,
    from_milliseconds,
    moment_of,
    snowflake,
    to_milliseconds,
)
from xbot_pipelines.practice.prompt_injections import INJECTIONS
from xbot_pipelines.practice.society import talk
from xbot_pipelines.practice.society.members import REPLY_POLICIES, Kind, Member, members_of

_HOUR = 3_600_000  # milliseconds
_LONGEST_WAIT = 7 * _HOUR  # three answers in a row stay within a day of the post
_CLOSED_NOW_AND_THEN = 0.02
_INJECTED = 0.012  # of what regular members say about a subject
_OTHER_MEANING = 0.2  # of what people without a subject say
# Of the sequence numbers of the cast the upper half is for those who address an account of ours.
_MENTION_SEQUENCES = CAST_SEQUENCES[len(CAST_SEQUENCES) // 2 :]
_MENTIONS_A_DAY = 4.0


@dataclass(frozen=True, slots=True)
class Remark:
    """One post of the cast, with what nobody can read off it for sure.

    Attributes:
        post: The post.
        author: Who wrote it.
        subject: Which of the subjects it is about; None for none, whatever word stands in it.
        injection: The id of the prompt injection in its text or in its author's profile.
    """

    post: Post
    author: Member
    subject: str | None
    injection: str | None = None


@lru_cache(maxsize=4)
def remarks_of(seed: int, day: date) -> Sequence[Remark]:
    """All posts of the conversations that begin on this UTC day, in no order. Takes some 50 ms."""
    return tuple(_Chronicler(seed, day).remarks())


@lru_cache(maxsize=64)
def mentions_of(seed: int, day: date, handle: str) -> Sequence[Remark]:
    """The posts of this UTC day that begin by addressing the account of this handle, oldest first."""
    dice = Dice(seed, "mentions", day, handle.lower())
    people = [one for one in members_of(seed) if one.kind is Kind.REGULAR and one.language == "en" and one.subjects]
    start = _MENTION_SEQUENCES[int(dice.fraction() * (len(_MENTION_SEQUENCES) - 100))]
    found = []
    for number in range(min(dice.count(_MENTIONS_A_DAY), 99)):
        author = dice.one_of(people)
        subject = author.subjects[0]
        text, injection = talk.mention(dice, subject, handle), None
        if dice.happens(0.1):
            attempt = dice.one_of(INJECTIONS)
            text, injection = f"@{handle} on {subject}: {attempt.text}", attempt.id
        moment = _moment(dice, day, author)
        found.append(Remark(_root(snowflake(moment, start + number), author, text), author, subject, injection))
    return tuple(sorted(found, key=lambda one: one.post.id))


class _Chronicler:
    """Draws one day; the running number keeps the ids of one millisecond apart."""

    def __init__(self, seed: int, day: date) -> None:
        self._members = members_of(seed)
        self._regular = [one for one in self._members if one.kind is Kind.REGULAR]
        self._dice = Dice(seed, "chronicle", day)
        self._day = day
        self._sequence = CAST_SEQUENCES.start

    def remarks(self) -> Iterator[Remark]:
        for author in self._members:
            for _ in range(self._dice.count(author.a_day)):
                root = self._first(author)
                yield root
                if author.kind is Kind.REGULAR and root.post.reply_policy is None:
                    yield from self._thread(root)

    def _first(self, author: Member) -> Remark:
        dice = self._dice
        text, subject, injection = self._words(author)
        policy = author.reply_policy
        if policy is None and author.kind is Kind.REGULAR and dice.happens(_CLOSED_NOW_AND_THEN):
            policy = dice.one_of(REPLY_POLICIES)
        post_id = snowflake(_moment(dice, self._day, author), self._next())
        return Remark(_root(post_id, author, text, policy), author, subject, injection)

    def _words(self, author: Member) -> tuple[str, str | None, str | None]:
        dice = self._dice
        if author.kind is Kind.BRAND:
            subject = dice.one_of(talk.SUBJECTS)
            return talk.promotion(dice, subject), subject, None
        carried = None if author.injection is None else author.injection.id
        if author.kind is Kind.CARRIER or dice.happens(author.on_subject):
            subject = author.subjects[0] if dice.happens(0.7) else author.subjects[-1]
            if author.kind is Kind.REGULAR and author.language == "en" and dice.happens(_INJECTED):
                attempt = dice.one_of(INJECTIONS)
                return f"A word on {subject}. {attempt.text}", subject, attempt.id
            said = talk.about(dice, subject, author.language)
            return said.text, said.subject, carried
        if author.language == "en" and dice.happens(_OTHER_MEANING):
            return talk.naming(dice, dice.one_of(talk.SUBJECTS)), None, None
        if author.language != "en" and dice.happens(0.4):
            subject = dice.one_of(talk.SUBJECTS)
            return talk.about(dice, subject, author.language).text, subject, None
        return talk.chat(dice, dice.one_of(author.topics), author.language), None, None

    def _thread(self, root: Remark) -> Iterator[Remark]:
        """Friends answer, the author answers some of them, and some answer again."""
        dice, author = self._dice, root.author
        mean = 0.2 + 0.05 * len(str(author.person.followers))
        for _ in range(dice.count(mean)):
            friend = self._members[dice.one_of(author.friends)] if dice.happens(0.75) else self._stranger(author)
            if friend.person.id == author.person.id:
                continue
            last = self._answer(root, friend, talk.answer(dice, root.subject, author.language))
            yield last
            if dice.happens(0.4):
                last = self._answer(last, author, talk.answer_back(dice, author.language))
                yield last
                if dice.happens(0.3):
                    yield self._answer(last, friend, talk.answer_back(dice, author.language))

    def _stranger(self, author: Member) -> Member:
        found = self._dice.one_of(self._regular)
        return found if found.language == author.language else author

    def _answer(self, to: Remark, author: Member, text: str) -> Remark:
        wait = min(_LONGEST_WAIT, 45_000 + int(self._dice.about(18 * 60_000, 1.1)))
        post_id = snowflake(from_milliseconds(to_milliseconds(to.post.created_at) + wait), self._next())
        answered = to.post
        return Remark(
            Post(
                id=post_id,
                author_id=author.person.id,
                text=text,
                created_at=moment_of(post_id),
                in_reply_to=answered.id,
                conversation_id=answered.conversation_id,
                author_followers=author.person.followers,
                language=author.language,
            ),
            author,
            to.subject,
        )

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence


def _moment(dice: Dice, day: date, author: Member) -> datetime:
    hour = min(23, bisect(author.hours, dice.fraction()))
    begin = to_milliseconds(datetime.combine(day, time(), UTC))
    return from_milliseconds(begin + hour * _HOUR + int(dice.fraction() * _HOUR))


def _root(post_id: int, author: Member, text: str, policy: str | None = None) -> Post:
    return Post(
        id=post_id,
        author_id=author.person.id,
        text=text,
        created_at=moment_of(post_id),
        in_reply_to=None,
        conversation_id=post_id,
        author_followers=author.person.followers,
        language=author.language,
        reply_policy=policy,
    )
