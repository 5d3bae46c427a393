"""The overview: where contamination stands, what was released, who disagrees, who is silent.

It never adds what must not be added: types apart, reported-only apart, and what nobody surveyed is said.
"""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clearland.dictionary.model import Dictionary
from clearland.figures.model import Scope
from clearland.ledger.rows import rows, sources
from clearland.reports.theme import CLASS_COLOURS, PRODUCT_COLOURS
from clearland.web import figures_shown, formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.charts.bars import stacked
from clearland.web.charts.theme import draw
from clearland.web.charts.thumbnail import thumbnail
from clearland.web.programme import about
from clearland.web.shown import Shown
from clearland.web.views.disagreements import compared
from clearland.web.views.land import waterfall_of_last_year

_SILENT_AFTER = timedelta(days=365)
_REPORTING_THEMES = frozenset({"hazards", "operations", "release", "ordnance", "quality", "victims", "education"})
_ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("CONT-1", {"area_type": "CHA"}), ("CONT-1", {"area_type": "SHA"}), ("CONT-1R", {}), ("LR-REL", {}), ("CAS-1", {}),
)  # fmt: skip


def overview(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    read = reading(request)
    context = {
        "title": _("Overview"),
        **sums(read),
        "thumbnail": picture(read),
        "empty": _is_empty(read),
    }
    return render(request, "clearland/overview.html", context)


def sums(read: Reading) -> dict[str, Any]:
    """The numbers and charts of the page, from the snapshot alone."""
    words = read.words
    unit = about(read).area_unit or "ha"
    return {
        "answers": _answers(read, words, unit),
        "counts": _counts(read),
        "contamination": _contamination(read, words, unit),
        "closing": waterfall_of_last_year(read, words, unit),
        "released": _released(read, words, unit),
    }


def picture(read: Reading) -> SafeString | None:
    """The still map."""
    return thumbnail(read, _("Map of hazardous areas and released land"))


def _is_empty(read: Reading) -> bool:
    """Whether nothing but the programme's own settings is here yet."""
    recorded = rows(read.scope, bare=True).exclude(kind__in=("programme", "overlay"))
    return not recorded.exists() and not sources(read.scope).exists()


def _answers(read: Reading, words: Dictionary, unit: str) -> list[dict[str, Any]]:
    """The figures people ask first, each apart from the others."""
    made = []
    for code, where in _ANSWERS:
        if code not in words.indicators:
            continue
        figure = figures_shown.computed(read, (code,), Scope(where=where))[0]
        title = figures_shown.title_of(words, code)
        members = [figures_shown.member_words(read, words, name, value) for name, value in where.items()]
        shown = figures_shown.shown(read, words, figure, in_unit=unit)
        made.append({"label": " · ".join([title, *members]), "shown": shown})
    return made


def _counts(read: Reading) -> list[Shown]:
    """Disagreements and silent districts: questions for a person, not results."""
    differing = summed(read, "differing", lambda: len(compared(read)[0]))
    silent, all_districts = summed(read, "silent", lambda: _silent(read))
    return [
        Shown(
            value=differing, unit="count", href=reverse("disagreements"), status="count",
            line=_("Sources that differ on one scope"),
        ),
        Shown(
            value=silent, unit="count", href=reverse("record_list", args=["hazard"]), status="count",
            line=_("Districts with records but none dated in the last twelve months, of %s") % formats.number(all_districts),
        ),
    ]  # fmt: skip


def _silent(read: Reading) -> tuple[int, int]:
    """(districts without a dated record in the last twelve months, districts with any record)."""
    since = (read.known or date.today()) - _SILENT_AFTER  # noqa: DTZ011  # a day more or less does not matter here
    kinds = [
        kind.name for kind in read.snapshot.dictionary.layers()
        if kind.group in _REPORTING_THEMES and kind.place_field and kind.valid_from_field
    ]  # fmt: skip
    last = " UNION ALL ".join(f"SELECT place, max(valid_from) AS last FROM {kind} GROUP BY place" for kind in kinds)
    newest = f"SELECT place, max(last) AS last FROM ({last}) WHERE place <> '' GROUP BY place"
    counted = f"SELECT count(*) FILTER (last IS NULL OR last < ?) AS silent, count(*) AS places FROM ({newest})"
    row = read.snapshot.sql(counted, [since]).to_pylist()[0]
    return int(row["silent"]), int(row["places"])


def _contamination(read: Reading, words: Dictionary, unit: str) -> dict[str, Any] | None:
    """Open hazardous area by ordnance and class."""
    found = [f for f in figures_shown.computed(read, ("CONT-1",), Scope(), by=("device", "area_type")) if f.value]
    if not found:
        return None
    parts: list[dict[str, Any]] = []
    for figure in found:
        device, kind = figure.scope.where["device"], figure.scope.where["area_type"]
        if kind not in CLASS_COLOURS:
            continue
        shown = figures_shown.shown(read, words, figure, in_unit=unit)
        parts.append({
            "member": figures_shown.member_words(read, words, "device", device), "part": kind, "href": shown.href,
            "value": float(figure.value or 0) / formats.unit_size(unit), "tip": f"{shown.text()} {shown.line}",
        })  # fmt: skip
    parts.sort(key=lambda part: -part["value"])
    title = f"{figures_shown.title_of(words, 'CONT-1')} ({formats.unit_sign(unit)})"
    named = {code: labels.code_label(words, "area_type", code) for code in CLASS_COLOURS}
    spec = stacked(parts, title=title, order=("CHA", "SHA"), colours=CLASS_COLOURS, labels=named)
    return {"svg": draw(read, f"contamination:{unit}", spec, title), "note": words.indicators["CONT-1"].definition}


def _released(read: Reading, words: Dictionary, unit: str) -> dict[str, Any] | None:
    """Released area by method and year of end of work."""
    parts = []
    for year in figures_shown.years_of_work(read):
        for figure in figures_shown.computed(read, ("LR-REL",), figures_shown.year_scope(year), by=("outcome",)):
            outcome = figure.scope.where.get("outcome", "")
            if not figure.value or outcome not in PRODUCT_COLOURS:
                continue
            shown = figures_shown.shown(read, words, figure, in_unit=unit)
            parts.append({
                "member": str(year), "part": outcome, "href": shown.href, "tip": f"{shown.text()} {shown.line}",
                "value": float(figure.value) / formats.unit_size(unit),
            })  # fmt: skip
    if not parts:
        return None
    title = f"{figures_shown.title_of(words, 'LR-REL')} ({formats.unit_sign(unit)})"
    named = {code: labels.code_label(words, "product_type", code) for code in PRODUCT_COLOURS}
    spec = stacked(parts, title=title, order=tuple(PRODUCT_COLOURS), colours=PRODUCT_COLOURS, labels=named, upright=True)
    return {"svg": draw(read, f"released:{unit}", spec, title), "note": words.indicators["LR-REL"].definition}
