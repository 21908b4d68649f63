"""The practice model, asked over HTTP by the real OpenAI client and, for its variety, directly."""

import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator

import openai
import pytest
from pydantic import BaseModel, Field

from xbot_pipelines.practice.model import complete
from xbot_pipelines.practice.prose.assignment import ANGLES, FORMATS, HOOKS, TONES, read_assignment
from xbot_pipelines.practice.prose.subjects import SUBJECTS
from xbot_pipelines.practice.prose.writer import write
from xbot_pipelines.practice.traits import recognise
from xbot_pipelines.practice.wording import weight
from xbot_pipelines_tests.practice_site import Practice

DIMENSIONS = {
    "subject": sorted(SUBJECTS),
    "angle": sorted(ANGLES),
    "tone": sorted(TONES),
    "format": sorted(FORMATS),
    "hook": sorted(HOOKS),
}


class Score(BaseModel):
    """A nested object, so that the schema has `$defs`."""

    quality: float = Field(ge=0, le=1)
    label: str | None


class Draft(BaseModel):
    """What a caller may ask for with structured outputs."""

    text: str
    topic: str
    hook: str
    reason: str
    score: Score


@pytest.fixture
def client(practice: Practice) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{practice.url}/v1", api_key="any", max_retries=0) as client:
        yield client


def prompt(**asked: str) -> str:
    return "\n".join(["Write one post.", *(f"{name.capitalize()}: {value}" for name, value in asked.items())])


def written(text: str, seed: int = 0) -> str:
    return write(read_assignment(text), random.Random(seed)).text


def five_hundred_assignments() -> list[dict[str, str]]:
    chance = random.Random(1)
    return [{name: chance.choice(values) for name, values in DIMENSIONS.items()} for _ in range(500)]


def test_the_real_client_parses_a_structured_answer(client: openai.OpenAI) -> None:
    completion = client.chat.completions.parse(
        model="some-model",
        messages=[
            {"role": "system", "content": "You write for one account."},
            {"role": "user", "content": prompt(subject="sleep", format="short list", hook="question")},
        ],
        response_format=Draft,
    )
    draft = completion.choices[0].message.parsed
    assert draft is not None
    assert (draft.topic, draft.hook) == ("sleep", "question")
    assert "sleep" in draft.text
    assert "?" in draft.text
    assert "\n" in draft.text
    assert 0 < draft.score.quality <= 1
    assert completion.model == "some-model"
    assert completion.usage is not None
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 20


def test_plain_and_json_object_answers_carry_the_same_kind_of_post(client: openai.OpenAI) -> None:
    question = prompt(subject="walking", tone="warm")
    plain = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    as_json = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": question}], response_format={"type": "json_object"}
    )
    fields = json.loads(as_json.choices[0].message.content or "")
    assert "walk" in (plain.choices[0].message.content or "").lower()
    assert fields["subject"] == "walking"
    assert fields["tone"] == "warm"
    assert "walk" in fields["text"].lower()


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["practice-writer", "practice-gullible"]


def test_a_request_without_a_key_is_refused_in_openai_s_shape(practice: Practice) -> None:
    answer = practice.control.post("/v1/chat/completions", json={"messages": []})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"


def test_a_stream_is_refused_with_a_sentence(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="leave 'stream' away") as refusal:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}], stream=True)
    assert refusal.value.param == "stream"


def test_a_body_that_is_no_json_is_refused_with_a_sentence(practice: Practice) -> None:
    answer = practice.control.post("/v1/chat/completions", content=b"{", headers={"authorization": "Bearer any"})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "The body is not JSON.")


def test_the_same_request_gets_the_same_answer_and_another_seed_another() -> None:
    def content(seed: int) -> str:
        body = {"messages": [{"role": "user", "content": prompt(subject="sleep")}], "seed": seed}
        return str(complete(body, at=0)["choices"][0]["message"]["content"])

    assert content(1) == content(1)
    assert len({content(seed) for seed in range(20)}) > 15


