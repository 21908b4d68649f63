"""What a person can set: the environment and `accounts/<name>.toml`, as one typed object that never changes.

Here belongs every switch of the product, its default, and the error that says how to put it right. What the
switches do belongs to the rooms that read them. It is on Dagster's load path: it imports nothing heavy and
touches no network.
"""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from xbot_pipelines.setting_values import (
    AccountName,
    Address,
    DatabaseUrl,
    Days,
    Dollars,
    Feeds,
    Folder,
    Handle,
    Hours,
    HttpUrl,
    Language,
    NotNegative,
    Port,
    Positive,
    Program,
    SecretWords,
    Text,
    Words,
)

VARIABLES = {
    "XBOT_ACCOUNT": "account",
    "XBOT_HOME": "home",
    "XBOT_DATABASE_URL": "database_url",
    "XBOT_X_URL": "x_url",
    "XBOT_X_API_URL": "x_api_url",
    "X_CLIENT_ID": "x_client_id",
    "X_CLIENT_SECRET": "x_client_secret",
    "X_API_KEY": "x_api_key",
    "X_API_KEY_SECRET": "x_api_key_secret",
    "X_ACCESS_TOKEN": "x_access_token",
    "X_ACCESS_TOKEN_SECRET": "x_access_token_secret",
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "XBOT_MODEL": "model",
    "XBOT_CHROMIUM": "chromium",
    "XBOT_UI_PORT": "ui_port",
    "XBOT_PRACTICE_PORT": "practice_port",
    "XBOT_CODE_PORT": "code_port",
    "XBOT_LOGIN_PORT": "login_port",
    "XBOT_HEALTH_HOST": "health_host",
    "XBOT_HEALTH_PORT": "health_port",
    "XBOT_ALERT_URLS": "alert_urls",
}
"""Environment variable to field of `Settings`. A variable that is set to nothing counts as not set."""

INTERNAL_VARIABLES = ("XBOT_ACCOUNTS", "XBOT_DAGSTER_DATABASE_URL", "XBOT_CODE_HOST", "XBOT_UP")
"""Our processes set these for each other, and the folder of the account files; no part of `Settings`."""

_EXPECTED = {
    "zoneinfo_str": "should be a timezone such as 'Europe/Vienna'",
    "tuple_type": "should be a list",
}
"""Our words where pydantic's are about Python."""

_OAUTH_1_KEYS = {
    variable: field for variable, field in VARIABLES.items() if variable.startswith(("X_API_KEY", "X_ACCESS_TOKEN"))
}
OAUTH_1_FIELDS = tuple(_OAUTH_1_KEYS.values())
"""The fields of the four keys with which OAuth 1.0a signs."""

SECRETS = {"database_url", "alert_urls", "openai_api_key", "x_client_secret", *_OAUTH_1_KEYS.values()}
"""The fields of `Settings` whose values are shown nowhere (F28)."""

_BESIDE_THE_PACKAGE = Path(__file__).parents[1] / "accounts"
_ANGLES = ("common mistake", "small experiment", "why it matters", "myth and fact", "personal routine", "how to start")
_TONES = ("warm", "plain", "playful", "direct")
_FORMATS = ("single sentence", "short list", "mini story", "question and answer")
_HOOKS = ("question", "surprising contrast", "number", "confession", "direct statement")


Transport = Literal["browser", "api"]
"""The two ways to X."""


class SettingsError(Exception):
    """What is set cannot be used. `problems` has one line each: where, what was expected, what was found."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class _Frozen(BaseModel):
    # hide_input_in_errors: pydantic would put what it found, a secret perhaps, into its messages (F28).
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Caps(_Frozen):
    """How much may be published, per kind; counted over attempts that are not proven absent (F04).

    `minimum_gap_minutes` is the least time between any two publications of the account. A day is a day of the
    account's own timezone.
    """

    posts_per_hour: NotNegative = 2
    posts_per_day: NotNegative = 48
    replies_per_hour: NotNegative = 4
    replies_per_day: NotNegative = 40
    minimum_gap_minutes: NotNegative = 5


class ModelSettings(_Frozen):
    """Which language model writes, and what it may cost. Prices are USD per million tokens.

    `temperature` None leaves it to the model: reasoning models refuse the parameter.
    """

    name: Text = "gpt-5-mini"
    temperature: Annotated[float, Field(strict=True, ge=0, le=2)] | None = None
    daily_budget_usd: Dollars = 1.0
    prompt_price_usd: Dollars = 0.25
    completion_price_usd: Dollars = 2.0


_Acknowledged = Literal["I know that X forbids scripting its site and may suspend the account for good"]
ACKNOWLEDGEMENT: _Acknowledged = get_args(_Acknowledged)[0]
"""What an account's owner writes into its file, word for word."""


