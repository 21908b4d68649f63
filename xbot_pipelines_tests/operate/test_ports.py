"""Ports are looked at before anything is started, and the refusal says how to go on."""

import os
import socket
from collections.abc import Iterator

import pytest

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.ports import Port, demand_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_its_purpose_its_holder_and_the_variable_that_moves_it(taken: int) -> None:
    with pytest.raises(CannotRun) as refusal:
        demand_free([Port(number=taken, purpose="Dagster UI", variable="XBOT_UI_PORT")])
    for word in (str(taken), "Dagster UI", f"process {os.getpid()}", "XBOT_UI_PORT"):
        assert word in str(refusal.value)


def test_a_free_port_is_let_pass(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert free != taken
    demand_free([Port(number=free, purpose="Dagster UI", variable="XBOT_UI_PORT")])


def test_a_port_on_which_a_connection_is_just_ending_is_free() -> None:
    """Otherwise `xbot up` right after a stop would be refused for a minute."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()
        client.close()
    demand_free([Port(number=port, purpose="Dagster UI", variable="XBOT_UI_PORT")])


def test_a_port_that_is_given_to_two_is_named_with_both() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    with pytest.raises(CannotRun, match="set XBOT_UI_PORT or XBOT_PRACTICE_PORT") as refusal:
        demand_free(
            [
                Port(number=free, purpose="Dagster UI", variable="XBOT_UI_PORT"),
                Port(number=free, purpose="practice X", variable="XBOT_PRACTICE_PORT"),
            ]
        )
    assert str(free) in str(refusal.value)
