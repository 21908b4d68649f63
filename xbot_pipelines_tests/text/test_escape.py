"""What others wrote, escaped for files, logs and chats: it is shown as it was written, and does nothing there."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.text.escape import (
    for_csv_cell,
    for_html,
    for_json,
    for_log,
    for_markdown_block,
    for_notification,
    for_terminal,
    for_terminal_line,
)
from xbot_pipelines_tests.hostile import HOSTILE, LONG, mentions, moves_a_terminal
from xbot_pipelines_tests.text.markdown_reader import rendered

anything = st.text(st.one_of(st.sampled_from("=+-@'\t\r\n `~<>&[]()!\x1b\x00"), st.characters(codec=None)))


@given(anything)
def test_json_shows_no_hidden_character_and_is_read_back_exactly(text: str) -> None:
    written = for_json({text: [text]}, indent=2)
    assert moves_a_terminal(written) == []
    written.encode()
    assert json.loads(written) == {text: [text]}


def test_json_keeps_the_letters_of_all_languages() -> None:
    assert for_json({"text": "Größe 你好 שלום"}) == '{"text": "Größe 你好 שלום"}'


@given(anything)
def test_a_csv_cell_is_no_formula_and_is_read_back_exactly(text: str) -> None:
    cell = for_csv_cell(text)
    assert not cell.lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
    assert not cell.startswith(tuple("\t\r\n"))
    assert cell.removeprefix("'") == text


@pytest.mark.parametrize("usual", ["A dark room helps.", "5 = 5", "Ünder", "1.5 km", "", "#sleep", "“quoted”"])
def test_a_usual_text_stays_as_it_is_in_csv(usual: str) -> None:
    assert for_csv_cell(usual) == usual


@given(anything)
def test_a_code_block_shows_the_text_line_by_line_and_cannot_be_closed_from_inside(text: str) -> None:
    page = rendered(f"before\n\n{for_markdown_block(text)}\n\nafter")
    assert [tag for tag, _ in page.elements] == ["p", "pre", "code", "p"]


def test_a_code_block_is_read_by_others_as_it_was_written() -> None:
    block = for_markdown_block("one\n\n  three ````\n~~~")
    assert block == "`````\none\n\n  three ````\n~~~\n`````"


@given(anything)
def test_html_has_no_element_and_no_end_of_an_attribute(text: str) -> None:
    assert not set(for_html(text)) & set("<>\"'")


@given(anything)
def test_a_log_entry_is_one_line(text: str) -> None:
    assert len(for_log(text).splitlines()) <= 1


def test_a_log_entry_says_how_long_a_text_is_that_it_cuts() -> None:
    assert len(for_log(LONG)) < 3_000
    assert for_log(LONG).endswith(f"… ({len(LONG):,} characters)")


def test_a_notification_mentions_nobody_and_hides_no_link() -> None:
    shown = for_notification(HOSTILE)
    assert mentions(shown) == []
    assert "](" not in shown
    assert moves_a_terminal(shown.replace("\u200b", "")) == []
    assert "@\u200beveryone" in shown


@given(st.text(string.ascii_letters + string.digits + " .,:;!?()/-'\"$%"))
def test_a_notification_of_plain_words_stays_as_it_is(text: str) -> None:
    assert for_notification(text) == " ".join(text.split())


@pytest.mark.parametrize("escape", [for_terminal, for_terminal_line, for_log, for_notification, for_markdown_block])
def test_no_output_breaks_or_takes_long_for_a_megabyte(escape: object) -> None:
    assert callable(escape)
    escape(HOSTILE * 2_000)
