"""The language model: is it reached, does it take our key, and does it know the model.

The list of models costs nothing. Only a deep examination has a word written, within the day's budget, and says what it
cost.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel, SecretStr

from xbot_pipelines.content.prompts.prompt import Prompt
from xbot_pipelines.content.writer import Writer, WritingFailed
from xbot_pipelines.operate.doctor.clocks import dated
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.systems.writing import BudgetSpent, Desk

if TYPE_CHECKING:
    import httpx2

_ANSWER_SECONDS = 6.0
_OPENAI = "https://api.openai.com/v1"
_OK, _REFUSED, _NO_SUCH_PAGE = 200, (401, 403), (404, 405)
_MEANWHILE = "nothing is written meanwhile, all else goes on"


class _Word(BaseModel):
    word: str


@dataclass(frozen=True, kw_only=True)
class _Provider:
    """Who is asked, as the programs of the house ask: on practice X that is the practice model."""

    url: str
    key: SecretStr
    model: str
    is_ours: bool


def model_answers(patient: Patient) -> Findings:
    """Whether the model that the account names is there for us."""
    provider = _provider(patient)
    if provider is None:
        yield fault("model", "OPENAI_API_KEY is not set", to_do="set it to the key of your provider")
        return
    import httpx2

    try:
        answer = httpx2.get(
            f"{provider.url}/models",
            headers={"authorization": f"Bearer {provider.key.get_secret_value()}"},
            timeout=_ANSWER_SECONDS,
            trust_env=not provider.is_ours,
        )
    except httpx2.HTTPError as failure:
        if provider.is_ours and not patient.is_up:
            yield not_looked_at("model", "the practice model does not run: `xbot up` starts it")
        else:
            found = f"{provider.url} does not answer: {str(failure) or type(failure).__name__}"
            yield fault("model", found, to_do=f"look at OPENAI_BASE_URL and the network; {_MEANWHILE}")
        return
    yield from dated("the model", answer.headers, ours=patient.clock.now())
    yield _judged(answer, provider)
    if patient.is_deep:
        yield _written(patient, provider)


def _provider(patient: Patient) -> _Provider | None:
    settings, practice = patient.settings, patient.house.practice_model
    if practice:
        url, key = practice["OPENAI_BASE_URL"], SecretStr(practice["OPENAI_API_KEY"])
        return _Provider(url=url, key=key, model=settings.model, is_ours=True)
    if settings.openai_api_key is None:
        return None
    url = settings.openai_base_url or _OPENAI
    return _Provider(url=url, key=settings.openai_api_key, model=settings.model, is_ours=False)


def _judged(answer: "httpx2.Response", provider: _Provider) -> Finding:
    if answer.status_code in _REFUSED:
        return fault(
            "model",
            f"{provider.url} refuses the key (HTTP {answer.status_code})",
            to_do=f"set OPENAI_API_KEY to a key that it takes; {_MEANWHILE}",
        )
    if answer.status_code in _NO_SUCH_PAGE:
        return warning(
            "model",
            f"{provider.url} answers, but has no list of models",
            to_do="have one word written by `xbot doctor --deep`: nothing else tells",
        )
    names = _names(answer) if answer.status_code == _OK else None
    if names is None:
        return fault(
            "model",
            f"{provider.url} answers HTTP {answer.status_code}, and no list of models",
            to_do=f"is OPENAI_BASE_URL the address that ends in /v1? {_MEANWHILE}",
        )
    if provider.is_ours:
        return fine("model", f"the practice model at {provider.url} answers, whatever name it is asked by")
    if provider.model not in names:
        nearest = get_close_matches(provider.model, names, n=3, cutoff=0.0)
        return fault(
            "model",
            f"{provider.url} knows no model {provider.model}",
            to_do=f"set XBOT_MODEL or model.name to one of its own, such as {', '.join(nearest) or 'one with a name'}",
        )
    return fine("model", f"{provider.url} knows {provider.model}, and takes the key")


def _names(answer: "httpx2.Response") -> list[str] | None:
    try:
        return [str(model["id"]) for model in answer.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return None


def _written(patient: Patient, provider: _Provider) -> Finding:
    settings = patient.settings
    writer = Writer(
        model=provider.model,
        api_key=provider.key,
        base_url=provider.url,
        temperature=settings.profile.model.temperature,
    )
    prompt = Prompt(system="You answer with one word.", user="Is this working? Write the word yes.")
    try:
        with account_tables(settings) as database:
            desk = Desk(
                database=database,
                profile=settings.profile,
                writer=writer,
                clock=patient.clock,
                by=Provenance(actor="xbot doctor"),
            )
            written = desk.write(prompt, _Word, purpose="doctor")
    except (WritingFailed, BudgetSpent) as failure:
        return fault("model writes", str(failure), to_do=f"put right what it says; {_MEANWHILE}")
    except CannotRun as failure:
        return not_looked_at("model writes", f"what it costs could not be written down: {failure}")
    return fine("model writes", f"it answered in {written.usage.latency_seconds:.1f} s, for ${written.cost_usd:.6f}")
