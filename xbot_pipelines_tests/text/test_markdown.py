"""Text inside Markdown: shown as it was written, and nothing else, by a reader that is not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.text.escape import for_markdown, for_markdown_quote, for_terminal, for_terminal_line
from xbot_pipelines_tests.text.markdown_reader import rendered

MARKUP = "\\`*_{}[]()<>#+-.!|~&;:@/=$^\"' \n019ab"
anything = st.one_of(st.text(MARKUP), st.text(st.characters(codec="utf-8")))

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![seen](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "[ref]: https://evil.example 'x'",
    "# Heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "***bold*** and __bold__ and ~~gone~~",
    "`code` and ```fence```",
    "~~~",
    "---",
    "===",
    "* * *",
    "| a | b |",
    "&lt;b&gt; &#60;b&#62;",
    "\\<b>",
    "    indented",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_be_markup_is_shown_as_it_was_written(text: str) -> None:
    for markdown in (for_markdown(text), f"Before {for_markdown(text)} after"):
        page = rendered(markdown)
        assert page.tags == {"p"}
        assert for_terminal_line(text) in page.text
    page = rendered(for_markdown_quote(text))
    assert page.tags == {"blockquote", "p"}
    assert page.text == for_terminal_line(text)


@given(anything)
def test_whatever_is_written_is_read_the_same_and_nothing_is_made_of_it(text: str) -> None:
    page = rendered(f"{for_markdown(text)}\n")
    assert page.tags <= {"p"}
    assert page.text == for_terminal_line(text)


@given(anything)
def test_a_quotation_keeps_its_lines_and_makes_nothing_of_them(text: str) -> None:
    page = rendered(for_markdown_quote(text))
    assert page.tags <= {"blockquote", "p", "br"}
    assert page.text == for_terminal_line(text)


@given(anything)
def test_a_cell_of_a_table_stays_one(text: str) -> None:
    page = rendered(f"| a | b |\n|---|---|\n| {for_markdown(text)} | {for_markdown(text)} |\n")
    assert [tag for tag, _ in page.elements].count("td") == 2
    assert page.tags == {"table", "thead", "tbody", "tr", "th", "td"}


def test_lines_of_a_quotation_are_broken_where_they_were() -> None:
    assert for_markdown_quote("one\ntwo\n\nthree\n") == "> one\\\n> two\n>\n> three\n>"
    assert [tag for tag, _ in rendered(for_markdown_quote("one\ntwo\n\nthree")).elements] == [
        "blockquote",
        "p",
        "br",
        "p",
    ]


@pytest.mark.parametrize(
    "text", ["see https://evil.example/x", "HTTP://evil.example", "www.evil.example", "a@b.example"]
)
def test_an_address_that_github_would_make_a_link_of_is_broken(text: str) -> None:
    markdown = for_markdown(text)
    assert not any(part in markdown.lower() for part in ("http://", "https://", "www.", "a@b"))
    assert rendered(markdown).text == text


def test_what_people_usually_write_is_left_alone() -> None:
    usual = "Größe 1.5 km, 20 °C (really!), #sleep @ada Q&A: 50 % + 3 - 2 = ?"
    assert for_markdown(usual) == usual
    assert for_markdown("hidden \u202e turn") == r"hidden \\u202e turn", "what nobody would see is shown as its code"
    assert for_terminal("❤️") in for_markdown("❤️")
