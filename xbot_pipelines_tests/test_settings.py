"""What can be set, what is taken when nothing is set, and what a person is told when it is wrong."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from xbot_pipelines.settings import ACKNOWLEDGEMENT, AccountSettings, Settings, SettingsError, load_settings

ROOT = Path(__file__).parents[1]
DAY = timedelta(days=1)
LEAST = """
handle = "ada_walks"
timezone = "Europe/Vienna"
persona = "Ada, who walks, for people who sit."
subjects = ["walking", "sleep"]
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    folder = tmp_path / "accounts"
    folder.mkdir()
    (folder / "ada.toml").write_text(LEAST, encoding="utf-8")
    return folder


def load(accounts: Path, toml: str = "", *, x: str | None = None, **environ: str) -> Settings:
    """Load the account `ada` of an X, with more TOML after the least there must be."""
    if toml or x:
        first = "" if x is None else f'x = "{x}"\n'
        (accounts / "ada.toml").write_text(first + LEAST + toml, encoding="utf-8")
    return load_settings({"XBOT_ACCOUNTS": str(accounts), "XBOT_ACCOUNT": "ada", **environ})


def problem(accounts: Path, toml: str = "", *, x: str | None = None, **environ: str) -> str:
    """The one problem that loading meets."""
    with pytest.raises(SettingsError) as raised:
        load(accounts, toml, x=x, **environ)
    [told] = raised.value.problems
    assert str(raised.value) == told
    return told


def test_nothing_set_is_the_practice_account_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings.account == "practice"
    assert settings.profile.handle == "daily_vitals"
    assert settings.home == tmp_path / ".xbot"
    assert settings.x_url == "http://127.0.0.1:8700"
    assert settings.is_practice
    assert (settings.ui_port, settings.practice_port, settings.health_port) == (3000, 8700, 3070)
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 3070)
    assert settings.database_url is None
    assert settings.openai_api_key is None
    assert settings.chromium is None


def test_the_accounts_folder_right_here_goes_before_the_one_beside_the_package(
    monkeypatch: pytest.MonkeyPatch, accounts: Path
) -> None:
    monkeypatch.chdir(accounts.parent)
    assert load_settings({"XBOT_ACCOUNT": "ada"}).profile.handle == "ada_walks"


def test_an_account_file_needs_four_keys_and_the_rest_has_defaults(accounts: Path) -> None:
    profile = load(accounts).profile
    assert str(profile.timezone) == "Europe/Vienna"
    assert profile.subjects == ("walking", "sleep")
    assert profile.checkpoints_hours == (2, 12, 24)
    assert (profile.caps.posts_per_hour, profile.caps.posts_per_day) == (2, 48)
    assert (profile.caps.replies_per_hour, profile.caps.replies_per_day) == (4, 40)
    assert profile.started_on == date(2026, 1, 1)
    assert profile.publishing.dry_run
    assert profile.feeds == ()
    assert (profile.retention.good_runs_for, profile.retention.failed_runs_for) == (14 * DAY, 60 * DAY)
    assert profile.retention.files_for == 60 * DAY


def test_the_example_account_says_every_key_there_is_and_is_not_a_dry_run() -> None:
    text = (ROOT / "accounts" / "practice.toml").read_text(encoding="utf-8")
    keys = set(AccountSettings.model_fields)
    sections = {"caps", "replies", "model", "publishing", "browser", "api", "retention"}
    for section in sections:
        keys |= set(AccountSettings.model_fields[section].default.__class__.model_fields)
    keys -= sections
    assert [key for key in sorted(keys) if f"{key} = " not in text] == []
    assert not load_settings({"XBOT_ACCOUNTS": str(ROOT / "accounts")}).profile.publishing.dry_run


@pytest.mark.parametrize(
    ("said", "on_practice", "on_x"),
    [
        ("", "nobody", "everyone"),
        ('[publishing]\napproval = "everyone"', "everyone", "everyone"),
        ('[publishing]\napproval = "replies"', "replies", "replies"),
        ('[publishing]\napproval = "nobody"', "nobody", None),
        ('[replies]\napproval = "strangers"', "replies", "replies"),
        ('[replies]\napproval = "everyone"', "replies", "replies"),
        ('[replies]\napproval = "nobody"', "nobody", None),
        ('[replies]\napproval = "strangers"\n[publishing]\napproval = "everyone"', "everyone", "everyone"),
        ('[replies]\napproval = "nobody"\n[publishing]\napproval = "nobody"', "nobody", None),
    ],
)
def test_what_waits_for_a_person_is_what_the_file_says_or_else_everything_off_practice_x(
    accounts: Path, said: str, on_practice: str, on_x: str | None
) -> None:
    assert load(accounts, said).profile.publishing.approval == on_practice
    if on_x is not None:
        assert load(accounts, said, x="x.com").profile.publishing.approval == on_x
        return
    found = problem(accounts, said, x="x.com")
    assert "approval: should be 'everyone' or 'replies', found 'nobody': off practice X a person approves" in found


