"""Which fields are asked for: those that X's API has, and the same in the names of an older server."""

from urllib.parse import parse_qs, urlsplit

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines.x.api.fields import (
    ANALYTICS_FIELDS,
    EXPANSIONS,
    POST_FIELDS,
    PRIVATE_POST_FIELDS,
    USER_FIELDS,
    asks_in_newer_names,
    complains_of_newer_names,
    in_older_names,
)
from xbot_pipelines.x.walls import LayoutChanged
from xbot_pipelines_tests.x.api.answering import Server, client_of, said
from xbot_pipelines_tests.x.api.invented import in_older_names as answered_in_older_names
from xbot_pipelines_tests.x.api.invented import page, post

# The enumerations of X's OpenAPI document, version 2.167 (https://api.x.com/2/openapi.json), as far as they name
# what a post without media, polls and places has.
POSTS_HAVE = {
    "article", "attachments", "card_uri", "community_id", "context_annotations", "conversation_id", "created_at",
    "display_text_range", "edit_controls", "entities", "geo", "id", "lang", "non_public_metrics", "note_post",
    "organic_metrics", "paid_partnership", "possibly_sensitive", "promoted_metrics", "public_metrics",
    "reply_settings", "scopes", "source", "text", "withheld",
}  # fmt: skip
USERS_HAVE = {
    "confirmed_email", "connection_status", "created_at", "description", "entities", "id", "location", "name",
    "profile_image_url", "protected", "public_metrics", "url", "username", "verified", "verified_type", "withheld",
}  # fmt: skip
POSTS_BRING_ALONG = {
    "author_id", "edit_history_post_ids", "entities.mentions.username", "in_reply_to_user_id", "referenced_posts",
}  # fmt: skip
ANALYTICS_HAVE = {
    "app_install_attempts", "app_opens", "bookmarks", "detail_expands", "email_tweet", "engagements", "follows",
    "hashtag_clicks", "id", "impressions", "likes", "media_views", "permalink_clicks", "quote_tweets", "replies",
    "retweets", "shares", "timestamp", "timestamped_metrics", "unfollows", "unlikes", "url_clicks",
    "user_profile_clicks",
}  # fmt: skip
# What version 2.166 names otherwise, or only there.
OLDER_POSTS_HAVE = POSTS_HAVE - {"note_post"} | {"author_id", "in_reply_to_user_id", "note_tweet", "referenced_tweets"}
OLDER_POSTS_BRING_ALONG = {
    "author_id", "in_reply_to_user_id", "referenced_tweets.id", "referenced_tweets.id.author_id",
}  # fmt: skip

ASKED = (
    "https://api.x.com/2/tweets?ids=1%2C2"
    f"&post.fields={'%2C'.join([*POST_FIELDS, *PRIVATE_POST_FIELDS])}"
    f"&user.fields={'%2C'.join(USER_FIELDS)}&expansions={'%2C'.join(EXPANSIONS)}"
)


def values_of(url: str) -> dict[str, set[str]]:
    return {name: set(value.split(",")) for name, [value] in parse_qs(urlsplit(url).query).items()}


def test_all_that_is_asked_for_is_what_x_has() -> None:
    assert {*POST_FIELDS, *PRIVATE_POST_FIELDS} <= POSTS_HAVE
    assert {*USER_FIELDS} <= USERS_HAVE
    assert {*EXPANSIONS} <= POSTS_BRING_ALONG
    assert {*ANALYTICS_FIELDS} <= ANALYTICS_HAVE


def test_the_same_question_in_older_names_asks_for_what_an_older_server_has() -> None:
    older = values_of(in_older_names(ASKED))
    assert older.keys() == {"ids", "tweet.fields", "user.fields", "expansions"}
    assert older["ids"] == {"1", "2"}
    assert older["user.fields"] == {*USER_FIELDS}
    assert older["tweet.fields"] <= OLDER_POSTS_HAVE
    assert {"author_id", "referenced_tweets", "note_tweet", "non_public_metrics"} <= older["tweet.fields"]
    assert older["expansions"] == OLDER_POSTS_BRING_ALONG
    assert not asks_in_newer_names(in_older_names(ASKED))
    assert in_older_names(ASKED).startswith("https://api.x.com/2/tweets?")


def test_a_question_that_is_the_same_in_both_generations_is_left_as_it_is() -> None:
    url = "https://api.x.com/2/users/me?user.fields=created_at%2Cname"
    assert not asks_in_newer_names(url)
    assert in_older_names(url) == url
    assert asks_in_newer_names(ASKED)


@pytest.mark.parametrize(
    ("words", "complains"),
    [
        ("The query parameter [post.fields] is not one of [ids,tweet.fields]", True),
        ("The `expansions` query parameter value [referenced_posts] is not one of [author_id]", True),
        ("The `tweet.fields` query parameter value [note_post] is not one of", True),
        ("The `ids` query parameter value [x] is not valid", False),
        ("", False),
    ],
)
def test_an_objection_to_the_newer_names_is_told_from_any_other(words: str, complains: bool) -> None:
    assert complains_of_newer_names(words) is complains


def test_a_server_that_objects_to_the_newer_names_or_passes_them_over_is_asked_once_more_and_then_in_older_ones(
    server: Server, clock: ManualClock
) -> None:
    whole = said(answered_in_older_names(page(post("5"))))
    objecting = said({"errors": [{"message": "[post.fields] is not one of [ids,tweet.fields]"}]}, 400)
    passing_over = said({"data": [{"id": "5", "text": "A short walk."}]})
    for first in (objecting, passing_over):
        server.asked.clear()
        server.says(first, whole)
        with client_of(server, clock) as client:
            assert client.post("5").likes == 6
            assert client.post("5").likes == 6
        assert ["post.fields" in asked.query for asked in server.asked] == [True, False, False]


def test_another_objection_is_no_matter_of_names(client: ApiClient, server: Server) -> None:
    server.says(said({"errors": [{"message": "The `ids` value is not valid"}], "title": "Invalid Request"}, 400))
    for one in ("5", "6"):
        with pytest.raises(LayoutChanged, match="not valid"):
            client.post(one)
    assert all("post.fields" in asked.query for asked in server.asked)
    assert len(server.asked) == 2
