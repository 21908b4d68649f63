"""The model as the doctor sees it: reached, our key taken, its name known."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.operate.doctor.language_model import model_answers
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.operate.doctor.conftest import faults, only
from xbot_pipelines_tests.operate.doctor.servers import Server, a_server
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.practice_site import Practice
from xbot_pipelines_tests.providers import a_provider

KEY = "sk-a-key-that-nobody-should-see"


@pytest.fixture
def server() -> Iterator[Server]:
    """A provider that knows one model."""
    with a_server() as server:
        server.body = {"data": [{"id": "gpt-5-mini"}]}
        yield server


def asking(patient: Patient, url: str, *, model: str = "gpt-5-mini") -> Patient:
    """The same patient, with a provider of their own."""
    chosen = {"openai_base_url": url, "openai_api_key": SecretStr(KEY), "model": model}
    return replace(patient, settings=patient.settings.model_copy(update=chosen))


def test_a_provider_that_refuses_the_key_is_red_until_it_takes_it(patient: Patient, server: Server) -> None:
    server.status = 401
    assert faults(model_answers(asking(patient, server.url))) == [f"{server.url} refuses the key (HTTP 401)"]
    server.status = 200
    assert only(model_answers(asking(patient, server.url)), "model").found == (
        f"{server.url} knows gpt-5-mini, and takes the key"
    )


def test_a_model_that_nobody_knows_is_red_and_the_nearest_is_named(patient: Patient, server: Server) -> None:
    finding = only(model_answers(asking(patient, server.url, model="gpt-5-mni")), "model")
    assert (finding.verdict, finding.found) == (Verdict.FAULT, f"{server.url} knows no model gpt-5-mni")
    assert finding.to_do == "set XBOT_MODEL or model.name to one of its own, such as gpt-5-mini"


@pytest.mark.parametrize(("status", "verdict"), [(404, Verdict.WARNING), (500, Verdict.FAULT)])
def test_a_provider_without_a_list_is_no_fault_and_one_that_is_broken_is(
    patient: Patient, server: Server, status: int, verdict: Verdict
) -> None:
    server.status = status
    assert only(model_answers(asking(patient, server.url)), "model").verdict is verdict


def test_a_page_that_is_no_list_of_models_is_red(patient: Patient, server: Server) -> None:
    server.body = "welcome"
    [sentence] = faults(model_answers(asking(patient, server.url)))
    assert sentence == f"{server.url} answers HTTP 200, and no list of models"


def test_a_provider_that_is_down_is_red_and_green_again_when_it_is_up(patient: Patient, server: Server) -> None:
    [nobody] = free_ports(1)
    [sentence] = faults(model_answers(asking(patient, f"http://127.0.0.1:{nobody}/v1")))
    assert sentence.startswith(f"http://127.0.0.1:{nobody}/v1 does not answer")
    assert faults(model_answers(asking(patient, server.url))) == []


def test_no_key_is_red(patient: Patient) -> None:
    elsewhere = asking(patient, "http://127.0.0.1:9")
    settings = elsewhere.settings.model_copy(update={"openai_api_key": None})
    assert faults(model_answers(replace(elsewhere, settings=settings))) == ["OPENAI_API_KEY is not set"]


def test_on_practice_x_the_practice_model_is_asked_and_a_deep_examination_has_it_write_a_word_and_pays(
    patient: Patient, practice: Practice, database: AccountDatabase
) -> None:
    found = list(model_answers(patient))
    assert only(found, "model").found.startswith(f"the practice model at {practice.url}/v1 answers")
    assert [finding for finding in found if finding.about == "model writes"] == []
    written = only(model_answers(replace(patient, is_deep=True)), "model writes")
    assert (written.verdict, written.found.split(" in ")[0]) == (Verdict.FINE, "it answered")
    with database.transaction() as connection:
        call = connection.execute(text("SELECT purpose, cost_usd FROM llm_calls")).one()
    assert call.purpose == "doctor"
    assert written.found.endswith(f"for ${call.cost_usd:.6f}")


def test_f28_a_provider_that_repeats_the_key_it_refuses_does_not_get_it_shown(patient: Patient) -> None:
    with a_provider() as provider:
        provider.status = 401
        deep = replace(asking(patient, provider.url), is_deep=True)
        found = list(model_answers(deep))
    assert only(found, "model writes").verdict is Verdict.FAULT
    assert KEY not in repr(found)
