"""Tags of every page: `{% figure %}`, `{% asset %}`, `{% query %}` and the filters for numbers, areas and dates."""

import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.web import formats
from clearland.web.help import TERMS
from clearland.web.shown import Shown

register = template.Library()


@lru_cache(maxsize=64)
def _digest(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    with open(found, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:12]


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with a digest of its content, so that browsers may keep it for a year."""
    return f"{static(path)}?v={_digest(path)}"


@register.simple_tag
def figure(shown: Shown, *, unit: bool = True, big: bool = False, decimals: int | None = None) -> SafeString:
    """A computed or claimed number as a link to what it rests on, with its scope one hover or focus away.

    Unknown is a word, zero is a digit. `unit=False` where the table's title says the unit.
    """
    if shown.value is None:
        text: SafeString | str = format_html('<i class="word">{}</i>', shown.status_label)
    else:
        text = shown.text(decimals)
        sign = formats.unit_sign(shown.in_unit)
        if unit and sign:
            text = f"{text}\N{NO-BREAK SPACE}{sign}"
    tip = " · ".join(part for part in (shown.exact(), shown.line, shown.status_label, shown.behind) if part)
    split = SafeString("")
    if shown.disagreement:
        label = _("Sources disagree: see both sides")
        split = format_html('<a class="split" href="{}" title="{}" aria-label="{}">≠</a>', shown.disagreement, label, label)
    return format_html(
        '<a class="figure{}" href="{}">{}<span class="tip" role="tooltip">{}</span></a>{}',
        " big" if big else "", shown.href, text, tip, split,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address's query with some parameters changed (None takes one away); the page number starts again."""
    request: HttpRequest = context["request"]
    pairs = {key: value for key, value in request.GET.items() if value and key not in {"page", "known"}}
    pairs |= {key: str(value) for key, value in changes.items() if value not in (None, "")}
    for key, value in changes.items():
        if value in (None, ""):
            pairs.pop(key, None)
    return f"?{urlencode(pairs)}" if pairs else "?"


@register.filter
def num(value: object, decimals: int | None = None) -> str:
    """A plain number that is no figure (a count of rows on this page, a character position)."""
    return "" if value is None else formats.number(value, decimals)


@register.filter
def day(value: object) -> str:
    """A date, moment or partial date in the reader's language."""
    return formats.day(value)


@register.filter
def moment(value: Any) -> str:
    """A moment in UTC to the minute."""
    return formats.moment(value) if value else ""


@register.filter
def unit_sign(unit: str | None) -> str:
    """km², ha, m²."""
    return formats.unit_sign(unit)


@register.simple_tag
def term(name: str, label: object = "") -> SafeString | str:
    """A term of the field with its definition one hover or focus away; a word that is no term stays as it is."""
    text = label or name
    if name not in TERMS:
        return str(text)
    return format_html('<span class="gloss" tabindex="0" title="{}">{}</span>', TERMS[name], text)


_STATES = {
    "draft": gettext_lazy("draft"), "submitted": gettext_lazy("submitted"), "verified": gettext_lazy("verified"),
    "approved": gettext_lazy("approved"), "returned": gettext_lazy("returned"),
    "superseded": gettext_lazy("superseded"), "withdrawn": gettext_lazy("withdrawn"),
}  # fmt: skip


@register.filter
def state_label(state: str) -> str:
    """A workflow state in words."""
    return str(_STATES.get(state, state))


_UNIT_WORDS = {
    "items": gettext_lazy("items"), "people": gettext_lazy("people"), "accidents": gettext_lazy("accidents"),
    "hazards": gettext_lazy("hazardous areas"), "operations": gettext_lazy("operations"),
    "records": gettext_lazy("records"), "m2": gettext_lazy("m²"), "percent": "%", "km": gettext_lazy("km"),
    "money": gettext_lazy("money, in the currency named"), "money_per_m2": gettext_lazy("money per m², in the currency named"),
    "days": gettext_lazy("days"), "hours": gettext_lazy("hours"), "communities": gettext_lazy("communities"),
    "districts": gettext_lazy("districts"), "units": gettext_lazy("administrative units"), "teams": gettext_lazy("teams"),
    "assets": gettext_lazy("animals, machines, devices"), "accreditations": gettext_lazy("accreditations"),
    "courses": gettext_lazy("courses"), "services": gettext_lazy("services"), "documents": gettext_lazy("documents"),
    "sessions": gettext_lazy("sessions"), "agreements": gettext_lazy("agreements"), "requests": gettext_lazy("requests"),
    "facilities": gettext_lazy("sites"), "events": gettext_lazy("events"), "sheets": gettext_lazy("sheets"),
    "milestones": gettext_lazy("milestones"), "visits": gettext_lazy("visits"), "tasks": gettext_lazy("tasks"),
    "areas": gettext_lazy("areas"), "non-conformities": gettext_lazy("non-conformities"),
}  # fmt: skip


@register.filter
def unit_word(unit: str) -> str:
    """What is counted, in words."""
    return str(_UNIT_WORDS.get(unit, unit))


@register.filter
def origin_words(origin: str) -> str:
    """Where in its source an entry came from: `sheet Returns, row 12` from `Returns!12`."""
    sheet, _mark, row = origin.rpartition("!")
    return ", ".join(part for part in (_("sheet %s") % sheet if sheet else "", _("row %s") % row if row else "") if part)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """An item of a mapping by a variable key; nothing where it is not there."""
    return mapping.get(key) if hasattr(mapping, "get") else None
