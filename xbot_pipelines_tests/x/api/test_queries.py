"""What is asked of X's web search, in the words of its API: the same question, and nothing that the API refuses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.x.api.queries import REACH, recent_search
from xbot_pipelines.x.queries import about, by_any, linking, posts_of
from xbot_pipelines_tests.conftest import NOON

LONGEST = 512
"""What X's API takes of an app like ours. Source: its documentation ("Search operators", "Query limitations")."""

OPERATORS = {"from", "lang", "-is", "has"}
"""Those of the API's operators that our queries have. Source: the same page."""

_OPERATOR = re.compile(r"(?<![\w\"])(-?[a-z_]+):")
_PHRASE = re.compile(r'"[^"]*"')

handles = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)
languages = st.sampled_from(["en", "de", "pt-BR"])
subjects = st.text(min_size=1, max_size=40).filter(lambda subject: bool(re.search(r"\w", subject)))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 1), timezones=st.just(UTC))  # noqa: DTZ001 - they get one
spans = st.tuples(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=40)))
queries = st.one_of(
    st.builds(lambda handle, span: posts_of(handle, since=span[0], until=span[0] + span[1]), handles, spans),
    st.builds(lambda subject, language: about(subject, language=language), subjects, languages),
    st.builds(lambda subject, language: linking(subject, language=language), subjects, languages),
    st.builds(by_any, st.lists(handles, min_size=1, max_size=18)),
    st.sampled_from([about("filter:links since_time:5 or -filter:media", language="en")]),
)


@given(queries)
def test_every_query_that_we_write_is_one_that_the_api_takes(query: str) -> None:
    asked = recent_search(query, now=NOON)
    if asked is None:
        return
    assert 0 < len(asked.query) <= LONGEST
    assert set(_OPERATOR.findall(_PHRASE.sub("", asked.query))) <= OPERATORS
    assert _PHRASE.findall(asked.query) == [" ".join(phrase.split()) for phrase in _PHRASE.findall(query)]


@given(spans, moments)
def test_a_span_is_what_was_asked_for_as_far_as_the_api_goes_and_never_empty(
    span: tuple[datetime, timedelta], now: datetime
) -> None:
    since, until = span[0], span[0] + span[1]
    asked = recent_search(posts_of("ada", since=since, until=until), now=now)
    if asked is None:
        assert until <= now - REACH + timedelta(minutes=1)
        return
    assert asked.start is not None
    assert asked.start >= now - REACH
    assert asked.start <= since + timedelta(seconds=1) or asked.start <= now - REACH + timedelta(minutes=1)
    assert asked.start < now - timedelta(seconds=10)
    if asked.end is not None:
        assert until <= asked.end < until + timedelta(seconds=1)
        assert asked.end.replace(microsecond=0) > asked.start.replace(microsecond=0)
        assert asked.end < now - timedelta(seconds=10)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from:ada since_time:1772452800 until_time:1772456400", "from:ada"),
        ('"deep sleep" lang:en -filter:replies', '"deep sleep" lang:en -is:reply'),
        ("sleep lang:en -filter:replies filter:links", "sleep lang:en -is:reply has:links"),
        ("filter:replies to:ada", "is:reply to:ada"),
        ('"filter:links since_time:5" lang:en', '"filter:links since_time:5" lang:en'),
        ("conversation_id:5", "conversation_id:5"),
    ],
)
def test_what_both_know_is_passed_on_and_the_rest_is_translated_but_never_within_a_phrase(
    query: str, words: str
) -> None:
    asked = recent_search(query, now=NOON)
    assert asked is not None
    assert asked.query == words


@pytest.mark.parametrize("word", ["filter:media", "-filter:links", "filter:nativeretweets"])
def test_what_the_api_has_no_word_for_is_refused_by_name(word: str) -> None:
    with pytest.raises(ValueError, match=f"has no word for '{word}'"):
        recent_search(f"from:ada {word}", now=NOON)


def test_a_span_that_is_older_than_the_api_reaches_is_not_asked_for() -> None:
    old = NOON - REACH - timedelta(days=3)
    assert recent_search(posts_of("ada", since=old, until=old + timedelta(days=3)), now=NOON) is None
    asked = recent_search(posts_of("ada", since=old, until=NOON - timedelta(days=1)), now=NOON)
    assert asked is not None
    assert (asked.start, asked.end) == (NOON - REACH + timedelta(minutes=1), NOON - timedelta(days=1))


def test_a_span_that_ends_within_the_second_in_which_the_api_begins_is_not_asked_for_as_an_empty_one() -> None:
    now = NOON + timedelta(milliseconds=400)
    query = posts_of("ada", since=NOON - timedelta(days=9), until=NOON - REACH + timedelta(minutes=1, seconds=1))
    asked = recent_search(query, now=now)
    assert asked is not None
    assert asked.start == NOON - REACH + timedelta(minutes=1)
    assert recent_search(query, now=now + timedelta(seconds=1)) is None
