"""From a model's answer to claims: each must quote characters of the passage it was given, and tell a number it quotes.

Whatever does not is refused with its reason; nothing is repaired. A model never gets to say where its words stand: the
characters are found in the source.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clearland.claims.model import Claim
from clearland.core.errors import ClearlandError
from clearland.evidence.extraction.numbers import numbers

INSTRUCTION = """You read one passage of a document on mine action and list the claims it makes, as JSON:
{"claims": [{"quote": "...", "subject": "...", "attribute": "...", "value": ..., "unit": "...", "period": "...",
"claimant": "...", "stance": "...", "polarity": "..."}]}
quote: words of the passage, letter by letter, that hold the claim. value: a number, a text, or true or false. unit: m2, ha,
km2, percent, people, items, mines, or a currency code. period: ISO 8601, a date or from/to, or null. stance: reported,
alleged, denied, acknowledged or estimated. polarity: affirmed or negated. attribute: one of these codes, or leave the claim
out: %s. What the passage does not say is null. No claim is a good answer: {"claims": []}."""
_TAKEN = ("subject", "attribute", "value", "unit", "qualifier", "period", "claimant", "stance", "polarity", "modality")
_MOST = 200


@dataclass(frozen=True)
class Refused:
    """A claim of a model that was not taken: its quote and why (`shape`, `quote`, `attribute`, `number`, `claim`)."""

    quote: str
    why: str


def instruction(attributes: Collection[str]) -> str:
    """What the model is told, with the codes that it may use."""
    return INSTRUCTION % ", ".join(sorted(attributes))


def claims_in_answer(
    answer: Any, text: str, start: int, end: int, file: str, attributes: Collection[str]
) -> Iterator[Claim | Refused]:
    """Claims, and what was refused, of an answer about the characters [start, end) of a text."""
    listed = answer.get("claims") if isinstance(answer, Mapping) else None
    for each in listed[:_MOST] if isinstance(listed, list) else ():
        quote = each.get("quote") if isinstance(each, Mapping) else None
        if not isinstance(quote, str) or not quote.strip():
            yield Refused(str(quote or "")[:200], "shape")
            continue
        yield _claim(each, quote, text, start, end, file, attributes)


def _claim(
    said: Mapping[str, Any], quote: str, text: str, start: int, end: int, file: str, attributes: Collection[str]
) -> Claim | Refused:
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    found = re.search(pattern, text[start:end])
    if found is None:
        return Refused(quote[:200], "quote")
    if said.get("attribute") not in attributes:
        return Refused(quote[:200], "attribute")
    value = said.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool) and not _tells(found.group(), value):
        return Refused(quote[:200], "number")
    given = {name: said[name] for name in _TAKEN if said.get(name) is not None}
    if not all(isinstance(told, str) or (name == "value" and isinstance(told, int | float)) for name, told in given.items()):
        return Refused(quote[:200], "claim")
    subject = str(given.pop("subject", "") or "document")
    status = {"value": None, "value_status": "unknown"} if value is None else {}
    try:
        return Claim(file=file, start=start + found.start(), end=start + found.end(), subject=subject, **{**given, **status})
    except (ClearlandError, TypeError):
        return Refused(quote[:200], "claim")


def _tells(quote: str, value: float) -> bool:
    return any(float(number.value) == float(value) for number in numbers(quote))
