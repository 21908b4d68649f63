"""The language model: is it reached, does it take our key, and does it know the model.

The list of models costs nothing. Only a deep examination has a word written, within the day's budget, and says what it
cost.
"""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel, SecretStr

from xbot_pipelines.content.prompts.prompt import Prompt
from xbot_pipelines.content.writer import Writer, WritingFailed
from xbot_pipelines.operate.doctor.clocks import dated
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.model_provider import REFUSED, ModelProvider, provider_of
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.systems.writing import BudgetSpent, Desk
from xbot_pipelines.text.parse_json import parse_json

if TYPE_CHECKING:
    import httpx2

_ANSWER_SECONDS = 6.0
_OK, _NO_SUCH_PAGE = 200, (404, 405)
_MEANWHILE = "nothing is written meanwhile, all else goes on"


class _Word(BaseModel):
    word: str


def model_answers(patient: Patient) -> Findings:
    """Whether the model that the account names is there for us."""
    provider, model = provider_of(patient.settings), patient.settings.model
    if provider.key is None:
        yield fault("model", "OPENAI_API_KEY is not set", to_do="set it to the key of your provider")
        return
    import httpx2

    try:
        answer = provider.list_models(seconds=_ANSWER_SECONDS)
    except httpx2.HTTPError as failure:
        if provider.is_practice and not patient.is_up:
            yield not_looked_at("model", "the practice model does not run: `xbot up` starts it")
        else:
            found = f"{provider.url} does not answer: {str(failure) or type(failure).__name__}"
            yield fault("model", found, to_do=f"look at OPENAI_BASE_URL and the network; {_MEANWHILE}")
        return
    yield from dated("the model", answer.headers, ours=patient.clock.now())
    yield _judged(answer, provider, model)
    if patient.is_deep:
        yield _written(patient, provider, provider.key)


def _judged(answer: "httpx2.Response", provider: ModelProvider, model: str) -> Finding:
    if answer.status_code in REFUSED:
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
    if provider.is_practice:
        return fine("model", f"the practice model at {provider.url} answers, whatever name it is asked by")
    if model not in names:
        nearest = get_close_matches(model, names, n=3, cutoff=0.0)
        return fault(
            "model",
            f"{provider.url} knows no model {model}",
            to_do=f"set XBOT_MODEL or model.name to one of its own, such as {', '.join(nearest) or 'one with a name'}",
        )
    return fine("model", f"{provider.url} knows {model}, and takes the key")


def _names(answer: "httpx2.Response") -> list[str] | None:
    try:
        return [str(model["id"]) for model in parse_json(answer.content)["data"]]
    except (ValueError, KeyError, TypeError):
        return None


def _written(patient: Patient, provider: ModelProvider, key: SecretStr) -> Finding:
    settings = patient.settings
    writer = Writer(
        model=settings.model,
        api_key=key,
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