class BrowserSettings(_Frozen):
    """What its owner says of driving X's own site by a browser; without it nothing is asked of that site."""

    acknowledged: _Acknowledged | None = None


class PublishingSettings(_Frozen):
    """`dry_run` does everything but the click. It is on until a person switches it off."""

    dry_run: Annotated[bool, Field(strict=True)] = True


class ReplySettings(_Frozen):
    """Whom the account answers, and who has the last word.

    `approval` says whose replies wait for a person: those to "strangers", who have not addressed us, to "everyone", or
    to "nobody", which only practice X takes. A post is answered up to `fresh_hours` after it was published. An author
    with fewer than `least_followers` or more than `most_followers` is left out; one whose number is not known is not.
    Of what is found at one turn the best `opportunities_a_turn` are kept, and `drafts_a_turn` of those are drafted.
    """

    approval: Literal["strangers", "everyone", "nobody"] = "strangers"
    fresh_hours: Positive = 3
    least_followers: NotNegative = 10
    most_followers: NotNegative = 500_000
    opportunities_a_turn: NotNegative = 20
    drafts_a_turn: NotNegative = 4

    @property
    def fresh_for(self) -> timedelta:
        """How long a post is answered, from when it was published."""
        return timedelta(hours=self.fresh_hours)


class ApiSettings(_Frozen):
    """What X's official API may cost in a month of UTC: once it is spent, nothing more is asked of X.

    It is for accounts whose transport it is.
    """

    monthly_budget_usd: Dollars = 10.0


class RetentionSettings(_Frozen):
    """For how many days is kept what only a person would look at: runs from when they ended, files from when written.

    A run that went well tells little after a while; one that failed, or was canceled, longer.
    """

    good_runs_days: Days = 14
    failed_runs_days: Days = 60
    files_days: Days = 60

    @property
    def good_runs_for(self) -> timedelta:
        """How long a run that went well is kept."""
        return timedelta(days=self.good_runs_days)

    @property
    def failed_runs_for(self) -> timedelta:
        """How long a run that failed or was canceled is kept."""
        return timedelta(days=self.failed_runs_days)

    @property
    def files_for(self) -> timedelta:
        """How long logs and reports are kept."""
        return timedelta(days=self.files_days)


class AccountSettings(_Frozen):
    """One account, as its file `accounts/<name>.toml` describes it.

    `started_on` is the first UTC day of the account's history, the first partition of what is kept by day.
    `transport` is the way to X: a browser that is logged in, or X's official API.
    `checkpoints_hours` are the ages at which a reading of each post is owed, and one that is taken more than
    `checkpoint_tolerance_minutes` after that is called late.
    """

    handle: Handle
    transport: Transport = "browser"
    timezone: ZoneInfo
    persona: Text
    subjects: Words
    language: Language = "en"
    angles: Words = _ANGLES
    tones: Words = _TONES
    formats: Words = _FORMATS
    hooks: Words = _HOOKS
    feeds: Feeds = ()
    caps: Caps = Caps()
    replies: ReplySettings = ReplySettings()
    checkpoints_hours: Hours = (2, 12, 24)
    checkpoint_tolerance_minutes: NotNegative = 5
    model: ModelSettings = ModelSettings()
    started_on: date = date(2026, 1, 1)
    publishing: PublishingSettings = PublishingSettings()
    browser: BrowserSettings = BrowserSettings()
    api: ApiSettings = ApiSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def checkpoint_tolerance(self) -> timedelta:
        """How long after its moment a checkpoint still counts as taken in time."""
        return timedelta(minutes=self.checkpoint_tolerance_minutes)


