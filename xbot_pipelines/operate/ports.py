"""Whether the ports that the house needs are free, asked before anything is started."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from xbot_pipelines.operate.errors import CannotRun


@dataclass(frozen=True, kw_only=True)
class Port:
    """A port on loopback: what it is for, and the variable that moves it."""

    number: int
    purpose: str
    variable: str


def demand_free(ports: Sequence[Port]) -> None:
    """Returns if every port can be had.

    Raises:
        CannotRun: one cannot; the message names it, what it is for, who has it, and the variable that moves it.
    """
    for index, port in enumerate(ports):
        twin = next((other for other in ports[:index] if other.number == port.number), None)
        if twin is not None:
            raise CannotRun(
                f"Port {port.number} is meant for the {twin.purpose} and for the {port.purpose}: "
                f"set {twin.variable} or {port.variable} to another."
            )
        if not _is_free(port.number):
            raise CannotRun(
                f"Port {port.number}, meant for the {port.purpose}, is taken{by_whom(port.number)}: "
                f"free it, or set {port.variable} to another."
            )


def _is_free(number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: without it, connections of a server that has just ended keep the port for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def by_whom(number: int) -> str:
    """` by NAME (process PID)`, where the machine tells; nothing where it does not."""
    try:
        holder = next(
            connection.pid
            for connection in psutil.net_connections(kind="tcp")
            if connection.laddr and connection.laddr.port == number and connection.status == psutil.CONN_LISTEN
        )
        return f" by {psutil.Process(holder).name()} (process {holder})"
    except (StopIteration, psutil.Error):
        return ""
