"""The practice model: an OpenAI-compatible endpoint which judges and writes, for trying everything out without a key.

HTTP and OpenAI's shapes belong here; what is answered is decided in `practice.prose`. The same request always gets the
same answer: chance is drawn from a hash of the messages and the seed. Source of the shapes: OpenAI API reference,
"Create chat completion". The model "practice-gullible" obeys whatever stands in the text it is given to read.
"""

import hashlib
import json
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from xbot_pipelines.practice.prose.answering import Answer, answer, answer_gullibly
from xbot_pipelines.practice.prose.schema import SchemaError, fill

MODEL = "practice-writer"
GULLIBLE_MODEL = "practice-gullible"
_CHARACTERS_PER_TOKEN = 4
_JSON_OBJECT_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("text", "subject", "angle", "tone", "format", "hook", "reason")},
        "quality": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
_JSON_VERDICTS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "subject": {"type": "string"},
                    "worth": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        }
    },
}


class RequestError(ValueError):
    """A request that cannot be answered; `param` is the part of it that is wrong."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


def routes() -> list[BaseRoute]:
    """The routes of the endpoint, relative to its base URL (`…/v1`)."""
    return [
        Route("/chat/completions", _chat_completions, methods=["POST"]),
        Route("/models", _models, methods=["GET"]),
    ]


async def _models(request: Request) -> JSONResponse:
    if (refusal := _refuse_without_key(request)) is not None:
        return refusal
    models = [{"id": name, "object": "model", "created": 0, "owned_by": "practice"} for name in (MODEL, GULLIBLE_MODEL)]
    return JSONResponse({"object": "list", "data": models})


async def _chat_completions(request: Request) -> JSONResponse:
    if (refusal := _refuse_without_key(request)) is not None:
        return refusal
    try:
        return JSONResponse(complete(await _body(request), at=int(time.time())))
    except (RequestError, SchemaError) as error:
        return _error(400, str(error), "invalid_request_error", param=getattr(error, "param", "response_format"))


def complete(body: Mapping[str, Any], *, at: int) -> dict[str, Any]:
    """Answer one request of chat completions.

    Args:
        body: The request's JSON.
        at: Unix seconds, for the field `created`; nothing else depends on it.

    Raises:
        RequestError: The request is not one of chat completions, or asks for a stream.
        SchemaError: Its JSON schema cannot be filled.
    """
    messages = _messages(body)
    fingerprint = hashlib.sha256(json.dumps([messages, body.get("seed")], sort_keys=True).encode()).hexdigest()
    mind = answer_gullibly if body.get("model") == GULLIBLE_MODEL else answer
    answered = mind(_prompt(messages), _rules(messages), random.Random(fingerprint))
    content = _content(body.get("response_format"), answered)
    prompt_tokens = _tokens("".join(_text_of(message) for message in messages))
    completion_tokens = _tokens(content)
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None, "annotations": []}
    return {
        "id": f"chatcmpl-{fingerprint[:29]}",
        "object": "chat.completion",
        "created": at,
        "model": body.get("model", MODEL),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": "fp_practice",
    }


def _content(response_format: Mapping[str, Any] | None, answered: Answer) -> str:
    kind = (response_format or {}).get("type", "text")
    if kind == "text" and answered.items is None:
        return str(answered.say()["text"])
    if kind in ("text", "json_object"):
        return _filled(_JSON_OBJECT_SCHEMA if answered.items is None else _JSON_VERDICTS_SCHEMA, answered)
    if kind == "json_schema":
        schema = (response_format or {}).get("json_schema", {}).get("schema")
        if not isinstance(schema, Mapping):
            raise RequestError("response_format.json_schema needs a 'schema' object.", "response_format")
        return _filled(schema, answered)
    raise RequestError(
        f"response_format.type is {kind!r}; use 'text', 'json_object' or 'json_schema'.", "response_format"
    )


def _filled(schema: Mapping[str, Any], answered: Answer) -> str:
    return json.dumps(fill(schema, answered.say, answered.items), ensure_ascii=False)


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise RequestError("The body is not JSON.") from error
    if not isinstance(body, Mapping):
        raise RequestError("The body is not a JSON object.")
    if body.get("stream"):
        raise RequestError("The practice model answers in one piece; leave 'stream' away.", "stream")
    if body.get("n", 1) not in (1, None):
        raise RequestError("The practice model gives one choice; leave 'n' away.", "n")
    return body


def _messages(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(one, Mapping) for one in messages):
        raise RequestError("'messages' needs a list of at least one message object.", "messages")
    return messages


def _prompt(messages: Sequence[Mapping[str, Any]]) -> str:
    """What the last message of the user says."""
    return next((_text_of(one) for one in reversed(messages) if one.get("role") == "user"), "")


def _rules(messages: Sequence[Mapping[str, Any]]) -> str:
    """What the model is told about itself."""
    return "\n".join(_text_of(one) for one in messages if one.get("role") in ("system", "developer"))


def _text_of(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))


def _tokens(text: str) -> int:
    return -(-len(text) // _CHARACTERS_PER_TOKEN)


def _refuse_without_key(request: Request) -> JSONResponse | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return None
    message = "You didn't provide an API key. The practice model takes any: send 'Authorization: Bearer practice'."
    return _error(401, message, "invalid_request_error", code="invalid_api_key")


def _error(status: int, message: str, kind: str, *, param: str | None = None, code: str | None = None) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": code}}, status_code=status)
