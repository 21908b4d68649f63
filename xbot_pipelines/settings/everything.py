"""Everything that is set, for one account, as one typed object that never changes."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from xbot_pipelines.settings.account import ACKNOWLEDGEMENT, AccountSettings, Frozen
from xbot_pipelines.settings.values import (
    AccountName,
    Address,
    DatabaseUrl,
    Folder,
    HostNames,
    HttpUrl,
    Port,
    Program,
    SecretWords,
    Text,
)


class Settings(Frozen):
    """Everything that is set, for one account.

    `database_url` None is the embedded server; the other three name roles of a database of yours (`store.roles`).
    `chromium` None is Playwright's own. `x_url` is where the
    browser goes, and where posts are looked at: the practice X on this machine unless somebody says otherwise.
    `x_api_url` is where the official API is, `api_url` where it is if nobody says so. `model` is the account's, unless
    XBOT_MODEL names another. A token of the API comes from `xbot login` and the app's client id, or else from the four
    keys of OAuth 1.0a. `login_port` is where X sends a person back who has allowed the app: X knows that address letter
    by letter, so it is always the same. `health_host` is where the health server listens: on this machine alone, unless
    somebody says otherwise. `alert_urls` are where alerts are told, in the way of apprise; where there are none, nobody
    is told. `allowed_hosts` are names by which the health and the Dagster UI may be asked, besides those of loopback.
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
    owner_database_url: DatabaseUrl | None = None
    dagster_database_url: DatabaseUrl | None = None
    reader_database_url: DatabaseUrl | None = None
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
    allowed_hosts: HostNames = ()

    @property
    def api_url(self) -> str:
        """Where X's official API is: beside the site on this machine, else where X has it."""
        return self.x_api_url or (self.x_url if is_this_machine(self.x_url) else "https://api.x.com")

    @property
    def is_practice(self) -> bool:
        """Whether X is a site on this very machine, and its API too. Anything else is treated as the real one."""
        return is_this_machine(self.x_url) and (self.profile.transport == "browser" or is_this_machine(self.api_url))

    @property
    def notices(self) -> tuple[str, ...]:
        """Return a sentence for each key of the account's file that still works and has a new name."""
        old, approval = self.profile.replies.approval, self.profile.publishing.approval
        if old is None:
            return ()
        read_as = f'[replies] approval = "{old}" is an old key, and [publishing] approval = "{approval}" holds'
        return (f"{read_as}: remove the old one, and write the new one if it is missing",)

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
        """Where the embedded PostgreSQL keeps its data; it may be a link, and for root it is one."""
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


def is_this_machine(url: str) -> bool:
    """Says whether an address is one of this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _usual_x(x_api_url: str | None, practice_port: int) -> str:
    """Where X is if nobody says so: practice X, unless its API is said to be elsewhere."""
    elsewhere = x_api_url is not None and not is_this_machine(x_api_url)
    return "https://x.com" if elsewhere else f"http://127.0.0.1:{practice_port}"
