"""A server of the test's own in the place of X's API, and a client that asks it."""

from collections.abc import Iterator

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.x.api.client import ApiClient
from xbot_pipelines_tests.x.api.answering import Server, client_of, open_server
from xbot_pipelines_tests.x.api_way import Tally


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that has nothing to say yet."""
    with open_server() as server:
        yield server


@pytest.fixture
def tally() -> Tally:
    """What was charged, and which limits were told."""
    return Tally()


@pytest.fixture
def client(server: Server, clock: ManualClock, tally: Tally) -> Iterator[ApiClient]:
    """A client of the server, which signs with keys."""
    with client_of(server, clock, meter=tally) as client:
        yield client
