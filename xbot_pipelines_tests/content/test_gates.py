"""What a draft has to pass, case by case."""

import pytest

from xbot_pipelines.content.gates import objections

GOOD = "A short walk after lunch is the easiest habit I know."


def test_an_honest_short_post_passes() -> None:
    assert objections(GOOD, recent_texts=["Sleep begins in the morning, with light."]) == []


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("   \n", "empty"),
        ("x" * 281, "281 characters"),
        ("睡" * 141, "282 characters"),
        ("Read more at https://example.com/a", "link"),
        ("Read more at example.com", "link"),
        ("As @somebody said: sleep well.", "mentions @somebody"),
        ("Take 400 mg of magnesium in the evening.", "medical instruction"),
        ("You can stop taking your medication once you walk daily.", "medical instruction"),
        ("Cold water cures depression.", "medical instruction"),
    ],
)
def test_what_must_not_be_published_is_named(text: str, objection: str) -> None:
    assert any(objection in found for found in objections(text, recent_texts=[]))


@pytest.mark.parametrize(
    "text",
    [
        "Ends with a sentence.Then goes on without a space",
        "An e-mail at work is not urgent @ all",
        "Drink a glass of water first, coffee later.",
        "Rest cures nothing, but it helps with most days.",
    ],
)
def test_harmless_texts_are_not_taken_for_harmful_ones(text: str) -> None:
    assert objections(text, recent_texts=[]) == []


def test_the_one_person_who_is_answered_may_be_named() -> None:
    assert objections("@Friend, that worked for me too.", recent_texts=[], allowed_mention="friend") == []


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.upper(),
        "The easiest habit I know is a short walk after lunch.",
        "A short walk after lunch: the easiest habit I know!",
    ],
)
def test_the_same_thing_said_again_is_turned_away(text: str) -> None:
    assert any("like an earlier post" in found for found in objections(text, recent_texts=["Something else.", GOOD]))
