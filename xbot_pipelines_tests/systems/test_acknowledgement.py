"""Nothing is asked of X's own site by a browser before its owner has said that they know what X says of that."""

from typing import TYPE_CHECKING, cast

import psutil
import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.settings import ACKNOWLEDGEMENT, Settings
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.systems.transports import in_a_browser
from xbot_pipelines.systems.whose_login import whose_login
from xbot_pipelines.x.session import Patience
from xbot_pipelines_tests.account_files import of_x

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def real(settings: Settings) -> Settings:
    """The account on X's own site, by a browser, with nothing acknowledged."""
    return of_x(settings)


def test_a_turn_opens_no_browser(real: Settings, database: AccountDatabase, clock: ManualClock) -> None:
    with (
        BrowserTurn(real, database, clock, by=Provenance(actor="test")) as turn,
        pytest.raises(Standstill, match=ACKNOWLEDGEMENT),
    ):
        turn.client()
    names = {child.name() for child in psutil.Process().children(recursive=True)}
    assert not [name for name in names if "chrom" in name]


def test_nobody_is_asked_whose_login_it_is(real: Settings, database: AccountDatabase, clock: ManualClock) -> None:
    with pytest.raises(Standstill, match=ACKNOWLEDGEMENT):
        whose_login(real, database, clock=clock, patience=Patience())


def test_a_browser_that_is_open_already_is_sent_nowhere(real: Settings, clock: ManualClock) -> None:
    nobody = cast("Browser", None)
    with pytest.raises(Standstill, match=ACKNOWLEDGEMENT), in_a_browser(real, nobody, patience=Patience(), clock=clock):
        pytest.fail("it was sent somewhere")
