"""The way to another machine, guarded: only to public addresses, and never longer than a deadline.

A name is resolved here, its addresses are looked at, and the connection goes to one that was looked at: a name that
answers something else the next time it is asked (DNS rebinding) gains nothing. Host and SNI keep the name. No proxy is
used: behind one, nobody could say where the connection ends.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import httpcore2
import httpx2

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is assigned for machines on the public network; anything else has a special purpose (IANA's registry)."""

_WITH_IPV4_AT_THE_END = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96")))
"""Mapped addresses, and those which a network without IPv4 makes of a public name's (NAT64, RFC 6052)."""

_TEREDO = ipaddress.IPv6Network("2001::/32")
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("3fff::/20", "192.88.99.0/24", "192.0.0.0/24")))
"""Documentation (RFC 9637), 6to4 relays (RFC 7526), protocol assignments: Python's own list lacks some of them."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotPublic(Exception):
    """A host leads to an address that is not on the public network."""

    def __init__(self, host: str, address: IPAddress) -> None:
        super().__init__(f"{host} leads to {address}" if host != str(address) else host)


class TimeIsUp(Exception):
    """The deadline has passed."""


class Place(NamedTuple):
    """A host, as an address names it, and a port of it."""

    host: str
    port: int


class GuardedTransport(httpx2.BaseTransport):
    """Carries requests of one deadline over connections that were checked.

    Args:
        tls: whom to trust, for https.
        seconds: how long all requests together may take, from now on.
        permitted: places on this very machine that the owner named himself, by address.
    """

    def __init__(self, tls: ssl.SSLContext, *, seconds: float, permitted: frozenset[Place]) -> None:
        network = _GuardedNetwork(time.monotonic() + seconds, permitted)
        self._pool = httpcore2.ConnectionPool(ssl_context=tls, network_backend=network)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request and answers as soon as the head of its answer is there.

        Raises:
            NotPublic: the host is not on the public network.
            TimeIsUp: the deadline has passed; also while the body is read.
        """
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Closes every connection."""
        self._pool.close()


def is_public(address: IPAddress) -> bool:
    """Return whether an address is a global unicast one, whichever way it is written.

    Of the IPv6 forms that lead to an IPv4 address, the mapped and the NAT64 ones count as what is inside; a 6to4
    address is public only where that is. Others are not public: Teredo, IPv4-compatible addresses, and
    `64:ff9b:1::/48`, whose translators are a network's own (RFC 8215).
    """
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _WITH_IPV4_AT_THE_END):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_UNICAST or address in _TEREDO:
            return False
        if address.sixtofour is not None and not is_public(address.sixtofour):
            return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast


def is_loopback(host: str) -> bool:
    """Says whether a host is written as an address of this very machine. A name such as `localhost` is not."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _GuardedNetwork(httpcore2.NetworkBackend):
    """Connects to addresses that were looked at."""

    def __init__(self, deadline: float, permitted: frozenset[Place]) -> None:
        self._deadline = deadline
        self._permitted = permitted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception | None = None
        for address in self._checked(Place(host, port)):
            try:
                stream = httpcore2.SyncBackend().connect_tcp(
                    str(address), port, _within(self._deadline, timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def _checked(self, place: Place) -> list[IPAddress]:
        found = _addresses(place, _within(self._deadline, None))
        public = [address for address in found if is_public(address)]
        if not public and found and place not in self._permitted:
            raise NotPublic(place.host, found[0])
        return public or found


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no single step outlives the deadline: who sends a byte a second gains no time by it."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _within(self._deadline, timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


def _within(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeIsUp
    return left if timeout is None else min(left, timeout)


def _addresses(place: Place, seconds: float) -> list[IPAddress]:
    """Resolves a name, and gives up after `seconds`: the system's resolver itself knows no deadline."""
    answers: queue.Queue[list[IPAddress] | OSError] = queue.Queue()

    def resolve() -> None:
        try:
            found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
            answers.put([ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found])
        except (OSError, ValueError, OverflowError) as error:
            # Names that cannot be written as one, and ports that do not exist.
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=resolve, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeIsUp from None
    if isinstance(answer, OSError):
        raise httpcore2.ConnectError(f"there is no host {place.host}") from answer
    return list(dict.fromkeys(answer))
