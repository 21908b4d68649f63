"""Asking a service whether it answers. Never whether its process is there: that says nothing."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

Probe = Callable[[datetime], bool]
"""Answers whether a service that was started at this moment does its work by now."""

# On loopback, and asked again and again: what does not answer within this time does not answer yet.
_SECONDS = 2.0


def http_answers(url: str) -> Probe:
    """Makes a probe: whether a GET of `url` is answered with 200."""
    place = urlsplit(url)
    host = place.hostname or ""

    def probe(_started_at: datetime) -> bool:
        # Never through a proxy that the environment names: it could not reach this machine's loopback.
        with closing(HTTPConnection(host, place.port, timeout=_SECONDS)) as connection:
            try:
                connection.request("GET", place.path)
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, HTTPException):
                return False

    return probe


def grpc_serves(unix_socket: Path, service: str) -> Probe:
    """Make a probe: whether the gRPC server on a UNIX socket says of `service` that it is serving."""

    def probe(_started_at: datetime) -> bool:
        import grpc  # type: ignore[import-untyped]
        from grpc_health.v1 import health_pb2, health_pb2_grpc  # type: ignore[import-untyped]

        with grpc.insecure_channel(f"unix:{unix_socket}") as channel:
            health = health_pb2_grpc.HealthStub(channel)
            try:
                answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=_SECONDS)
            except grpc.RpcError:
                return False
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    return probe
