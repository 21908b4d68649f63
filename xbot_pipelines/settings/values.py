"""What one value of the settings may be, and the words for one that it may not.

Here belong the types of single values; which settings there are, and where they come from, belongs to `settings`. Each
message continues the name of the key: "caps.posts_per_hour: should be …".
"""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from xbot_pipelines.settings.addresses import is_this_machine


def _matching(pattern: str, expectation: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.DOTALL):
            raise ValueError(f"should be {expectation}")
        return value

    return AfterValidator(check)


def _http_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and value.isprintable()
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("should be an address that begins with http:// or https:// and names a host")
    if "@" in parts.netloc:
        raise ValueError("should not carry a user name or password: addresses are shown in logs")
    return value.rstrip("/")


def _safe_url(value: str) -> str:
    if urlsplit(value).scheme == "http" and not is_this_machine(value):
        raise ValueError(
            "should begin with https://, or name this machine by 127.0.0.1, [::1] or localhost: over http:// anyone on "
            "the way can read and change what is sent, keys among it"
        )
    return value


def _postgresql_url(value: SecretStr) -> SecretStr:
    if not re.match(r"postgresql(\+psycopg2?)?://", value.get_secret_value()):
        raise ValueError("should be a PostgreSQL address: postgresql://user:password@host:5432/database")
    return value


def _ip_address(value: str) -> str:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        raise ValueError("should be an IPv4 address of this machine: 127.0.0.1, or 0.0.0.0 for all of them") from None
    return value


def _split_at_blanks(value: object) -> object:
    # Each is a secret of its own from here on: none of them is in a message, nor in what prints the settings (F28).
    return tuple(SecretStr(word) for word in value.split()) if isinstance(value, str) else value


HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(?P<port>[0-9]{1,5}))?")
"""A host as the Host header has it: a name or an address in small letters, perhaps a port."""


def host_names(value: str) -> tuple[str, ...]:
    """Return the host names in a value of XBOT_ALLOWED_HOSTS: separated by commas or blanks, without ports.

    Raises:
        ValueError: one is no host name.
    """
    names = tuple(value.replace(",", " ").lower().split())
    for name in names:
        found = HOST.fullmatch(name)
        if found is None or found["port"] is not None:
            raise ValueError(f"should be host names without ports, but {name!r} is none")
    return names


def _host_names(value: object) -> object:
    return host_names(value) if isinstance(value, str) else value


def _service_urls(values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for number, value in enumerate(values, start=1):
        if not re.match(r"[a-z][a-z0-9+.-]*://", value.get_secret_value(), re.IGNORECASE):
            raise ValueError(
                f"should be addresses as apprise writes them, tgram://…, with blanks between: number {number} is none"
            )
    return values


def _absolute(value: Path) -> Path:
    return value.expanduser().absolute()


def _existing_file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("should be the path of the Chromium program, but there is no such file")
    return value


def _not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    # As a constraint on the field, pydantic would also report it for every entry that has a problem of its own.
    if not values:
        raise ValueError("should have at least one entry")
    return values


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"should name each entry once, but {', '.join(map(repr, repeated))} is there again")
    return values


def _ascending(values: tuple[int, ...]) -> tuple[int, ...]:
    if list(values) != sorted(set(values)):
        raise ValueError(f"should be in ascending order, each once: {sorted(set(values))}")
    return values


Text = Annotated[str, _matching(r".*\S.*", "more than blanks")]
Handle = Annotated[str, _matching(r"[A-Za-z0-9_]{1,15}", "1 to 15 of A-Z a-z 0-9 _, without the @")]
Language = Annotated[str, _matching(r"[a-z]{2,3}(-[A-Z]{2})?", "a language code such as 'en' or 'pt-BR'")]
AccountName = Annotated[str, _matching(r"[a-z][a-z0-9_]*", "of a-z 0-9 _, beginning with a letter")]
Words = Annotated[tuple[Text, ...], AfterValidator(_not_empty), AfterValidator(_unique)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
SafeUrl = Annotated[HttpUrl, AfterValidator(_safe_url)]
Feeds = Annotated[tuple[HttpUrl, ...], AfterValidator(_unique)]
Hours = Annotated[
    tuple[Annotated[int, Field(strict=True, gt=0)], ...], AfterValidator(_not_empty), AfterValidator(_ascending)
]
NotNegative = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, gt=0)]
Days = Annotated[int, Field(strict=True, gt=0, le=3650)]
Dollars = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgresql_url)]
Folder = Annotated[Path, AfterValidator(_absolute)]
Program = Annotated[Path, AfterValidator(_absolute), AfterValidator(_existing_file)]
HostNames = Annotated[tuple[str, ...], BeforeValidator(_host_names)]
Address = Annotated[str, AfterValidator(_ip_address)]
SecretWords = Annotated[tuple[SecretStr, ...], BeforeValidator(_split_at_blanks), AfterValidator(_service_urls)]