@pytest.mark.parametrize(("old", "new"), [("strangers", "nobody"), ("everyone", "nobody"), ("nobody", "everyone")])
def test_the_old_key_of_approval_must_not_contradict_the_new_one(accounts: Path, old: str, new: str) -> None:
    found = problem(accounts, f'[replies]\napproval = "{old}"\n[publishing]\napproval = "{new}"')
    assert f"replies.approval: '{old}' contradicts publishing.approval, which is '{new}': remove" in found


def test_the_old_key_of_approval_is_noticed(accounts: Path) -> None:
    assert load(accounts).notices == ()
    [notice] = load(accounts, '[replies]\napproval = "strangers"', x="x.com").notices
    assert '[replies] approval = "strangers" is an old key, and [publishing] approval = "replies" holds' in notice


def test_the_acknowledgement_is_one_sentence_word_for_word_and_only_a_browser_at_xs_own_site_needs_it(
    accounts: Path,
) -> None:
    assert load(accounts).lacks_acknowledgement is None
    missing = load(accounts, x="x.com").lacks_acknowledgement
    assert missing is not None
    assert f'acknowledged = "{ACKNOWLEDGEMENT}"' in missing
    assert load(accounts, 'transport = "api"', x="x.com").lacks_acknowledgement is None
    said = f'[browser]\nacknowledged = "{ACKNOWLEDGEMENT}"'
    assert load(accounts, said, x="x.com").lacks_acknowledgement is None
    with pytest.raises(SettingsError, match=r"browser\.acknowledged: should be 'I know that .*', found 'yes'"):
        load(accounts, '[browser]\nacknowledged = "yes"')


def test_the_environment_overrides_the_account_and_a_variable_set_to_nothing_is_not_set(accounts: Path) -> None:
    settings = load(accounts, '[model]\nname = "from-the-file"', XBOT_MODEL="from-the-environment", XBOT_X_URL="")
    assert settings.model == "from-the-environment"
    assert settings.x_url == "http://127.0.0.1:8700"
    assert load(accounts).model == "from-the-file"


def test_the_practice_site_is_looked_for_on_the_port_it_was_given(accounts: Path) -> None:
    assert load(accounts, XBOT_PRACTICE_PORT="8800").x_url == "http://127.0.0.1:8800"


@pytest.mark.parametrize("url", ["http://localhost:8700/", "http://127.8.8.8", "http://[::1]:8700"])
def test_practice_x_moves_between_addresses_of_this_machine(accounts: Path, url: str) -> None:
    settings = load(accounts, XBOT_X_URL=url)
    assert settings.is_practice
    assert settings.x_url == settings.api_url == url.rstrip("/")


ELSEWHERE = [
    *("https://x.com", "https://api.x.com", "http://127.0.0.1.example.com", "http://localhost.example.com"),
    *("http://192.168.0.4:8700", "http://127.1:8700", "http://2130706433:8700", "http://localhost.:8700"),
    *("http://0.0.0.0:8700", "http://127.0.0.1\\.example.com", "http://[::ffff:192.168.0.4]:8700"),
]
"""Addresses that are not this machine's, or not in the usual form."""


@pytest.mark.parametrize("variable", ["XBOT_X_URL", "XBOT_X_API_URL"])
@pytest.mark.parametrize("url", ELSEWHERE)
def test_variables_do_not_lead_a_practice_account_elsewhere(accounts: Path, variable: str, url: str) -> None:
    told = problem(accounts, **{variable: url})
    assert told.startswith(f"{variable}: should be an address of this machine (127.0.0.1, [::1] or localhost), found ")
    assert told.endswith(f'x = "x.com" in {accounts / "ada.toml"}')


@pytest.mark.parametrize(
    ("variable", "own", "other"),
    [
        ("XBOT_X_URL", "https://x.com", "http://127.0.0.1:8700"),
        ("XBOT_X_URL", "https://x.com", "http://x.com"),
        ("XBOT_X_URL", "https://x.com", "https://x.com.example.com"),
        ("XBOT_X_API_URL", "https://api.x.com", "http://localhost:8080"),
        ("XBOT_X_API_URL", "https://api.x.com", "https://api.example.com"),
        ("XBOT_X_API_URL", "https://api.x.com", "https://api.x.com:8443"),
    ],
)
def test_variables_do_not_lead_an_account_of_x_elsewhere(accounts: Path, variable: str, own: str, other: str) -> None:
    assert problem(accounts, x="x.com", **{variable: other}).startswith(
        f"{variable}: should be {own} or not set, found {other!r}: "
    )
    assert not load(accounts, x="x.com", **{variable: f"{own}/"}).is_practice


