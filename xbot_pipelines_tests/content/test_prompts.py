"""What the model is asked, and that what others wrote stays data."""

from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.content.briefs import Brief
from xbot_pipelines.content.prompts.posts import post_prompt
from xbot_pipelines.content.prompts.prompt import quoted
from xbot_pipelines.settings import Settings

BRIEF = Brief(subject="sleep", angle="myth and fact", tone="warm", format="short list", hook="question")


def test_a_prompt_says_what_the_brief_asks_for(settings: Settings) -> None:
    prompt = post_prompt(settings.profile, BRIEF, recent_texts=["An old post"], objections=["it holds a link"])
    for line in (
        "Subject: sleep",
        "Angle: myth and fact",
        "Tone: warm",
        "Format: short list",
        "Hook: question",
        "- <<<An old post>>>",
        "- it holds a link",
    ):
        assert line in prompt.user.splitlines()
    assert settings.profile.persona.strip() in prompt.system


def test_a_prompt_without_a_past_has_no_empty_sections(settings: Settings) -> None:
    prompt = post_prompt(settings.profile, BRIEF, recent_texts=[], objections=[])
    assert "Recent posts" not in prompt.user
    assert "turned away" not in prompt.user


@given(st.text())
def test_the_marks_of_quoted_data_cannot_be_closed_from_within(text: str) -> None:
    marked = quoted(text)
    assert marked.startswith("<<<")
    assert marked.endswith(">>>")
    assert "<<<" not in marked[3:-3]
    assert ">>>" not in marked[3:-3]
