"""Rules 10, 11 and 88: places against the gazetteer, and points on which too much lies."""

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
import shapely

from clearland.checks.across.model import Book, Row, noted
from clearland.checks.model import Noted
from clearland.core.words import folded_name

_PLACED = ("hazard", "land_release", "accident", "ordnance", "survey", "clearance", "spot_task", "eore_session", "public_report")
_NAMED = (*_PLACED, "victim", "activity_report", "handover", "completion", "task_order")
_METRES_DEGREE = 5  # decimal places of a degree: about a metre


class _Gazetteer:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._rows = book.rows("place")

    @cached_property
    def by_code(self) -> Mapping[str, int]:
        """Position of a place by its code."""
        return {str(row["code"]): place for place, row in enumerate(self._rows) if row.get("code")}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name of a place, folded, with its code."""
        found: dict[str, str] = {}
        for row in self._rows:
            for name in (row.get("name"), *(row.get("names") or ())):
                if name:
                    found.setdefault(folded_name(name), str(row.get("code") or row["local_id"]))
        return found


def in_district(book: Book) -> Iterator[Noted]:
    """10: within the stated district, or near its border."""
    gazetteer = _Gazetteer(book)
    outlines = book.in_plane("place")
    polygons = np.isin(shapely.get_type_id(outlines), (3, 6))
    shapely.prepare(outlines)
    for kind in _PLACED:
        rows = book.rows(kind)
        at = [gazetteer.by_code.get(str(row.get("district"))) if row.get("geometry") is not None else None for row in rows]
        chosen = np.array([n for n, place in enumerate(at) if place is not None and polygons[place]], dtype=np.intp)
        if not len(chosen):
            continue
        districts = outlines[np.array([at[n] for n in chosen.tolist()], dtype=np.intp)]
        points = shapely.point_on_surface(book.in_plane(kind)[chosen])
        outside = ~shapely.intersects(districts, points)
        for number in np.flatnonzero(outside).tolist():
            row, distance_m = rows[chosen[number]], float(shapely.distance(districts[number], points[number]))
            code = "R-DISTRICT-NEAR" if distance_m <= book.limits.district_m else "R-DISTRICT-OTHER"
            yield noted(kind, row, code, district=str(row["district"]), distance_m=distance_m)


def crowded_points(book: Book) -> Iterator[Noted]:
    """11: one position that holds a great share of what an organisation recorded of a kind."""
    for kind in ("ordnance", "accident", "hazard", "eore_session"):
        totals: Counter[str] = Counter()
        at: dict[tuple[str, float, float], list[Row]] = defaultdict(list)
        for row in book.rows(kind):
            shape, organisation = row.get("geometry"), row.get("organisation")
            if shape is not None and organisation:
                totals[organisation] += 1
                point = shape if shape.geom_type == "Point" else shape.centroid
                at[organisation, round(point.x, _METRES_DEGREE), round(point.y, _METRES_DEGREE)].append(row)
        for (organisation, *_point), rows in at.items():
            if len(rows) >= book.limits.crowded_least and len(rows) > book.limits.crowded_share * totals[organisation]:
                yield noted(kind, rows[0], "R-CROWDED-POINT", rows[1:4], count=len(rows), organisation=organisation)


def known_places(book: Book) -> Iterator[Noted]:
    """88: every district that a record names is a code of the gazetteer; a near name is offered, none is made."""
    gazetteer = _Gazetteer(book)
    if not gazetteer.by_code:
        return
    nearest: dict[str, str] = {}
    for kind in _NAMED:
        for row in book.rows(kind):
            name = str(row.get("district") or "")
            if not name or name in gazetteer.by_code:
                continue
            if name not in nearest:
                folded = folded_name(name)
                near = difflib.get_close_matches(folded, gazetteer.names, n=1)
                nearest[name] = gazetteer.names[near[0]] if near else "—"
            yield noted(kind, row, "R-PLACE-UNKNOWN", place=name, nearest=nearest[name])
