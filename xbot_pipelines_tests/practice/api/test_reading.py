"""Looking up posts and users over the official API: fields, expansions, what is missing, both generations of names."""

from datetime import timedelta

import pytest

from xbot_pipelines.practice.people import Cast
from xbot_pipelines_tests.practice.api.developer import Developer, developer, invalid
from xbot_pipelines_tests.practice_site import Practice, people


def test_a_post_has_three_fields_unless_more_are_asked_for(app: Developer) -> None:
    own = app.post("Hello")
    assert app.get(f"tweets/{own}") == {"data": {"id": own, "text": "Hello", "edit_history_post_ids": [own]}}


@pytest.mark.parametrize(
    ("noun", "expansion", "reposts"),
    [("tweet", "referenced_tweets.id", "retweet_count"), ("post", "referenced_posts", "repost_count")],
)
def test_a_request_is_answered_in_the_names_it_asks_in(
    practice: Practice, app: Developer, noun: str, expansion: str, reposts: str
) -> None:
    reader = people(practice)[0]
    (target,) = practice.put({"author": reader, "text": "Hey @daily_vitals, naps?"})
    own = app.post("Yes #naps https://example.com/naps", target)
    fields = "created_at,lang,public_metrics,non_public_metrics,organic_metrics,entities,conversation_id"
    body = app.get(
        f"tweets/{own}",
        **{f"{noun}__fields": fields, "expansions": f"author_id,in_reply_to_user_id,{expansion}"},
        user__fields="public_metrics",
    )
    post = body["data"]
    assert post[f"edit_history_{noun}_ids"] == [own]
    assert post[f"referenced_{noun}s"] == [{"type": "replied_to", "id": target}]
    assert (post["conversation_id"], post["lang"]) == (target, "en")
    assert post["created_at"].endswith(".000Z")
    counters = ["bookmark_count", "impression_count", "like_count", "quote_count", "reply_count"]
    assert sorted(post["public_metrics"]) == sorted([*counters, reposts])
    private = {"impression_count", "url_link_clicks", "user_profile_clicks", "engagements"}
    assert set(post["non_public_metrics"]) == private
    assert reposts in post["organic_metrics"]
    mention, link, tag = (post["entities"][kind][0] for kind in ("mentions", "urls", "hashtags"))
    assert post["text"][mention["start"] : mention["end"]] == f"@{reader}" == f"@{mention['username']}"
    assert post["text"][link["start"] : link["end"]] == link["url"]
    assert link["expanded_url"] == "https://example.com/naps"
    assert tag["tag"] == "naps"
    assert [one["id"] for one in body["includes"][f"{noun}s"]] == [target]
    author, answered = body["includes"]["users"]
    assert (author["id"], answered["id"]) == (post["author_id"], post["in_reply_to_user_id"])
    assert author["public_metrics"][f"{noun}_count"] == 1


@pytest.mark.parametrize("expansions", ["referenced_tweets.id.author_id", "referenced_posts,author_id"])
def test_who_wrote_what_is_answered_comes_along(practice: Practice, app: Developer, expansions: str) -> None:
    author = people(practice)[0]
    (target,) = practice.put({"author": author, "text": "Hey @daily_vitals"})
    own = app.post("Hey", target)
    assert author in [user["username"] for user in app.get(f"tweets/{own}", expansions=expansions)["includes"]["users"]]
    assert set(app.get(f"tweets/{own}", expansions="author_id")["includes"]) == {"users"}


def test_only_the_generation_that_is_taken_is_known(practice: Practice, app: Developer) -> None:
    own = app.post("Hello")
    practice.ask("POST", "api/names", {"taken": "posts"})
    said = invalid(app.request("GET", f"tweets/{own}", tweet__fields="lang"))
    assert said.startswith("The query parameter [tweet.fields] is not one of [")
    practice.ask("POST", "api/names", {"taken": "tweets"})
    assert "post.fields" in invalid(app.request("GET", f"tweets/{own}", post__fields="lang"))
    assert app.get(f"tweets/{own}", tweet__fields="lang")["data"]["lang"] == "en"
    # Who names neither gets what there is.
    assert "edit_history_tweet_ids" in app.get(f"tweets/{own}")["data"]
    assert "tweets" in practice.refused("POST", "api/names", {"taken": "toots"})


def test_what_is_missing_stands_in_the_errors_beside_the_rest(practice: Practice, app: Developer) -> None:
    protected = Cast(7).protected[0].handle
    own, gone, hidden = app.post("Here"), app.post("Gone"), app.post("Hidden")
    (withheld,) = practice.put({"author": protected, "text": "Not for you"})
    practice.ask("DELETE", f"posts/{gone}")
    practice.ask("POST", f"posts/{hidden}/hide", {})
    body = app.get("tweets", ids=f"{own},{gone},{hidden},{withheld},456", tweet__fields="id")
    assert [post["id"] for post in body["data"]] == [own]
    told = {error["resource_id"]: (error["title"], error["type"].rsplit("/")[-1]) for error in body["errors"]}
    not_found = ("Not Found Error", "resource-not-found")
    assert told == {
        gone: not_found,
        hidden: not_found,
        withheld: ("Authorization Error", "not-authorized-for-resource"),
        "456": not_found,
    }
    first = body["errors"][0]
    assert first["detail"] == f"Could not find tweet with ids: [{gone}]."
    assert (first["parameter"], first["value"], first["resource_type"]) == ("ids", gone, "tweet")
    alone = app.get(f"tweets/{gone}", post__fields="lang")
    assert "data" not in alone
    assert alone["errors"][0]["detail"] == f"Could not find post with id: [{gone}]."


