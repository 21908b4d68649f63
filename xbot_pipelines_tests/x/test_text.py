"""How long X takes a text to be, when two texts are the same post, and what time an id tells."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.x.text import first_id_at, fits, post_time, same_text, unescaped, weighted_length

CASES = Path(__file__).parents[3] / "shared" / "cases" / "x"

LENGTHS = [
    ("", 0),
    ("plain", 5),
    ("a\n\nb", 4),
    ("żółć Привет αβγ", 15),
    # Dashes and curly quotes are light, the ellipsis is not.
    ("–—‘’“”", 6),
    ("…", 2),
    ("™", 2),
    ("€", 2),
    # The edges of the light ranges.
    ("\u10ff", 1),
    ("\u1100", 2),
    ("\u200d", 1),
    ("\u200e", 2),
    ("\u201f", 1),
    ("\u2020", 2),
    ("\u2032\u2037", 2),
    ("\u2031\u2038", 4),
    # CJK, full width.
    ("日本語", 6),
    ("한국", 4),
    ("！", 2),
    # Counted on NFC: composed is one, and what cannot be composed is all there.
    ("e\u0301", 1),
    ("Z\u0351\u036b\u0343", 4),
    # Emoji: a whole sequence is 2, whatever it is made of.
    ("😀", 2),
    ("🧑‍🎄", 2),
    ("👨‍👩‍👧‍👦", 2),
    ("🤷🏽‍♀️", 2),
    ("🫱🏻‍🫲🏿", 2),
    ("👍🏽", 2),
    ("🇦🇹", 2),
    ("🇦🇹🇩🇪", 4),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
    ("1️⃣", 2),
    ("#️⃣", 2),
    ("❤️", 2),
    ("❤", 2),
    ("❤\ufe0e", 4),
    ("©", 1),
    ("©️", 2),
    ("😀\u200d😀", 5),
    # Links are 23, whatever their length.
    ("https://example.com", 23),
    ("http://a.b.cd", 23),
    ("HTTPS://EXAMPLE.COM/A", 23),
    ("https://example.com/" + "long/" * 60, 23),
    ("example.com", 23),
    ("read www.example.co.uk/a?b=c#d now", 23 + 9),
    ("(https://example.org/wiki/Walk_(sport))", 25),
    ("https://example.com.", 24),
    ("https://example.com/a, https://example.com/b!", 23 + 2 + 23 + 1),
    ("https://t.co/abc's", 25),
    ("日本example.com日本", 4 + 23 + 4),
    ("foo.jp", 23),
    # What looks like a link and is none.
    ("me@example.com", 14),
    ("@example.com", 12),
    ("#example.com", 12),
    ("$TVI.CA", 7),
    ("notes.txt", 9),
    ("e.g.this", 8),
    ("3.14", 4),
    ("wait...what", 11),
    ("https://localhost", 17),
    ("https://localhost/foo.com", 25),
    ("example.com-old", 15),
    ("a" * 64 + ".com", 68),
    # Every top-level domain there is, in any script, with and without a scheme.
    ("nebenan.hamburg", 23),
    ("hello.World", 23),
    ("foo.zip", 23),
    ("münchen.de", 23),
    ("café.paris", 23),
    ("xn--mnchen-3ya.de", 23),
    ("http://foobar.みんな/", 23),
    ("http://xn--ls8h.XN--ls8h.la/", 23),
    ("http://例え.jp", 23),
    ("twitter.みんなです", 23 + 4),
    ("http://xn--はじめよう.com/", 7 + 4 + 10 + 5),
    ("http://" + "あ" * 58 + ".com", 7 + 2 * 58 + 4),
    # The host stands right after words in another script, or before them.
    ("日本http://example.com/a日本", 4 + 23 + 4),
    ("これは日本語です。example.com/path한국", 18 + 23 + 4),
    ("example.com、example.org", 23 + 2 + 23),
    ("http://example.com/、example.org", 23 + 2 + 23),
    # Ports, brackets, what ends a sentence, and what only looks like an address.
    ("http://example.com:8080/a?b=c", 23),
    ("https://en.wikipedia.org/wiki/A_(b_(c)).", 24),
    ("https://example.com/" + "!" * 300, 323),
    ("https://example.com/?q=1!?", 25),
    ("http://intranet/a", 17),
    ("http://192.168.0.1/", 19),
    ("http://domain.com-and-more", 26),
    ("http://user:secret@example.com/", 31),
    ("name.al-lastname@foo.com", 24),
    ("http://a_b.example.com", 23),
    ("http://a.b_c.com", 16),
    ("https://t.co/abc?amp=1!", 24),
    ("https://t.co/" + "a" * 41, 54),
    ("1\u20e3", 2),
]


@pytest.mark.parametrize(("text", "length"), LENGTHS)
def test_a_text_is_as_long_as_x_takes_it_to_be(text: str, length: int) -> None:
    """From X's configuration of twitter-text v3 and its published conformance cases."""
    assert weighted_length(text) == length


@pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases in {CASES}")
def test_the_cases_of_other_projects_reports() -> None:
    for case in json.loads((CASES / "weighted_length.json").read_text(encoding="utf-8")):
        assert weighted_length(case["text"]) == case["x"], case["text"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["語", "語.", "語.com_", "_.com", "-a.com", "a.", "a.com", "http://a.com/(", "(a", "!", "?", "@a.com "]
)
def test_no_text_takes_long_to_measure(piece: str) -> None:
    """Texts come from strangers, and each of these would keep a careless pattern busy for hours."""
    for text in (piece * 12_000, f"http://a.com/{piece * 12_000}", f"{piece * 12_000}.com"):
        assert weighted_length(text) > 0


@given(st.text())
def test_composing_a_text_does_not_change_its_length(text: str) -> None:
    assert weighted_length(unicodedata.normalize("NFD", text)) == weighted_length(text)


@given(st.text())
def test_a_text_without_a_dot_weighs_at_most_two_a_character_and_at_least_something(text: str) -> None:
    composed = unicodedata.normalize("NFC", text.replace(".", ""))
    assert bool(composed) <= weighted_length(composed) <= 2 * len(composed)


@given(st.lists(st.sampled_from([text for text, _ in LENGTHS if text]), max_size=8))
def test_parts_between_blanks_weigh_what_they_weigh_alone(parts: list[str]) -> None:
    alone = sum(weighted_length(part) for part in parts)
    assert weighted_length(" ".join(parts)) == alone + max(0, len(parts) - 1)


def test_a_post_fits_up_to_280_and_an_empty_one_never_does() -> None:
    assert fits("x" * 280)
    assert not fits("x" * 281)
    assert fits("語" * 140)
    assert not fits("語" * 141)
    assert fits("x" * 300, limit=25_000)
    assert not fits(" \n ")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("One\n\n\ntwo ", "One\n\ntwo"),
        ("Q&A: 1 < 2 > 0", "Q&amp;A: 1 &lt; 2 &gt; 0"),
        ("caf\u00e9", "cafe\u0301"),
        ("see example.com", "see http://example.com/"),
        ("see https://Example.COM/Path", "see http://example.com/Path"),
        ("a\u00a0b", "a b"),
        ("🧑‍🎄 done", "🧑‍🎄  done"),
    ],
)
def test_what_was_written_is_the_same_as_what_x_shows_of_it(written: str, shown: str) -> None:
    assert same_text(written, shown)
    assert same_text(shown, written)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A short walk.", "A short walk. Again."),
        ("A short walk.", "A short walk"),
        ("A short walk.", "a short walk."),
        ("A short walk… and on", "A short walk"),
        ("see example.com/a", "see example.com/A"),
        ("see example.com/a", "see example.org/a"),
        ("see example.com", "see https://t.co/abc"),
        ("👍🏽", "👍"),
        ("ab", "a b"),
    ],
)
def test_f03_another_text_is_never_taken_for_the_same_not_even_a_beginning(first: str, second: str) -> None:
    assert not same_text(first, second)
    assert not same_text(second, first)


@given(st.text())
def test_a_text_is_the_same_after_x_escaped_it(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescaped(escaped) == text


def test_an_id_tells_the_time_of_its_post() -> None:
    """A post of the walk of September 2026, whose answer says "Mon Sep 14 20:58:57 +0000 2026"."""
    assert post_time("2099603832846393389").replace(microsecond=0) == datetime(2026, 9, 14, 20, 58, 57, tzinfo=UTC)
    assert post_time("1649191520250245121").replace(microsecond=0) == datetime(2023, 4, 20, 23, 21, 13, tzinfo=UTC)


@pytest.mark.parametrize("post_id", ["", "abc", "12.5", "-1", " 1", "٣", "1" * 20, str(2**63)])
def test_what_is_no_id_is_refused_with_a_sentence(post_id: str) -> None:
    with pytest.raises(ValueError, match="is no id of a post"):
        post_time(post_id)


def test_the_first_id_at_a_moment_needs_to_know_the_timezone() -> None:
    with pytest.raises(ValueError, match="timezone"):
        first_id_at(datetime(2026, 9, 14))  # noqa: DTZ001


@given(st.datetimes(min_value=datetime(2010, 11, 5), max_value=datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_first_id_at_a_moment_is_the_smallest_one_not_before_it(moment: datetime) -> None:
    first = first_id_at(moment)
    assert moment <= post_time(str(first)) < moment + timedelta(milliseconds=1)
    assert post_time(str(first - 1)) < moment


def test_before_ids_told_the_time_every_id_may_be_later() -> None:
    assert first_id_at(datetime(2008, 1, 1, tzinfo=UTC)) == 0
