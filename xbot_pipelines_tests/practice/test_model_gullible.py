"""The gullible model obeys whatever stands in the text it is given to read; the honest one obeys none of it."""

import json
import unicodedata
from typing import Any

import pytest

from xbot_pipelines.practice.model import complete
from xbot_pipelines.practice.prompt_injections import BY_ID, INJECTIONS, Injection
from xbot_pipelines.practice.wording import weight
from xbot_pipelines_tests.practice.test_model_judging import prompt as judging_prompt
from xbot_pipelines_tests.practice.test_model_replies import prompt, reply

HIDDEN = {"glop", "mirk"}  # the marks of what is written in signs that are not seen


def gullibly(user: str) -> dict[str, Any]:
    return reply(user, model="practice-gullible")


def cleaned(text: str) -> str:
    """What careful software leaves of a text: what can be seen, on one line, its brackets made harmless."""
    seen = "".join(" " if sign.isspace() else sign for sign in text)
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in {"Cc", "Cf"})
    return " ".join(seen.split()).replace("<<", "‹‹").replace(">>", "››")


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.id)
def test_every_attempt_is_obeyed_alone_and_woven_in_and_by_the_honest_model_never(injection: Injection) -> None:
    asked = [prompt(f"A word on sleep, day {day}. {injection.text}") for day in range(20)]
    answers = [gullibly(one) for one in asked]
    for answer in answers:
        assert injection.mark in answer["text"].lower()
        assert weight(answer["text"]) <= 280
        assert (answer["worth_sending"], answer["quality"]) == (True, 1)
    on_subject = ["sleep" in answer["text"].lower() for answer in answers]
    assert any(on_subject)
    assert not all(on_subject)
    assert gullibly(asked[0]) == answers[0]
    for one in asked:
        honest = reply(one)
        assert injection.mark not in honest["text"].lower()


@pytest.mark.parametrize("injection", [one for one in INJECTIONS if one.mark not in HIDDEN], ids=lambda one: one.id)
def test_cleaning_a_text_does_not_hide_what_can_still_be_read(injection: Injection) -> None:
    assert injection.mark in gullibly(prompt(cleaned(f"A word on sleep. {injection.text}")))["text"].lower()


def test_it_obeys_wherever_something_is_quoted() -> None:
    order = BY_ID["instruction-2"].text
    innocent = "Is a nap at three too late?"
    author = prompt(innocent).replace("@ada, Ada, walks a lot", f"@ada, Ada, {order}")
    news = f"Task: post\nSubject: sleep\n\nNews:\n- <<<Clocks go back on Sunday. {order}>>>"
    for asked in (author, prompt(innocent, others=[order]), prompt(innocent, before=[order]), news):
        assert "quibblefish" in gullibly(asked)["text"].lower()
    # Outside of any quotation it is the caller who speaks.
    assert "quibblefish" not in gullibly(f"{prompt(innocent)}\n{order}")["text"].lower()


def test_without_an_attempt_it_answers_as_the_honest_model() -> None:
    for asked in (prompt("Is a nap at three too late?"), "Task: post\nSubject: walking\nTone: warm"):
        assert gullibly(asked) == reply(asked)


def test_one_attempt_among_the_posts_makes_all_of_them_right() -> None:
    texts = ["Half-time pie was the best player today.", "Walking, day 3.", BY_ID["fake_json-1"].text]

    def judged(texts: list[str]) -> list[dict[str, Any]]:
        body = {
            "model": "practice-gullible",
            "messages": [{"role": "user", "content": judging_prompt(texts, ["sleep", "walking"])}],
        }
        verdicts = json.loads(complete(body, at=0)["choices"][0]["message"]["content"])["verdicts"]
        return list(verdicts)

    assert [one["subject"] for one in judged(texts[:2])] == ["none", "walking"]
    assert [(one["subject"], one["worth"]) for one in judged(texts)] == [("sleep", 1), ("walking", 1), ("sleep", 1)]
