"""Rules 2, 15 and 68: records that may tell of one thing twice. A person decides; nothing is merged here."""

from collections import defaultdict
from collections.abc import Hashable, Iterator

import numpy as np
import shapely

from clearland.checks.across.model import Book, Row, noted, target
from clearland.checks.model import Noted

# kind: what must be equal for two records to be compared at all; the organisation, the day and what it was
_SAME: dict[str, tuple[str, ...]] = {
    "ordnance": ("organisation", "found_on", "category", "model", "quantity"),
    "accident": ("date", "device_category"),
    "spot_task": ("organisation", "start_date", "outcome"),
    "public_report": ("received_on", "device_category"),
}
_OUTLINES = ("hazard", "land_release")
_PERSON = ("gender", "age_years", "outcome", "home_district", "occupation")
_FEWEST_OF_PERSON = 4  # so many of them must be said before two people look alike


def near_duplicates(book: Book) -> Iterator[Noted]:
    """2: equal in all that was said, and within a few metres."""
    for kind, names in _SAME.items():
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for place, row in enumerate(book.rows(kind)):
            if row.get("geometry") is not None and row.get(names[1] if len(names) > 2 else names[0]):
                groups[tuple(row.get(name) for name in names)].append(place)
        several = [group for group in groups.values() if len(group) > 1]
        if not several:
            continue
        shapes, rows = book.in_plane(kind), book.rows(kind)
        for group in several:
            yield from _near(kind, rows, group, shapes, book.limits.duplicate_m)


def _near(kind: str, rows: object, group: list[int], shapes: object, within_m: float) -> Iterator[Noted]:
    own = np.asarray(shapes)[group]
    first, second = shapely.STRtree(own).query(own, predicate="dwithin", distance=within_m)
    told: set[int] = set()
    for left, right in zip(first.tolist(), second.tolist(), strict=True):
        if left < right and right not in told:
            told.add(right)
            one, twin = rows[group[right]], rows[group[left]]  # type: ignore[index]
            yield noted(kind, one, "R-NEAR-DUPLICATE", [twin], twin=twin["local_id"])


def same_outlines(book: Book) -> Iterator[Noted]:
    """15: two records of one kind with the same outline, wherever it starts."""
    for kind in _OUTLINES:
        rows = [row for row in book.rows(kind) if row.get("geometry") is not None]
        if not rows:
            continue
        shapes = shapely.to_wkb(shapely.normalize(np.array([row["geometry"] for row in rows], dtype=object)))
        first: dict[tuple[bytes, object], Row] = {}
        for row, shape in zip(rows, shapes.tolist(), strict=True):
            twin = first.setdefault((shape, target(row, "activity")), row)
            if twin is not row:
                yield noted(kind, row, "R-SAME-OUTLINE", [twin], twin=twin["local_id"])


def victims_twice(book: Book) -> Iterator[Noted]:
    """68: alike in what is not sealed; names are compared where they lie sealed, by a blind index, never here."""
    first: dict[tuple[object, ...], Row] = {}
    for row in book.rows("victim"):
        when = row.get("accident_date") or target(row, "accident")
        said = tuple(row.get(name) for name in _PERSON)
        if not when or row.get("age_years") is None or sum(each is not None for each in said) < _FEWEST_OF_PERSON:
            continue
        twin = first.setdefault((when, *said), row)
        if twin is not row:
            yield noted("victim", row, "R-VICTIM-TWICE", [twin], twin=twin["local_id"])