@pytest.mark.parametrize(
    ("x", "set_to", "api_url", "x_url"),
    [
        ("practice", {}, "http://127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("practice", {"XBOT_X_API_URL": "http://localhost:8080"}, "http://localhost:8080", "http://127.0.0.1:8700"),
        ("x.com", {}, "https://api.x.com", "https://x.com"),
        ("x.com", {"XBOT_PRACTICE_PORT": "8800"}, "https://api.x.com", "https://x.com"),
    ],
)
def test_account_file_says_where_x_is(accounts: Path, x: str, set_to: dict[str, str], api_url: str, x_url: str) -> None:
    settings = load(accounts, 'transport = "api"', x=x, **set_to)
    assert (settings.api_url, settings.x_url, settings.is_practice) == (api_url, x_url, x == "practice")


def test_keys_of_x_are_refused_where_practice_x_would_be_sent_them(accounts: Path) -> None:
    keys = dict.fromkeys(("X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), "hunter2")
    told = problem(accounts, 'transport = "api"', **keys, X_CLIENT_SECRET="hunter2")
    assert told.startswith(f"{', '.join(keys)}, X_CLIENT_SECRET: should not be set: the account belongs to practice X")
    assert "hunter2" not in told
    assert load(accounts, 'transport = "api"', x="x.com", **keys).x_api_key is not None
    # Another server that is named, such as X's playground, has keys of its own; a browser uses none.
    assert load(accounts, 'transport = "api"', XBOT_X_API_URL="http://localhost:8080", **keys).x_api_key is not None
    assert load(accounts, 'transport = "browser"', **keys).x_api_key is not None
    assert load(accounts, 'transport = "api"', X_CLIENT_SECRET="practice").x_client_secret is not None


def test_key_of_a_provider_is_refused_where_the_practice_model_would_be_sent_it(accounts: Path) -> None:
    practice_model = {"OPENAI_BASE_URL": "http://127.0.0.1:8700/v1"}
    told = problem(accounts, OPENAI_API_KEY="sk-hunter2", **practice_model)
    assert told.startswith("OPENAI_API_KEY: should be 'practice' while OPENAI_BASE_URL is the practice model")
    assert "hunter2" not in told
    assert load(accounts, OPENAI_API_KEY="practice", **practice_model).openai_api_key is not None


@pytest.mark.parametrize(
    "url",
    [
        *("http://provider.example/v1", "HTTP://provider.example/v1", "http://ollama:11434/v1", "http://10.0.0.4/v1"),
        *("http://localhost./v1", "http://127.1/v1", "http://2130706433/v1", "http://[fe80::1]/v1"),
        *("http://127.0.0.1.example.com/v1", "http://127.0.0.1\\.example.com/v1"),
    ],
)
def test_model_is_not_asked_without_tls_off_this_machine(accounts: Path, url: str) -> None:
    told = problem(accounts, OPENAI_BASE_URL=url)
    assert told.startswith("OPENAI_BASE_URL: should begin with https://, or name this machine by 127.0.0.1, [::1] or ")


@pytest.mark.parametrize(
    "url", ["https://provider.example/v1", "http://localhost:11434/v1", "http://127.0.0.1/v1", "http://[::1]:1/v1"]
)
def test_model_is_asked_by_tls_or_on_this_machine(accounts: Path, url: str) -> None:
    assert load(accounts, OPENAI_BASE_URL=url).openai_base_url == url


def test_half_of_the_four_keys_sign_nothing(accounts: Path) -> None:
    with pytest.raises(SettingsError, match="X_API_KEY_SECRET, X_ACCESS_TOKEN_SECRET: not set"):
        load(accounts, X_API_KEY="hunter2", X_ACCESS_TOKEN="hunter2")


def test_a_data_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, accounts: Path, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(accounts, XBOT_HOME="data").home == tmp_path / "data"
    assert load(accounts, XBOT_HOME="~/data").home == Path.home() / "data"


def test_f28_no_secret_is_in_what_settings_show_of_themselves(accounts: Path) -> None:
    settings = load(accounts, OPENAI_API_KEY="sk-hunter2", XBOT_DATABASE_URL="postgresql://me:hunter2@host/db")
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-hunter2"
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert "hunter2" not in shown


def test_where_alerts_are_told_is_a_list_with_blanks_between_and_nobody_unless_it_is_said(accounts: Path) -> None:
    assert load(accounts).alert_urls == ()
    settings = load(accounts, XBOT_ALERT_URLS=" json://u:hunter2@127.0.0.1:9/  tgram://bot/chat ")
    told = [url.get_secret_value() for url in settings.alert_urls]
    assert told == ["json://u:hunter2@127.0.0.1:9/", "tgram://bot/chat"]
    assert "hunter2" not in repr(settings)
    assert problem(accounts, XBOT_ALERT_URLS="tgram://bot/chat hunter2") == (
        "XBOT_ALERT_URLS: should be addresses as apprise writes them, tgram://…, with blanks between: number 2 is none"
    )


def test_f28_no_secret_is_in_an_error(accounts: Path) -> None:
    for variable in ("XBOT_DATABASE_URL", "XBOT_X_URL", "XBOT_X_API_URL", "OPENAI_BASE_URL"):
        with pytest.raises(SettingsError) as raised:
            load(accounts, **{variable: "mysql://me:hunter2@host/db", "OPENAI_API_KEY": "sk-hunter2"})
        assert str(raised.value).startswith(f"{variable}: should be ")
        assert "hunter2" not in str(raised.value)
        assert raised.value.__suppress_context__
    assert "hunter2" not in problem(accounts, '[model]\nopenai_api_key = "sk-hunter2"')


def test_settings_do_not_change(accounts: Path) -> None:
    settings = load(accounts)
    with pytest.raises(ValidationError, match="frozen"):
        settings.profile.caps.posts_per_hour = 99


def test_an_unknown_variable_is_named_with_the_nearest_one_and_internal_ones_pass(accounts: Path) -> None:
    assert problem(accounts, XBOT_ACOUNT="x") == "XBOT_ACOUNT: no such variable; the nearest is XBOT_ACCOUNT"
    internal = {"XBOT_UP": "1", "XBOT_CODE_SOCKET": "/run/code.sock", "XBOT_DAGSTER_DATABASE_URL": "postgresql://h/d"}
    assert load(accounts, **internal).account == "ada"


def test_variable_of_an_earlier_version_is_no_mistake(accounts: Path) -> None:
    assert load(accounts, XBOT_CODE_PORT="4266").account == "ada"


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        (
            "XBOT_X_URL",
            "x.com",
            "should be an address that begins with http:// or https:// and names a host, found 'x.com'",
        ),
        ("XBOT_X_URL", "http://[", "should be an address that begins with http:// or https:// and names a host"),
        ("XBOT_X_URL", "https://me:pw@x.com", "should not carry a user name or password"),
        ("OPENAI_BASE_URL", "http://127.0.0.1@x.example/v1", "should not carry a user name or password"),
        ("OPENAI_BASE_URL", "http://127.0.0.1/\tv1", "should be an address that begins with http:// or https://"),
        ("XBOT_UI_PORT", "http", "should be a valid integer, unable to parse string as an integer, found 'http'"),
        ("XBOT_UI_PORT", "70000", "should be less than or equal to 65535, found '70000'"),
        ("XBOT_CHROMIUM", "/no/such/chromium", "should be the path of the Chromium program, but there is no such file"),
        ("XBOT_MODEL", "  ", "should be more than blanks"),
        ("XBOT_HEALTH_HOST", "localhost", "should be an IPv4 address of this machine: 127.0.0.1, or 0.0.0.0 for all"),
    ],
)
def test_a_wrong_variable_is_told_with_what_was_expected(accounts: Path, variable: str, value: str, told: str) -> None:
    assert problem(accounts, **{variable: value}).startswith(f"{variable}: {told}")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[caps]\nposts_per_hour = -1", "caps.posts_per_hour: should be greater than or equal to 0, found -1"),
        ('[caps]\nposts_per_hour = "2"', "caps.posts_per_hour: should be a valid integer, found '2'"),
        ("[caps]\nposts_per_hour = true", "caps.posts_per_hour: should be a valid integer, found True"),
        ("caps = 3", "caps: should be a section of its own, under [caps], found 3"),
        ("checkpoints_hours = []", "checkpoints_hours: should have at least one entry"),
        ("checkpoints_hours = [12, 2, 2]", "checkpoints_hours: should be in ascending order, each once: [2, 12]"),
        ("checkpoints_hours = [0, 2]", "checkpoints_hours.0: should be greater than 0, found 0"),
        ('angles = ["a", "b", "a"]', "angles: should name each entry once, but 'a' is there again"),
        ('tones = [" "]', "tones.0: should be more than blanks"),
        ('feeds = ["ftp://x/feed"]', "feeds.0: should be an address that begins with http:// or https://"),
        ('language = "English"', "language: should be a language code such as 'en' or 'pt-BR', found 'English'"),
        ('started_on = "soon"', "started_on: should be a valid date"),
        ('[publishing]\ndry_run = "no"', "publishing.dry_run: should be a valid boolean, found 'no'"),
        ("[model]\ntemperature = 3", "model.temperature: should be less than or equal to 2, found 3"),
        ("[model]\ndaily_budget_usd = nan", "model.daily_budget_usd: should be a finite number"),
        ("[retention]\ngood_runs_days = 0", "retention.good_runs_days: should be greater than 0, found 0"),
        ("[retention]\nfiles_days = 1.5", "retention.files_days: should be a valid integer, found 1.5"),
        (
            "[retention]\nfailed_runs_days = 999999999",
            "retention.failed_runs_days: should be less than or equal to 3650, found 999999999",
        ),
        ("topics = []", "topics: no such key; the nearest is tones"),
        ("[caps]\nposts_per_hr = 1", "caps.posts_per_hr: no such key; the nearest is caps.posts_per_hour"),
    ],
)
def test_a_wrong_key_is_told_with_its_file_and_what_was_expected(accounts: Path, toml: str, told: str) -> None:
    assert problem(accounts, toml).startswith(f"{accounts / 'ada.toml'}: {told}")


