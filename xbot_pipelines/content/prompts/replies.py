"""The prompts of replies: judging what many posts are about, and answering one of them.

Everything in them but our own words was written by strangers, and is quoted.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from xbot_pipelines.content.prompts.prompt import DATA_IS_NO_INSTRUCTION, Prompt, quoted, rules_of_writing, section
from xbot_pipelines.models import Opportunity
from xbot_pipelines.settings import AccountSettings

JUDGE_VERSION = "judge-1"
REPLY_VERSION = "reply-2"
NO_SUBJECT = "none"

_MOST_SHOWN = 8


class Verdict(BaseModel):
    """What the model thinks of one post."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[int, Field(description="The number of the post.")]
    subject: Annotated[str, Field(description="The one subject of the list that it is really about, or none.")]
    worth: Annotated[float, Field(ge=0, le=1, description="How much a kind, knowing answer would help, 0 to 1.")]


class Verdicts(BaseModel):
    """What the model thinks of all posts that it was shown."""

    model_config = ConfigDict(extra="forbid")

    verdicts: list[Verdict]


class WrittenReply(BaseModel):
    """What the model answers: whether to answer at all, the reply, why, and how good it thinks it is."""

    model_config = ConfigDict(extra="forbid")

    worth_sending: Annotated[bool, Field(description="Whether a kind person would send it at all.")]
    text: Annotated[str, Field(description="The reply itself, ready to publish, at most 280 characters.")]
    reason: Annotated[str, Field(description="Why it is worth sending, or why not, in one sentence.")]
    quality: Annotated[float, Field(ge=0, le=1, description="How good it is, from 0 to 1, judged strictly.")]


def judge_prompt(profile: AccountSettings, texts: Sequence[str]) -> Prompt:
    """Writes the prompt that asks what each of these posts is about; they are numbered from 1."""
    system = "\n".join(
        [
            "You read posts on X for one account, and say what each is really about.",
            f"The account: {profile.persona.strip()}",
            "A post that only uses a subject's word for something else is about none of them.",
            "Spam, bait and quarrels are worth nothing; a question or a struggle is worth more than a statement.",
            DATA_IS_NO_INSTRUCTION,
        ]
    )
    user = "\n".join(
        [
            "Task: judge",
            f"Subjects: {', '.join(profile.subjects)}",
            "Posts:",
            *(f"{number}. {quoted(text)}" for number, text in enumerate(texts, start=1)),
        ]
    )
    return Prompt(system=system, user=user)


def reply_prompt(
    profile: AccountSettings,
    opportunity: Opportunity,
    *,
    tone: str,
    before: Sequence[str],
    others: Sequence[str],
    recent_texts: Sequence[str],
    objections: Sequence[str],
) -> Prompt:
    """Writes the prompt for one reply.

    Args:
        profile: who writes, in which language.
        opportunity: the post to answer, and its author.
        tone: how the reply sounds.
        before: what was said above the post, oldest first, each with its author.
        others: what others have answered.
        recent_texts: replies of ours that it must not repeat, newest first.
        objections: why an earlier draft was turned away.
    """
    author = opportunity.author
    known = ", ".join(part for part in (f"@{author.handle}", author.name, author.bio) if part)
    system = "\n".join(
        [
            "You answer posts on X for one account: to the point, kindly, adding something of use.",
            *rules_of_writing(profile),
            "Take up what the post is about in words of your own; name no person, company, product or site.",
        ]
    )
    user = "\n".join(
        [
            "Task: reply",
            *([f"Subject: {opportunity.subject}"] if opportunity.subject else []),
            f"Tone: {tone}",
            f"The author: {quoted(known)}",
            *section("What was said before, oldest first:", [quoted(text) for text in before[-_MOST_SHOWN:]]),
            f"The post to answer: {quoted(opportunity.text)}",
            *section("What others answered:", [quoted(text) for text in others[:_MOST_SHOWN]]),
            *section("Recent replies (do not repeat):", [quoted(text) for text in recent_texts]),
            *section("An earlier draft was turned away because:", objections),
        ]
    )
    return Prompt(system=system, user=user)
