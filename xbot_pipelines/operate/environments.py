"""What each program of the stack is started with: what it needs, and nothing else of the shell of `xbot up`.

A program that is broken into, and whatever it starts, can tell no secret that it was never given. So this is a list of
what is passed on; a variable that is not in it reaches nobody.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xbot_pipelines.operate.house import CODE_SERVER, DAEMON, HEALTH, LOOPBACK, MIGRATION, PRACTICE, WEBSERVER, House
from xbot_pipelines.operate.processes import MARKER
from xbot_pipelines.settings import OAUTH_1_VARIABLES, SECRET_VARIABLES, VARIABLES

_OURS, _DAGSTERS = "XBOT_DATABASE_URL", "XBOT_DAGSTER_DATABASE_URL"

_SECRETS: Mapping[str, Collection[str]] = {
    PRACTICE: (),
    MIGRATION: (_DAGSTERS,),
    WEBSERVER: (_DAGSTERS,),
    # It asks what is due, and starts no run: the daemon does.
    CODE_SERVER: (_DAGSTERS, _OURS),
    # Each run is a fork of it.
    DAEMON: (_DAGSTERS, _OURS, "OPENAI_API_KEY", "X_CLIENT_SECRET", *OAUTH_1_VARIABLES),
    HEALTH: (_OURS, "OPENAI_API_KEY", "XBOT_ALERT_URLS"),
}
"""The secrets of each program."""

_BASE = re.compile(
    "PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|VIRTUAL_ENV|PYTHON[A-Z]+|LD_LIBRARY_PATH"
    "|XDG_[A-Z_]+"
)
_OUTWARD = re.compile(
    "(https?|all|no)_proxy|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|NODE_EXTRA_CA_CERTS", re.IGNORECASE
)
"""What programs need that reach beyond this machine. A proxy's address may have a password in it."""
_OF_RUNS = re.compile("PLAYWRIGHT_[A-Z_]+|CHROME_DEVEL_SANDBOX|FONTCONFIG_[A-Z]+|OPENAI_(ORG|PROJECT)_ID")
_OF_ACCOUNT = {*VARIABLES, "XBOT_ACCOUNTS"} - {*SECRET_VARIABLES}

_WITH_ACCOUNT = {CODE_SERVER, DAEMON, HEALTH}
_WITH_CODE = {CODE_SERVER, WEBSERVER, DAEMON}
_WITH_OUTSIDE = {DAEMON, HEALTH}


@dataclass(frozen=True, kw_only=True)
class Environments:
    """The environments of one stack.

    Args:
        house: The stack.
        database_url: Our database, embedded or not.
        inherited: The environment of the person who typed the command.
    """

    house: House
    database_url: str
    inherited: Mapping[str, str]

    def of(self, program: str) -> dict[str, str]:
        """Return the environment of a program, by its name in `house`."""
        given = {
            **self._inherited(_BASE),
            MARKER: str(self.house.home),
            "DAGSTER_HOME": str(self.house.dagster_home),
            "XBOT_ACCOUNT": self.house.settings.account,
            "XBOT_ALLOWED_HOSTS": ",".join(self.house.settings.allowed_hosts),
            # Learning inverts small matrices: threads that share one only wait for each other, ten times as long.
            "OPENBLAS_NUM_THREADS": "1",
        }
        if program in _WITH_OUTSIDE:
            given |= self._inherited(_OUTWARD)
            # What we talk to on this machine is not to be looked for behind a company's proxy.
            given |= {name: _with_loopback(self.inherited.get(name, "")) for name in ("NO_PROXY", "no_proxy")}
        if program in _WITH_ACCOUNT:
            given |= {name: self.inherited[name] for name in _OF_ACCOUNT & self.inherited.keys()} | self._settings()
        if program == DAEMON:
            given |= self._inherited(_OF_RUNS)
        if program in _WITH_CODE:
            given["XBOT_CODE_SOCKET"] = str(self.house.code_socket)
        secrets = self._secrets()
        given |= {name: secrets[name] for name in _SECRETS[program] if name in secrets}
        if program == HEALTH:
            # It says by what X knows the account: whether the keys are set, which is all that it looks at.
            given |= dict.fromkeys(OAUTH_1_VARIABLES & secrets.keys(), "set")
        return given

    def _inherited(self, wanted: re.Pattern[str]) -> dict[str, str]:
        return {name: value for name, value in self.inherited.items() if wanted.fullmatch(name)}

    def _settings(self) -> dict[str, str]:
        """Return the settings that are no secrets, where `xbot up` knows them better than the shell."""
        settings, model = self.house.settings, self.house.practice_model
        return {
            "XBOT_HOME": str(self.house.home),
            "XBOT_X_URL": settings.x_url,
            "XBOT_UI_PORT": str(settings.ui_port),
            "XBOT_PRACTICE_PORT": str(settings.practice_port),
            "XBOT_HEALTH_HOST": settings.health_host,
            "XBOT_HEALTH_PORT": str(settings.health_port),
            **{name: value for name, value in model.items() if name not in SECRET_VARIABLES},
        }

    def _secrets(self) -> dict[str, str]:
        """Return every secret that there is."""
        return {
            **{name: self.inherited[name] for name in SECRET_VARIABLES & self.inherited.keys()},
            _OURS: self.database_url,
            _DAGSTERS: self.house.dagster_database_url(self.database_url),
            **{name: value for name, value in self.house.practice_model.items() if name in SECRET_VARIABLES},
        }


def _with_loopback(no_proxy: str) -> str:
    return ",".join(dict.fromkeys([*filter(None, no_proxy.split(",")), LOOPBACK, "localhost"]))