class Settings(_Frozen):
    """Everything that is set, for one account.

    `database_url` None is the embedded server, `chromium` None is Playwright's own. `x_url` is where the
    browser goes, and where posts are looked at: the practice X on this machine unless somebody says otherwise.
    `x_api_url` is where the official API is, `api_url` where it is if nobody says so. `model` is the account's, unless
    XBOT_MODEL names another. A token of the API comes from `xbot login` and the app's client id, or else from the four
    keys of OAuth 1.0a. `login_port` is where X sends a person back who has allowed the app: X knows that address letter
    by letter, so it is always the same. `health_host` is where the health server listens: on this machine alone, unless
    somebody says otherwise. `alert_urls` are where alerts are told, in the way of apprise; where there are none, nobody
    is told.
    """

    account: AccountName = "practice"
    profile: AccountSettings
    home: Folder = Field(default=Path(".xbot"), validate_default=True)
    ui_port: Port = 3000
    practice_port: Port = 8700
    code_port: Port = 4266
    login_port: Port = 8723
    health_host: Address = "127.0.0.1"
    health_port: Port = 3070
    database_url: DatabaseUrl | None = None
    x_api_url: HttpUrl | None = None
    x_url: HttpUrl = Field(default_factory=lambda data: _usual_x(data["x_api_url"], data["practice_port"]))
    x_client_id: Text | None = None
    x_client_secret: SecretStr | None = None
    x_api_key: SecretStr | None = None
    x_api_key_secret: SecretStr | None = None
    x_access_token: SecretStr | None = None
    x_access_token_secret: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: HttpUrl | None = None
    model: Text = Field(default_factory=lambda data: data["profile"].model.name)
    chromium: Program | None = None
    alert_urls: SecretWords = ()

    @property
    def api_url(self) -> str:
        """Where X's official API is: beside the site on this machine, else where X has it."""
        return self.x_api_url or (self.x_url if is_this_machine(self.x_url) else "https://api.x.com")

    @property
    def is_practice(self) -> bool:
        """Whether X is a site on this very machine, and its API too. Anything else is treated as the real one."""
        return is_this_machine(self.x_url) and (self.profile.transport == "browser" or is_this_machine(self.api_url))

    @property
    def lacks_acknowledgement(self) -> str | None:
        """Says what its owner has to write before a browser asks anything of a site that is not practice X's.

        None where it is written, and where none is needed: the API is what X permits.
        """
        if self.is_practice or self.profile.transport == "api" or self.profile.browser.acknowledged is not None:
            return None
        return (
            f"X forbids scripting its site, and nothing is asked of {self.x_url} by a browser before the account's "
            f'file says, under [browser]: acknowledged = "{ACKNOWLEDGEMENT}"'
        )

    @property
    def postgres_folder(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.home / "postgres"

    @property
    def reports_folder(self) -> Path:
        """Where what is written for a person lies: the daily reports, the hour."""
        return self.home / "reports" / self.account

    @property
    def session_file(self) -> Path:
        """Where the account's session on X is saved."""
        return self.home / "sessions" / f"{self.account}.json"

    @property
    def token_file(self) -> Path:
        """Where the account's tokens for X's API are saved."""
        return self.home / "sessions" / f"{self.account}.api.json"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment and the account's file.

    Args:
        environ: the environment; None takes the process's own. Relative paths start at the current folder.

    Raises:
        SettingsError: with every problem there is, one line each. The value of a secret is in none of them.
    """
    environ = os.environ if environ is None else environ
    given: dict[str, Any] = {field: environ[name] for name, field in VARIABLES.items() if environ.get(name)}
    problems = [_unknown_variable(name) for name in sorted(environ) if _is_unknown(name)]
    file = account_file(environ, given.get("account", "practice"))
    try:
        given["profile"] = _read_toml(file)
    except SettingsError as error:
        raise SettingsError([*problems, *error.problems]) from None
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A default that is made from a field with a problem of its own is not a second problem.
        problems += [_problem(detail, file) for detail in found if detail["type"] != "default_factory_not_called"]
        raise SettingsError(problems) from None
    if settings.profile.replies.approval == "nobody" and not settings.is_practice:
        problems.append(
            f"{file}: replies.approval: should be 'strangers' or 'everyone', found 'nobody': off practice X a person"
            " approves what is sent to those who have not addressed us"
        )
    problems += _half_a_key(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _half_a_key(settings: Settings) -> list[str]:
    """OAuth 1.0a signs with four keys: three of them sign nothing."""
    missing = [variable for variable, field in _OAUTH_1_KEYS.items() if getattr(settings, field) is None]
    if not 0 < len(missing) < len(_OAUTH_1_KEYS):
        return []
    return [f"{', '.join(missing)}: not set, but others of the four keys are: set all of them, or none"]


def _usual_x(x_api_url: str | None, practice_port: int) -> str:
    """Where X is if nobody says so: practice X, unless its API is said to be elsewhere."""
    elsewhere = x_api_url is not None and not is_this_machine(x_api_url)
    return "https://x.com" if elsewhere else f"http://127.0.0.1:{practice_port}"


def is_this_machine(url: str) -> bool:
    """Says whether an address is one of this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_unknown(variable: str) -> bool:
    return variable.startswith("XBOT_") and variable not in VARIABLES and variable not in INTERNAL_VARIABLES


def _unknown_variable(name: str) -> str:
    known = [variable for variable in VARIABLES if variable.startswith("XBOT_")]
    return f"{name}: no such variable; the nearest is {_nearest(name, known)}"


def _nearest(name: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(name, list(known), n=1, cutoff=0.0)[0]


def account_file(environ: Mapping[str, str], account: str) -> Path:
    """Answers where the file of an account is: in XBOT_ACCOUNTS, else in `accounts` here, else beside the package."""
    if environ.get("XBOT_ACCOUNTS"):
        folder = Path(environ["XBOT_ACCOUNTS"]).expanduser().absolute()
    else:
        folder = Path("accounts").absolute()
        if not folder.is_dir():
            folder = _BESIDE_THE_PACKAGE
    return folder / f"{account}.toml"


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = ", ".join(sorted(path.name for path in file.parent.glob("*.toml"))) or "no account file at all"
        problem = f"XBOT_ACCOUNT: there is no file {file}; in that folder there is: {there}"
    except OSError as error:
        problem = f"{file}: cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        problem = f"{file}: should be UTF-8 text, but byte {error.start} is not"
    except tomllib.TOMLDecodeError as error:
        problem = f"{file}: is not valid TOML: {error}"
    raise SettingsError([problem])


def _problem(detail: ErrorDetails, file: Path) -> str:
    """One line for one validation error: where it is, what was expected, what was found."""
    place = detail["loc"]
    if place[0] != "profile":
        variable = next(name for name, field in VARIABLES.items() if field == place[0])
        return f"{variable}: {_expected(detail)}{_found(detail, str(place[0]))}"
    key = ".".join(str(part) for part in place[1:])
    if detail["type"] == "missing":
        return f"{file}: {key}: is missing"
    if detail["type"] == "extra_forbidden":
        nearest = ".".join([*map(str, place[1:-1]), _nearest(str(place[-1]), _keys_of(place[1:-1]))])
        return f"{file}: {key}: no such key; the nearest is {nearest} (secrets come from the environment)"
    return f"{file}: {key}: {_expected(detail)}{_found(detail, key)}"


def _keys_of(section: Sequence[int | str]) -> list[str]:
    """The keys that a section of an account's file may have."""
    model: type[BaseModel] = AccountSettings
    for part in section:
        model = model.model_fields[str(part)].annotation  # type: ignore[assignment]  # only sections forbid keys
    return list(model.model_fields)


def _expected(detail: ErrorDetails) -> str:
    if detail["type"] == "model_type":
        return f"should be a section of its own, under [{detail['loc'][-1]}]"
    return _EXPECTED.get(detail["type"]) or detail["msg"].removeprefix("Value error, ").removeprefix("Input ")


def _found(detail: ErrorDetails, field: str) -> str:
    secret = field in SECRETS or re.search(":.*@", str(detail["input"]))
    return "" if secret else f", found {detail['input']!r}"