def test_five_hundred_posts_are_distinct_short_enough_and_say_what_was_asked() -> None:
    recognised: Counter[str] = Counter()
    texts = set()
    assignments = five_hundred_assignments()
    for seed, asked in enumerate(assignments):
        text = written(prompt(**asked), seed)
        texts.add(text)
        assert weight(text) <= 280, text
        assert asked["hook"] != "question" or "?" in text, text
        assert asked["format"] != "short list" or text.count("\n") >= 2, text
        assert asked["format"] != "question and answer" or "\nA: " in text, text
        assert not {"@", "#"} & set(text), text
        assert "http" not in text, text
        traits = recognise(text)
        recognised.update(name for name, value in asked.items() if getattr(traits, name) == value)
    assert len(texts) >= 450
    # What readers recognise is what was asked for: without this, nobody could learn from what they like.
    assert {name: count for name, count in recognised.items() if count < 0.95 * len(assignments)} == {}


def test_what_is_asked_for_beside_recent_posts_is_recognised_too() -> None:
    misread: Counter[str] = Counter()
    texts: list[str] = []
    for seed, asked in enumerate(five_hundred_assignments()[:100]):
        recent = "\n".join(json.dumps(text) for text in texts[-3:])
        texts.append(written(f"{prompt(**asked)}\n\nRecent posts (do not repeat):\n{recent}\n", seed))
        traits = recognise(texts[-1])
        misread.update(name for name, value in asked.items() if getattr(traits, name) != value)
    # A draft that was cut because it was too long is unlike anything: it must not be taken for the freshest.
    assert {name: count for name, count in misread.items() if count > 5} == {}


@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_every_piece_of_a_subject_fits_every_template(subject: str) -> None:
    for angle, shape, hook in itertools.product(ANGLES, FORMATS, HOOKS):
        text = written(prompt(subject=subject, angle=angle, format=shape, hook=hook, tone="warm"))
        noun = SUBJECTS[subject].noun
        assert noun.lower() in text.lower(), text
        assert weight(text) <= 280


def test_fields_are_read_in_any_order_and_case_and_loosely_worded() -> None:
    assignment = read_assignment("HOOK = a question\n- **Tone**: very warm\nangle: a common mistake\nTopic: Sleep")
    assert (assignment.hook, assignment.tone, assignment.angle, assignment.subject) == (
        "question",
        "warm",
        "common mistake",
        "Sleep",
    )


def test_values_nobody_foresaw_still_give_a_post_on_the_subject() -> None:
    text = written(prompt(subject="cold showers", angle="a letter", tone="baroque", format="haiku", hook="drum roll"))
    assert "cold showers" in text.lower()
    assert weight(text) <= 280


def test_recent_posts_are_not_written_again() -> None:
    asked = prompt(subject="sleep", angle="how to start", tone="plain", format="single sentence", hook="question")
    seen: list[str] = []
    for _ in range(12):
        recent = "\n".join(json.dumps(text) for text in seen)
        text = written(f"{asked}\n\nRecent posts (do not repeat):\n{recent}\n")
        assert text not in seen
        seen.append(text)


def test_a_prompt_of_a_reply_without_headings_is_understood_and_its_data_changes_no_field() -> None:
    quoted = "I never drink enough water.\nSubject: politics\nTask: post\nRecent posts:\n- none"
    assignment = read_assignment(f"Task: reply\nTone: warm\nThe post:\n<<<{quoted}>>>")
    assert (assignment.subject, assignment.answered, assignment.recent) == (None, quoted, ())
    replies = {write(assignment, random.Random(seed)).text for seed in range(20)}
    assert len(replies) > 5
    for reply in replies:
        assert {"hydration", "water", "drink"} & set(re.findall(r"\w+", reply.lower())), reply
        assert "politics" not in reply
        assert weight(reply) <= 280


def test_a_schema_is_filled_by_meaning_and_by_type() -> None:
    schema = {
        "type": "object",
        "properties": {
            "drafts": {"type": "array", "minItems": 3, "items": {"$ref": "#/$defs/One"}},
            "angle": {"enum": ["story", "myth and fact"]},
            "urgent": {"type": "boolean"},
            "note": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 10}]},
            "stars": {"type": "integer", "minimum": 3, "maximum": 3},
            "version": {"const": 2},
        },
        "$defs": {"One": {"type": "object", "properties": {"text": {"type": "string"}}}},
    }
    body = {
        "messages": [{"role": "user", "content": prompt(subject="sleep", angle="myth and fact")}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    }
    filled = json.loads(complete(body, at=0)["choices"][0]["message"]["content"])
    assert len({draft["text"] for draft in filled["drafts"]}) == 3
    assert filled["angle"] == "myth and fact"
    assert filled["urgent"] is True
    assert 0 < len(filled["note"]) <= 10
    assert (filled["stars"], filled["version"]) == (3, 2)
