"""The replies that readers write under a post: who, when, what. Computed from the seed, never stored.

How many replies there are and at which age comes from `audience`; here they become posts of persons.
"""

from collections.abc import Sequence
from datetime import timedelta

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.audience import Ages
from xbot_pipelines.practice.people import Cast, Person
from xbot_pipelines.practice.posts import READER_SEQUENCES, Post, from_milliseconds, snowflake, to_milliseconds
from xbot_pipelines.practice.traits import recognise

_OPENINGS = ("", "", "", "Honestly, ", "Ok, ", "Huh. ", "Thank you. ", "Funny timing: ", "Late to this, but ", "Well, ")
_ANSWERS = (
    "this is the {subject} reminder I needed today.",
    "I have tried something like this with {subject} and it stuck for a week. Then life happened.",
    "does this also work if you have small kids?",
    "my grandmother said the same about {subject}, in fewer words.",
    "saving this for Monday.",
    "not sure I agree, but I will try it.",
    "what helped me with {subject} was doing it badly, every day.",
    "how long did it take you until you noticed anything?",
    "simple and true.",
    "I do the opposite and it works for me.",
    "sending this to my sister.",
    "the hard part about {subject} is the second week.",
    "I needed this. {emoji}",
    "do you have more on {subject}?",
    "been doing this since spring, can recommend.",
    "easier said than done {emoji}",
    "where do I begin if I am at zero?",
    "I never thought about {subject} this way.",
    "my whole team started doing this.",
    "and what about shift workers?",
)
_EMOJI = ("🙏", "😅", "💪", "🌱", "👏", "🧡", "🚶\u200d♀️")


def replies_of_readers(seed: int, cast: Cast, post: Post, ages: Ages) -> Sequence[Post]:
    """The replies under `post`, oldest first: one for each age (seconds) in `ages`."""
    subject = recognise(post.text).subject
    return [_reply(seed, cast, post, subject=subject, number=number, age=float(age)) for number, age in enumerate(ages)]


def _reply(seed: int, cast: Cast, post: Post, *, subject: str, number: int, age: float) -> Post:
    chance = draws.generator(seed, "reply", post.id, number)
    author = _another_than(post.author_id, cast, int(chance.integers(len(cast.readers))))
    opening = _OPENINGS[int(chance.integers(len(_OPENINGS)))]
    answer = _ANSWERS[int(chance.integers(len(_ANSWERS)))]
    text = opening + answer.format(subject=subject, emoji=_EMOJI[int(chance.integers(len(_EMOJI)))])
    created_at = from_milliseconds(to_milliseconds(post.created_at + timedelta(seconds=age)))
    sequence = READER_SEQUENCES.start + draws.whole(len(READER_SEQUENCES), seed, "reply id", post.id, number)
    return Post(
        id=snowflake(created_at, sequence),
        author_id=author.id,
        text=text[0].upper() + text[1:],
        created_at=created_at,
        in_reply_to=post.id,
        conversation_id=post.conversation_id,
        author_followers=author.followers,
    )


def _another_than(person_id: int, cast: Cast, place: int) -> Person:
    reader = cast.readers[place]
    return reader if reader.id != person_id else cast.readers[(place + 1) % len(cast.readers)]
