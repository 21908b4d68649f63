"""Tokens that are kept and renewed: in time, once, lost by no odd answer, and in no message."""

import json
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.x.api.credentials import SCOPES, Keys, TokenFile, TokenOffice, Tokens
from xbot_pipelines.x.client import Refused, Unknown
from xbot_pipelines.x.walls import LoggedOut, Unreachable, Wall
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.x.api.answering import Asked, Said, Server, client_of, open_server, said
from xbot_pipelines_tests.x.api.invented import ADA
from xbot_pipelines_tests.x.api_way import token_file

HELD = Tokens(
    access_token="held-access", refresh_token="held-refresh", expires_at=NOON + timedelta(hours=2), client_id="app-1"
)
GIVEN = {"access_token": "new-access", "refresh_token": "new-refresh", "expires_in": 7200, "scope": " ".join(SCOPES)}
OFFICE = "/2/oauth2/token"


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    file = token_file(tmp_path, "https://api.x.com")
    file.save(HELD)
    return file


@pytest.fixture
def office(server: Server, clock: ManualClock) -> TokenOffice:
    return TokenOffice(api_url=server.url, client_secret=None, clock=clock)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Server]:
    """One server for all that is drawn."""
    with open_server() as server:
        yield server


def test_saved_tokens_are_for_their_owner_alone_and_come_back_as_they_were(file: TokenFile) -> None:
    assert file.load() == HELD
    assert file.path.stat().st_mode & 0o777 == 0o600
    file.path.chmod(0o644)
    file.save(replace(HELD, refresh_token=None))
    assert file.load().refresh_token is None
    assert file.path.stat().st_mode & 0o777 == 0o600, "whatever was there before"
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name], "nothing unfinished is left"


def test_where_no_tokens_are_a_login_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LoggedOut, match=r"no token for X's API is saved in .*: log in with `xbot login`"):
        token_file(tmp_path, "https://api.x.com").load()


def saved(**changes: Any) -> bytes:
    whole = {
        "access_token": "held-access",
        "refresh_token": "held-refresh",
        "expires_at": NOON.isoformat(),
        "client_id": "app-1",
    }
    return json.dumps({**whole, **changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"held-access",
        saved()[:60],
        b'{"access_token": "held-access"}',
        saved(access_token="held-access\nheld"),
        saved(refresh_token=0),
        saved(client_id=["held-access"]),
    ],
)
def test_f28_a_file_that_holds_nothing_that_can_be_sent_is_said_to_hold_no_tokens_without_what_it_holds(
    file: TokenFile, content: bytes
) -> None:
    file.path.write_bytes(content)
    with pytest.raises(LoggedOut, match="does not hold tokens of X's API: log in again") as met:
        file.load()
    assert "held" not in "".join(traceback.format_exception(met.value))


@pytest.mark.parametrize("secret", [None, "app-secret"])
def test_tokens_are_renewed_as_a_public_or_a_confidential_app_is_told_to(
    server: Server, clock: ManualClock, secret: str | None
) -> None:
    server.says(said(GIVEN))
    renewed = TokenOffice(api_url=server.url, client_secret=secret, clock=clock).renew(HELD)
    assert renewed == Tokens(
        access_token="new-access",
        refresh_token="new-refresh",
        expires_at=NOON + timedelta(hours=2),
        client_id="app-1",
    )
    [asked] = server.asked
    sent = {name: value for name, [value] in parse_qs(asked.body.decode()).items()}
    public = {"client_id": "app-1"} if secret is None else {}
    assert sent == {"grant_type": "refresh_token", "refresh_token": "held-refresh", **public}
    assert asked.authorization == (None if secret is None else f"Basic {b64encode(b'app-1:app-secret').decode()}")


def test_a_code_is_exchanged_with_its_proof(server: Server, office: TokenOffice) -> None:
    server.says(said(GIVEN))
    tokens = office.exchange("code-1", client_id="app-1", redirect_uri="http://127.0.0.1:1/callback", verifier="v-1")
    assert (tokens.access_token, tokens.client_id) == ("new-access", "app-1")
    sent = {name: value for name, [value] in parse_qs(server.asked[0].body.decode()).items()}
    assert (sent["grant_type"], sent["code"], sent["code_verifier"]) == ("authorization_code", "code-1", "v-1")


def test_a_token_ends_two_minutes_before_it_does(office: TokenOffice, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=1, minutes=58))
    assert not office.is_ending(HELD)
    clock.advance(timedelta(seconds=1))
    assert office.is_ending(HELD)


@pytest.mark.parametrize(
    ("changes", "refresh_token", "life"),
    [
        ({"refresh_token": None}, "held-refresh", timedelta(hours=2)),
        ({"refresh_token": 7}, "held-refresh", timedelta(hours=2)),
        ({"expires_in": None}, "new-refresh", timedelta()),
        ({"expires_in": "7200"}, "new-refresh", timedelta()),
        ({"expires_in": -5}, "new-refresh", timedelta()),
        ({"expires_in": 10**30}, "new-refresh", timedelta(days=366)),
    ],
)
def test_what_x_leaves_out_of_new_tokens_does_not_cost_the_login(
    server: Server, office: TokenOffice, changes: dict[str, Any], refresh_token: str, life: timedelta
) -> None:
    server.says(said({**GIVEN, **changes}))
    renewed = office.renew(HELD)
    assert (renewed.refresh_token, renewed.expires_at) == (refresh_token, NOON + life)


