"""A still picture of the map for the overview: districts as outlines, hazards and released land as marks. Inline SVG."""

import math
from collections.abc import Iterable
from typing import Any

import shapely
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clearland.ledger.rows import rows
from clearland.reports.theme import PRODUCT_COLOURS, QUIET
from clearland.web.access import Reading, summed

_WIDTH, _HEIGHT, _MARGIN = 460.0, 300.0, 8.0
_MOST_MARKS = 4_000
_HAZARD = {"CHA": "#ff0000", "SHA": "#f4a718"}


def thumbnail(read: Reading, label: str) -> SafeString | None:
    """The picture, or None where nothing has a shape."""
    svg = summed(read, f"thumbnail:{','.join(sorted(read.scope.classes))}", lambda: _draw(read))
    if not svg:
        return None
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        f"{_WIDTH:.0f}", f"{_HEIGHT:.0f}", f"{_WIDTH:.0f}", f"{_HEIGHT:.0f}", label, mark_safe(svg),  # noqa: S308  # numbers only
    )  # fmt: skip


def _boxes(read: Reading, kind: str) -> list[tuple[float, float, dict[str, Any]]]:
    """Centre of each record's box with its attributes."""
    found = rows(read.scope, kind, as_known=read.known, unverified=True, bare=True).filter(min_x__isnull=False)
    columns: Any = found.order_by("id").values_list("min_x", "min_y", "max_x", "max_y", "attributes")[:_MOST_MARKS]
    return [((w + e) / 2, (s + n) / 2, attributes) for w, s, e, n, attributes in columns]


def _draw(read: Reading) -> str:
    """The picture's inside. Equirectangular about the middle: it names no distance and no area."""
    hazards, released = _boxes(read, "hazard"), _boxes(read, "land_release")
    marks = [*hazards, *released] or _boxes(read, "place")
    if not marks:
        return ""
    west, east = min(mark[0] for mark in marks), max(mark[0] for mark in marks)
    south, north = min(mark[1] for mark in marks), max(mark[1] for mark in marks)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(
        (_WIDTH - 2 * _MARGIN) / max((east - west) * squeeze, 1e-3), (_HEIGHT - 2 * _MARGIN) / max(north - south, 1e-3)
    ) * 0.86

    def at(lon: float, lat: float) -> tuple[float, float]:
        return (
            _WIDTH / 2 + (lon - (west + east) / 2) * squeeze * scale,
            _HEIGHT / 2 - (lat - (south + north) / 2) * scale,
        )

    parts = [_outline(geometry, at) for geometry in _outlines(read, (west, south, east, north))]
    parts += [
        _mark(*at(lon, lat), 2.6, PRODUCT_COLOURS[a["product_type"]])
        for lon, lat, a in released
        if a.get("qc_state") != "failed" and a.get("product_type") in PRODUCT_COLOURS
    ]
    # Danger lies over release, never under it.
    parts += [_mark(*at(lon, lat), 3.2, _HAZARD.get(a.get("area_type", ""), QUIET)) for lon, lat, a in hazards]
    return "".join(parts)


def _outlines(read: Reading, box: tuple[float, float, float, float]) -> Iterable[Any]:
    west, south, east, north = box
    found = rows(read.scope, "place", as_known=read.known, bare=True).filter(
        min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south
    )
    for geometry in found.order_by("id").values_list("geometry", flat=True):
        if geometry is not None and geometry.geom_type in {"Polygon", "MultiPolygon"}:
            yield shapely.simplify(geometry, (east - west) / 400)


def _outline(geometry: Any, at: Any) -> str:
    rings = [ring for part in shapely.get_parts(geometry) for ring in (part.exterior, *part.interiors)]
    path = " ".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*c[:2]) for c in ring.coords)) + "Z" for ring in rings)
    return f'<path d="{path}" fill="none" stroke="#8d877a" stroke-width="0.8"/>'


def _mark(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
