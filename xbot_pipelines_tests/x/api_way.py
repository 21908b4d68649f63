"""The API client for tests: logged in to a practice X, with a meter that keeps its count in memory."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from xbot_pipelines.clock import Clock, SystemClock
from xbot_pipelines.x.api.client import ApiClient, who_is_it
from xbot_pipelines.x.api.credentials import Keys, TokenFile, TokenOffice, Tokens
from xbot_pipelines.x.api.prices import Charge
from xbot_pipelines.x.api.wire import Wire
from xbot_pipelines_tests.practice_site import Practice


@dataclass(frozen=True)
class PracticeClock:
    """A clock that tells the practice world's time."""

    practice: Practice

    def now(self) -> datetime:
        return self.practice.now()


@dataclass
class Tally:
    """A meter with no end to its budget: what was charged, and what X said of its limits."""

    charges: list[Charge] = field(default_factory=list)
    limits: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def assert_affordable(self) -> None:
        """There is always enough."""

    def left_usd(self) -> Decimal:
        return Decimal(100)

    def charge(self, charges: Sequence[Charge]) -> None:
        self.charges += charges

    def limited_until(self, endpoint: str) -> datetime | None:
        remaining, resets_at = self.limits.get(endpoint, (1, None))
        return None if remaining else resets_at

    def note_limit(self, endpoint: str, *, limit: int, remaining: int, resets_at: datetime) -> None:
        assert remaining <= limit
        self.limits[endpoint] = (remaining, resets_at)


def saved_tokens(practice: Practice, file: TokenFile, **asked: object) -> Tokens:
    """Logs our account in to the API, and saves the tokens as `xbot login` would."""
    given = practice.ask("POST", "api/token", {"handle": practice.handle, **asked})
    tokens = Tokens(
        access_token=given["access_token"],
        refresh_token=given.get("refresh_token"),
        expires_at=practice.now() + timedelta(seconds=given["expires_in"]),
        client_id=given["client_id"],
    )
    file.save(tokens)
    return tokens


def four_keys(practice: Practice) -> Keys:
    """The four keys of our account."""
    given = practice.ask("POST", "api/keys", {"handle": practice.handle})
    return Keys(
        api_key=given["api_key"],
        api_key_secret=given["api_secret"],
        access_token=given["access_token"],
        access_token_secret=given["access_token_secret"],
    )


@contextmanager
def logged_in_to_the_api(
    practice: Practice,
    proof: TokenFile | Keys,
    *,
    meter: Tally | None = None,
    clock: Clock | None = None,
    patience_seconds: float = 4.0,
) -> Iterator[ApiClient]:
    """An API client of our account."""
    clock = clock or SystemClock()
    wire = Wire(
        api_url=practice.url,
        proof=proof,
        office=TokenOffice(api_url=practice.url, client_secret=None, clock=clock),
        meter=meter or Tally(),
        clock=clock,
        patience_seconds=patience_seconds,
    )
    with closing(wire):
        yield ApiClient(wire=wire, handle=practice.handle, user_id=who_is_it(wire).id, clock=clock)


def token_file(folder: Path, api_url: str) -> TokenFile:
    """Where tests keep tokens."""
    return TokenFile(path=folder / "sessions" / "practice.api.json", api_url=api_url)