@pytest.mark.parametrize("key", ["handle", "timezone", "persona", "subjects"])
def test_a_missing_key_is_named(accounts: Path, key: str) -> None:
    kept = [line for line in LEAST.splitlines() if not line.startswith(key)]
    (accounts / "ada.toml").write_text("\n".join(kept), encoding="utf-8")
    assert problem(accounts) == f"{accounts / 'ada.toml'}: {key}: is missing"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('handle = "@ada_walks"', "handle: should be 1 to 15 of A-Z a-z 0-9 _, without the @, found '@ada_walks'"),
        ('handle = "sixteen_letters_"', "handle: should be 1 to 15"),
        ('timezone = "Europe/Wien"', "timezone: should be a timezone such as 'Europe/Vienna', found 'Europe/Wien'"),
        ("timezone = 1", "timezone: should be a timezone such as 'Europe/Vienna', found 1"),
        ("subjects = []", "subjects: should have at least one entry"),
        ('subjects = "walking"', "subjects: should be a list"),
    ],
)
def test_a_wrong_required_key_is_told(accounts: Path, line: str, told: str) -> None:
    key, _, _ = line.partition(" ")
    kept = [old for old in LEAST.splitlines() if not old.startswith(key)]
    (accounts / "ada.toml").write_text("\n".join([*kept, line]), encoding="utf-8")
    assert problem(accounts).startswith(f"{accounts / 'ada.toml'}: {told}")