@pytest.mark.parametrize(
    ("answer", "wall", "words"),
    [
        (said({"error": "invalid_grant"}, 400), LoggedOut, "gives no token for its API \\(invalid_grant\\): log in"),
        (said({"error": "Held-refresh is no token"}, 400), LoggedOut, "\\(HTTP 400\\): log in again"),
        (
            said({"error": "invalid_client"}, 401),
            LoggedOut,
            "does not know the app \\(invalid_client\\): look at X_CLIE",
        ),
        (said({"error": "unauthorized_client"}, 401), LoggedOut, "does not know the app"),
        (said({}, 200), LoggedOut, "\\(HTTP 200\\): log in again"),
        (said({**GIVEN, "access_token": "two\nlines"}), LoggedOut, "\\(HTTP 200\\)"),
        (said({"error": "server_error"}, 503), Unreachable, "gave no token: HTTP 503"),
        (said({}, 429), Unreachable, "gave no token: HTTP 429"),
        (Said(403, b"<html>Just a moment...</html>"), Unreachable, "HTTP 403, and no JSON object"),
        (Said(302, b"", {"location": "http://["}), Unreachable, "gave no token"),
        (Said(200, b"<html>"), Unreachable, "HTTP 200, and no JSON object"),
        (Said(200, b'{"access', promised=900), Unreachable, "gave no token: ChunkedEncodingError|ConnectionError"),
    ],
)
def test_only_x_itself_ends_a_login_and_whatever_else_answers_does_not(
    server: Server, office: TokenOffice, answer: Said, wall: type[Wall], words: str
) -> None:
    server.says(answer)
    with pytest.raises(wall, match=words) as met:
        office.renew(HELD)
    assert type(met.value) is wall
    assert "held-refresh" not in "".join(traceback.format_exception(met.value)).lower()


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["access_token", "refresh_token", "expires_in", "scope", "error", "token_type"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.none(), max_size=1),
    ),
    st.sampled_from([200, 200, 201, 302, 400, 401, 403, 500]),
)
def test_whatever_the_office_answers_is_tokens_that_can_be_saved_or_a_wall(
    lasting: Server, tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any], status: int
) -> None:
    file = token_file(tmp_path_factory.getbasetemp(), lasting.url)
    lasting.says(said({**GIVEN, **changes}, status))
    with suppress(Wall):
        renewed = TokenOffice(api_url=lasting.url, client_secret=None, clock=ManualClock(NOON)).renew(HELD)
        file.save(renewed)
        assert file.load() == renewed


def answering(new_token_is: Said, *, post: Said) -> Callable[[Asked], Said]:
    """What a server does that knows no token but the new one."""

    def answer(asked: Asked) -> Said:
        if asked.path == OFFICE:
            return new_token_is
        if asked.authorization != "Bearer new-access":
            return said({"title": "Unauthorized", "status": 401}, 401)
        return post if asked.method == "POST" else said({"data": ADA})

    return answer


def test_a_token_that_x_does_not_take_is_renewed_once_saved_and_the_question_asked_again(
    server: Server, clock: ManualClock, file: TokenFile
) -> None:
    server.answer = answering(said(GIVEN), post=said({}))
    with client_of(server, clock, proof=file) as client:
        assert client.whoami().handle == "ada_walks"
        assert client.whoami().handle == "ada_walks"
    assert [asked.path for asked in server.asked] == ["/2/users/me", OFFICE, "/2/users/me", "/2/users/me"]
    assert file.load().refresh_token == "new-refresh"


def test_a_token_that_x_does_not_take_though_it_is_new_is_not_renewed_for_ever(
    server: Server, clock: ManualClock, file: TokenFile
) -> None:
    server.answer = answering(said({**GIVEN, "access_token": "not-taken-either"}), post=said({}))
    with client_of(server, clock, proof=file) as client, pytest.raises(LoggedOut, match="xbot login"):
        client.whoami()
    assert [asked.path for asked in server.asked] == ["/2/users/me", OFFICE, "/2/users/me"]


def test_a_renewal_whose_answer_is_lost_has_taken_no_post_and_leaves_the_saved_tokens(
    server: Server, clock: ManualClock, file: TokenFile
) -> None:
    server.answer = answering(Said(200, b'{"access', promised=900), post=said({}))
    with client_of(server, clock, proof=file) as client:
        refused = client.publish("A short walk.", reply_to=None, before_click=lambda: None)
        assert isinstance(refused, Refused)
        assert isinstance(refused.wall, Unreachable)
        with pytest.raises(Unreachable):
            client.whoami()
        assert file.load() == HELD
        # X may have taken the refresh token before the answer was lost. Then this is what it says.
        server.answer = answering(said({"error": "invalid_grant"}, 400), post=said({}))
        with pytest.raises(LoggedOut, match="xbot login"):
            client.whoami()
    assert [asked.path for asked in server.asked].count("/2/tweets") == 1


def test_f02_a_post_that_was_sent_again_with_a_new_token_and_lost_is_unknown(
    server: Server, clock: ManualClock, file: TokenFile
) -> None:
    server.answer = answering(said(GIVEN), post=Said(201, b'{"data"', promised=90))
    with client_of(server, clock, proof=file) as client:
        assert isinstance(client.publish("A short walk.", reply_to=None, before_click=lambda: None), Unknown)


def test_f28_nothing_that_proves_who_asks_is_in_what_is_shown_of_it(clock: ManualClock) -> None:
    keys = Keys(api_key="held-1", api_key_secret="held-2", access_token="held-3", access_token_secret="held-4")
    office = TokenOffice(api_url="https://api.x.com", client_secret="held-5", clock=clock)
    assert "held" not in f"{HELD} {keys} {office}"
