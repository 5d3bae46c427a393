"""A still map of districts shaded by one figure. Inline SVG: it prints, each district is a link, a table says the same."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clearland.ledger.rows import rows
from clearland.reports.theme import SHADES
from clearland.web.access import Reading, summed

_WIDTH, _HEIGHT, _MARGIN = 520.0, 340.0, 6.0
_NONE = "#f4f1ea"


@dataclass(frozen=True)
class Shade:
    """A district's value with its words; None is not known or withheld."""

    value: float | None
    words: str
    href: str


def choropleth(read: Reading, shades: Mapping[str, Shade], label: str) -> SafeString | None:
    """The map of all districts with an outline, by place code; None where no place that has a figure has one."""
    outlines = summed(read, f"outlines:{','.join(sorted(read.scope.classes))}", lambda: _outlines(read))
    shaded = [outlines[code][1] for code in shades if code in outlines]
    if not shaded:
        return None
    frame = _Frame(*shapely.total_bounds(shaded).tolist())
    largest = max((shade.value for shade in shades.values() if shade.value), default=0.0)
    parts = []
    for code, (name, geometry) in outlines.items():
        if not frame.holds(geometry):
            continue
        shade = shades.get(code)
        fill = _fill(shade.value if shade else None, largest)
        words = f"{name}: {shade.words}" if shade else name
        drawn = '<path d="{}" fill="{}" stroke="#8d877a" stroke-width="0.7"><title>{}</title></path>'
        outline = format_html(drawn, frame.path(geometry), fill, words)
        parts.append((format_html('<a href="{}">{}</a>', shade.href, outline) if shade else outline,))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        f"{_WIDTH:.0f}", f"{_HEIGHT:.0f}", f"{_WIDTH:.0f}", f"{_HEIGHT:.0f}", label, format_html_join("", "{}", parts),
    )  # fmt: skip


def legend(largest: float) -> list[tuple[str, float, float]]:
    """The shades with the values between which each stands, from above nought to the largest."""
    step = largest / len(SHADES)
    return [(colour, number * step, (number + 1) * step) for number, colour in enumerate(SHADES)] if largest else []


def _fill(value: float | None, largest: float) -> str:
    if not value or not largest:
        return _NONE
    return SHADES[min(int(value / largest * len(SHADES)), len(SHADES) - 1)]


def _outlines(read: Reading) -> dict[str, tuple[str, Any]]:
    """Place code to name and outline of every place inside a country."""
    found = rows(read.scope, "place", as_known=read.known, bare=True).filter(min_x__isnull=False).order_by("id")
    told: dict[str, tuple[str, Any]] = {}
    for geometry, attributes in found.values_list("geometry", "attributes"):
        inner = attributes.get("place_type") not in ("country", "admin0")
        if geometry is not None and geometry.geom_type in {"Polygon", "MultiPolygon"} and attributes.get("code") and inner:
            told[attributes["code"]] = (attributes.get("name", ""), geometry)
    return told


class _Frame:
    """The picture about the places that have a figure. Equirectangular about its middle: no distance, no area."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self._box = shapely.box(west, south, east, north)
        self._middle = ((west + east) / 2, (south + north) / 2)
        self._squeeze = math.cos(math.radians(self._middle[1]))
        self._detail = max(east - west, 1e-4) / 500
        wide, high = max((east - west) * self._squeeze, 1e-4), max(north - south, 1e-4)
        self._scale = min((_WIDTH - 2 * _MARGIN) / wide, (_HEIGHT - 2 * _MARGIN) / high)

    def holds(self, geometry: Any) -> bool:
        """Whether any of a place lies in the picture."""
        return bool(shapely.intersects(self._box, geometry))

    def path(self, geometry: Any) -> str:
        """A place's outline as an SVG path."""
        simple = shapely.simplify(geometry, self._detail)
        rings = [ring for part in shapely.get_parts(simple) for ring in (part.exterior, *part.interiors)]
        return " ".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self._at, ring.coords)) + "Z" for ring in rings)

    def _at(self, point: Any) -> tuple[float, float]:
        x = _WIDTH / 2 + (point[0] - self._middle[0]) * self._squeeze * self._scale
        return x, _HEIGHT / 2 - (point[1] - self._middle[1]) * self._scale
