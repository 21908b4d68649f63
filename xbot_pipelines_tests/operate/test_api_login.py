"""Logging in to X's API: a person allows the app on a real practice site, and their browser comes back to us."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.api_login import PAID_FOR, ApiLogin
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.landing import address_of, landing
from xbot_pipelines.operate.session import probe
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import VARIABLES, Settings
from xbot_pipelines.store import x_charges
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.lease import hold_lease
from xbot_pipelines.systems.transports import by_the_api
from xbot_pipelines.systems.whose_login import MeterForAPerson
from xbot_pipelines.x.api.authorization import ask_for
from xbot_pipelines.x.api.credentials import SCOPES, TokenFile
from xbot_pipelines.x.session import Patience
from xbot_pipelines_tests.account_files import accounts_with
from xbot_pipelines_tests.allowing import arrive, decide, paragraph
from xbot_pipelines_tests.browsers import a_browser
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.operate.programs import PATIENCE_SECONDS, free_ports
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.practice_site import Practice, client_of

A_WHILE = timedelta(seconds=PATIENCE_SECONDS)
AT_ONCE = timedelta(seconds=0.3)


@pytest.fixture
def on_the_api(on_practice: Settings) -> Settings:
    """The account on a practice X, which it reaches by the API; nobody has logged in yet."""
    [port] = free_ports(1)
    profile = on_practice.profile.model_copy(update={"transport": "api"})
    return on_practice.model_copy(update={"profile": profile, "x_client_id": "the-app", "login_port": port})


def as_another(settings: Settings) -> Settings:
    """The same account with another handle: what is allowed for ours is somebody else's then."""
    return settings.model_copy(update={"profile": settings.profile.model_copy(update={"handle": "another_handle"})})


@dataclass
class Login:
    """A login that waits for a person: what it has said, where it sends them, and how it ends."""

    ends: Future[None]
    said: list[str]
    addresses: Queue[str] = field(repr=False)

    @property
    def address(self) -> str:
        """X's page, once it is to be opened."""
        return self.addresses.get(timeout=PATIENCE_SECONDS)

    def refusal(self) -> str:
        """The sentence with which it ends."""
        with pytest.raises(CannotRun) as refused:
            self.ends.result(timeout=PATIENCE_SECONDS)
        return str(refused.value)


@contextmanager
def logging_in(settings: Settings, database: AccountDatabase, *, within: timedelta = A_WHILE) -> Iterator[Login]:
    """Types `xbot login`, and is the person while it waits."""
    addresses: Queue[str] = Queue()
    said: list[str] = []

    def open_page(address: str) -> bool:
        addresses.put(address)
        return True

    login = ApiLogin(settings=settings, database=database, clock=SystemClock(), open_page=open_page, say=said.append)
    with ThreadPoolExecutor(max_workers=1) as room:
        yield Login(room.submit(login.run, within=within), said, addresses)


