"""Organisations under several names, and hazards that two surveys drew or numbered apart."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import shapely

from clearland.checks.across.model import Row, target
from clearland.checks.matching import grounds
from clearland.checks.matching.blocking import blocked, cells, points_of
from clearland.checks.matching.model import Compare, Ground, Ints, Reason, Things
from clearland.checks.matching.scoring import Compared, compared
from clearland.core.words import folded_name, words_of
from clearland.dictionary.known_names import NAMELESS

ORGANISATION_PRIOR, HAZARD_PRIOR = -3.5, -4.5
_SHORTEST_WORD = 3
_BY_SHARE = ((0.8, 6.5), (0.5, 4.0), (0.2, 2.0), (0.02, 0.3))
_WITHIN, _WITHIN_WEIGHT = 0.9, 3.5
_APART_WEIGHT = -4.0


def organisations(rows: Sequence[Row]) -> Compared:
    """Organisations that may be one body. One list may hold a body twice, under two names: all are compared."""
    things = Things("organisation", [{**row, "website": _host(str(row.get("website") or ""))} for row in rows])
    names = [_names(row) for row in rows]
    found = blocked([_words(own) for own in names], things.source, within_source=True)
    return compared(things, found, ORGANISATION_PRIOR, [
        grounds.named(names, same=6.0, part=6.0),
        grounds.coded(things, "country", 0.4, -2.5),
        grounds.coded(things, "org_type", 0.4, -1.0),
        grounds.coded(things, "website", 3.0, -0.5),
    ])  # fmt: skip


def _names(row: Row) -> list[str]:
    """Every name of an organisation, and each without what stands in brackets."""
    names = [row.get("name"), row.get("short_name"), *(row.get("names") or ())]
    return list(dict.fromkeys(form for name in names if name for form in (str(name), str(name).partition(" (")[0])))


def _words(names: Sequence[str]) -> set[Hashable]:
    """The words of the names, and the first letters of those with several."""
    found: set[Hashable] = set()
    for name in names:
        words = [word.folded for word in words_of(name)]
        found |= {word for word in words if len(word) >= _SHORTEST_WORD}
        found.add("".join(word[0] for word in words if word not in NAMELESS) if len(words) > 2 else "".join(words))
    return found


def _host(address: str) -> str:
    return (urlsplit(address if "//" in address else f"//{address}").hostname or "").removeprefix("www.")


def hazards(rows: Sequence[Row]) -> Compared:
    """Hazards that may be one ground: outlines that cover each other, one number, one name in one district.

    A hazard that another was made from is none of it twice."""
    things = Things("hazard", rows)
    shapes = np.array([row.get("geometry") for row in rows], dtype=object)
    x, y = points_of(shapes.tolist())
    keys = [_keys(row, x[n], y[n], shapes[n]) for n, row in enumerate(rows)]
    found = blocked(keys, things.source)
    return compared(things, found, HAZARD_PRIOR, [
        _outlines(shapes),
        _lineage(rows),
        grounds.named([[str(row["name"])] if row.get("name") else [] for row in rows], same=3.5, part=2.0),
        grounds.coded(things, "community", 1.2, -0.4),
        grounds.coded(things, "district", 0.5, -2.0),
        grounds.dates(things, "identified_on", same=0.8),
        grounds.numbers(things, "area_reported_m2", same=1.2, near=0.0, far=0.0, near_by=0.0, far_by=0.0),
        _contamination(rows),
        grounds.numbered(things, same=3.0),
    ])  # fmt: skip


def _keys(row: Row, x: float, y: float, shape: Any) -> set[Hashable]:
    """Cells that the outline's middle and its bounds lie in, its number, its name in its district."""
    found: set[Hashable] = set(cells(x, y))
    if shape is not None:
        west, south, east, north = shape.bounds
        found |= {*cells(west, south), *cells(east, north)}
    place = row.get("district")
    for name in ("name", "community"):
        if row.get(name) and place:
            found.add((place, folded_name(str(row[name]))))
    if number := grounds.number_of(str(row.get("local_id") or "")):
        found.add(number)
    return found


def _outlines(shapes: "np.ndarray[Any, np.dtype[Any]]") -> Compare:
    """How much of both outlines together both cover; a smaller one within a larger; how far apart they lie."""

    def compare(left: Ints, right: Ints) -> Ground:
        one, two = shapes[left], shapes[right]
        both = ~(shapely.is_missing(one) | shapely.is_missing(two))
        common = np.where(both, shapely.area(shapely.intersection(one, two)), 0.0)
        sizes = np.nan_to_num(shapely.area(one)), np.nan_to_num(shapely.area(two))
        together, smaller = sizes[0] + sizes[1] - common, np.minimum(*sizes)
        share = np.divide(common, together, out=np.zeros_like(common), where=together > 0)
        within = np.divide(common, smaller, out=np.zeros_like(common), where=smaller > 0) >= _WITHIN
        weights = np.select([share >= least for least, _ in _BY_SHARE], [weight for _, weight in _BY_SHARE], _APART_WEIGHT)
        weights = np.where(both, np.maximum(weights, np.where(within, _WITHIN_WEIGHT, _APART_WEIGHT)), 0.0)

        def told(pair: int) -> Reason | None:
            if not both[pair]:
                return None
            weight, percent = float(weights[pair]), round(100 * float(share[pair]))
            if share[pair] == 0:
                return Reason("outline_apart", weight)
            return Reason("outline_within" if within[pair] and percent < 80 else "outline_share", weight, {"percent": percent})

        return Ground(weights, told)

    return compare


def _lineage(rows: Sequence[Row]) -> Compare:
    """A hazard and the one it was carved from are two records of two states by intent."""
    parents = {(row["record"], target(row, "parent_hazard")) for row in rows}

    def compare(left: Ints, right: Ints) -> Ground:
        def derived(one: int, two: int) -> bool:
            mine, theirs = rows[one]["record"], rows[two]["record"]
            return (mine, theirs) in parents or (theirs, mine) in parents

        weights = np.array([-20.0 if derived(int(a), int(b)) else 0.0 for a, b in zip(left, right, strict=True)])
        return Ground(weights, lambda pair: Reason("derived", -20.0) if weights[pair] else None)

    return compare


def _contamination(rows: Sequence[Row]) -> Compare:
    """Whether both may hold the same ordnance."""
    said: Sequence[frozenset[str]] = [frozenset(row.get("contamination") or ()) for row in rows]

    def compare(left: Ints, right: Ints) -> Ground:
        weights = np.array([_together(said[int(a)], said[int(b)]) for a, b in zip(left, right, strict=True)])

        def told(pair: int) -> Reason | None:
            one, two = ("+".join(sorted(said[int(side[pair])])) for side in (left, right))
            values: Mapping[str, str] = {"field": "contamination", "one": one, "other": two}
            if not weights[pair]:
                return None
            if weights[pair] > 0:
                both = "+".join(sorted(said[int(left[pair])] & said[int(right[pair])]))
                return Reason("field_same", float(weights[pair]), {"field": "contamination", "value": both})
            return Reason("field_other", float(weights[pair]), values)

        return Ground(weights, told)

    return compare


def _together(one: frozenset[str], two: frozenset[str]) -> float:
    if not one or not two:
        return 0.0
    return 0.6 if one & two else -1.5
