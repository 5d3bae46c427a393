"""A chat endpoint in the OpenAI shape, named by the user: one question, one answer in JSON. Standard library only."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from clearland.core.errors import ClearlandError

TIMEOUT_S = 120
MOST_BYTES = 4 << 20


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a model answers: `url` up to and without `/chat/completions`; `key` is sent as a bearer token where there is one.

    Raises ClearlandError E-MODEL-ADDRESS for an address that is not http or https."""

    url: str
    model: str
    key: str = ""

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).netloc or not self.model:
            raise ClearlandError(
                "E-MODEL-ADDRESS", f"“{self.url}” with the model “{self.model}” is no endpoint.",
                remedy="Give an address that begins with http:// or https://, and the model's name.",
            )  # fmt: skip

    def ask(self, instruction: str, text: str) -> tuple[Any, str]:
        """What the model answers to a text, as JSON, and the version it says it is (its name where it says none).

        Raises ClearlandError E-MODEL-UNREACHABLE or E-MODEL-ANSWER."""
        body = {
            "model": self.model, "temperature": 0, "response_format": {"type": "json_object"},
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": text}],
        }  # fmt: skip
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        request = Request(f"{self.url.rstrip('/')}/chat/completions", json.dumps(body).encode(), headers)  # noqa: S310 -- checked above
        try:
            with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 -- as above
                raw = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            raise _unreachable(f"The endpoint answers {error.code}.") from error
        except (OSError, HTTPException) as error:
            raise _unreachable(f"The endpoint does not answer: {error}.") from error
        return _content(raw, self.model)


def _unreachable(sentence: str) -> ClearlandError:
    return ClearlandError("E-MODEL-UNREACHABLE", sentence, remedy="Check the address, the model's name and the key.")


def _content(raw: bytes, model: str) -> tuple[Any, str]:
    try:
        whole = json.loads(raw)
        said = whole["choices"][0]["message"]["content"]
        return json.loads(said), str(whole.get("model") or model)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ClearlandError(
            "E-MODEL-ANSWER", "The endpoint's answer is not the JSON that was asked for.",
            remedy="Use a model that can answer in JSON.",
        ) from error  # fmt: skip
