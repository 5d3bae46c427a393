"""The ground of one bar of the waterfall as GeoJSON, for the map: only what the reader may see, and how much that is."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from clearland.figures.line_ground import LINES, LineGround, line_ground
from clearland.ledger.rows import rows
from clearland.web.access import Reading, reading
from clearland.web.sums import StillCounting

MOST_SHAPES = 5_000
_DECIMALS = 7


def of_line(request: HttpRequest) -> HttpResponse:
    """Polygons with `id`, `n`, `m2` and a point within (`at`); 202 while sums are made, 404 for a line there is not."""
    line, year = request.GET.get("line", ""), request.GET.get("year", "")
    if line not in LINES or not (year.isdecimal() and len(year) == 4 and int(year) > 0):
        raise Http404
    read = reading(request)
    asked = {"place": "place", "type": "type", "area_class": "class"}
    words = {name: request.GET.get(word, "") for name, word in asked.items()}
    try:
        found = line_ground(read.snapshot, line, date(int(year), 1, 1), date(int(year), 12, 31), words)
    except StillCounting:
        return HttpResponse(status=202, headers={"Cache-Control": "no-store"})
    seen = {**_seen(read, "hazard", found), **_seen(read, "land_release", found)}
    shown = [one for one in found if one.record in seen][:MOST_SHAPES]
    data = {
        "type": "FeatureCollection", "features": [_feature(one, seen[one.record]) for one in shown],
        "more": len(found) - len(shown), "bounds": _bounds(shown),
    }  # fmt: skip
    return JsonResponse(data, headers={"Cache-Control": "private, no-store"})


def _seen(read: Reading, kind: str, found: list[LineGround]) -> dict[str, str]:
    """Local ids of the records that are open to the reader."""
    wanted = [UUID(one.record) for one in found if one.kind == kind]
    versions = rows(read.scope, kind, as_known=read.known, bare=True).filter(record__id__in=wanted)
    return {str(record): local_id for record, local_id in versions.values_list("record__id", "local_id")}


def _feature(one: LineGround, local_id: str) -> dict[str, Any]:
    at = one.geometry.representative_point()
    return {
        "type": "Feature", "geometry": json.loads(shapely.to_geojson(shapely.set_precision(one.geometry, 10.0**-_DECIMALS))),
        "properties": {"id": one.record, "n": local_id, "m2": round(one.area_m2), "at": [round(at.x, 5), round(at.y, 5)]},
    }  # fmt: skip


def _bounds(shown: list[LineGround]) -> list[float] | None:
    return [float(side) for side in shapely.total_bounds([one.geometry for one in shown])] if shown else None