@pytest.mark.browser
def test_a_person_allows_the_app_in_their_own_browser_and_the_account_is_logged_in(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    with logging_in(on_the_api, database) as login, a_browser() as chromium:
        context = chromium.new_context(storage_state=practice.storage_state(), java_script_enabled=False)  # type: ignore[arg-type]
        page = context.new_page()
        seen: list[str] = []
        page.on("request", lambda request: seen.append(request.url))
        page.goto(login.address)
        page.get_by_role("button", name="Authorize app").click()
        page.get_by_role("heading", name="Logged in").wait_for()
        login.ends.result(timeout=PATIENCE_SECONDS)
        assert page.get_by_text(f"You are logged in as @{practice.handle}.").is_visible()
        assert page.url == f"http://127.0.0.1:{on_the_api.login_port}/end"
        [code] = [parse_qs(urlsplit(url).query)["code"][0] for url in seen if "code=" in url]

    file = on_the_api.token_file
    assert file.stat().st_mode & 0o777 == 0o600
    tokens = TokenFile(path=file, api_url=on_the_api.api_url).load()
    assert login.said[-2] == f"logged in as @{practice.handle}; the tokens are saved in {file}"
    assert login.said[-1] == (
        f"they are good until {tokens.expires_at:%Y-%m-%d %H:%M} UTC, and are renewed by themselves for as long as the "
        "app stays allowed"
    )
    secrets = [code, tokens.access_token, tokens.refresh_token or ""]
    assert not [secret for secret in secrets if secret in "\n".join(login.said)]
    meter = MeterForAPerson(on_the_api, database, SystemClock())
    with by_the_api(on_the_api, meter=meter, clock=SystemClock()) as client:
        assert client.whoami().handle == practice.handle


def test_who_cancels_is_told_so_on_the_page_and_in_the_terminal(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    with logging_in(on_the_api, database) as login:
        page = arrive(decide(practice, login.address, "cancel"))
    assert login.refusal() == "you did not allow the app to act for the account; nothing was saved"
    assert paragraph(page) == login.refusal()
    assert not on_the_api.token_file.exists()


def test_what_belongs_to_another_login_or_is_loaded_again_changes_nothing(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    with logging_in(on_the_api, database) as login:
        back = decide(practice, login.address)
        site = f"http://127.0.0.1:{on_the_api.login_port}"
        of_before = arrive(f"{site}/callback?code=an-old-one&state=of-before")
        assert (of_before.status_code, str(of_before.url)) == (400, f"{site}/another-login")
        assert "Nothing was done with it" in of_before.text
        assert arrive(f"{site}/favicon.ico").status_code == 404
        assert arrive(f"{site}/end").status_code == 404, "there is no end yet"
        assert not login.ends.done()
        with client_of(site) as browser:
            assert [browser.get(back).headers["location"] for _ in range(2)] == ["/end", "/end"]
        assert paragraph(arrive(f"{site}/end")).startswith(f"You are logged in as @{practice.handle}.")
    login.ends.result()


def test_whoever_does_nothing_is_not_waited_for_without_end(on_the_api: Settings, database: AccountDatabase) -> None:
    with logging_in(on_the_api, database, within=AT_ONCE) as login:
        pass
    assert login.refusal() == (
        "X has not sent anybody back within 0.005 minutes (if it showed an error instead of the app, look whether "
        f"{address_of(on_the_api.login_port)} is a callback address of it); nothing was saved"
    )
    assert not on_the_api.token_file.exists()


def test_f20_tokens_of_another_account_are_not_kept(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    write_private(on_the_api.token_file, "what was there before")
    with logging_in(as_another(on_the_api), database) as login:
        page = arrive(decide(practice, login.address))
    assert login.refusal() == (
        f"the app was allowed for @{practice.handle}, but the account 'practice' is @another_handle: log in to X as "
        "@another_handle in your browser, and try again; nothing was saved"
    )
    assert "@another_handle" in paragraph(page)
    assert on_the_api.token_file.read_text() == "what was there before"


@pytest.mark.parametrize(
    ("secret", "sentence"), [("practice", None), ("wrong", "X does not know the app (unauthorized_client)")]
)
def test_a_confidential_app_proves_itself_by_its_secret(
    on_the_api: Settings, database: AccountDatabase, practice: Practice, secret: str, sentence: str | None
) -> None:
    confidential = on_the_api.model_copy(update={"x_client_secret": SecretStr(secret)})
    with logging_in(confidential, database) as login:
        page = arrive(decide(practice, login.address))
    if sentence is None:
        login.ends.result()
    else:
        assert login.refusal().startswith(f"{sentence}: look at X_CLIENT_ID, and at X_CLIENT_SECRET")
        assert paragraph(page).startswith(sentence)
    assert on_the_api.token_file.exists() == (sentence is None)


def test_a_port_that_is_taken_is_one_sentence(on_the_api: Settings, database: AccountDatabase) -> None:
    question = ask_for("the-app", x_url=on_the_api.x_url, redirect_uri="")
    with landing(on_the_api.login_port, question), logging_in(on_the_api, database) as login:
        assert re.match(rf"Port {on_the_api.login_port}, .* set XBOT_LOGIN_PORT to another\.$", login.refusal())


def test_f01_while_a_run_is_at_x_nobody_is_sent_anywhere(
    on_the_api: Settings, database: AccountDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xbot_pipelines.operate.session.WAIT_FOR_THE_LEASE", timedelta())
    with hold_lease(database, wait=timedelta()), logging_in(on_the_api, database) as login:
        assert "a run of account 'practice' is at X" in login.refusal()
    assert login.addresses.empty()


def test_without_an_app_it_is_said_how_to_make_one(on_the_api: Settings, database: AccountDatabase) -> None:
    with logging_in(on_the_api.model_copy(update={"x_client_id": None}), database) as login:
        sentence = login.refusal()
    for word in (
        "X_CLIENT_ID is not set",
        "https://console.x.com",
        f"exactly {address_of(on_the_api.login_port)} as its callback",
        "X_CLIENT_SECRET is for confidential apps only",
        "tweet.read, tweet.write, users.read, offline.access",
    ):
        assert word in sentence


def with_keys(settings: Settings, practice: Practice) -> Settings:
    """The account with four keys in the environment."""
    keys = practice.ask("POST", "api/keys", {"handle": practice.handle}).values()
    names = ("x_api_key", "x_api_key_secret", "x_access_token", "x_access_token_secret")
    return settings.model_copy(update={name: SecretStr(key) for name, key in zip(names, keys, strict=True)})


def test_with_four_keys_there_is_nothing_to_log_in_to(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    keyed = with_keys(on_the_api, practice)
    with logging_in(keyed, database) as login:
        login.ends.result(timeout=PATIENCE_SECONDS)
    assert login.said == [
        f"X knows @{practice.handle} by the four keys in the environment: there is nothing to log in to"
    ]
    assert login.addresses.empty()

    with logging_in(as_another(keyed), database) as login:
        assert login.refusal() == (
            f"the four keys in the environment are @{practice.handle}'s, but the account 'practice' is "
            "@another_handle: set the keys of @another_handle, or unset all four and log in with `xbot login`"
        )
    wrong = keyed.model_copy(update={"x_access_token": SecretStr("of-nobody")})
    with logging_in(wrong, database) as login:
        assert login.refusal().startswith("with the four keys in the environment: ")
        assert "of-nobody" not in login.refusal()


@pytest.fixture
def paying_shell(shell: Shell, database_url: str) -> Shell:
    """A shell whose account reaches X by its API."""
    [port] = free_ports(1)
    shell.variables |= {
        "XBOT_ACCOUNTS": str(accounts_with(shell.home.parent, transport="api", approval="replies")),
        "XBOT_DATABASE_URL": database_url,
        "XBOT_LOGIN_PORT": str(port),
    }
    return shell


def test_on_a_machine_without_a_browser_the_page_is_printed_and_how_to_reach_it(
    paying_shell: Shell, practice: Practice
) -> None:
    port = paying_shell.variables["XBOT_LOGIN_PORT"]
    with subprocess.Popen(
        [sys.executable, "-m", "xbot_pipelines.cli", "login"],
        env={**paying_shell.variables, "XBOT_X_URL": practice.url, "X_CLIENT_ID": "the-app", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as typed:
        assert typed.stdout is not None
        shown = [typed.stdout.readline() for _ in range(4)]
        back = decide(practice, shown[1].strip())
        assert "Logged in" in arrive(back).text
        rest, errors = typed.communicate(timeout=PATIENCE_SECONDS)
    assert (typed.returncode, errors) == (0, "")
    assert shown[0] == f"allow the app for @{practice.handle}, within 10 minutes, on this page:\n"
    assert f"run `ssh -L {port}:127.0.0.1:{port} " in shown[3]
    assert parse_qs(urlsplit(back).query)["code"][0] not in "".join(shown) + rest
    told = paying_shell.types("health")
    assert re.search(r"^session +tokens for X's API, saved \d+ s ago$", told.stdout, re.MULTILINE)


def test_off_practice_it_says_that_the_api_is_paid_for_and_nothing_of_what_x_forbids_to_browsers(
    paying_shell: Shell, tmp_path: Path
) -> None:
    accounts = str(accounts_with(tmp_path, x="x.com", transport="api", approval="replies"))
    done = paying_shell.types("login", XBOT_ACCOUNTS=accounts)
    assert done.stdout == f"{PAID_FOR}\n"
    assert refusal(done).startswith("xbot: X_CLIENT_ID is not set")


def test_a_login_in_a_window_cannot_go_without_a_browser(shell: Shell) -> None:
    assert "--no-browser" in refusal(shell.types("login", "--no-browser"))


def test_looking_whose_login_it_is_costs_a_cent_a_day_and_is_asked_whatever_is_left(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    with logging_in(on_the_api, database) as login:
        arrive(decide(practice, login.address))
    profile = on_the_api.profile
    broke = profile.model_copy(update={"api": profile.api.model_copy(update={"monthly_budget_usd": 0.0})})
    penniless = on_the_api.model_copy(update={"profile": broke})
    clock = SystemClock()
    for _ in range(2):
        assert probe(penniless, database, clock=clock, patience=Patience()).handle == practice.handle
    today = clock.now().date()
    assert x_charges.spent(database, since=today, until=today + timedelta(days=1)) * 100 == 1


def test_the_handbook_tells_the_way_back_the_scopes_and_what_is_said(
    on_the_api: Settings, database: AccountDatabase, practice: Practice
) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    usual = on_the_api.model_copy(update={"login_port": Settings.model_fields["login_port"].default})
    assert f"**`{address_of(usual.login_port)}`**" in page
    assert not [scope for scope in SCOPES if f"`{scope}`" not in page]
    assert not [name for name in VARIABLES if name.startswith("X_") and f"`{name}`" not in page]
    assert f"\n{PAID_FOR}\n" in page
    with logging_in(on_the_api, database) as login:
        arrive(decide(practice, login.address))
    port = f":{on_the_api.login_port}/"
    said = "\n".join([login.said[0], "https://x.com/i/oauth2/authorize?…", login.said[2].replace(port, ":8723/")])
    assert said.replace("within 0.333333 minutes", "within 10 minutes") in page
    assert re.sub(r"until .* UTC", "until 2026-11-21 21:41 UTC", login.said[-1]) in page
