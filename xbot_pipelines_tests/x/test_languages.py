"""Which codes are of one language: X's own, and those that an account's file may have."""

import pytest

from xbot_pipelines.x.languages import language_on_x, same_language


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("iw", "he"),
        ("in", "id"),
        ("no", "nb"),
        ("nb", "nn"),
        ("tl", "fil"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh-cn", "zh"),
        ("zh_TW", "zh-Hant"),
        ("EN", "en-GB"),
        ("he-IL", "iw"),
    ],
)
def test_two_codes_of_one_language_are_the_same(first: str, second: str) -> None:
    assert same_language(first, second)
    assert same_language(second, first)


@pytest.mark.parametrize(("first", "second"), [("en", "de"), ("id", "it"), ("no", "nl"), ("und", "en"), ("fi", "fil")])
def test_codes_of_two_languages_are_not(first: str, second: str) -> None:
    assert not same_language(first, second)


def test_x_is_asked_for_a_language_by_its_own_code() -> None:
    assert [language_on_x(code) for code in ("he", "id-ID", "nb", "fil", "pt-BR", "en")] == [
        "iw",
        "in",
        "no",
        "tl",
        "pt",
        "en",
    ]
