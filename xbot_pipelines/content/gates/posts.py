"""Gates of a post: those of every draft, and if it is about news, the comparison with what the news says. Pure."""

from collections.abc import Sequence

from xbot_pipelines.content.gates.drafts import LOOKED_AT, objections
from xbot_pipelines.content.gates.source_comparison import (
    NEWS_WORDS_IN_A_ROW,
    Sources,
    outside_objections,
    repeats_the_prompt,
    wrong_language,
)
from xbot_pipelines.content.prompts.prompt import rules_of_writing
from xbot_pipelines.models import NewsItem
from xbot_pipelines.settings import AccountSettings


def post_objections(
    text: str, *, profile: AccountSettings, news: NewsItem | None, recent_texts: Sequence[str]
) -> list[str]:
    """Return everything that speaks against a post; an empty list lets it pass.

    Args:
        text: the post.
        profile: who writes, and in which language.
        news: what it is about, where it is about news.
        recent_texts: what was written lately, which it must not repeat.
    """
    general = objections(text, recent_texts=recent_texts)
    if len(text) > LOOKED_AT:
        return general
    found = (wrong_language(text, profile.language), repeats_the_prompt(text, rules_of_writing(profile)))
    ours = [*general, *(objection for objection in found if objection is not None)]
    if news is None:
        return ours
    sources = Sources(
        outside=[news.title, news.summary or "", news.source, news.url],
        ours=[*profile.subjects, profile.persona],
        language=profile.language,
        words_in_a_row=NEWS_WORDS_IN_A_ROW,
    )
    return [*ours, *outside_objections(text, sources)]
