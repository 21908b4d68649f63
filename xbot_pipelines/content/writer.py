"""Asking a language model: the one place that speaks to a provider, through the `openai` client.

Any server of the Chat Completions interface will do (`OPENAI_BASE_URL`), the practice model among them. What is asked
lies in `prompts`, what an answer has to pass in `gates`.
"""

import time
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, SecretStr

from xbot_pipelines.content.prompts.prompt import Prompt
from xbot_pipelines.models import ModelUsage

Shape = TypeVar("Shape", bound=BaseModel)

_TIMEOUT_SECONDS = 60
_TRIES_AFTER_THE_FIRST = 2


class WritingFailed(Exception):
    """The model could not be asked, or did not answer what it was asked for."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A language model that answers in a shape."""

    model: str
    api_key: SecretStr | None
    base_url: str | None
    temperature: float | None = None

    def write(self, prompt: Prompt, shape: type[Shape]) -> tuple[Shape, ModelUsage]:
        """Asks once, and answers what the model wrote together with what that used.

        Raises:
            WritingFailed: no key is set, the provider could not be reached or said no, or the answer has another shape.
        """
        import openai

        if self.api_key is None:
            raise WritingFailed("OPENAI_API_KEY is not set: set it to the key of your provider")
        client = openai.OpenAI(
            api_key=self.api_key.get_secret_value(),
            base_url=self.base_url,
            timeout=_TIMEOUT_SECONDS,
            max_retries=_TRIES_AFTER_THE_FIRST,
        )
        began = time.monotonic()
        with client:
            try:
                completion = client.chat.completions.parse(
                    model=self.model,
                    messages=[
                        {"role": "system", "content": prompt.system},
                        {"role": "user", "content": prompt.user},
                    ],
                    response_format=shape,
                    temperature=openai.omit if self.temperature is None else self.temperature,
                )
            except openai.APIStatusError as failure:
                # Providers quote the key that they refuse: neither their words nor their error go on as they are (F28).
                said = str(failure).replace(self.api_key.get_secret_value(), "[OPENAI_API_KEY]")
                raise WritingFailed(f"the model {self.model} at {client.base_url} failed: {said}") from None
            except openai.OpenAIError as failure:
                raise WritingFailed(f"the model {self.model} at {client.base_url} failed: {failure}") from failure
            except ValueError as failure:
                raise WritingFailed(f"the model {self.model} answered in another shape: {failure}") from failure
        message = completion.choices[0].message
        if message.parsed is None:
            raise WritingFailed(
                f"the model {self.model} answered nothing usable: {message.refusal or 'no reason given'}"
            )
        used = completion.usage
        return message.parsed, ModelUsage(
            model=completion.model,
            prompt_tokens=used.prompt_tokens if used else 0,
            completion_tokens=used.completion_tokens if used else 0,
            latency_seconds=time.monotonic() - began,
        )
