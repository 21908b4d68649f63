"""The addresses of practice X: pages, redirects, logging in and out."""

import re
import shutil
from pathlib import Path

import pytest

from xbot_pipelines.practice import front_end
from xbot_pipelines_tests.practice_site import Practice, page_config

LOGIN = "/i/jf/onboarding/web?redirect_after_login=%2Fhome&mode=login"
LOGIN_TO_REPLY = "/i/jf/onboarding/web?redirect_after_login=%2Fcompose%2Fpost%3Fin_reply_to%3D12&mode=login"

LOGIN_TO_SEARCH = "/i/jf/onboarding/web?redirect_after_login=%2Fsearch%3Fq%3Da%2520b%26f%3Dlive&mode=login"
LOGIN_TO_ANALYTICS = "/i/jf/onboarding/web?redirect_after_login=%2Fdaily_vitals%2Fstatus%2F12%2Fanalytics&mode=login"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/", "/home"),
        ("/login", LOGIN),
        ("/i/flow/login", LOGIN),
        ("/compose/tweet", "/compose/post"),
        ("/compose/tweet?in_reply_to=12", "/compose/post?in_reply_to=12"),
        ("/home", LOGIN),
        ("/compose/post?in_reply_to=12", LOGIN_TO_REPLY),
        ("/search?q=a%20b&f=live", LOGIN_TO_SEARCH),
        ("/daily_vitals/status/12/analytics", LOGIN_TO_ANALYTICS),
    ],
)
def test_an_address_leads_a_guest_where_x_leads_him(practice: Practice, address: str, leads_to: str) -> None:
    response = practice.guest().http.get(address)
    assert (response.status_code, response.headers["location"]) == (302, leads_to)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/home", {"kind": "home"}),
        ("/compose/post", {"kind": "compose", "inReplyTo": None}),
        ("/compose/post?in_reply_to=12", {"kind": "compose", "inReplyTo": "12"}),
        ("/intent/post?in_reply_to=9&text=a", {"kind": "compose", "inReplyTo": "9"}),
        ("/daily_vitals", {"kind": "profile", "handle": "daily_vitals"}),
        ("/daily_vitals/with_replies", {"kind": "with_replies", "handle": "daily_vitals"}),
        ("/daily_vitals/status/123", {"kind": "status", "handle": "daily_vitals", "id": "123"}),
        ("/daily_vitals/status/123/analytics", {"kind": "analytics", "handle": "daily_vitals", "id": "123"}),
        ("/search?q=a+b&src=typed_query&f=live", {"kind": "search", "query": "a b", "product": "Latest"}),
        ("/search?q=%23tag", {"kind": "search", "query": "#tag", "product": "Top"}),
        ("/search", {"kind": "search", "query": "", "product": "Top"}),
        ("/i/status/123", {"kind": "status", "id": "123"}),
        (f"/i/web/status/{'9' * 40}", {"kind": "status", "id": "9" * 40}),
        ("/account/access", {"kind": "access", "wall": "locked"}),
        ("/far_too_long_for_a_handle", {"kind": "missing"}),
    ],
)
def test_a_page_is_told_which_it_is_and_who_looks(practice: Practice, address: str, page: dict[str, str]) -> None:
    visitor = practice.visitor()
    config = visitor.page_config(address)
    assert config["page"] == page
    assert config["loggedIn"] is True
    assert config["viewer"] == {"id": visitor.id, "handle": "daily_vitals", "name": "Daily Vitals"}
    assert config["frontFaults"] == []
    assert set(config["queryIds"]) >= {"Viewer", "CreateTweet", "UserOriginalsTimeline"}


def test_profiles_and_posts_are_shown_to_guests(practice: Practice) -> None:
    post = practice.visitor().post("Hello")
    guest = practice.guest()
    for address in ("/daily_vitals", f"/daily_vitals/status/{post}"):
        config = guest.page_config(address)
        assert (config["loggedIn"], config["viewer"]) == (False, None)


def test_a_status_by_id_leads_to_its_author(practice: Practice) -> None:
    visitor = practice.visitor()
    post = visitor.post("Hello")
    for address in (f"/i/status/{post}", f"/i/web/status/{post}"):
        assert visitor.http.get(address).headers["location"] == f"/daily_vitals/status/{post}"


