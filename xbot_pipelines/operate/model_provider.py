"""Where the programs of the house ask their language model, by which key, and how it is seen that it is there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from xbot_pipelines.operate.house import House
from xbot_pipelines.settings import Settings, is_this_machine

if TYPE_CHECKING:
    import httpx2

_OPENAI = "https://api.openai.com/v1"

REFUSED = (401, 403)
"""The answers of a provider that does not take the key."""


@dataclass(frozen=True, kw_only=True)
class ModelProvider:
    """Who is asked for words: on practice X the practice model, where no other is named. `key` may not be set."""

    url: str
    key: SecretStr | None
    is_practice: bool

    def list_models(self, *, seconds: float) -> "httpx2.Response":
        """Asks for its list of models, which costs nothing.

        Raises:
            httpx2.HTTPError: it does not answer within so many seconds.
        """
        import httpx2

        return httpx2.get(
            f"{self.url}/models",
            headers={"authorization": f"Bearer {self.key.get_secret_value()}"} if self.key else {},
            timeout=seconds,
            # A proxy that the environment names could not reach this machine's loopback.
            trust_env=not is_this_machine(self.url),
        )


def provider_of(settings: Settings) -> ModelProvider:
    """Return whom the programs of the house ask, as `Environments` tell them."""
    if practice := House(settings).practice_model:
        url, key = practice["OPENAI_BASE_URL"], SecretStr(practice["OPENAI_API_KEY"])
        return ModelProvider(url=url, key=key, is_practice=True)
    return ModelProvider(url=settings.openai_base_url or _OPENAI, key=settings.openai_api_key, is_practice=False)
