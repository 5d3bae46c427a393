"""A claim as the fields of a form, and back: numbers with a point, sets with semicolons, nothing said as an empty field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.claims.model import Modality, Polarity, ValueStatus
from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.web.claims_shown import STANCES, VALUE_STATUSES

_NUMBER = re.compile(r"[+\-−]?\d+(\.\d+)?")
_SETS = ("place", "actor")
_SCOPE = (*_SETS, "device")
LABELS = {
    "value": gettext_lazy("Value"), "unit": gettext_lazy("Unit"), "period": gettext_lazy("Period"),
    "claimant": gettext_lazy("Who says it"), "stance": gettext_lazy("Stance"), "subject": gettext_lazy("Subject"),
    "attribute": gettext_lazy("Attribute"), "value_status": gettext_lazy("Known or not"),
    "qualifier": gettext_lazy("Qualifier"), "polarity": gettext_lazy("Affirmed or negated"),
    "modality": gettext_lazy("Asserted, planned or possible"), "place": gettext_lazy("Places (separated by ;)"),
    "actor": gettext_lazy("Actors (separated by ;)"), "device": gettext_lazy("Ordnance"),
}  # fmt: skip
FIRST = ("value", "unit", "period", "claimant", "stance", "subject", "attribute")
MORE = ("value_status", "qualifier", "polarity", "modality", "place", "actor", "device")
SHORT = ("value", "unit", "period", "claimant", "subject", "attribute")
_WORDS = {
    "affirmed": gettext_lazy("affirmed"), "negated": gettext_lazy("negated"), "asserted": gettext_lazy("asserted"),
    "possible": gettext_lazy("possible"), "planned": gettext_lazy("planned"), "promised": gettext_lazy("promised"),
    "conditional": gettext_lazy("conditional"), "recommended": gettext_lazy("recommended"),
    "not_ruled_out": gettext_lazy("not ruled out"), "exact": gettext_lazy("exact"),
    "approximately": gettext_lazy("approximately"), "more_than": gettext_lazy("more than"),
    "less_than": gettext_lazy("less than"), "known": gettext_lazy("known"), **STANCES, **VALUE_STATUSES,
}  # fmt: skip
_QUALIFIERS = ("", "exact", "approximately", "more_than", "less_than")


@dataclass(frozen=True)
class Input:
    """One field ready for the page; `options` (value, label, chosen) make it a choice."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str, bool], ...] = ()


def inputs(claim: Mapping[str, Any], names: tuple[str, ...], prefix: str = "") -> list[Input]:
    """The fields of a claim's form."""
    return [_input(claim, name, prefix) for name in names]


def _input(claim: Mapping[str, Any], name: str, prefix: str) -> Input:
    scope = claim.get("scope") or {}
    raw = scope.get(name) if name in _SCOPE else claim.get(name)
    text = "; ".join(map(str, raw)) if isinstance(raw, list) else _written(raw)
    options = _options(name, text)
    return Input(prefix + name, str(LABELS[name]), text, options)


def _written(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return "" if raw is None else str(raw)


def _options(name: str, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """The choices of a field that has them; what stands there is always among them."""
    codes: tuple[str, ...] = {
        "stance": tuple(STANCES), "value_status": get_args(ValueStatus), "polarity": get_args(Polarity),
        "modality": get_args(Modality), "qualifier": _QUALIFIERS,
    }.get(name, ())  # fmt: skip
    if not codes:
        return ()
    if chosen not in codes:
        codes = (chosen, *codes) if chosen else codes
    default = {"stance": "reported", "value_status": "known", "polarity": "affirmed", "modality": "asserted"}.get(name, "")
    return tuple((code, str(_WORDS.get(code, code.replace("_", " "))), code == (chosen or default)) for code in codes)


def fields_of(words: Dictionary, given: Mapping[str, str], before: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The claim's fields as a person filled them in; those the form does not have keep what they said before.

    Raises RefusedInput (E-JUDGE-NUMBER) where the attribute asks for a number and the value is none.
    """
    fields = dict(before)
    scope = dict(before.get("scope") or {})
    for name in LABELS:
        if prefix + name not in given:
            continue
        text = given[prefix + name].strip()
        if name in _SETS:
            scope[name] = [part.strip() for part in text.split(";") if part.strip()] or None
        elif name in _SCOPE:
            scope[name] = text or None
        else:
            fields[name] = text or None
    fields["scope"] = scope
    if prefix + "value" in given:
        fields["value"] = _value(words, str(fields.get("attribute") or ""), fields, before)
    return fields


def _value(words: Dictionary, attribute: str, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
    text = str(fields.get("value") or "")
    if not text or fields.get("value_status", "known") not in ("known", None):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text):
        number = text.replace("−", "-")
        return float(number) if "." in number else int(number)
    found = words.attributes.get(attribute) or words.attributes.get(attribute.partition(":")[0])
    if isinstance(before.get("value"), (int, float)) or (found is not None and found.value_type == "quantity"):
        raise RefusedInput(
            "E-JUDGE-NUMBER", _("“%s” is no number.") % text,
            remedy=_("Write digits with a decimal point and without separators; the unit has a field of its own."),
        )  # fmt: skip
    return text
