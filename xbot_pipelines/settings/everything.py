"""Everything that is set, for one account, as one typed object that never changes."""

from pathlib import Path

from pydantic import Field, SecretStr

from xbot_pipelines.settings.account import ACKNOWLEDGEMENT, AccountSettings, Frozen
from xbot_pipelines.settings.addresses import X_API_URL, X_URL
from xbot_pipelines.settings.values import (
    AccountName,
    Address,
    DatabaseUrl,
    Folder,
    HostNames,
    HttpUrl,
    Port,
    Program,
    SafeUrl,
    SecretWords,
    Text,
)


class Settings(Frozen):
    """Everything that is set, for one account.

    `database_url` None is the embedded server; the other three name roles of a database of yours (`store.roles`).
    `chromium` None is Playwright's own. `x_url` is where the browser goes, and where posts are looked at: the account's
    X (`profile.x`). Variables can move practice X between addresses of this machine, and name another API server there
    (`x_api_url`); they cannot lead an account to another X, which `load_settings` checks. `model` is the account's,
    unless XBOT_MODEL names another. A token of the API comes from `xbot login` and the app's client id, or else from
    the four keys of OAuth 1.0a. `login_port` is where X sends a person back who has allowed the app: X knows that
    address letter by letter, so it is always the same. `health_host` is where the health server listens: on this
    machine alone, unless somebody says otherwise. `alert_urls` are where alerts are told, in the way of apprise; where
    there are none, nobody is told. `allowed_hosts` are names by which the health and the Dagster UI may be asked,
    besides those of loopback.
    """

    account: AccountName = "practice"
    profile: AccountSettings
    home: Folder = Field(default=Path(".xbot"), validate_default=True)
    ui_port: Port = 3000
    practice_port: Port = 8700
    login_port: Port = 8723
    health_host: Address = "127.0.0.1"
    health_port: Port = 3070
    database_url: DatabaseUrl | None = None
    owner_database_url: DatabaseUrl | None = None
    dagster_database_url: DatabaseUrl | None = None
    reader_database_url: DatabaseUrl | None = None
    x_api_url: HttpUrl | None = None
    x_url: HttpUrl = Field(
        default_factory=lambda data: (
            X_URL if data["profile"].x == "x.com" else f"http://127.0.0.1:{data['practice_port']}"
        )
    )
    x_client_id: Text | None = None
    x_client_secret: SecretStr | None = None
    x_api_key: SecretStr | None = None
    x_api_key_secret: SecretStr | None = None
    x_access_token: SecretStr | None = None
    x_access_token_secret: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: SafeUrl | None = None
    model: Text = Field(default_factory=lambda data: data["profile"].model.name)
    chromium: Program | None = None
    alert_urls: SecretWords = ()
    allowed_hosts: HostNames = ()

    @property
    def api_url(self) -> str:
        """Return the address of X's official API: practice X serves it beside its site."""
        return self.x_api_url or (self.x_url if self.is_practice else X_API_URL)

    @property
    def is_practice(self) -> bool:
        """Return whether the account belongs to practice X."""
        return self.profile.x == "practice"

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
