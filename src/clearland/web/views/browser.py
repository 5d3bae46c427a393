"""The indicator browser: one indicator by place and year as table, chart, map and file."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.figures.disclosure import Disclosed
from clearland.figures.files import FORMATS, Told, file_bytes
from clearland.reports.theme import ACCENT
from clearland.web import figures_shown, formats, labels
from clearland.web.access import Reading, reading
from clearland.web.charts.bars import stacked
from clearland.web.charts.choropleth import Shade, choropleth, legend
from clearland.web.charts.theme import draw
from clearland.web.figure_browser import Browsed, Chosen, audience_of, browse, members, required, years_of
from clearland.web.programme import about
from clearland.web.shown import Shown
from clearland.web.templatetags.clearland import unit_word

_FIRST_SHOWN = "LR-3"
_DECIMALS = 2  # of every number of a table in hectares or km²
_TYPES = {
    "csv": "text/csv; charset=utf-8", "hxl.csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
AUDIENCE_LABELS = {
    "programme": gettext_lazy("the programme"), "partner": gettext_lazy("partners"), "public": gettext_lazy("the public"),
}  # fmt: skip


def page(request: HttpRequest) -> HttpResponse:
    """`?code=&first=&last=&audience=` and members of dimensions."""
    read = reading(request)
    chosen = _chosen(request, read)
    found = browse(read, chosen)
    unit = ""
    if chosen.indicator.unit == "m2":
        unit = about(read).area_unit or formats.area_unit(each.value for each in found.every)
    context = {
        "title": figures_shown.title_of(read.words, chosen.indicator.code), "indicator": chosen.indicator, "chosen": chosen,
        "indicators": sorted((code, figures_shown.title_of(read.words, code)) for code in read.words.indicators),
        "filters": _filters(read, chosen), "table": _table(read, chosen, found, unit), "years": chosen.years,
        "decimals": _DECIMALS if unit else None,
        "totals": [_cell(read, found.totals.get(year), unit) for year in chosen.years] if found.totals else [],
        "unit": unit, "chart": _chart(read, chosen, found, unit), **_map(read, chosen, found, unit),
        "files": [(form, _address("figures_file", request, form)) for form in FORMATS], "audiences": AUDIENCE_LABELS.items(),
        "any_withheld": any(isinstance(each, Disclosed) and each.withheld for each in found.every),
    }  # fmt: skip
    return render(request, "clearland/browser.html", context)


def download(request: HttpRequest, form: str) -> HttpResponse:
    """The same figures as a file."""
    if form not in FORMATS:
        raise Http404
    read = reading(request)
    chosen = _chosen(request, read)
    facts, day = about(read), read.known or date.today()  # noqa: DTZ011  # a file's name, not a date of record
    notes = [
        figures_shown.title_of(read.words, chosen.indicator.code), facts.name, *(["SYNTHETIC"] if facts.synthetic else []),
        chosen.audience.upper(), _("As known on %s – not for field use") % formats.day(day),
        f"{_('ledger head')} {read.head[:12]}",
    ]  # fmt: skip
    told = browse(read, chosen).every
    data = file_bytes(read.snapshot, told, form, language=formats.language(), about=" · ".join(notes))
    answer = HttpResponse(data, content_type=_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{chosen.indicator.code}-{chosen.audience}-{day}.{form}"'
    return answer


def _chosen(request: HttpRequest, read: Reading) -> Chosen:
    codes = read.words.indicators
    code = request.GET.get("code") or (_FIRST_SHOWN if _FIRST_SHOWN in codes else next(iter(codes), ""))
    if code not in codes:
        raise Http404
    indicator = codes[code]
    where = {name: request.GET[name] for name in indicator.dimensions if request.GET.get(name)}
    return Chosen(
        indicator=indicator, where=required(read, indicator, where), audience=audience_of(request.GET.get("audience", "")),
        years=years_of(read, indicator, _year(request, "first"), _year(request, "last")),
    )  # fmt: skip


def _year(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2200 else None


def _address(name: str, request: HttpRequest, form: str) -> str:
    kept = {key: value for key, value in request.GET.items() if value}
    return f"{reverse(name, args=[form])}{'?' + urlencode(kept) if kept else ''}"


def _filters(read: Reading, chosen: Chosen) -> list[dict[str, Any]]:
    made = []
    for name in chosen.indicator.dimensions:
        known = members(read, chosen.indicator, name)
        made.append({
            "name": name, "label": figures_shown.dimension_label(read.words, name), "value": chosen.where.get(name, ""),
            "required": name in chosen.indicator.requires,
            "members": [(one, figures_shown.member_words(read, read.words, name, one)) for one in known if one],
        })
    return made


def _cell(read: Reading, told: Told | None, unit: str) -> Shown | None:
    if told is None:
        return None
    title = figures_shown.title_of(read.words, told.code)
    withheld = isinstance(told, Disclosed) and told.withheld
    line = figures_shown.scope_line(read, read.words, title, told.scope)
    href = figures_shown.figure_href(told.code, told.scope) if told.lineage else ""
    return Shown(
        value=told.value, unit=told.unit, href=href, line=line, status="withheld" if withheld else told.status,
        in_unit=unit if told.unit == "m2" else "",
    )  # fmt: skip


def _table(read: Reading, chosen: Chosen, found: Browsed, unit: str) -> list[dict[str, Any]]:
    names = labels.named(read, "place")
    made = []
    for place in found.places:
        cells = [_cell(read, found.cells.get((place, year)), unit) for year in chosen.years]
        made.append({"label": names.get(place, place) if place else _("place not said"), "cells": cells})
    return sorted(made, key=lambda row: (row["label"] == _("place not said"), str(row["label"])))


def _chart(read: Reading, chosen: Chosen, found: Browsed, unit: str) -> Any:
    told = [(year, found.totals[year]) for year in chosen.years if year in found.totals and found.totals[year].value]
    if not told:
        return None
    title = figures_shown.title_of(read.words, chosen.indicator.code)
    factor = formats.unit_size(unit) if unit else 1.0
    rows = [
        {"member": str(year), "part": "value", "value": (each.value or 0.0) / factor, "tip": f"{year}",
         "href": figures_shown.figure_href(each.code, each.scope)}
        for year, each in told
    ]  # fmt: skip
    sign = formats.unit_sign(unit) if unit else unit_word(chosen.indicator.unit)
    spec = stacked(
        rows, title=f"{title}, {sign}", order=("value",), colours={"value": ACCENT}, labels={"value": title}, upright=True,
        width=480,
    )  # fmt: skip
    spec["encoding"]["color"]["legend"] = None
    return draw(read, f"browse:{chosen.key}:{unit}", spec, title)


def _map(read: Reading, chosen: Chosen, found: Browsed, unit: str) -> dict[str, Any]:
    """The newest year that has a figure by place, as shades."""
    for year in reversed(chosen.years):
        cells = {place: found.cells[place, year] for place in found.places if place and (place, year) in found.cells}
        if any(each.value for each in cells.values()):
            break
    else:
        return {"map": None}
    shades = {}
    decimals = _DECIMALS if unit else None
    for place, each in cells.items():
        shown = _cell(read, each, unit)
        if shown is not None:
            shades[place] = Shade(each.value, shown.text(decimals), shown.href or reverse("figures_browse"))
    largest = max((each.value or 0.0 for each in cells.values()), default=0.0)
    between = [(colour, _bound(chosen, low, unit), _bound(chosen, high, unit)) for colour, low, high in legend(largest)]
    return {"map": choropleth(read, shades, _("Districts by %s") % year), "map_year": year, "legend": between}


def _bound(chosen: Chosen, value: float, unit: str) -> str:
    shown = Shown(value=value, unit="m2" if unit else "", href="", line="", in_unit=unit)
    return shown.text(_DECIMALS if unit or value % 1 else 0)
