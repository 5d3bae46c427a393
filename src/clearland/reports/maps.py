"""Maps of a report: districts shaded by a figure, with legend, scale, north and date. Outlines of hazards are never drawn.

Drawn about the middle in an equirectangular projection: the scale bar holds there, and says so by being short.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape as in_svg
from typing import Any

import shapely

from clearland.core import formats
from clearland.dictionary.forms import Slot
from clearland.figures.indicators import figures
from clearland.figures.model import Figure
from clearland.reports.draft import Draft, Picture
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.slots import computed_note, narrowed, unit_note, value_head, value_text
from clearland.reports.theme import INK, PAPER_FONT, QUIET, SHADES

_WIDTH, _MOST_HEIGHT, _MARGIN, _LEGEND, _FOOT = 560.0, 400.0, 10.0, 150.0, 30.0
_EARTH_KM_PER_DEGREE = 111.32
_NO_VALUE, _WITHHELD, _LINE = "#ffffff", "#e4e0d8", "#8d877a"
Place = dict[str, Any]


def map_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """The map as an image with a caption. Not known where nothing was recorded, or no boundary is."""
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    asked = narrowed(draft, slot)
    total = figures(draft.snapshot, [str(slot.indicator)], scope=asked)[0]
    draft.figures.append(total)
    held = figures(draft.snapshot, [str(slot.indicator)], scope=asked, by=["place"]) if total.status != "not known" else []
    draft.figures.extend(held)
    values = {figure.scope.place or "": figure for figure in held if figure.value is not None}
    places = _places(draft, values)
    if not places:
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    unit = formats.area_unit([draft.value_of(each) for each in values.values()]) if total.unit == "m2" else total.unit
    picture = Picture(f"{slot.code}.svg", _draw(draft, places, values, unit), title)
    draft.pictures.append(picture)
    note = draft.notes.marker(computed_note(draft, total, title))
    return "filled", [f"![{escape(title)}{unit_note(draft, unit)}{note}. {_date(draft)}]({picture.name})"]


def _date(draft: Draft) -> str:
    last = formats.day(str(draft.period.last)[:7] if draft.audience == "public" else draft.period.last, draft.language)
    return escape(say(draft.language, "map_note", day=last))


def _places(draft: Draft, values: Mapping[str, Figure]) -> list[Place]:
    """The places with a value and those beside them (same parent), with their outlines simplified for paper."""
    rows = draft.snapshot.sql(
        """SELECT code, name, geometry FROM place WHERE geometry IS NOT NULL AND place_type NOT IN ('settlement', 'country')
           AND coalesce(parent, '') IN (SELECT coalesce(parent, '') FROM place WHERE list_contains(?, code)) ORDER BY code""",
        [list(values)],
    ).to_pylist()
    shapes = [{**row, "shape": shapely.from_wkb(row["geometry"])} for row in rows]
    held = [row for row in shapes if row["shape"].geom_type in ("Polygon", "MultiPolygon")]
    if not held:
        return []
    west, _south, east, _north = shapely.total_bounds([row["shape"] for row in held])
    return [{**row, "shape": shapely.simplify(row["shape"], (east - west) / 800)} for row in held]


def _draw(draft: Draft, places: Sequence[Place], values: Mapping[str, Figure], unit: str) -> str:
    west, south, east, north = shapely.total_bounds([place["shape"] for place in places])
    squeeze = math.cos(math.radians((south + north) / 2))
    room = _WIDTH - _LEGEND - 2 * _MARGIN, _MOST_HEIGHT - 2 * _MARGIN - _FOOT
    scale = min(room[0] / max((east - west) * squeeze, 1e-6), room[1] / max(north - south, 1e-6))
    height = max((north - south) * scale, 150.0) + 2 * _MARGIN + _FOOT

    def at(lon: float, lat: float) -> tuple[float, float]:
        return _MARGIN + (lon - west) * squeeze * scale, _MARGIN + (north - lat) * scale

    bounds = _classes([draft.value_of(each) or 0.0 for each in values.values()])
    parts = [_district(draft, place, values.get(place["code"]), bounds, at) for place in places]
    parts += [_name(place, at) for place in places]
    parts += _legend(draft, values, bounds, unit)
    parts += [_bar(scale, height, draft.language), _north(height)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {_WIDTH:.0f} {height:.0f}" font-family="{PAPER_FONT}" font-size="11" fill="{INK}">{"".join(parts)}</svg>'
    )


def _classes(values: Sequence[float]) -> list[float]:
    """Upper bounds of up to five classes with about as many places in each."""
    ordered = sorted({value for value in values if value > 0})
    steps = min(len(SHADES), len(ordered))
    return [ordered[math.ceil(len(ordered) * (step + 1) / steps) - 1] for step in range(steps)]


def _shade(value: float, bounds: Sequence[float]) -> str:
    place = next((number for number, bound in enumerate(bounds) if value <= bound), len(bounds) - 1)
    return SHADES[len(SHADES) - len(bounds) + place]


def _district(draft: Draft, place: Place, figure: Figure | None, bounds: Sequence[float], at: Callable[..., Any]) -> str:
    value = draft.value_of(figure) if figure else 0.0
    fill = _WITHHELD if figure and draft.withholds(figure) else _shade(value, bounds) if value and bounds else _NO_VALUE
    rings = [ring for part in shapely.get_parts(place["shape"]) for ring in (part.exterior, *part.interiors)]
    path = " ".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*c[:2]) for c in ring.coords)) + "Z" for ring in rings)
    return f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{_LINE}" stroke-width="0.7"/>'


def _name(place: Place, at: Callable[..., Any]) -> str:
    """The name over a pale copy of itself, so that it can be read on every shade."""
    middle = place["shape"].representative_point()
    x, y = at(middle.x, middle.y)
    short = in_svg(str(place["name"]).partition(" (")[0])
    words = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="9.5"'
    return f'<text {words} stroke="#ffffff" stroke-width="2.4" fill="#ffffff">{short}</text><text {words}>{short}</text>'


def _legend(draft: Draft, values: Mapping[str, Figure], bounds: Sequence[float], unit: str) -> list[str]:
    x, y = _WIDTH - _LEGEND, _MARGIN + 12
    parts = [f'<text x="{x}" y="{y}" font-weight="bold">{in_svg(value_head(draft, unit))}</text>']
    entries = []
    lower = 0.0
    for bound in bounds:
        label = " – ".join(_number(draft, each, values, unit) for each in (lower, bound))
        entries.append((_shade(bound, bounds), label))
        lower = bound
    entries.append((_NO_VALUE, say(draft.language, "nothing_in_scope")))
    if any(draft.withholds(figure) for figure in values.values()):
        entries.append((_WITHHELD, say(draft.language, "withheld")))
    for number, (fill, label) in enumerate(entries, start=1):
        top = y + number * 18
        parts.append(f'<rect x="{x}" y="{top - 10}" width="14" height="12" fill="{fill}" stroke="{_LINE}" stroke-width="0.7"/>')
        parts.append(f'<text x="{x + 20}" y="{top}">{in_svg(label)}</text>')
    return parts


def _number(draft: Draft, value: float, values: Mapping[str, Figure], unit: str) -> str:
    exact = next((figure for figure in values.values() if draft.value_of(figure) == value), None)
    if exact is not None:
        return value_text(draft, exact, unit, with_unit=False)
    return formats.number(value, draft.language)


def _bar(scale: float, height: float, language: str) -> str:
    """A scale bar of a round length near a fifth of the map's width."""
    per_km = scale / _EARTH_KM_PER_DEGREE
    wanted = (_WIDTH - _LEGEND) / 5 / per_km
    power = 10 ** math.floor(math.log10(wanted))
    length = next(step * power for step in (5, 2, 1) if step * power <= wanted)
    y, end = height - 12, _MARGIN + length * per_km
    label = f"{formats.number(round(length, 6), language)} {formats.unit_sign('km', language)}"
    return (
        f'<path d="M{_MARGIN},{y - 4}V{y}H{end:.1f}V{y - 4}" fill="none" stroke="{INK}" stroke-width="1"/>'
        f'<text x="{end + 6:.1f}" y="{y}">{in_svg(label)}</text>'
    )


def _north(height: float) -> str:
    x, y = _WIDTH - _LEGEND - 22, height - 44
    return (
        f'<path d="M{x},{y + 24}V{y}M{x - 4},{y + 7}L{x},{y}L{x + 4},{y + 7}" fill="none" stroke="{QUIET}" stroke-width="1.2"/>'
        f'<text x="{x}" y="{y + 35}" text-anchor="middle" fill="{QUIET}">N</text>'
    )