def test_logging_in_sets_the_cookies_of_x_and_out_makes_them_dead(practice: Practice) -> None:
    visitor = practice.guest()
    address = visitor.http.get("/login").headers["location"]
    assert visitor.page_config(address)["page"] == {"kind": "login"}
    form = {"username_or_email": "Daily_Vitals", "password": "practice"}
    response = visitor.http.post("/i/jf/onboarding/login", data=form)
    assert response.status_code == 200
    set_cookies = {line.split("=")[0]: line for line in response.headers.get_list("set-cookie")}
    assert set(set_cookies) == {"auth_token", "ct0", "twid", "lang"}
    assert "HttpOnly" in set_cookies["auth_token"]
    assert "HttpOnly" not in set_cookies["ct0"]
    visitor.handle = "daily_vitals"
    assert set_cookies["twid"].startswith(f"twid=u%3D{visitor.id};")
    assert visitor.http.get(LOGIN).headers["location"] == "/home"
    token = visitor.http.cookies["auth_token"]
    assert visitor.http.get("/logout").headers["location"] == "/"
    assert "auth_token" not in visitor.http.cookies
    visitor.http.cookies.set("auth_token", token, domain="127.0.0.1")
    assert visitor.http.get("/home").headers["location"] == LOGIN


@pytest.mark.parametrize(
    "form",
    [
        {"username_or_email": "daily_vitals", "password": "wrong"},
        {"username_or_email": "somebody", "password": "practice"},
        {},
    ],
)
def test_a_wrong_login_is_refused_with_a_message(practice: Practice, form: dict[str, str]) -> None:
    guest = practice.guest()
    response = guest.http.post("/i/jf/onboarding/login", data=form)
    assert response.status_code == 400
    assert response.json()["message"]
    assert not guest.http.cookies


def test_the_language_comes_from_the_cookie_and_from_nothing_else(practice: Practice) -> None:
    visitor = practice.visitor()
    assert '<html lang="en"' in visitor.http.get("/home").text
    visitor.http.cookies.set("lang", "de", domain="127.0.0.1")
    assert '<html lang="de"' in visitor.http.get("/home", headers={"accept-language": "fr"}).text


def test_a_language_or_reply_id_cannot_break_out_of_the_page(practice: Practice) -> None:
    visitor = practice.visitor()
    address = "/compose/post?in_reply_to=</script><script>alert(1)</script>"
    response = visitor.http.get(address, headers={"cookie": f"auth_token={visitor.http.cookies['auth_token']}"})
    assert "<script>alert" not in response.text
    assert page_config(response)["page"]["inReplyTo"] == "</script><script>alert(1)</script>"
    guest = practice.guest()
    hostile = guest.http.get("/daily_vitals", headers={"cookie": 'lang="><script>'})
    assert '<html lang="en"' in hostile.text


def address_of_front_end(practice: Practice) -> str:
    """Where the front end's first script lies."""
    found = re.search(r'src="(/static/\w+/app\.js)"', practice.guest().http.get("/daily_vitals").text)
    assert found is not None
    return found[1]


def test_static_files_are_kept_as_long_as_they_are_what_their_address_names(practice: Practice) -> None:
    address = address_of_front_end(practice)
    response = practice.guest().http.get(address)
    assert response.status_code == 200
    assert "javascript" in response.headers["content-type"]
    assert "immutable" in response.headers["cache-control"]
    _, _, version, _ = address.split("/")
    another = practice.guest().http.get(address.replace(version, "of-another-day"))
    assert (another.status_code, another.headers["cache-control"]) == (200, "no-cache")


def test_a_front_end_that_changes_under_a_running_server_gets_another_address(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = address_of_front_end(practice)
    changed = Path(shutil.copytree(front_end.STATIC, tmp_path / "static"))
    monkeypatch.setattr(front_end, "STATIC", changed)
    assert address_of_front_end(practice) == before
    (changed / "home.js").write_text("// nothing any more")
    assert address_of_front_end(practice) != before


def test_connections_are_not_used_twice(practice: Practice) -> None:
    assert practice.guest().http.get("/daily_vitals").headers["connection"] == "close"
