"""What decides a record's symbol on the map, and what is measured of its shape.

Symbols follow TNMA 07.11/01: classification is the fill, status is the outline. The colours themselves stand in one
style file of the site (`static/clearland/symbols.js`) that a programme may change.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from clearland.land.area import area_m2
from clearland.web import formats

_OPEN, _WORKED_ON, _CLOSED = "open", "worked_on", "closed"
_STATUS = {
    "open": _OPEN, "in_progress": _WORKED_ON, "suspended": _WORKED_ON, "closed_cancelled": _CLOSED,
    "closed_completed": _CLOSED, "released": _CLOSED,
}  # fmt: skip


def style_of(kind: str, attributes: Mapping[str, Any]) -> str:
    """One word per symbol: `hazard CHA open`, `land_release cleared`, `accident`, …"""
    if kind == "hazard":
        status = _STATUS.get(str(attributes.get("status", "open")), _OPEN)
        return f"hazard {attributes.get('area_type', 'SHA')} {status}"
    if kind == "land_release":
        return f"land_release {attributes.get('product_type', 'cleared')}"
    return kind


def measures(geometry: BaseGeometry | None) -> list[tuple[str, str]]:
    """Geodesic area and a point to name the place by; nothing for a record without geometry."""
    if geometry is None or geometry.is_empty:
        return []
    made = []
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        made.append((_("Area by polygon"), f"{formats.number(area_m2(geometry), 0)}\N{NO-BREAK SPACE}{formats.unit_sign('m2')}"))
    point = geometry.representative_point()
    made.append((_("Position (WGS 84)"), f"{point.y:.5f}, {point.x:.5f}"))
    return made
