"""Efficiency of a year: how work met contamination, as questions with the records behind them."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.figures.efficiency import Measure, efficiency
from clearland.web import figures_shown, formats
from clearland.web.access import Reading, reading, summed
from clearland.web.programme import about

MEASURES = {
    "cleared": gettext_lazy("Ground cleared"),
    "cleared_without_finds": gettext_lazy("Ground cleared without finds"),
    "tasks": gettext_lazy("Clearance tasks"),
    "tasks_without_finds": gettext_lazy("Tasks without finds"),
    "tasks_ten_days_without_finds": gettext_lazy("Tasks of more than ten days without finds"),
    "days_to_first_find": gettext_lazy("Days to the first find (median)"),
    "finds_per_km2": gettext_lazy("Items found per km² cleared"),
    "cha_to_sha": gettext_lazy("Open confirmed to open suspected ground"),
    "released_by_survey": gettext_lazy("Share of release by survey"),
    "newest_direct_evidence_age": gettext_lazy("Age of the newest direct evidence, days (median)"),
    "hazards_without_direct_evidence": gettext_lazy("Open hazards without direct evidence"),
    "newest_indirect_evidence_age": gettext_lazy("Age of the newest indirect evidence, days (median)"),
    "hazards_without_indirect_evidence": gettext_lazy("Open hazards without indirect evidence"),
}
_OF_HAZARDS = frozenset(code for code in MEASURES if "evidence" in code)


def page(request: HttpRequest) -> HttpResponse:
    """The measures of a calendar year."""
    read = reading(request)
    years = figures_shown.years_of_work(read)
    text = request.GET.get("year", "")
    asked = int(text) if text.isdecimal() and len(text) == 4 and int(text) >= 1900 else (years[-1] if years else _this_year(read))
    made = summed(read, f"efficiency:{asked}", lambda: efficiency(
        read.snapshot, period_from=date(asked, 1, 1), period_to=date(asked, 12, 31)
    ))  # fmt: skip
    unit = about(read).area_unit or "ha"
    context = {
        "title": _("Efficiency"), "year": asked, "years": sorted({*years, asked}, reverse=True),
        "rows": [_row(read, one, unit) for one in made],
    }  # fmt: skip
    return render(request, "clearland/efficiency.html", context)


def _this_year(read: Reading) -> int:
    return (read.known or date.today()).year  # noqa: DTZ011  # a page without any work may show any year


def _row(read: Reading, measure: Measure, unit: str) -> dict[str, Any]:
    """One measure in words; records of hazards only for those who may see hazards."""
    may_see = measure.code not in _OF_HAZARDS or "restricted" in read.scope.classes
    return {
        "label": MEASURES[measure.code], "value": _value(measure, unit),
        "question": _(measure.question) if measure.question else "",
        "records": measure.records if may_see else (),
    }


def _value(measure: Measure, unit: str) -> str:
    """The number with its unit; empty where it is not known."""
    if measure.value is None:
        return ""
    if measure.unit == "m2":
        return f"{formats.area(measure.value, unit)}\N{NO-BREAK SPACE}{formats.unit_sign(unit)}"
    decimals = 0 if isinstance(measure.value, int) or measure.unit == "days" else 1 if measure.unit != "ratio" else 2
    sign = "\N{NO-BREAK SPACE}%" if measure.unit == "%" else ""
    return f"{formats.number(measure.value, decimals)}{sign}"