def test_private_figures_are_for_own_posts_of_the_last_month(practice: Practice, app: Developer) -> None:
    long_ago = practice.now() - timedelta(days=31)
    old, others = practice.put(
        {"author": practice.handle, "text": "Old", "created_at": long_ago.isoformat()},
        {"author": people(practice)[0], "text": "Not ours"},
    )
    own = app.post("New")
    body = app.get("tweets", ids=f"{own},{old},{others}", tweet__fields="public_metrics,non_public_metrics")
    assert ["non_public_metrics" in post for post in body["data"]] == [True, False, False]
    assert all("public_metrics" in post for post in body["data"])
    errors = [(error["resource_id"], error["title"], error["field"], error["section"]) for error in body["errors"]]
    assert errors == [
        (old, "Field Authorization Error", "non_public_metrics", "data"),
        (others, "Field Authorization Error", "non_public_metrics", "data"),
    ]


def test_the_figures_are_those_of_the_world(practice: Practice, app: Developer) -> None:
    own = app.post("Three small things that help with sleep")
    practice.ask("POST", "clock", {"running": False, "advance_seconds": 86400})
    fields = "public_metrics,non_public_metrics"
    shown = developer(practice).get(f"tweets/{own}", tweet__fields=fields)["data"]
    (truth,) = practice.truth(ids=own)["posts"]
    counters, private = truth["counters"], truth["private"]
    assert counters["views"] > 0
    assert shown["public_metrics"]["impression_count"] == counters["views"]
    assert shown["public_metrics"]["like_count"] == counters["likes"]
    assert shown["non_public_metrics"]["user_profile_clicks"] == private["profile_visits"]
    assert shown["non_public_metrics"]["engagements"] == private["engagements"]


def test_a_long_post_is_folded_and_whole_in_its_note(practice: Practice, app: Developer) -> None:
    text = "Slow evenings & long nights. " * 20
    (long,) = practice.put({"author": practice.handle, "text": text})
    post = app.get(f"tweets/{long}", tweet__fields="note_tweet")["data"]
    assert len(post["text"]) < len(text)
    assert post["note_tweet"]["text"] == text
    assert "note_post" in app.get(f"tweets/{long}", post__fields="note_post")["data"]


def test_users_are_found_by_name_by_id_and_together(practice: Practice, app: Developer, own_id: str) -> None:
    reader = people(practice)[0]
    found = app.get(f"users/by/username/{reader.upper()}", user__fields="public_metrics,protected,created_at")["data"]
    assert found["username"] == reader
    assert found["public_metrics"]["followers_count"] > 0
    assert app.get(f"users/{found['id']}")["data"]["username"] == reader
    both = app.get("users/by", usernames=f"{practice.handle},{reader},nobody_at_all")
    assert [user["id"] for user in both["data"]] == [own_id, found["id"]]
    assert both["errors"][0]["detail"] == "Could not find user with usernames: [nobody_at_all]."
    assert "data" not in app.get("users/by/username/nobody_at_all")
    assert "data" not in app.get("users/1")


def test_a_pinned_post_comes_along(practice: Practice, app: Developer) -> None:
    (pinned,) = practice.put({"author": practice.handle, "text": "Hello, I am new here", "pinned": True})
    body = app.get("users/me", expansions="pinned_tweet_id", user__fields="pinned_tweet_id")
    assert body["data"]["pinned_tweet_id"] == pinned
    assert [post["id"] for post in body["includes"]["tweets"]] == [pinned]


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        ("tweets", {}, "The `ids` query parameter can not be empty"),
        ("tweets", {"ids": "seven"}, "The `ids` query parameter value [seven] is not valid"),
        ("tweets", {"ids": ",".join(map(str, range(1, 102)))}, "[101] is not between 1 and 100"),
        ("tweets", {"ids": "1", "tweet__fields": "colour"}, "value [colour] is not one of ["),
        ("tweets", {"ids": "1", "expansions": "colour"}, "value [colour] is not one of ["),
        ("tweets", {"ids": "1", "colour": "red"}, "The query parameter [colour] is not one of [ids,expansions,"),
        ("users/by", {"usernames": "no-body"}, "does not match"),
        ("users/seven", {}, "The `id` query parameter value [seven] is not valid"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(
    reader: Developer, path: str, parameters: dict[str, str], said: str
) -> None:
    assert said in invalid(reader.request("GET", path, **parameters))


def test_an_unknown_address_is_a_404_and_no_page_of_the_site(reader: Developer) -> None:
    response = reader.request("GET", "lists/7")
    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"