def test_every_problem_is_told_at_once_one_line_each(accounts: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(accounts, "[caps]\nposts_per_hour = -1\nfoo = 1", XBOT_FOO="1", XBOT_UI_PORT="0", XBOT_PRACTICE_PORT="0")
    assert len(raised.value.problems) == 5
    assert str(raised.value).count("\n") == 4


def test_a_file_that_is_not_toml_is_named_with_the_line(accounts: Path) -> None:
    told = problem(accounts, "this is no toml")
    assert told.startswith(f"{accounts / 'ada.toml'}: is not valid TOML: ")
    assert "line 6" in told


def test_a_file_that_is_not_text_is_named(accounts: Path) -> None:
    (accounts / "ada.toml").write_bytes(b'handle = "\xff"')
    assert problem(accounts) == f"{accounts / 'ada.toml'}: should be UTF-8 text, but byte 10 is not"


def test_a_missing_file_says_which_ones_there_are(accounts: Path) -> None:
    (accounts / "bo.toml").touch()
    told = problem(accounts, XBOT_ACCOUNT="nobody")
    assert (
        told == f"XBOT_ACCOUNT: there is no file {accounts / 'nobody.toml'}; in that folder there is: ada.toml, bo.toml"
    )


def test_an_account_cannot_be_a_path_out_of_the_folder(accounts: Path) -> None:
    assert problem(accounts, XBOT_ACCOUNT="../accounts/ada").startswith("XBOT_ACCOUNT: should be of a-z 0-9 _")


def test_settings_are_cheap_to_import() -> None:
    """They are on Dagster's load path."""
    heavy = "{'dagster', 'sqlalchemy', 'pandas', 'openai', 'playwright', 'emoji', 'pydantic_settings'}"
    code = f"import sys, xbot_pipelines.settings; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
