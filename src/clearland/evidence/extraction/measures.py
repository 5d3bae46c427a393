"""What a quantity is about: its attribute by unit and words around it, its subject by the grammar of the sentence."""

import re
from dataclasses import dataclass
from functools import cache

from clearland.core.units import unit_family
from clearland.evidence.extraction.lexicon import words
from clearland.evidence.extraction.quantities import Quantity


@dataclass(frozen=True)
class _Rule:
    units: frozenset[str]
    attribute: str
    near: re.Pattern[str] | None
    noun: re.Pattern[str] | None
    outcome: str | None


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            frozenset(rule["units"]),
            rule["attribute"],
            re.compile(rule["near"], re.IGNORECASE) if "near" in rule else None,
            re.compile(rule["noun"], re.IGNORECASE) if "noun" in rule else None,
            rule.get("outcome"),
        )
        for rule in words("measures")["rules"]
    )


def clause_around(text: str, start: int, end: int) -> str:
    """The words between the commas and conjunctions around a span, at most 160 characters either way."""
    left = max((match.end() for match in re.finditer(r"[;,](?!\d)|\b(?:and|but|while|although)\s", text[:start])), default=0)
    right = re.search(r"[;,](?!\d)|\s(?:and|but|while|although)\s", text[end:])
    return text[max(left, start - 160) : min(end + (right.start() if right else len(text)), end + 160)]


def attribute_of(quantity: Quantity, text: str) -> str:
    """The dictionary code of what is measured or counted, else the noun as written."""
    family = unit_family(quantity.unit)
    narrow, wide = clause_around(text, quantity.start, quantity.end), text
    for last, around in enumerate((narrow, wide)):
        for rule in _rules():
            if not ({family, quantity.unit or "people"} & rule.units):
                continue
            if rule.outcome and rule.outcome != quantity.outcome:
                continue
            if rule.noun and not rule.noun.search(quantity.noun):
                continue
            if rule.near and not rule.near.search(around):
                continue
            if not last and rule.near is None and rule.noun is None and rule.outcome is None:
                break
            return rule.attribute
    return quantity.noun or "number"


def unit_of(quantity: Quantity, text: str) -> str | None:
    """The unit of a bare number from the noun the sentence counts (`the number of victims … stands above 1200`)."""
    if quantity.unit is not None:
        return quantity.unit
    counted = re.search(
        r"\b(?:number|total|count|toll|amount) of\s(?:[\w/-]+\s){0,3}?(?P<noun>victims|casualties|people|survivors"
        r"|persons|mines|landmines|incidents|accidents|items|teams|deminers|deaths)\b",
        text,
        re.IGNORECASE,
    )
    if counted is None:
        counted = re.search(r"\b(?P<noun>casualties|victims|incidents|accidents|people|mines|survivors)\b", text, re.IGNORECASE)
    if counted is None:
        return None
    noun = counted["noun"].lower()
    return next((unit for unit, nouns in words("units")["counts"].items() if noun in nouns), None)
