"""Minefield records: all of them with their totals, and one under each of its readings, against what was found.

Both show where mines were found and were not yet found: they are for those who may read restricted records.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.figures.minefields import Assessed, minefield, minefields
from clearland.land.minefields.accounting import Account
from clearland.land.minefields.assessment import Assessment
from clearland.land.minefields.model import Reading
from clearland.land.minefields.scores import SCORES, Score
from clearland.land.minefields.totals import Totals
from clearland.ledger.rows import record, rows
from clearland.web import formats, labels
from clearland.web.access import Reading as Read
from clearland.web.access import reading, summed
from clearland.web.minefield_plan import letters, plan
from clearland.web.programme import SYNTHETIC_PREFIX, about

KIND = "minefield_record"
RESTRICTED = "restricted"
SCORE_LABELS = {
    "position": gettext_lazy("Position"), "geometry": gettext_lazy("Layout of rows"), "count": gettext_lazy("Count"),
    "type": gettext_lazy("Type of mine"), "coverage": gettext_lazy("Finds inside"),
}  # fmt: skip


def listing(request: HttpRequest) -> HttpResponse:
    """Every record with its best reading, and the totals of the programme."""
    read = reading(request)
    may_see = RESTRICTED in read.scope.classes
    made = summed(read, "minefields", lambda: minefields(read.snapshot)) if may_see else None
    shown = {str(one) for one in rows(read.scope, KIND, as_known=read.known).values_list("record__id", flat=True)}
    context = {
        "title": labels.kind_label(read.words.kind(KIND), many=True), "may_see": may_see, "score_labels": SCORE_LABELS,
        "rows": [_line(read, one) for one in made.records if one.sheet.record in shown] if made else [],
        "totals": _totals(read, made.totals) if made else [], "custody": _custody(read, made.totals) if made else [],
        "strip_class": RESTRICTED,
    }  # fmt: skip
    return render(request, "clearland/minefields.html", context)


def detail(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One record under each reading; 404 where it is none, or not open to the reader."""
    read = reading(request)
    version: Any = record(read.scope, record_id, read.known)
    if version is None or version.kind != KIND or version.state != "approved" or RESTRICTED not in read.scope.classes:
        raise Http404
    made = summed(read, f"minefield:{record_id}", lambda: minefield(read.snapshot, str(record_id)))
    marks = letters(made.readings)
    context = {
        "title": version.local_id, "number": made.sheet.number, "record_id": record_id, "stated": made.stated,
        "custody": labels.code_label(read.words, "custody", made.sheet.custody), "giver": made.giver,
        "plan": plan(made), "score_labels": SCORE_LABELS, "claimed": made.sheet.claimed,
        "readings": [_reading(read, made, one, marks) for one in made.readings],
        "accounts": _accounts(read, made.best), "problems": _problems(made),
        "synthetic": version.local_id.startswith(SYNTHETIC_PREFIX), "strip_class": version.sensitivity,
    }  # fmt: skip
    return render(request, "clearland/minefield.html", context)


def _line(read: Read, one: Assessed) -> dict[str, Any]:
    chosen = one.best
    return {
        "record": one.sheet.record, "local_id": one.sheet.local_id, "number": one.sheet.number,
        "custody": labels.code_label(read.words, "custody", one.sheet.custody), "claimed": one.sheet.claimed,
        "whole": chosen.whole if chosen else None, "searched": _percent(chosen.searched_share) if chosen else "",
        "reading": _reading_words(read, chosen.rebuilt.reading) if chosen else "",
        "scores": _scores(chosen) if chosen else [],
    }  # fmt: skip


def _reading(read: Read, made: Assessed, one: Assessment, marks: dict[str, str]) -> dict[str, Any]:
    rebuilt = one.rebuilt
    return {
        "letter": marks.get(rebuilt.reading.name, ""), "words": _reading_words(read, rebuilt.reading), "best": one is made.best,
        "area": formats.number(one.outline_m2, 0) if one.outline_m2 is not None else "",
        "closing": max(rebuilt.closings, key=lambda each: each.error_m, default=None), "shift": one.shift,
        "searched": _percent(one.searched_share), "scores": _scores(one), "operation": rebuilt.operation,
        "accuracy_m": rebuilt.accuracy_m, "hull": rebuilt.outline_from == "rows",
    }  # fmt: skip


def _reading_words(read: Read, one: Reading) -> str:
    """The reading in the reader's language; degrees with their sign."""
    if one.system == "accepted":
        return _("outline accepted by a person")
    parts = [labels.code_label(read.words, "coordinate_reading", one.system),
             labels.code_label(read.words, "north_reference", one.north)]
    if one.declination_degrees is not None:
        parts.append(f"{'+' if one.declination_degrees >= 0 else '−'}{formats.number(abs(one.declination_degrees), 2)}°")
    return " · ".join(parts)


def _scores(one: Assessment) -> list[dict[str, Any]]:
    return [{"label": SCORE_LABELS[name], **_score(one.scores[name])} for name in SCORES]


def _score(score: Score) -> dict[str, Any]:
    return {"value": formats.number(score.value, 2) if score.value is not None else "", "n": score.n}


def _accounts(read: Read, chosen: Assessment | None) -> list[tuple[str, Account, bool]]:
    """Label, account, and whether it is the total."""
    if chosen is None:
        return []
    named = [(labels.code_label(read.words, "device_category", each.category), each, False) for each in chosen.accounts]
    return [*named, (_("all mines"), chosen.whole, True)]


def _problems(made: Assessed) -> list[Any]:
    """Problems of the record and of its readings, each sentence once."""
    found = [*made.problems, *(problem for each in made.readings for problem in each.rebuilt.problems)]
    return list({problem.sentence: problem for problem in found}.values())


def _custody(read: Read, whole: Totals) -> list[tuple[str, int]]:
    """State of custody and number of records, in the order of the code list."""
    order = list(read.words.lists["custody"].by_code)
    found = sorted(whole.by_custody.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return [(labels.code_label(read.words, "custody", state), number) for state, number in found]


def _totals(read: Read, whole: Totals) -> list[dict[str, str]]:
    """Label, number and share of each total."""
    unit = about(read).area_unit or "ha"
    sign = formats.unit_sign(unit)
    return [
        {"label": _("Mines claimed"), "value": formats.number(whole.claimed), "share": ""},
        {"label": _("Mines located: found, gone off or lifted"), "value": formats.number(whole.located),
         "share": _percent(whole.located_share)},
        {"label": _("Hazardous ground inside a record, as drawn"),
         "value": f"{formats.area(whole.covered_m2, unit)}\N{NO-BREAK SPACE}{sign}", "share": _percent(whole.covered_share)},
        {"label": _("Accidents with mines outside every record"), "value": formats.number(whole.accidents_outside),
         "share": _percent(whole.accidents_outside_share)},
        {"label": _("Mines found outside every record"), "value": formats.number(whole.mines_outside),
         "share": _percent(whole.mines_outside_share)},
    ]  # fmt: skip


def _percent(share: float | None) -> str:
    return "" if share is None else f"{formats.number(100 * share, 1)}\N{NO-BREAK SPACE}%"
