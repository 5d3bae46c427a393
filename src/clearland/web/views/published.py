"""Published figures on the map: districts that sources speak of, and the lines behind each. Never added up."""

from typing import Any

import shapely
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from clearland.ledger.rows import rows
from clearland.web import labels
from clearland.web.access import Reading, reading
from clearland.web.published_shown import lines, published

_SIMPLER = 400  # parts of a district's width that a vertex may move


def shapes(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the districts that published sources speak of: code, number of lines and a point to write it at."""
    read = reading(request)
    features = [
        {
            "type": "Feature", "geometry": shapely.geometry.mapping(_plain(place.geometry)),
            "properties": {"code": code, "n": len(pairs), "at": _point(place.geometry)},
        }
        for code, pairs, place in _drawn(read)
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _drawn(read: Reading) -> list[tuple[str, Any, Any]]:
    found = published(read)
    drawn = rows(read.scope, "place", as_known=read.known).filter(min_x__isnull=False) if found else []
    key = read.words.kind("place").key_field or ""
    by_code = {place.attributes.get(key, place.local_id): place for place in drawn}
    return [(code, pairs, by_code[code]) for code, pairs in found.items() if code in by_code]


def _plain(geometry: Any) -> Any:
    west, _south, east, _north = geometry.bounds
    return shapely.simplify(geometry, (east - west) / _SIMPLER)


def _point(geometry: Any) -> list[float]:
    inside = geometry.representative_point()
    return [inside.x, inside.y]


def of_place(request: HttpRequest, code: str) -> HttpResponse:
    """The lines of one place, for the map's popup."""
    read = reading(request)
    found = lines(read, code)
    if not found:
        raise Http404
    context = {"place": labels.named(read, "place").get(code, code), "lines": found}
    return render(request, "clearland/_published.html", context)


def table(request: HttpRequest, layers: list[Any]) -> HttpResponse:
    """All of them as a table: the twin of the layer, with the places that have no shape."""
    read = reading(request)
    names = labels.named(read, "place")
    groups = sorted(((names.get(code, code), lines(read, code)) for code in published(read)), key=lambda group: group[0])
    count = sum(len(found) for _name, found in groups)
    context = {"layers": layers, "groups": groups, "count": count}
    return render(request, "clearland/published_table.html", context)
