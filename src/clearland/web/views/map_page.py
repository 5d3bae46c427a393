"""The map: districts, hazards, released land and points, with its tiles and its twin as a table."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.dictionary.model import Dictionary
from clearland.figures.line_ground import LINES
from clearland.ledger.rows import record, rows
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, recalled, remembered
from clearland.web.hazard_status import derived_statuses, with_status
from clearland.web.kinds_shown import drawn, record_counts
from clearland.web.map_extents import countries
from clearland.web.middleware import parse_known
from clearland.web.published_shown import published
from clearland.web.shapes import style_of
from clearland.web.sums import StillCounting
from clearland.web.tiles.layers import counted, in_cells, status_stamp
from clearland.web.tiles.layers import tile as tile_bytes
from clearland.web.views.land import line_label
from clearland.web.views.published import table as published_table

_ALWAYS = frozenset({"place", "hazard", "land_release", "evidence", "ordnance", "accident"})  # switched on at first
_LABELS = 400
_TABLE_ROWS = 500
_MAX_ZOOM = 22
_TILE_TYPE = "application/vnd.mapbox-vector-tile"


@dataclass(frozen=True)
class Layer:
    """One toggle of the legend."""

    name: str
    label: str
    count: int
    cells: bool
    on: bool


def map_page(request: HttpRequest) -> HttpResponse:
    """The map page. What the script needs stands in one block of JSON."""
    read = reading(request)
    words = read.words
    layers = _layers(read, words)
    first, last = recalled(read, "map:days", lambda: _days(read))
    config = {
        "tiles": f"{reverse('overview')}tiles/{{layer}}/{{z}}/{{x}}/{{y}}.mvt?at={read.known or ''}&v={_version(read)}",
        "layers": [layer.name for layer in layers],
        "counted": _counted_at(read) if any(layer.cells for layer in layers) else "",
        "cells": [layer.name for layer in layers if layer.cells],
        "bounds": _bounds(read),
        "countries": [asdict(extent) for extent in countries(read)],
        "published": reverse("published"),
        "focus": _focus(read, request.GET.get("record", "")),
        "line": _line_href(request),
        "labels": recalled(read, "map:labels", lambda: _place_labels(read)),
        "record": reverse("overview") + "record/",
        "first": first,
        "last": last,
        "lang": formats.language(),
        "words": {
            "open": _("open the record"), "reported": _("Status, as reported"),
            "count": _("records"), "area": _("reported m²"), "unverified": _("unverified"),
            "all": _("all dates"), "counting": _("still being computed"),
            "more": _("more are not shown"), "cells": _("Counts per cell at this zoom: zoom in for shapes."),
            "symbols": _symbol_words(words),
            "kinds": {layer.name: labels.kind_label(words.kinds[layer.name]) for layer in layers},
        },
    }  # fmt: skip
    context = {
        "title": _("Map"),
        "layers": layers,
        "spoken_of": len(published(read)),
        "config": config,
        "symbols": _symbol_words(words),
        "line": _line_words(read, request),
        "strip_class": "restricted" if "restricted" in read.scope.classes else "programme",
    }
    return render(request, "clearland/map.html", context)


_LINE_WORDS = ("line", "year", "place", "type", "class")


def _line_href(request: HttpRequest) -> str:
    """Where the ground of the bar lies that the map was opened from; empty where it was opened by itself."""
    asked = {name: request.GET[name] for name in _LINE_WORDS if request.GET.get(name)}
    return f"{reverse('line_ground')}?{urlencode(asked)}" if "line" in asked else ""


def _line_words(read: Reading, request: HttpRequest) -> dict[str, str] | None:
    """What the legend says of it, and the way back."""
    line = request.GET.get("line", "")
    if line not in LINES:
        return None
    said = [str(line_label(line)), request.GET.get("year", "")]
    if place := request.GET.get("place", ""):
        said.append(labels.named(read, "place").get(place, place))
    if device := request.GET.get("type", ""):
        said.append(labels.code_label(read.words, "device_category", device))
    said.append(request.GET.get("class", ""))
    back = {name: request.GET[name] for name in _LINE_WORDS[1:] if request.GET.get(name)}
    return {"label": " · ".join(word for word in said if word), "back": f"{reverse('land')}?{urlencode(back)}"}


def _counted_at(read: Reading) -> str:
    """The head that cells are counted at, for the page to say so where the book has moved on; empty before the first."""
    try:
        return read.snapshot.head
    except StillCounting:
        return ""


_RECORDS = ("hazard", "land_release")


def _layers(read: Reading, words: Dictionary) -> list[Layer]:
    """What the legend offers: what every map shows, and each other kind that has a shape to draw."""
    present = record_counts(read)
    made = []
    for name in drawn(words):
        standing = name in _ALWAYS
        if standing or (name in present and counted(read, name)):
            label = labels.kind_label(words.kinds[name], many=True)
            made.append(Layer(name, label, counted(read, name), in_cells(read, name, 0), on=standing))
    return made


def _symbol_words(words: Dictionary) -> dict[str, str]:
    """Class, status and product in words, for legend and popups."""
    lists = (("area_type", ("CHA", "SHA")), ("product_type", ("cancelled", "reduced", "cleared")))
    made = {code: labels.code_label(words, name, code) for name, codes in lists for code in codes}
    return made | {"open": _("open"), "worked_on": _("worked on"), "closed": _("closed"), "failed": _("failed at QC")}


def _version(read: Reading) -> str:
    """Changes with head, date of knowledge and scope, so that browsers may keep tiles for good."""
    return hashlib.sha256(read.cache_key.encode()).hexdigest()[:16]


def _days(read: Reading) -> tuple[str, str]:
    """First and last valid day of what is drawn with a date."""
    found = rows(read.scope, as_known=read.known, unverified=True, bare=True).filter(kind__in=_RECORDS)
    span = found.aggregate(first=Min("valid_from"), last=Max("valid_from"))
    first, last = span["first"] or date.today(), span["last"] or date.today()  # noqa: DTZ011  # an empty slider needs any day
    return first.isoformat(), last.isoformat()


def _bounds(read: Reading) -> list[float] | None:
    """West, south, east, north of all hazards and released polygons."""

    def look() -> list[float] | None:
        found = rows(read.scope, as_known=read.known, unverified=True, bare=True).filter(kind__in=_RECORDS, min_x__isnull=False)
        box = found.aggregate(w=Min("min_x"), s=Min("min_y"), e=Max("max_x"), n=Max("max_y"))
        return None if box["w"] is None else [box["w"], box["s"], box["e"], box["n"]]

    return recalled(read, "map:bounds", look)


def _focus(read: Reading, name: str) -> list[float] | None:
    """The box of the record the map was opened for."""
    try:
        found = record(read.scope, UUID(name), read.known) if name else None
    except ValueError:
        return None
    if found is None or found.min_x is None:
        return None
    return [found.min_x, found.min_y or 0.0, found.max_x or 0.0, found.max_y or 0.0]


def _place_labels(read: Reading) -> list[dict[str, Any]]:
    """Names of places with a point to write them at; larger places first."""
    ranks = {"country": 0, "admin1": 1, "admin2": 2, "settlement": 3}
    made = []
    for version in rows(read.scope, "place", as_known=read.known, bare=True).filter(min_x__isnull=False):
        point = version.geometry.representative_point() if version.geometry is not None else None
        if point is None or math.isnan(point.x):
            continue
        rank = ranks.get(version.attributes.get("place_type", ""), 2)
        name = version.attributes.get("name", version.local_id)
        size = (version.max_x or 0.0) - (version.min_x or 0.0)
        made.append({"name": name, "lon": point.x, "lat": point.y, "rank": rank, "size": size})
    return sorted(made, key=lambda label: (label["rank"], -label["size"]))[:_LABELS]


def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile of one kind. `at` is the date of knowledge, `v` the version the browser holds."""
    asked = reading(request)
    if layer not in drawn(asked.words) or z > _MAX_ZOOM or x >= 2**z or y >= 2**z:
        raise Http404
    read = Reading(asked.actor, parse_known(request.GET.get("at", "")))
    cells = in_cells(read, layer, z)
    try:
        data = tile_bytes(read, layer, z, x, y) if cells else remembered(
            read, f"tile:{layer}:{z}:{x}:{y}:{status_stamp(read, layer)}", lambda: tile_bytes(read, layer, z, x, y),
            kinds=(layer,),
        )  # fmt: skip
    except StillCounting:
        return HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})
    response = HttpResponse(data, content_type=_TILE_TYPE, status=200 if data else 204)
    counted_now = not (cells or layer == "hazard") or _counted_at(read) == read.head
    fresh = request.GET.get("v") == _version(read) and counted_now
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if fresh else "private, no-store"
    return response


