"""Land: the balance of a period with its waterfall, each line a link to the figure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.dictionary.model import Dictionary
from clearland.figures.editions import newest_before
from clearland.figures.land import land_balance
from clearland.figures.model import Scope
from clearland.web import figures_shown, formats, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.charts.bars import waterfall
from clearland.web.charts.theme import draw
from clearland.web.programme import about
from clearland.web.shown import Shown

EVERY = "all"
# line of the balance -> (what people call it, its sign in the identity, the indicator that is its figure)
LINES: dict[str, tuple[Any, int, str]] = {
    "adjustments_net": (gettext_lazy("adjustments to earlier periods"), 1, ""),
    "newly_identified": (gettext_lazy("newly identified"), 1, "CONT-2"),
    "extended": (gettext_lazy("extended"), 1, ""),
    "reopened": (gettext_lazy("reopened"), 1, ""),
    "reclassified_in": (gettext_lazy("reclassified in"), 1, ""),
    "reclassified_out": (gettext_lazy("reclassified out"), -1, ""),
    "cancelled": (gettext_lazy("cancelled"), -1, "LR-1"),
    "reduced": (gettext_lazy("reduced"), -1, "LR-2"),
    "cleared": (gettext_lazy("cleared"), -1, "LR-3"),
    "corrected_in": (gettext_lazy("corrected in"), 1, ""),
    "corrected_out": (gettext_lazy("corrected out"), -1, ""),
    "period_not_said_net": (gettext_lazy("period not said"), 1, ""),
}
_NETS = {"adjustments_net": "adjustments", "period_not_said_net": "period_not_said"}
BESIDE: dict[str, tuple[Any, str]] = {
    "outside_hazard": (gettext_lazy("checked outside recorded hazards"), "LR-8"),
    "failed_qc": (gettext_lazy("failed quality control"), "LR-6"),
    "too_shallow": (gettext_lazy("too shallow"), ""),
    "other_type": (gettext_lazy("searched for another type"), ""),
    "overlap_between_types": (gettext_lazy("overlap between types"), ""),
}
LEAST_ADJUSTMENT_M2 = 0.5
_ALWAYS = ("newly_identified", "cancelled", "reduced", "cleared")


@dataclass(frozen=True)
class Asked:
    """The scope of the page: a calendar year, and one district, type or class where chosen."""

    year: int
    place: str
    device: str
    area_class: str

    @property
    def period(self) -> tuple[date, date]:
        """First and last day."""
        return date(self.year, 1, 1), date(self.year, 12, 31)

    def scope(self, **changes: str) -> Scope:
        """The same scope for a figure of the period; `changes` names another place, type or class."""
        place = changes.get("place", self.place)
        device, area_class = changes.get("device", self.device), changes.get("area_type", self.area_class)
        where = {}
        if device and device != EVERY:
            where["device"] = device
        if area_class:
            where["area_type"] = area_class
        first, last = self.period
        return Scope(period_from=first, period_to=last, place=place or None, where=where)


def land(request: HttpRequest) -> HttpResponse:
    """The balance of the chosen scope, its waterfall, and the same by district and by type and class."""
    read = reading(request)
    words = read.words
    years = figures_shown.years_of_work(read)
    asked = _asked(request, years)
    main = _find(_rows(read, asked, by_place=bool(asked.place)), asked)
    unit = about(read).area_unit or "ha"
    context = {
        "title": _("Land"),
        "asked": asked,
        "years": sorted({*years, asked.year}, reverse=True),
        "places": sorted(labels.named(read, "place").items(), key=lambda pair: pair[1]),
        "unit": unit,
        "device_labels": _code_labels(words, "device_category"),
        "class_labels": _code_labels(words, "area_type"),
    }
    if main is not None:
        context |= _balance(read, words, asked, main, unit)
    return render(request, "clearland/land.html", context)


def _code_labels(words: Dictionary, name: str) -> dict[str, str]:
    """The codes of a list with their labels, in the list's order."""
    return {code.code: labels.code_label(words, name, code.code) for code in words.lists[name].codes}


def _asked(request: HttpRequest, years: list[int]) -> Asked:
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 and int(text) >= 1900 else (years[-1] if years else date.today().year)  # noqa: DTZ011
    return Asked(year, request.GET.get("place", ""), request.GET.get("type", "") or EVERY, request.GET.get("class", ""))


def _rows(read: Reading, asked: Asked, *, by_place: bool, by_class: bool = False) -> list[dict[str, Any]]:
    """Rows of the balance as plain data, kept until the snapshot changes."""
    by = ("type", *(("class",) if by_class or asked.area_class else ()), *(("place",) if by_place else ()))
    first, last = asked.period

    def make() -> list[dict[str, Any]]:
        rows = land_balance(read.snapshot, period_from=first, period_to=last, by=by).as_json()
        return [row | {f"{net}_m2": _net(row[group]) for net, group in _NETS.items()} for row in rows]

    return summed(read, f"land:{asked.year}:{','.join(by)}", make)


def _net(lines: Mapping[str, float]) -> float:
    """Lines of the balance together, each with its sign."""
    return float(sum(sign * lines.get(f"{line}_m2", 0.0) for line, (_label, sign, _code) in LINES.items()))


