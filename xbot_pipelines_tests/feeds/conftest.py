"""A site of the test's own, and the way to its feeds."""

from collections.abc import Iterator

import pytest

from xbot_pipelines_tests.feeds.site import Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    """A real site on this machine that has no pages yet."""
    with open_site() as site:
        yield site
