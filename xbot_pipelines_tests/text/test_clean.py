"""Text is clean where it enters: no U+0000 and no lone surrogate, at the same length; JSON has a bounded depth."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.text.clean import clean, clean_values
from xbot_pipelines.text.parse_json import DEEPEST, InvalidJson, parse_json


@given(st.text(st.characters(codec=None)))
def test_a_clean_text_can_be_stored_and_is_as_long_as_before(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\x00" not in cleaned
    cleaned.encode()


def test_what_cannot_be_stored_is_replaced_so_that_no_word_appears() -> None:
    assert clean("ign\x00ore \ud83d\ude00 \ud800") == "ign\ufffdore \ufffd\ufffd \ufffd"
    assert clean("Größe 😀") == "Größe 😀"


def test_values_of_json_are_cleaned_with_their_names() -> None:
    cleaned = clean_values({"a\x00": ["\ud800", 1, None, {"b": "c\x00"}]})
    assert cleaned == {"a\ufffd": ["\ufffd", 1, None, {"b": "c\ufffd"}]}


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 2_000, 1_000_000])
def test_json_that_is_nested_too_deep_is_invalid_and_nothing_worse(opening: str, depth: int) -> None:
    closing = {"[": "]", '{"a":': "}", '[{"a":': "}]"}[opening]
    for content in (opening * depth + "1" + closing * depth, opening * depth):
        with pytest.raises(InvalidJson):
            parse_json(content)


def test_json_of_an_ordinary_depth_is_read() -> None:
    deep = json.loads("[" * DEEPEST + "]" * DEEPEST)
    assert parse_json(json.dumps(deep)) == deep
    assert parse_json(b'{"a": [1, "\\ud83d\\ude00"]}') == {"a": [1, "😀"]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", "nonsense"])
def test_what_is_no_json_is_invalid(content: str | bytes) -> None:
    with pytest.raises(InvalidJson):
        parse_json(content)
