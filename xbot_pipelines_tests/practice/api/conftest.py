"""What the tests of the official API have in common."""

from collections.abc import Iterator

import pytest

from xbot_pipelines.practice.server import running
from xbot_pipelines_tests.practice.api.developer import Developer, developer
from xbot_pipelines_tests.practice_site import Practice, client_of


@pytest.fixture
def app(practice: Practice) -> Developer:
    """A program that may do everything for our account."""
    return developer(practice)


@pytest.fixture
def own_id(app: Developer) -> str:
    """The id of our account."""
    return str(app.get("users/me")["data"]["id"])


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice X for requests that are refused: no test changes anything in its world."""
    with running(tmp_path_factory.mktemp("still") / "practice") as server, client_of(server.url) as control:
        yield Practice(server.url, control)


@pytest.fixture
def reader(still: Practice) -> Developer:
    """A program that is refused there."""
    still.ask("DELETE", "limits")
    return developer(still)
