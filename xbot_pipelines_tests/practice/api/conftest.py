"""What the tests of the official API have in common."""

from collections.abc import Iterator

import pytest

from xbot_pipelines.practice.server import running
from xbot_pipelines_tests.practice.api.developer import Developer, developer
from xbot_pipelines_tests.practice_site import Practice, client_of


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """The practice X of this room: to begin its world again takes a tenth of what a new server takes."""
    with running(tmp_path_factory.mktemp("api") / "practice") as server, client_of(server.url) as control:
        yield Practice(server.url, control)


@pytest.fixture
def practice(server: Practice) -> Practice:
    """A practice X with control and a fresh world."""
    server.ask("POST", "reset")
    return server


@pytest.fixture
def app(practice: Practice) -> Developer:
    """A program that may do everything for our account."""
    return developer(practice)


@pytest.fixture
def own_id(app: Developer) -> str:
    """The id of our account."""
    return str(app.get("users/me")["data"]["id"])
