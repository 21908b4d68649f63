"""Publishing and deleting posts over the official API."""

from datetime import timedelta

import pytest

from xbot_pipelines_tests.practice.api.developer import Developer, developer, invalid, problem
from xbot_pipelines_tests.practice.test_graphql import tweets
from xbot_pipelines_tests.practice_site import Practice, people


def test_a_post_over_the_api_is_seen_on_the_site(practice: Practice, app: Developer) -> None:
    response = app.create("Sleep & rest <3")
    assert response.status_code == 201
    data = response.json()["data"]
    assert data == {"id": data["id"], "text": "Sleep &amp; rest &lt;3", "edit_history_post_ids": [data["id"]]}
    seen = practice.visitor().call("TweetResultByRestId", tweetId=data["id"])
    (tweet,) = tweets(seen)
    assert tweet["legacy"]["full_text"] == data["text"]
    assert response.headers["x-rate-limit-remaining"] == "99"


def test_the_label_of_a_machine_is_taken(app: Developer) -> None:
    assert app.request("POST", "tweets", json={"text": "Hello", "made_with_ai": True}).status_code == 201


def test_the_same_words_again_are_refused(app: Developer) -> None:
    app.post("Hello")
    assert problem(app.create("Hello"), 403) == "You are not allowed to create a Tweet with duplicate content."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "x" * 281}, "too long"),
        ({"text": " "}, "must not be empty"),
        ({}, "must not be empty"),
        ({"text": 7}, "$.text: int found, str expected"),
        ({"text": "Hello", "txet": "Hello"}, "$.txet: is not defined in the schema"),
        ({"text": "Hello", "reply": {"to": "7"}}, "$.reply.to: is not defined"),
        ({"text": "Hello", "reply": {"in_reply_to_tweet_id": "seven"}}, "does not match"),
        ([], "must be a JSON object"),
    ],
)
def test_a_body_that_cannot_be_is_a_400_that_says_what_is_wrong(reader: Developer, body: object, said: str) -> None:
    assert said in invalid(reader.request("POST", "tweets", json=body))


def test_only_who_was_called_may_answer(practice: Practice, app: Developer) -> None:
    reader = people(practice)[0]
    plain, naming, linking = practice.put(
        {"author": reader, "text": "What helps against afternoon slumps?"},
        {"author": reader, "text": "What does @Daily_Vitals say about slumps?"},
        {"author": reader, "text": f"So true https://x.com/daily_vitals/status/{app.post('Naps are fine')}"},
    )
    assert problem(app.create("A short walk", plain), 403).startswith("Reply to this conversation is not allowed")
    app.post("A short walk helps", naming)
    app.post("Thank you", linking)
    app.post("And short ones at that", app.post("Naps again"))


def test_an_answer_to_us_names_us_by_itself_and_ours_begins_with_its_author(practice: Practice, app: Developer) -> None:
    reader = people(practice)[0]
    (answer,) = practice.put({"author": reader, "text": "How long?", "in_reply_to": app.post("Naps are fine")})
    ours = app.post("Twenty minutes", answer)
    shown = app.get(f"tweets/{ours}", tweet__fields="display_text_range")["data"]
    assert shown["text"] == f"@{reader} Twenty minutes"
    assert shown["text"][shown["display_text_range"][0] :] == "Twenty minutes"


def test_what_is_gone_cannot_be_answered(practice: Practice, app: Developer) -> None:
    (target,) = practice.put({"author": people(practice)[0], "text": "Hey @daily_vitals"})
    practice.ask("DELETE", f"posts/{target}")
    assert "deleted or not visible" in problem(app.create("Hey", target), 403)


def test_the_daily_limit_says_when_the_next_post_is_taken(practice: Practice, app: Developer) -> None:
    practice.ask("POST", "clock", {"running": False})
    now = practice.now()
    # A history that was put there counts for no limit.
    practice.put({"author": practice.handle, "text": "Before", "created_at": (now - timedelta(hours=1)).isoformat()})
    for number in range(50):
        app.post(f"Note {number}")
    response = app.create("One too many")
    assert problem(response, 429) == "Too Many Requests"
    limits = {name: int(response.headers[f"x-user-limit-24hour-{name}"]) for name in ("limit", "remaining", "reset")}
    assert limits == {"limit": 50, "remaining": 0, "reset": int(now.timestamp()) + 86400}
    assert int(response.headers["x-rate-limit-remaining"]) > 0
    practice.advance(hours=24, seconds=1)
    developer(practice).post("A new day")


def test_an_own_post_is_deleted_once_and_nobody_elses(practice: Practice, app: Developer) -> None:
    own = app.post("Hello")
    (other,) = practice.put({"author": people(practice)[0], "text": "Hello you"})
    assert app.request("DELETE", f"tweets/{own}").json() == {"data": {"deleted": True}}
    assert app.request("DELETE", f"tweets/{own}").status_code == 404
    assert problem(app.request("DELETE", f"tweets/{other}"), 403) == "You are not authorized to delete this Tweet."
