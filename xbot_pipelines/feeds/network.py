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

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

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
    """Says whether an address belongs to some machine on the public network, whichever way it is written.

    IPv6 has several ways to write an IPv4 address (mapped, NAT64, 6to4, Teredo); the address inside decides.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inside = _ipv4_inside(address)
        if inside is not None:
            return is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def is_loopback(host: str) -> bool:
    """Says whether a host is written as an address of this very machine. A name such as `localhost` is not."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ipv4_inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


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
