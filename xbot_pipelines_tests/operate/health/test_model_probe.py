"""Asking real HTTP servers that answer, refuse, are at fault, or are not there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock, SystemClock
from xbot_pipelines.operate.health.model_probe import ASK_AGAIN_AFTER, ModelProbe
from xbot_pipelines.settings import Settings
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.providers import KEY, Provider, a_provider, asking


@pytest.fixture
def provider() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


def fault_of(settings: Settings) -> str | None:
    return ModelProbe(settings, SystemClock()).look()[0].fault


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (200, None),
        (404, None),
        (429, None),
        (401, "refuses OPENAI_API_KEY (HTTP 401): set it to a valid key"),
        (403, "refuses OPENAI_API_KEY (HTTP 403): set it to a valid key"),
        (500, "answers HTTP 500: a fault of its own"),
        (503, "answers HTTP 503: a fault of its own"),
    ],
)
def test_what_a_provider_answers_is_told_apart(
    settings: Settings, provider: Provider, status: int, fault: str | None
) -> None:
    provider.status = status
    found = fault_of(asking(settings, provider.url))
    assert found == (None if fault is None else f"the model's provider at {provider.url} {fault}")
    assert provider.asked == [f"Bearer {KEY}"]


def test_f28_a_provider_that_is_not_there_is_told_without_the_key(settings: Settings) -> None:
    [port] = free_ports(1)
    found = fault_of(asking(settings, f"http://127.0.0.1:{port}/v1"))
    assert found == f"the model's provider at http://127.0.0.1:{port}/v1 does not answer (ConnectError)"


def test_off_practice_a_key_is_needed(settings: Settings) -> None:
    real = of_x(settings)
    assert fault_of(real) == "OPENAI_API_KEY is not set: set it to the key of your provider"


def test_on_practice_the_practice_model_is_asked_whatever_key_is_in_the_shell(
    settings: Settings, practice: Practice
) -> None:
    shell = settings.model_copy(update={"x_url": practice.url, "openai_api_key": SecretStr(KEY)})
    model, clock = ModelProbe(shell, SystemClock()).look()
    assert (model.fault, model.is_practice) == (None, True)
    assert clock is not None
    assert abs(clock.ahead) < timedelta(seconds=10)


def test_it_is_asked_once_in_a_while_and_again_when_it_is_time(settings: Settings, provider: Provider) -> None:
    clock = ManualClock(SystemClock().now())
    probe = ModelProbe(asking(settings, provider.url), clock)
    assert probe.look()[0].fault is None
    provider.status = 500
    clock.advance(ASK_AGAIN_AFTER - timedelta(seconds=1))
    assert probe.look()[0].fault is None
    clock.advance(timedelta(seconds=1))
    assert probe.look()[0].fault is not None
    assert len(provider.asked) == 2


def test_f27_the_providers_clock_tells_that_ours_is_off(settings: Settings, provider: Provider) -> None:
    fast = ManualClock(SystemClock().now() + timedelta(hours=1))
    _, clock = ModelProbe(asking(settings, provider.url), fast).look()
    assert clock is not None
    assert clock.whose == "the model's provider"
    assert timedelta(minutes=59) < clock.ahead < timedelta(minutes=61)
