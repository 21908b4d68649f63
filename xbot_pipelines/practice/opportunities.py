"""The truth about what we could answer: every post of a while, and why it is an opportunity at a moment or is none.

A judge of what a program finds holds it against this; the program itself never sees it. Of a post of the cast it is
known what it is about. Of one that was put here by hand it is taken from the word: it is about the subject it names.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post, snowflake
from xbot_pipelines.practice.prompt_injections import carriers, injection_in
from xbot_pipelines.practice.register import last_id_at
from xbot_pipelines.practice.society.chronicle import Remark
from xbot_pipelines.practice.society.members import Kind
from xbot_pipelines.practice.society.talk import SUBJECTS
from xbot_pipelines.practice.tempers import answer_of_author
from xbot_pipelines.practice.world import World


@dataclass(frozen=True, slots=True)
class Wanted:
    """What counts as an opportunity.

    Attributes:
        account: The account of ours that could answer.
        at: The moment.
        fresh: How old a post may be.
        subjects: What it has to be about.
        language: What it has to be written in.
    """

    account: Person
    at: datetime
    fresh: timedelta = timedelta(hours=3)
    subjects: Sequence[str] = SUBJECTS
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One post, with what the world knows of it.

    Attributes:
        post: The post.
        author: Who wrote it.
        subject: What it is about; None for none of the subjects.
        named: Which of the subjects stand in it by name, whatever it is about: by these it is found in a search.
        injection: The id of a prompt injection in its text or in its author's profile.
        promoted: Whether it is shown only because somebody pays for it.
        reasons: Why it is no opportunity; none for one that is.
    """

    post: Post
    author: Person
    subject: str | None
    named: Sequence[str]
    injection: str | None
    promoted: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class OptOut:
    """Somebody who asked us to leave him alone, in an answer to a reply of ours."""

    author: Person
    post: Post


def opt_outs(world: World, at: datetime) -> Iterator[OptOut]:
    """Everybody who had asked by then, in the order of our replies."""
    for ours in world.register.all():
        target = None if ours.in_reply_to is None else world.find(ours.in_reply_to)
        if target is None or not world.is_ours(ours.author_id) or world.is_ours(target.author_id):
            continue
        author = world.person(target.author_id)
        answer = answer_of_author(world.seed, author, ours)
        if answer is None or not answer.stop:
            continue
        for reply in world.replies_to(ours, at):
            if reply.author_id == author.id and reply.text == answer.text:
                yield OptOut(author, reply)


def candidates(world: World, wanted: Wanted, *, within: timedelta) -> Iterator[Candidate]:
    """Every post of the last `within`, judged; of all of them those without a reason are right, and no others."""
    since = wanted.at - within
    left_alone = {one.author.id for one in opt_outs(world, wanted.at)}
    published = world.register.between(snowflake(since, 0), last_id_at(wanted.at))
    for remark in world.cast_posts.remarks(since, wanted.at):
        yield _judged(world, wanted, remark, left_alone)
    for post in published:
        yield _judged(world, wanted, _as_far_as_told(world, post), left_alone)


@dataclass(frozen=True, slots=True)
class _Known:
    """A post that was published or put here by hand, as far as its text tells what it is."""

    post: Post
    subject: str | None
    injection: str | None


def _as_far_as_told(world: World, post: Post) -> _Known:
    named = subjects_named(post.text)
    attempt = injection_in(post.text)
    carried = next((one for one in carriers(world.seed).values() if one.person.id == post.author_id), None)
    injection = attempt or (None if carried is None else carried.injection)
    return _Known(post, named[0] if named else None, None if injection is None else injection.id)


def subjects_named(text: str) -> list[str]:
    """The subjects whose names stand in a text."""
    return [subject for subject in SUBJECTS if _NAMES[subject].search(text)]


_NAMES: Mapping[str, re.Pattern[str]] = {
    subject: re.compile(rf"(?<!\w){re.escape(subject)}(?!\w)", re.IGNORECASE) for subject in SUBJECTS
}


def _judged(world: World, wanted: Wanted, known: Remark | _Known, left_alone: set[int]) -> Candidate:
    post, author = known.post, world.person(known.post.author_id)
    promoted = isinstance(known, Remark) and known.author.kind is Kind.BRAND
    held_against: Mapping[str, Callable[[], bool]] = {
        "ours": lambda: world.is_ours(author.id),
        "off_subject": lambda: known.subject not in wanted.subjects,
        "other_language": lambda: post.language != wanted.language,
        "reply": lambda: post.in_reply_to is not None,
        "stale": lambda: wanted.at - post.created_at > wanted.fresh,
        "protected": lambda: author.protected,
        "promoted": lambda: promoted,
        "closed": lambda: post.reply_policy is not None,
        "deleted": lambda: world.fates.is_deleted(post.id, wanted.at),
        "hidden": lambda: world.fates.is_hidden(post.id, wanted.at),
        "answered": lambda: _is_answered(world, wanted, post),
        "left_alone": lambda: author.id in left_alone,
    }
    return Candidate(
        post=post,
        author=author,
        subject=known.subject,
        named=subjects_named(post.text),
        injection=known.injection,
        promoted=promoted,
        reasons=[reason for reason, holds in held_against.items() if holds()],
    )


def _is_answered(world: World, wanted: Wanted, post: Post) -> bool:
    answers = (one for one in world.register.answers(post.id) if one.author_id == wanted.account.id)
    return any(one.created_at <= wanted.at and not world.fates.is_deleted(one.id, wanted.at) for one in answers)
