"""The prompt of a post: how a brief, and news where there is some, becomes the words that a model is asked with."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from xbot_pipelines.content.briefs import Brief
from xbot_pipelines.content.prompts.prompt import Prompt, quoted, rules_of_writing, section
from xbot_pipelines.models import NewsItem
from xbot_pipelines.settings import AccountSettings

PROMPT_VERSION = "post-3"


class WrittenPost(BaseModel):
    """What the model answers: the post, and how good it thinks it is."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(description="The post itself, ready to publish, at most 280 characters.")]
    quality: Annotated[float, Field(ge=0, le=1, description="How good it is, from 0 to 1, judged strictly.")]


def post_prompt(
    profile: AccountSettings,
    brief: Brief,
    *,
    news: NewsItem | None = None,
    recent_texts: Sequence[str],
    objections: Sequence[str],
) -> Prompt:
    """Writes the prompt for one post.

    Args:
        profile: who writes, for whom, in which language.
        brief: what about, and how.
        news: what it is written about, where it is about news.
        recent_texts: posts that it must not repeat, newest first.
        objections: why an earlier draft of the same brief was turned away.
    """
    system = "\n".join(["You write posts for one account on X.", *rules_of_writing(profile)])
    user = "\n".join(
        [
            "Task: post",
            f"Subject: {brief.subject}",
            f"Angle: {brief.angle}",
            f"Tone: {brief.tone}",
            f"Format: {brief.format}",
            f"Hook: {brief.hook}",
            *([] if news is None else _news(news)),
            *section("Recent posts (do not repeat):", [quoted(text) for text in recent_texts]),
            *section("An earlier draft was turned away because:", objections),
        ]
    )
    return Prompt(system=system, user=user)


def _news(item: NewsItem) -> list[str]:
    told = [item.title, *([item.summary] if item.summary else [])]
    return section(
        "Write about this news, with what it says and nothing more; name no person, company, product or site of it:",
        list(map(quoted, told)),
    )
