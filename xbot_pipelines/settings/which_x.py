"""The account's X against everything else that is set: nothing may lead the account, or a secret, to another X.

A variable that is missing or left over from another account must never send a real login to practice X, or the practice
account's content to X.
"""

from collections.abc import Iterator
from pathlib import Path

from xbot_pipelines.settings.addresses import X_API_URL, X_URL, is_this_machine
from xbot_pipelines.settings.everything import Settings
from xbot_pipelines.settings.variables import OAUTH_1_KEYS

PRACTICE_KEY = "practice"
"""The key of the practice model, and the secret of every app of practice X: no other is sent there."""

_SECRETS_OF_X = {**OAUTH_1_KEYS, "X_CLIENT_SECRET": "x_client_secret"}


def x_problems(settings: Settings, file: Path) -> Iterator[str]:
    """Yield one sentence for each variable that does not fit the X which the account's file names."""
    yield from _practice_problems(settings, file) if settings.is_practice else _real_problems(settings, file)


def _practice_problems(settings: Settings, file: Path) -> Iterator[str]:
    for variable, url in {"XBOT_X_URL": settings.x_url, "XBOT_X_API_URL": settings.x_api_url}.items():
        if url is not None and not is_this_machine(url):
            yield (
                f"{variable}: should be an address of this machine (127.0.0.1, [::1] or localhost), found {url!r}: the "
                f'account belongs to practice X. An account of X itself says so in its file: x = "x.com" in {file}'
            )
    secrets = {variable: getattr(settings, field) for variable, field in _SECRETS_OF_X.items()}
    held = [name for name, secret in secrets.items() if secret and secret.get_secret_value() != PRACTICE_KEY]
    if held and settings.profile.transport == "api" and settings.x_api_url is None:
        yield (
            f"{', '.join(held)}: should not be set: the account belongs to practice X, and X's secrets are not sent "
            f"there. Unset them, or name the server on this machine that gave them in XBOT_X_API_URL; an account of X "
            f'itself says so in its file: x = "x.com" in {file}'
        )
    base, key = settings.openai_base_url, settings.openai_api_key
    if base == f"{settings.x_url}/v1" and key is not None and key.get_secret_value() != PRACTICE_KEY:
        yield (
            f"OPENAI_API_KEY: should be {PRACTICE_KEY!r} while OPENAI_BASE_URL is the practice model: a provider's key "
            "is not sent there"
        )


def _real_problems(settings: Settings, file: Path) -> Iterator[str]:
    wanted = {"XBOT_X_URL": (settings.x_url, X_URL), "XBOT_X_API_URL": (settings.x_api_url, X_API_URL)}
    for variable, (url, own) in wanted.items():
        if url not in {None, own}:
            yield (
                f"{variable}: should be {own} or not set, found {url!r}: the account belongs to X itself "
                f'(x = "x.com" in {file}), and its login is sent nowhere else'
            )
