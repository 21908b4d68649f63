"""X's search language: what a query says about a post."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbot_pipelines.practice.posts import Post, snowflake
from xbot_pipelines.practice.queries import Candidate, parse
from xbot_pipelines.practice.query_words import words_needed

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECONDS = int(NOON.timestamp())
POST_ID = snowflake(NOON, 0)


def candidate(
    text: str, *, author: str = "daily_vitals", answering: str | None = None, likes: int = 3, language: str = "en"
) -> Candidate:
    post = Post(POST_ID, 1, text, NOON, None if answering is None else 7, POST_ID, 100)
    return Candidate(post, author, answering, language, lambda: likes)


def finds(query: str, of: Candidate) -> bool:
    return parse(query).holds(of)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("walk", True),
        ("WALK", True),
        ("wal", False),
        ("walk lunch", True),
        ("walk dinner", False),
        ('"at lunch"', True),
        ('"lunch at"', False),
        ("“at lunch”", True),
        ("don't", True),
        ("don’t", True),
        ("-dinner", True),
        ("-walk", False),
        ('walk -"at lunch"', False),
        ("#daily", True),
        ("#dail", False),
        ("daily", True),
        ("@Ada_1", True),
        ("@ada", False),
        ("dinner OR lunch", True),
        ("dinner OR supper", False),
        ("dinner OR lunch walk", True),
        ("dinner OR lunch run", False),
        ("walk or dinner", False),
        ("(dinner OR lunch) -(run OR swim)", True),
        ("-(walk run)", True),
        ("-(walk lunch)", False),
        ("OR walk OR", True),
        ("(walk", True),
        ("walk) lunch", True),
        ("walk) dinner", False),
        ("", False),
        ('"" ""', False),
        ("🌱", True),
    ],
)
def test_words_phrases_tags_and_names_are_looked_for_in_the_text(query: str, expected: bool) -> None:
    assert finds(query, candidate("A short WALK at lunch, don’t you think @ada_1? #Daily 🌱")) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from:daily_vitals", True),
        ("from:@Daily_Vitals", True),
        ("-from:daily_vitals", False),
        ("from:ada_1", False),
        ("from:ada_1 OR from:daily_vitals", True),
        ("to:ada_1", True),
        ("to:daily_vitals", False),
        ("@ada_1", True),
        ("filter:replies", True),
        ("-filter:replies", False),
        ("filter:links", False),
        ("-filter:links", True),
        ("lang:en", True),
        ("lang:de", False),
        ("min_faves:3", True),
        ("min_faves:4", False),
        ("since:2026-03-02", True),
        ("since:2026-03-03", False),
        ("until:2026-03-03", True),
        ("until:2026-03-02", False),
        (f"since_time:{SECONDS}", True),
        (f"since_time:{SECONDS + 1}", False),
        (f"until_time:{SECONDS + 1}", True),
        (f"until_time:{SECONDS}", False),
        (f"since_id:{POST_ID - 1}", True),
        (f"since_id:{POST_ID}", False),
        (f"max_id:{POST_ID}", True),
        (f"max_id:{POST_ID - 1}", False),
        ("from:daily_vitals filter:replies since:2026-03-01 until:2026-03-03 thanks", True),
    ],
)
def test_operators_ask_for_author_target_time_language_and_likes(query: str, expected: bool) -> None:
    assert finds(query, candidate("Thanks a lot.", answering="ada_1")) is expected


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Read https://example.org/walks, it is short.", True),
        ("It stands on example.org.", True),
        ("Filter:links is an operator. Links are none.", False),
        ("Write to ada@example.org", False),
    ],
)
def test_what_links_somewhere_has_an_address_in_its_text(text: str, links: bool) -> None:
    assert finds("filter:links", candidate(text)) is links
    assert finds("FILTER:LINKS", candidate(text)) is links
    assert finds("-filter:links", candidate(text)) is not links


def test_an_original_answers_nobody() -> None:
    original = candidate("Thanks a lot.")
    assert finds("-filter:replies", original)
    assert not finds("filter:replies", original)
    assert not finds("to:ada_1", original)


@pytest.mark.parametrize(
    "word", ["near:here", "since:soon", "min_faves:many", "filter:media", "since_time:99999999999999", "from:"]
)
def test_an_unknown_operator_is_a_word_like_any_other(word: str) -> None:
    assert not finds(word, candidate("Thanks a lot."))
    assert finds(word, candidate(f"Did you say {word} just now"))


def test_a_query_tells_where_to_look() -> None:
    query = parse(f"from:Daily_Vitals since_id:5 since_time:{SECONDS} max_id:{POST_ID + 9} until:2027-01-01 walk")
    assert query.author == "daily_vitals"
    assert (query.ids.first_id, query.ids.last_id) == (snowflake(NOON, 0), POST_ID + 9)
    wide = parse("-from:ada_1 (from:bo OR from:cy) -since:2026-01-01")
    assert wide.author is None
    assert wide.ids.first_id == 0


@given(st.text(alphabet=st.sampled_from('abO R-"()#@:since_id12 '), max_size=60))
def test_any_text_is_a_query(text: str) -> None:
    assert finds(text, candidate("a b")) in {True, False}


def test_brackets_without_end_are_no_trouble() -> None:
    assert finds("(" * 400 + "walk", candidate("A walk"))


# The words that a post must have


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        ("sleep", [[{"sleep"}]]),
        ('"rest days" -gym', [[{"rest", "days"}]]),
        ("sleep OR walking lang:en", [[{"sleep"}, {"walking"}]]),
        ('(sleep OR "screen time") focus', [[{"sleep"}, {"screen", "time"}], [{"focus"}]]),
        ("@Daily_Vitals", [[{"daily_vitals"}]]),
        ("to:daily_vitals", [[{"daily_vitals"}]]),
        ("sleep OR lang:en", []),
        ("((a b) OR c)", [[{"a", "b"}, {"c"}]]),
        ("lang:en filter:replies", []),
        ("...", []),
    ],
)
def test_a_query_tells_the_words_a_post_must_have(query: str, clauses: list[list[set[str]]]) -> None:
    assert [list(map(set, alternatives)) for alternatives in words_needed(parse(query))] == clauses
