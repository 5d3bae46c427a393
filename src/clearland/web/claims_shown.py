"""Claims in words: value with unit, who says it, in what stance, for which period and scope."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.core.units import AREA_M2
from clearland.dictionary.model import Dictionary
from clearland.web import formats

STANCES = {
    "reported": gettext_lazy("reported"), "alleged": gettext_lazy("alleged"), "denied": gettext_lazy("denied"),
    "acknowledged": gettext_lazy("acknowledged"), "estimated": gettext_lazy("estimated"),
}  # fmt: skip
VALUE_STATUSES = {
    "unknown": gettext_lazy("not known"), "none": gettext_lazy("none"), "not_answered": gettext_lazy("not answered"),
    "withheld": gettext_lazy("withheld"),
}  # fmt: skip


def attribute_label(words: Dictionary, code: str) -> str:
    """What the claim is about."""
    base, _colon, detail = code.partition(":")
    found = words.attributes.get(code) or words.attributes.get(base)
    label = found.label(formats.language()) if found else base.replace("_", " ").replace(".", ": ")
    return f"{label} ({detail.replace('_', ' ')})" if detail and code not in words.attributes else label


def value_words(body: Mapping[str, Any]) -> str:
    """The claimed value as the claimant means it, with its qualifier and unit."""
    value, unit = body.get("value"), body.get("unit")
    status = body.get("value_status", "known")
    if value is None:
        return str(VALUE_STATUSES.get(status, status))
    if isinstance(value, bool):
        text = _("yes") if value else _("no")
    elif isinstance(value, (int, float)):
        text = formats.number(value)
    else:
        text = formats.day(value) if unit == "date" else str(value)
    sign = formats.unit_sign(unit) if unit in {*AREA_M2, "percent"} or (unit and len(unit) == 3 and unit.isupper()) else ""
    qualifier = str(body.get("qualifier") or "").replace("_", " ")
    parts = ["" if qualifier == "exact" else qualifier, text, sign]
    return " ".join(part for part in parts if part)


def scope_words(body: Mapping[str, Any]) -> str:
    """Place, ordnance, actor, activity and the rest of what the value covers, as far as it is said."""
    scope = body.get("scope") or {}
    parts: list[str] = []
    for name in ("place", "device", "actor", "activity", "method", "population", "outcome", "definition"):
        value = scope.get(name)
        if value:
            parts.append(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    if body.get("base"):
        parts.append(_("share of %s") % body["base"])
    return " · ".join(parts)


def period_words(body: Mapping[str, Any]) -> str:
    """The period, or the day it was so."""
    period, as_of = body.get("period"), body.get("as_of")
    if period:
        return " – ".join(formats.day(part) for part in str(period).removeprefix("as-of ").split("/") if part)
    return _("as of %s") % formats.day(as_of) if as_of else ""


def claim_line(words: Dictionary, body: Mapping[str, Any]) -> str:
    """One line for hover and margin: attribute, value, claimant, stance, period."""
    stance = str(STANCES.get(body.get("stance", ""), body.get("stance", "")))
    parts = [
        f"{attribute_label(words, str(body.get('attribute', '')))}: {value_words(body)}",
        str(body.get("claimant") or _("claimant not said")),
        stance,
        period_words(body),
    ]
    return " · ".join(part for part in parts if part)