def _style(kind: str, version: Any, derived: Mapping[str, str]) -> str:
    """The symbol as the map draws it."""
    return style_of(kind, with_status(version.attributes, derived.get(str(version.record_uuid))))


def table(request: HttpRequest) -> HttpResponse:
    """The map as a table: the same records, for people who do not see or do not use a map."""
    read = reading(request)
    words = read.words
    kind = request.GET.get("layer", "hazard")
    if kind == "published":
        return published_table(request, _layers(read, words))
    if kind not in drawn(words):
        raise Http404
    found = rows(read.scope, kind, as_known=read.known, unverified=True).filter(min_x__isnull=False)
    names = labels.named(read, "place")
    symbols = _symbol_words(words)
    derived = derived_statuses(read) if kind == "hazard" else {}
    page = [
        {
            "version": version,
            "symbol": [symbols.get(word, word) for word in _style(kind, version, derived).split()[1:]],
            "place": names.get(version.place, version.place),
            "lon": ((version.min_x or 0.0) + (version.max_x or 0.0)) / 2,
            "lat": ((version.min_y or 0.0) + (version.max_y or 0.0)) / 2,
        }
        for version in found.order_by("local_id").defer("geometry")[:_TABLE_ROWS]
    ]
    context = {"title": _("Map as a table"), "layers": _layers(read, words), "here": kind, "table": page,
               "count": counted(read, kind), "shown": len(page)}  # fmt: skip
    return render(request, "clearland/map_table.html", context)
