"""What is asked of X's search, in X's own words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from xbot_pipelines.x.queries import LONGEST_QUERY, MOST_HANDLES, about, by_any, linking, posts_of
from xbot_pipelines_tests.conftest import NOON


def test_the_posts_of_an_account_within_a_span_are_asked_for_by_unix_seconds() -> None:
    query = posts_of("daily_vitals", since=NOON, until=NOON + timedelta(days=1))
    assert query == "from:daily_vitals since_time:1772452800 until_time:1772539200"


def test_a_span_is_widened_to_whole_seconds_and_is_the_same_in_every_timezone() -> None:
    since = datetime(2026, 3, 2, 13, 0, 0, 900_000, tzinfo=timezone(timedelta(hours=1)))
    until = datetime(2026, 3, 2, 12, 0, 1, 100_000, tzinfo=UTC)
    assert posts_of("a", since=since, until=until) == "from:a since_time:1772452800 until_time:1772452802"


@pytest.mark.parametrize("handle", ["", "@daily_vitals", "two words", "a OR from:b", "sixteen_letters_", "ü", "a\n"])
def test_a_handle_that_would_make_another_query_of_it_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="is no handle"):
        posts_of(handle, since=NOON, until=NOON + timedelta(days=1))
    with pytest.raises(ValueError, match="is no handle"):
        by_any(["ada", handle])


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="is empty"):
        posts_of("daily_vitals", since=NOON, until=NOON)


def test_f27_a_moment_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        posts_of("daily_vitals", since=NOON.replace(tzinfo=None), until=NOON)


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("sleep", "sleep"),
        ("#sleep", "#sleep"),
        ("Schlaf", "Schlaf"),
        ("screen time", '"screen time"'),
        ("  screen\n time ", '"screen time"'),
        ("self-care", '"self-care"'),
    ],
)
def test_posts_about_a_subject_are_asked_for_by_its_word_or_phrase_in_a_language_without_replies(
    subject: str, asked: str
) -> None:
    assert about(subject, language="en") == f"{asked} lang:en -filter:replies"
    assert linking(subject, language="en") == f"{asked} lang:en -filter:replies filter:links"


@pytest.mark.parametrize(
    ("subject", "asked"),
    [
        ("OR", '"OR"'),
        ("-sleep", '"-sleep"'),
        ("from:ada", '"from:ada"'),
        ("(sleep", '"(sleep"'),
        ('sleep" OR from:ada "', '"sleep OR from:ada"'),
        ("the “best” sleep", '"the best sleep"'),
    ],
)
def test_a_subject_is_looked_for_as_it_stands_and_never_taken_for_operators(subject: str, asked: str) -> None:
    assert about(subject, language="en").startswith(f"{asked} lang:en")


@pytest.mark.parametrize("subject", ["", "  ", '""', "…", "-"])
def test_a_subject_without_a_word_is_refused(subject: str) -> None:
    for write in (about, linking):
        with pytest.raises(ValueError, match="no word in it"):
            write(subject, language="en")


def test_x_knows_languages_without_their_regions() -> None:
    assert about("sono", language="pt-BR") == "sono lang:pt -filter:replies"


@pytest.mark.parametrize(("ours", "on_x"), [("he", "iw"), ("id", "in"), ("nb", "no"), ("fil", "tl"), ("de", "de")])
def test_x_is_asked_for_a_language_by_its_own_code(ours: str, on_x: str) -> None:
    assert about("sleep", language=ours) == f"sleep lang:{on_x} -filter:replies"


@pytest.mark.parametrize("language", ["", "EN", "english", "en de", "en OR sleep", "pt_BR"])
def test_a_language_that_is_no_code_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="is no language code"):
        about("sleep", language=language)


def test_a_query_longer_than_x_takes_is_refused_with_both_lengths() -> None:
    longest = "a" * (LONGEST_QUERY - len(" lang:en -filter:replies"))
    assert len(about(longest, language="en")) == LONGEST_QUERY
    with pytest.raises(ValueError, match=f"has {LONGEST_QUERY + 1} characters, and X takes {LONGEST_QUERY}"):
        about(f"{longest}a", language="en")
    with pytest.raises(ValueError, match="and X takes"):
        linking(longest, language="en")


def test_several_accounts_are_asked_for_at_once() -> None:
    assert by_any(["ada"]) == "(from:ada)"
    assert by_any(["ada", "Bo_1", "cy"]) == "(from:ada OR from:Bo_1 OR from:cy)"


def test_as_many_accounts_as_one_query_takes_leave_room_for_other_operators() -> None:
    query = by_any(["a" * 15] * MOST_HANDLES)
    assert len(f"{query} lang:en -filter:replies since_time:1772452800") <= LONGEST_QUERY
    for handles in ([], ["a"] * (MOST_HANDLES + 1)):
        with pytest.raises(ValueError, match=f"1 to {MOST_HANDLES} accounts, not for {len(handles)}"):
            by_any(handles)
