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
from xbot_pipelines.text.clean import clean, clean_values
from xbot_pipelines.text.escape import for_terminal_line
from xbot_pipelines.text.parse_json import parse_json

Shape = TypeVar("Shape", bound=BaseModel)

_TIMEOUT_SECONDS = 60
_TRIES_AFTER_THE_FIRST = 2


class WritingFailed(Exception):
    """The model could not be asked, or did not answer what it was asked for."""

    def __str__(self) -> str:
        """Return the sentence on one line: the provider's own words may stand in it."""
        return for_terminal_line(super().__str__())


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
        from openai.types.chat import ChatCompletion

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
                answer = client.chat.completions.with_raw_response.parse(
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
        try:
            # Not by the client: it refuses lone surrogates, and raises RecursionError for deep nesting.
            completion = ChatCompletion.model_validate(parse_json(answer.http_response.content))
            message = completion.choices[0].message
            written = None if message.content is None else clean_values(parse_json(message.content))
            parsed = None if written is None else shape.model_validate(written)
        except (ValueError, IndexError) as failure:
            raise WritingFailed(f"the model {self.model} answered in another shape: {failure}") from failure
        if parsed is None:
            raise WritingFailed(
                f"the model {self.model} answered nothing usable: {message.refusal or 'no reason given'}"
            )
        used = completion.usage
        return parsed, ModelUsage(
            model=clean(completion.model),
            prompt_tokens=used.prompt_tokens if used else 0,
            completion_tokens=used.completion_tokens if used else 0,
            latency_seconds=time.monotonic() - began,
        )