def _find(rows: list[dict[str, Any]], asked: Asked) -> dict[str, Any] | None:
    return next((row for row in rows if _fits(row, asked) and row["place"] == (asked.place or EVERY)), None)


def _fits(row: Mapping[str, Any], asked: Asked) -> bool:
    return bool(row["type"] == asked.device and row["class"] == (asked.area_class or EVERY))


def waterfall_of_last_year(read: Reading, words: Dictionary, unit: str) -> SafeString | None:
    """The waterfall of the last year in which work ended, for the overview."""
    years = figures_shown.years_of_work(read)
    if not years:
        return None
    asked = Asked(years[-1], "", EVERY, "")
    main = _find(_rows(read, asked, by_place=False), asked)
    return _chart(read, words, asked, main, unit, width=560) if main else None


def sums_of_last_year(read: Reading) -> None:
    """What the page first shows, computed and kept."""
    years = figures_shown.years_of_work(read)
    asked = Asked(years[-1] if years else date.today().year, "", EVERY, "")  # noqa: DTZ011  # the page's own default
    main = _find(_rows(read, asked, by_place=False), asked)
    if main is not None:
        _balance(read, read.words, asked, main, about(read).area_unit or "ha")


def _chart(read: Reading, words: Dictionary, asked: Asked, main: dict[str, Any], unit: str, *, width: int) -> SafeString:
    steps = _steps(read, words, asked, main, _lines_with_something([main]), unit)
    title = f"{_label(words, asked)} ({formats.unit_sign(unit)})"
    key = f"land:{asked.year}:{asked.place}:{asked.device}:{asked.area_class}:{unit}:{width}"
    return draw(read, key, waterfall(steps, title=title, width=width), title)


def _heads(lines: list[str]) -> list[tuple[str, Any, str]]:
    """Name, label and sign of each line, for the head of a table."""
    return [(line, LINES[line][0], "+" if LINES[line][1] > 0 else "\N{MINUS SIGN}") for line in lines]


def _lines_with_something(rows: list[dict[str, Any]]) -> list[str]:
    """The lines that moved in any of the rows, and those that people always look for."""
    return [line for line in LINES if line in _ALWAYS or any(abs(row[f"{line}_m2"]) > _least(line) for row in rows)]


def _least(line: str) -> float:
    """What a line must move to be shown: nets of many lines are never exactly nought."""
    return LEAST_ADJUSTMENT_M2 if line in _NETS else 0.0


def _is_nothing(row: Mapping[str, Any]) -> bool:
    """A row in which nothing stood and nothing moved."""
    return not any(row[f"{line}_m2"] for line in ("opening", "closing", *LINES))


def _balance(read: Reading, words: Dictionary, asked: Asked, main: dict[str, Any], unit: str) -> dict[str, Any]:
    """Everything that is drawn once there is a row."""
    by_place = [row for row in _rows(read, asked, by_place=True) if _fits(row, asked) and not _is_nothing(row)]
    by_type = [row for row in _rows(read, asked, by_place=bool(asked.place), by_class=True)
               if row["place"] == (asked.place or EVERY) and not _is_nothing(row)]  # fmt: skip
    lines, type_lines = _lines_with_something([main, *by_place]), _lines_with_something(by_type)
    names = labels.named(read, "place")
    return {
        "lines": _heads(lines),
        "type_lines": _heads(type_lines),
        "main": _cells(read, words, asked, main, lines, unit),
        "gap": formats.number(main["gap_m2"] or 0, 1),
        "beside": [
            (label, _cell(read, words, asked, main, name, code, unit))
            for name, (label, code) in BESIDE.items()
            if main[f"{name}_m2"]
        ],
        "reported": _reported(read, asked, main, unit),
        "edition": _edition(read, asked)[0],
        "adjusted": _adjusted(asked, main, unit),
        "by_place": [] if asked.place else [
            (names.get(row["place"], row["place"]), row["place"], _cells(read, words, asked, row, lines, unit))
            for row in by_place
        ],
        "by_type": [(_type_label(words, row), row, _cells(read, words, asked, row, type_lines, unit)) for row in by_type],
        "chart": _chart(read, words, asked, main, unit, width=1080),
    }  # fmt: skip


def _edition(read: Reading, asked: Asked) -> tuple[str, str]:
    """Name and record of the edition whose closing is the opening here; empty where none was published."""

    def look() -> tuple[str, str]:
        found = newest_before(read.snapshot, asked.period[0])
        return (found.name, found.record) if found else ("", "")

    return summed(read, f"edition:{asked.year}", look)


def _adjusted(asked: Asked, main: Mapping[str, Any], unit: str) -> list[tuple[str, Shown]]:
    """What has come to light of earlier periods since they were published, line by line."""
    return [
        (str(LINES[line][0]), Shown(value=value, unit="m2", in_unit=unit, href="#line-adjustments_net", line=str(asked.year)))
        for line, value in ((key.removesuffix("_m2"), value) for key, value in main["adjustments"].items())
        if abs(value) > LEAST_ADJUSTMENT_M2
    ]


