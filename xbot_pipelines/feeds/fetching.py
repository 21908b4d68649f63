"""Fetching one feed over HTTP: politely (robots.txt, ETags), and bounded in time, size and the places it may lead to.

What the bytes say is the business of `reading`; how a connection is guarded, of `network`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

import httpcore2
import httpx2

from xbot_pipelines.clock import Clock
from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.network import GuardedTransport, NotPublic, Place, TimeIsUp, is_loopback
from xbot_pipelines.feeds.plain_text import plain_text
from xbot_pipelines.feeds.robots import AGENT, KEPT_FOR, LONGEST, allows
from xbot_pipelines.models import FeedState, RobotsFile

_MOST_REDIRECTS = 3
_LONGEST_VALIDATOR = 500
_SHOWN_OF_A_HOST = 100
_SHOWN_OF_A_CAUSE = 200
_PORTS = {"http": 80, "https": 443}
# Several codings may be stacked upon each other, without an end: one is enough for any server that means well.
_CODINGS = ("", "identity", "gzip", "deflate")
_ADVICE = {
    401: "it asks for a password, and feeds are read without one. Take it out of `feeds`",
    403: "the site does not let us in. Take it out of `feeds`",
    404: "is the address right?",
    410: "it is gone for good. Take it out of `feeds`",
    429: "it is asked too often. It is tried again at the next turn",
}
_LATER = "it is tried again at the next turn"
_BROKEN = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    httpx2.InvalidURL,
)
_OURS = {
    "User-Agent": f"{AGENT}/{version('xbot-pipelines')} (feed reader)",
    "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one feed may cost: seconds for all its requests together, bytes of an answer once unpacked."""

    seconds: float = 15
    most_bytes: int = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What a feed answered. `content` None: nothing has changed since the last time.

    `address` is where the content was found in the end. `etag` and `last_modified` are to be sent the next time, once
    the content was really read.
    """

    address: str
    content: bytes | None = None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None


class FeedFetcher:
    """Fetches the feeds that an account names, and what their sites redirect to. Threads may share it.

    Args:
        feeds: the addresses that the owner wrote. Their hosts are all that is ever asked.
        clock: tells when a robots.txt was read.
        limits: what one feed may cost.
    """

    def __init__(self, feeds: Sequence[str], *, clock: Clock, limits: Limits | None = None) -> None:
        self._feeds = frozenset(feeds)
        self._hosts = frozenset(_hosts(feeds))
        self._clock = clock
        self._limits = limits or Limits()
        self._tls = httpx2.create_ssl_context()
        self._robots: dict[str, RobotsFile] = {}

    @property
    def robots(self) -> Sequence[RobotsFile]:
        """Every robots.txt that is known, to be remembered for the next run."""
        return tuple(self._robots.values())

    def remember(self, robots: Iterable[RobotsFile]) -> None:
        """Takes in what earlier runs have read, which spares the sites a question."""
        self._robots.update({file.origin: file for file in robots})

    def fetch(self, feed: FeedState) -> Fetched:
        """Fetches a feed, if it has changed since it was last read.

        Raises:
            FeedFailed: in one sentence.
        """
        if feed.url not in self._feeds:
            raise FeedFailed(feed.url, "is not in `feeds`: write it there to have it read")
        seconds = self._limits.seconds
        try:
            start = httpx2.URL(feed.url)
            # What the owner wrote as an address of this machine may be asked there: for this feed, at this port.
            permitted = frozenset({Place(start.host, _port(start))} if is_loopback(start.host) else ())
            transport = GuardedTransport(self._tls, seconds=seconds, permitted=permitted)
            with httpx2.Client(transport=transport, headers=_OURS, timeout=seconds, trust_env=False) as client:
                return self._fetch(client, feed, start)
        except NotPublic as error:
            raise FeedFailed(
                feed.url,
                f"was not read: {error}, and that is no public address. A server on this machine is read only where"
                " `feeds` names it by its address, as in http://127.0.0.1:8080/feed.xml",
            ) from error
        except (TimeIsUp, httpcore2.TimeoutException) as error:
            raise FeedFailed(feed.url, f"did not arrive within {seconds:g} s: {_LATER}") from error
        except _BROKEN as error:
            what = plain_text(str(error), longest=_SHOWN_OF_A_CAUSE) or type(error).__name__
            raise FeedFailed(feed.url, f"could not be fetched ({what}): is the address right?") from error

    def _fetch(self, client: httpx2.Client, feed: FeedState, start: httpx2.URL) -> Fetched:
        validators = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
        asked = {name: value for name, value in validators.items() if value is not None}

        def may_be_read(address: httpx2.URL) -> None:
            if not allows(self._rules(client, feed, _origin(address)), str(address)):
                raise FeedFailed(feed.url, f"is closed to us by {_origin(address)}/robots.txt: take it out of `feeds`")

        with self._following(client, feed, start, headers=asked, before=may_be_read) as answer:
            if asked and answer.status_code == httpx2.codes.NOT_MODIFIED:
                return Fetched(address=str(answer.url), etag=feed.etag, last_modified=feed.last_modified)
            return Fetched(
                address=str(answer.url),
                content=_content(feed, answer, self._limits.most_bytes),
                content_type=answer.headers.get("content-type", ""),
                etag=_validator(answer, "etag"),
                last_modified=_validator(answer, "last-modified"),
            )

    def _rules(self, client: httpx2.Client, feed: FeedState, origin: str) -> RobotsFile:
        known = self._robots.get(origin)
        now = self._clock.now()
        if known is None or now - known.read_at >= KEPT_FOR:
            known = RobotsFile(origin=origin, text=self._robots_text(client, feed, origin), read_at=now)
            self._robots[origin] = known
        return known

    def _robots_text(self, client: httpx2.Client, feed: FeedState, origin: str) -> str:
        start = httpx2.URL(f"{origin}/robots.txt")
        try:
            with self._following(client, feed, start, headers={}, before=lambda _: None) as answer:
                if answer.is_client_error or answer.status_code == httpx2.codes.NO_CONTENT:
                    return ""
                if not answer.is_success:
                    raise FeedFailed(
                        feed.url, f"was not read, because {start} answered HTTP {answer.status_code}: {_LATER}"
                    )
                # PostgreSQL keeps no text with a zero in it.
                return _beginning(answer, LONGEST).decode("utf-8", "replace").replace("\x00", "")
        except _Astray:
            return ""

    @contextmanager
    def _following(
        self,
        client: httpx2.Client,
        feed: FeedState,
        address: httpx2.URL,
        *,
        headers: dict[str, str],
        before: Callable[[httpx2.URL], None],
    ) -> Iterator[httpx2.Response]:
        """Opens an answer, behind as many redirects as are followed; `before` each request an address is looked at."""
        for _ in range(_MOST_REDIRECTS + 1):
            before(address)
            with client.stream("GET", address, headers=headers) as answer:
                if not answer.has_redirect_location:
                    yield answer
                    return
                address = self._redirected(feed, address, answer.headers["location"])
        raise _Astray(feed.url, f"redirects more than {_MOST_REDIRECTS} times: write its real address into `feeds`")

    def _redirected(self, feed: FeedState, address: httpx2.URL, location: str) -> httpx2.URL:
        there = address.join(location).copy_with(fragment=None)
        if there.scheme not in _PORTS or there.userinfo or not there.host:
            raise _Astray(feed.url, "redirects to something that is no web address: is the address right?")
        host = there.host[:_SHOWN_OF_A_HOST]
        if address.scheme == "https" and there.scheme == "http":
            raise _Astray(feed.url, f"redirects from https to http ({host}): write that into `feeds` if you trust it")
        if not any(_is_of(_host(there), listed) for listed in self._hosts):
            raise _Astray(
                feed.url, f"redirects to {host}, which is not in `feeds`: write its new address there if you trust it"
            )
        return there


class _Astray(FeedFailed):
    """The redirects lead where we do not go."""


def _content(feed: FeedState, answer: httpx2.Response, most_bytes: int) -> bytes:
    """Reads a body as long as it is not too long; what it unpacks to is what counts."""
    if answer.status_code != httpx2.codes.OK:
        advice = _ADVICE.get(answer.status_code, _LATER)
        raise FeedFailed(feed.url, f"answered HTTP {answer.status_code}: {advice}")
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding not in _CODINGS:
        raise FeedFailed(feed.url, f"is packed as {coding[:40]!r}, which nobody asked for: take it out of `feeds`")
    length = answer.headers.get("content-length", "")
    too_long = FeedFailed(
        feed.url,
        f"is longer than {most_bytes / 1e6:g} MB and was not read to its end: look for a shorter feed of that site",
    )
    if length.isdecimal() and int(length) > most_bytes:
        raise too_long
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > most_bytes:
            raise too_long
    return bytes(content)


def _beginning(answer: httpx2.Response, most_bytes: int) -> bytes:
    """Read a body as far as it counts."""
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) >= most_bytes:
            break
    return bytes(content[:most_bytes])


def _validator(answer: httpx2.Response, name: str) -> str | None:
    value = answer.headers.get(name)
    return value if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable() else None


def _is_of(host: str, listed: str) -> bool:
    """Whether a host is a listed one, or lies below it; `www.` in front of the listed one does not count."""
    parent = listed.removeprefix("www.")
    return host == parent or (host.endswith(f".{parent}") and not is_loopback(parent))


def _hosts(feeds: Iterable[str]) -> Iterator[str]:
    for feed in feeds:
        # An address that cannot be used fails when it is fetched, with its own sentence.
        with suppress(httpx2.InvalidURL):
            yield _host(httpx2.URL(feed))


def _host(url: httpx2.URL) -> str:
    return url.host.rstrip(".")


def _port(url: httpx2.URL) -> int:
    return url.port or _PORTS[url.scheme]


def _origin(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
