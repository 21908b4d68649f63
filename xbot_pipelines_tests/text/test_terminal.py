"""What other people wrote, before it reaches a terminal or a report."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.text.escape import for_terminal, for_terminal_line


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("\x9b31m and \x85 and \x7f", r"\x9b31m and \x85 and \x7f"),
        ("pay \u202e001$\u202c", r"pay \u202e001$\u202c"),
        ("\u2066x\u2069 \u200ey", r"\u2066x\u2069 \u200ey"),
        ("zero\u200bwidth \ufeff", r"zero\u200bwidth \ufeff"),
        ("over\rwritten", r"over\rwritten"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("tagged \U000e0041", r"tagged \U000e0041"),
        ("selected\ufe0f \U000e0101", r"selected\ufe0f \U000e0101"),
        ("\x00\ue000", r"\x00\ue000"),
    ],
)
def test_what_a_terminal_would_obey_or_nobody_would_see_is_shown_as_its_code(foreign: str, shown: str) -> None:
    assert for_terminal(foreign) == shown


@pytest.mark.parametrize(
    "usual",
    [
        "Größe, 20 °C, “quoted” – fine…",
        "two\nlines",
        "👩‍👩‍👧 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽",
        "שלום, مرحبا, 你好",
        "[bold]no markup[/bold] :smile:",
    ],
)
def test_what_people_usually_write_stays_as_it_is(usual: str) -> None:
    assert for_terminal(usual) == usual


def test_ends_of_lines_and_tabs_become_plain_ones() -> None:
    assert for_terminal("a\r\nb\tc") == "a\nb c"
    assert for_terminal_line(" a\r\nb\t\x1bc\n") == r"a b \x1bc"


@given(st.text(st.characters(codec=None)))
def test_no_text_at_all_has_a_control_or_a_change_of_direction_left(foreign: str) -> None:
    shown = for_terminal(foreign)
    assert not {unicodedata.category(one) for one in shown if one != "\n"} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