def _label(words: Dictionary, asked: Asked) -> str:
    parts = [_("Balance of land"), str(asked.year)]
    if asked.device != EVERY:
        parts.append(labels.code_label(words, "device_category", asked.device))
    if asked.area_class:
        parts.append(asked.area_class)
    return " · ".join(parts)


def _type_label(words: Dictionary, row: Mapping[str, Any]) -> str:
    kind = _("all, each m² once") if row["type"] == EVERY else labels.code_label(words, "device_category", row["type"])
    return kind if row["class"] == EVERY else f"{kind} · {row['class']}"


def _cells(
    read: Reading, words: Dictionary, asked: Asked, row: Mapping[str, Any], lines: list[str], unit: str
) -> list[Shown]:
    """Opening, each line, closing."""
    made = [_cell(read, words, asked, row, "opening", "CONT-1", unit)]
    made += [_cell(read, words, asked, row, line, LINES[line][2], unit) for line in lines]
    return [*made, _cell(read, words, asked, row, "closing", "CONT-1", unit)]


def _cell(
    read: Reading, words: Dictionary, asked: Asked, row: Mapping[str, Any], line: str, code: str, unit: str
) -> Shown:
    """One number of the balance. Lines that are no indicator lead to their definition on this page."""
    changes = {"device": row["type"]}
    if row["place"] != EVERY:
        changes["place"] = row["place"]
    if row["class"] != EVERY:
        changes["area_type"] = row["class"]
    scope = asked.scope(**changes)
    if line in {"opening", "closing"}:
        end = asked.period[1] if line == "closing" else asked.period[0] - timedelta(days=1)
        scope = Scope(period_to=end, place=scope.place, where=scope.where)
    href = figures_shown.figure_href(code, scope) if code else f"#line-{line}"
    _name, published = _edition(read, asked) if line == "opening" else ("", "")
    if published:  # as published then, which the figure as known now need not be
        href = reverse("record", args=[published])
    name = str(LINES[line][0]) if line in LINES else str(BESIDE[line][0]) if line in BESIDE else str(_ENDS[line])
    return Shown(
        value=row[f"{line}_m2"], unit="m2", in_unit=unit, href=href,
        line=figures_shown.scope_line(read, words, name, scope), status="computed",
    )  # fmt: skip


def line_label(line: str) -> Any:
    """What people call a line of the balance."""
    return LINES[line][0] if line in LINES else _ENDS[line]


_ENDS = {"opening": gettext_lazy("opening"), "closing": gettext_lazy("closing")}


def _reported(read: Reading, asked: Asked, main: Mapping[str, Any], unit: str) -> list[tuple[str, Shown]]:
    """What was reported without polygons, apart from the balance."""
    codes = {"cancelled": "cancelled", "reduced": "reduced", "cleared": "cleared"}
    made = []
    for key, value in main["reported_only"].items():
        line = key.removesuffix("_m2")
        if not value:
            continue
        label = str(LINES[line][0]) if line in LINES else str(_ENDS.get(line, _("released, method not said")))
        where = {"outcome": codes[line]} if line in codes else {}
        first, last = asked.period
        scope = Scope(period_from=first, period_to=last, place=asked.place or None, where=where)
        href = figures_shown.figure_href("LR-0R", scope)
        shown = Shown(value=value, unit="m2", in_unit=unit, href=href, line=label, status="reported_only")
        made.append((label, shown))
    return made


def _steps(
    read: Reading, words: Dictionary, asked: Asked, row: Mapping[str, Any], lines: list[str], unit: str
) -> list[dict[str, Any]]:
    """The bars of the waterfall, in the page's unit."""
    size = formats.unit_size(unit)
    level = (row["opening_m2"] or 0.0) / size
    opening, *moves, closing = _cells(read, words, asked, row, lines, unit)
    steps = [_level("opening", level, opening, asked)]
    for line, cell in zip(lines, moves, strict=True):
        label, sign, _code = LINES[line]
        change = sign * float(cell.value or 0) / size
        steps.append({
            "label": str(label), "start": level, "end": level + change, "kind": "more" if (change or sign) > 0 else "less",
            "text": cell.text(), "href": _on_map(line, asked) or cell.href,
        })  # fmt: skip
        level += change
    end = float(row["closing_m2"] or 0.0) / size
    return [*steps, _level("closing", end, closing, asked)]


def _level(name: str, height: float, shown: Shown, asked: Asked) -> dict[str, Any]:
    """The bar of what stood at the beginning or the end."""
    href = _on_map(name, asked)
    return {"label": str(_ENDS[name]), "start": 0, "end": height, "kind": "level", "text": shown.text(), "href": href}


def _on_map(line: str, asked: Asked) -> str:
    """The map with the ground of a bar; empty for nets of several lines, which are no ground."""
    if line in _NETS:
        return ""
    scope = {"place": asked.place, "type": "" if asked.device == EVERY else asked.device, "class": asked.area_class}
    chosen = {name: word for name, word in scope.items() if word}
    return f"{reverse('map')}?{urlencode({'line': line, 'year': asked.year, **chosen})}"


