"""The reconciliation board: an operator's books beside ours, task by task, with the workbook out and the answers in."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.figures.reconciliation import AREAS, MEASURES, STATES, Reconciliation, TaskLine, operators, reconcile
from clearland.web import figures_shown, formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.work.reconciling import take_answers, workbook

STATE_LABELS = {
    "agreed": gettext_lazy("agreed"), "disputed": gettext_lazy("disputed"), "only_ours": gettext_lazy("only in the database"),
    "only_theirs": gettext_lazy("only in the operator's books"), "unanswered": gettext_lazy("not answered yet"),
}  # fmt: skip
MEASURE_LABELS = {
    "cancelled_m2": gettext_lazy("Cancelled"), "reduced_m2": gettext_lazy("Reduced"), "cleared_m2": gettext_lazy("Cleared"),
    "items": gettext_lazy("Items destroyed"),
}  # fmt: skip
_MOST_LINES = 400
_MOST_BYTES = 20_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(request: HttpRequest) -> HttpResponse:
    """`?operator=&year=&state=`."""
    read = reading(request)
    held = summed(read, "reconcilers", lambda: operators(read.snapshot))
    years = sorted({*figures_shown.years_of_work(read)}, reverse=True)
    context: dict[str, Any] = {
        "title": _("Reconciliation"), "years": years, "states": STATE_LABELS.items(),
        "operators": [(name, labels.named(read, "organisation").get(name, name)) for name in held],
    }  # fmt: skip
    operator, year = _chosen(request, held, years)
    if operator and year:
        told = _told(read, operator, year)
        state = request.GET.get("state", "")
        lines = [line for line in told.lines if state not in STATES or line.state == state]
        context |= {
            "operator": operator, "year": year, "state": state, "lines": [_line(line) for line in lines[:_MOST_LINES]],
            "more": max(0, len(lines) - _MOST_LINES), "totals": _totals(told), "measures": MEASURE_LABELS.values(),
            "counts": [(STATE_LABELS[one], told.count(one)) for one in STATES],
        }  # fmt: skip
    return render(request, "clearland/reconcile.html", context)


def _chosen(request: HttpRequest, held: list[str], years: list[int]) -> tuple[str, int]:
    asked = request.GET.get("operator", "")
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 and int(text) >= 1900 else years[0] if years else 0
    return (asked if asked in held else held[0] if held else ""), year


def _told(read: Reading, operator: str, year: int) -> Reconciliation:
    name = f"reconcile:{operator}:{year}"
    return summed(read, name, lambda: reconcile(read.snapshot, operator, date(year, 1, 1), date(year, 12, 31)))


def _line(line: TaskLine) -> dict[str, Any]:
    cells = [
        {"ours": _number(name, line.ours), "theirs": _number(name, line.theirs), "differs": name in line.differs}
        for name in MEASURES
    ]
    return {"task": line.task or _("without a task"), "state": STATE_LABELS[line.state], "cells": cells, "remark": line.remark}


def _number(name: str, side: Any) -> str:
    if side is None:
        return "–"
    return formats.number(side.get(name, 0.0), 0)


def _totals(told: Reconciliation) -> list[dict[str, str]]:
    made = []
    for name, sums in told.totals().items():
        unit = formats.unit_sign("m2") if name in AREAS else ""
        row = {key: formats.number(value, 0) for key, value in sums.items()}
        made.append({"label": f"{MEASURE_LABELS[name]}{f', {unit}' if unit else ''}", **row})
    return made


def sheet(request: HttpRequest) -> HttpResponse:
    """The workbook for the operator: `?operator=&year=`."""
    read = reading(request)
    held = summed(read, "reconcilers", lambda: operators(read.snapshot))
    operator, year = _chosen(request, held, figures_shown.years_of_work(read))
    if not operator or not year:
        return redirect("figures_reconcile")
    name = slugify(operator) or "operator"
    answer = HttpResponse(workbook(_told(read, operator, year), read.head), content_type=_XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="reconciliation-{name}-{year}.xlsx"'
    return answer


@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """Take a filled workbook in."""
    read = reading(request)
    read.refuse_past()
    target = reverse("figures_reconcile")
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > _MOST_BYTES:
            raise RefusedInput("E-RECONCILE-SHEET", _("No workbook was handed in."), remedy=_("Choose the filled workbook."))
        receipt = take_answers(file.read(), file.name or "reconciliation.xlsx", actor=read.actor)
    except ClearlandError as error:
        messages.error(request, str(error))
        return redirect(target)
    messages.success(request, _("%(new)s new answers, %(changed)s changed.") % {"new": receipt.new, "changed": receipt.changed})
    return redirect(target)
