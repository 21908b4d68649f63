"""Reading what is set, and saying of each thing that cannot be used where it is and how it is put right."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xbot_pipelines.settings.account import AccountSettings
from xbot_pipelines.settings.approval import approval_problems, with_approval
from xbot_pipelines.settings.everything import Settings
from xbot_pipelines.settings.variables import INTERNAL_VARIABLES, OAUTH_1_KEYS, RETIRED_VARIABLES, SECRETS, VARIABLES
from xbot_pipelines.settings.which_x import x_problems

_EXPECTED = {
    "zoneinfo_str": "should be a timezone such as 'Europe/Vienna'",
    "tuple_type": "should be a list",
}
"""Our words where pydantic's are about Python."""

_BESIDE_THE_PACKAGE = Path(__file__).parents[2] / "accounts"


class SettingsError(Exception):
    """What is set cannot be used. `problems` has one line each: where, what was expected, what was found."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


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
    problems += [f"{file}: {problem}" for problem in approval_problems(settings)]
    problems += [*_half_a_key(settings), *x_problems(settings, file)]
    if problems:
        raise SettingsError(problems)
    return with_approval(settings)


def _half_a_key(settings: Settings) -> list[str]:
    """OAuth 1.0a signs with four keys: three of them sign nothing."""
    missing = [variable for variable, field in OAUTH_1_KEYS.items() if getattr(settings, field) is None]
    if not 0 < len(missing) < len(OAUTH_1_KEYS):
        return []
    return [f"{', '.join(missing)}: not set, but others of the four keys are: set all of them, or none"]


def _is_unknown(variable: str) -> bool:
    return variable.startswith("XBOT_") and variable not in {*VARIABLES, *INTERNAL_VARIABLES, *RETIRED_VARIABLES}


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
