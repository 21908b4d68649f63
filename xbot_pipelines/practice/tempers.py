"""What the one we answer says to our answer: thanks, a question, nothing, or that we shall leave him alone.

Drawn from the seed, the person and our reply. Strangers who answer it are a matter of `readers`.
"""

from dataclasses import dataclass
from datetime import timedelta

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import READER_SEQUENCES, Post, from_milliseconds, snowflake, to_milliseconds

_WARY = 0.08  # of all people: they never want to be answered by us
_FRIENDLY = 0.35  # of the answers to all others
_MEDIAN_SECONDS = 420.0
_SPREAD = 1.0  # of the logarithm
_LONGEST_SECONDS = 6 * 3600.0

_STOP = (
    "stop",
    "STOP.",
    "Please don't reply to me.",
    "please stop replying to my posts",
    "unsubscribe",
    "no bots please",
    "Leave me alone, thanks.",
    "Don't @ me.",
    "Not interested. Please do not answer me again.",
    "I did not ask. Stop messaging me.",
    "remove me from your list",
    "opt out",
    "Who asked you? Go away, bot.",
    "Kindly do not reply to my posts any more.",
)
# Some of these have the words of the others in them and ask for nothing of the kind.
_FRIENDLY_ANSWERS = (
    "Thank you, I will try that.",
    "Oh nice, how long did it take you?",
    "Don't stop posting these, please.",
    "I can't stop laughing, that is exactly my kitchen.",
    "Good point, thanks!",
    "Hm, I am not sure about that one. Why?",
    "That is kind, thank you.",
    "Leave me alone with my coffee first, then I will try it :)",
    "Ha, fair enough.",
    "And what do you do on bad days?",
)


@dataclass(frozen=True, slots=True)
class AuthorsAnswer:
    """What comes back: its text, how many seconds after our reply, and if it asks us to leave the author alone."""

    text: str
    age: float
    stop: bool


def is_wary(seed: int, person: Person) -> bool:
    """Whether this person asks everybody like us to be left alone."""
    return draws.fraction(seed, "temper", person.id) < _WARY


def answer_of_author(seed: int, author: Person, ours: Post) -> AuthorsAnswer | None:
    """What the author of a post answers to `ours`, which answers it; None when nothing comes."""
    dice = draws.Dice(seed, "author's answer", author.id, ours.id)
    age = min(_LONGEST_SECONDS, 60.0 + dice.about(_MEDIAN_SECONDS, _SPREAD))
    if is_wary(seed, author):
        return AuthorsAnswer(dice.one_of(_STOP), age, stop=True)
    return AuthorsAnswer(dice.one_of(_FRIENDLY_ANSWERS), age, stop=False) if dice.happens(_FRIENDLY) else None


def as_post(seed: int, author: Person, ours: Post, answer: AuthorsAnswer) -> Post:
    """The post that the answer is."""
    created_at = from_milliseconds(to_milliseconds(ours.created_at + timedelta(seconds=answer.age)))
    sequence = READER_SEQUENCES.start + draws.whole(len(READER_SEQUENCES), seed, "author's answer id", ours.id)
    return Post(
        id=snowflake(created_at, sequence),
        author_id=author.id,
        text=answer.text,
        created_at=created_at,
        in_reply_to=ours.id,
        conversation_id=ours.conversation_id,
        author_followers=author.followers,
    )
