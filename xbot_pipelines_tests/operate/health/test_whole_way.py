"""The whole way of a thing that breaks and is repaired: red with its sentence, told once, and over by itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.operate.health.alerting import LASTING, AlertKeeper, Outages
from xbot_pipelines.operate.health.collecting import Collector
from xbot_pipelines.operate.health.reasons import Cause
from xbot_pipelines.operate.health.telling import Services, Teller
from xbot_pipelines.operate.health.watch import Watch
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.operate.health.receiver import a_receiver
from xbot_pipelines_tests.providers import a_provider, asking

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass
class Hurried:
    """The machine's clock, as far ahead of itself as the test has hurried it."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@dataclass
class Breakable:
    """One thing: how it breaks and is repaired, and what is then said of it."""

    settings: Settings
    cause: Cause
    breaks: Callable[[], None]
    is_repaired: Callable[[], None]
    sentence: str


@pytest.fixture
def model(settings: Settings) -> Iterator[Breakable]:
    with a_provider() as provider:

        def answer(status: int) -> None:
            provider.status = status

        yield Breakable(
            settings=asking(settings, provider.url),
            cause=Cause.MODEL,
            breaks=partial(answer, 401),
            is_repaired=partial(answer, 200),
            sentence="refuses OPENAI_API_KEY (HTTP 401): set it to a valid key",
        )


@pytest.fixture
def session(settings: Settings) -> Breakable:
    settings.session_file.parent.mkdir(parents=True)

    def lasts(span: timedelta) -> None:
        expires = (SystemClock().now() + span).timestamp()
        cookies = [{"name": "auth_token", "value": "s3same", "expires": expires}]
        settings.session_file.write_text(json.dumps({"cookies": cookies}))

    lasts(HOUR)
    return Breakable(
        settings=settings,
        cause=Cause.SESSION,
        breaks=partial(lasts, -HOUR),
        is_repaired=partial(lasts, HOUR),
        sentence="log in again with `xbot login`",
    )


@pytest.fixture
def chromium(settings: Settings, tmp_path: Path) -> Breakable:
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    return Breakable(
        settings=settings.model_copy(update={"chromium": program}),
        cause=Cause.BROWSER,
        breaks=program.unlink,
        is_repaired=partial(program.touch, mode=0o755),
        sentence="which is no program: correct it",
    )


@pytest.mark.parametrize("thing", ["model", "session", "chromium"])
def test_what_breaks_is_red_told_once_and_over_by_itself_when_it_is_repaired(
    thing: str, request: pytest.FixtureRequest
) -> None:
    broken: Breakable = request.getfixturevalue(thing)
    clock, outages, tables = Hurried(), Outages(), partial(account_tables, broken.settings)
    with a_receiver() as receiver:
        teller = Teller(Services([SecretStr(receiver.url)], handle="daily_vitals"), tables, outages, clock)
        keeper = AlertKeeper(tables, outages)
        watch = Watch(Collector(broken.settings, clock).collect, also=teller.wrong, heed=keeper.heed)

        def looks() -> list[str]:
            """Looks twice, as long apart as something has to last, tells what there is, and answers what is wrong."""
            watch.look()
            clock.ahead += LASTING + SECOND
            watch.look()
            teller.tell()
            return [reason.sentence for reason in watch.judgement.reasons if reason.cause == broken.cause]

        def told() -> list[str]:
            return [title for title, text, _ in receiver.told if broken.sentence in text]

        assert looks() == []
        broken.breaks()
        [sentence] = looks()
        assert broken.sentence in sentence
        looks()
        assert told() == ["daily_vitals: something is wrong"]
        broken.is_repaired()
        assert looks() == []
        looks()
        assert told() == ["daily_vitals: something is wrong", "daily_vitals: it is over"]
        assert "s3same" not in str(receiver.received)
