"""Rules that need several fields or the geometry of a row: dates in order, areas believable, shapes not drawn twice.

Rule numbers are those of the validator list in the standards note. Tolerances are its proposals.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.core.errors import Finding, Severity
from clearland.dictionary.model import Kind
from clearland.intake.reading import Reading
from clearland.land.area import areas_m2

SMALLEST_M2 = 10.0
LARGEST_M2 = 50_000_000.0
STATED_DIFFERS_SHARE = 0.05
STATED_DIFFERS_M2 = 25.0
STATED_REFUSED_SHARE = 0.25
_UNIT_RATIOS = {100.0: "100", 10_000.0: "10,000 (hectares)", 1_000_000.0: "1,000,000 (km²)"}
_RATIO_TOLERANCE = 0.05
_ORDERED = (("period_from", "period_to"), ("start_date", "end_date"), ("found_on", "destroyed_on"))
_STATED_FIELD = "area_reported_m2"

Attributes = Sequence[Mapping[str, object]]


def check_rows(reading: Reading, kind: Kind, attributes: Attributes, geometries: NDArray[np.object_], today: date) -> None:
    """Adds the findings of rules 5, 15, 18, 19 and 21 to the reading."""
    _check_dates(reading, kind, attributes, today)
    if kind.geometry == "none" or kind.name == "place":
        return
    polygons = np.isin(shapely.get_type_id(geometries), (3, 6))
    if polygons.any():
        _check_areas(reading, attributes, geometries, np.flatnonzero(polygons))
        _check_same_shape(reading, geometries, np.flatnonzero(polygons))


def _check_dates(reading: Reading, kind: Kind, attributes: Attributes, today: date) -> None:
    pairs = [(first, last) for first, last in _ORDERED if first in kind.by_name and last in kind.by_name]
    dated = [field.name for field in kind.fields if field.type in ("date", "partial_date")]
    limit = today.isoformat()
    for index, row in enumerate(attributes):
        for first, last in pairs:
            start, end = row.get(first), row.get(last)
            if isinstance(start, str) and isinstance(end, str) and start[: len(end)] > end:
                _add(
                    reading,
                    "E-DATE-REVERSED",
                    "error",
                    5,
                    index,
                    last,
                    f"{last} {end} lies before {first} {start}.",
                    "Exchange or correct the dates.",
                )
        for name in dated:
            value = row.get(name)
            if isinstance(value, str) and value > limit and name not in ("official_to", "period_to"):
                _add(
                    reading,
                    "E-DATE-FUTURE",
                    "error",
                    5,
                    index,
                    name,
                    f"{name} {value} has not come yet.",
                    "Correct the date; look for day and month exchanged.",
                )


def _check_areas(reading: Reading, attributes: Attributes, geometries: NDArray[np.object_], polygons: NDArray[np.intp]) -> None:
    areas = areas_m2(geometries[polygons])
    for position, drawn in zip(polygons, areas, strict=True):
        index, drawn_m2 = int(position), float(drawn)
        if drawn_m2 < SMALLEST_M2 or drawn_m2 > LARGEST_M2:
            _add(
                reading,
                "W-AREA-SIZE",
                "warning",
                18,
                index,
                None,
                f"The polygon has {drawn_m2:,.0f} m².",
                "Check its coordinates and reference system.",
            )
        stated = attributes[index].get(_STATED_FIELD)
        if isinstance(stated, str) and drawn_m2 > 0:
            _compare_stated(reading, index, float(stated), drawn_m2)


def _compare_stated(reading: Reading, index: int, stated_m2: float, drawn_m2: float) -> None:
    off = abs(stated_m2 - drawn_m2)
    if off <= STATED_DIFFERS_M2 and off <= STATED_DIFFERS_SHARE * drawn_m2:
        return
    sentence = f"The sheet says {stated_m2:,.0f} m², the polygon has {drawn_m2:,.0f} m²."
    for ratio, words in _UNIT_RATIOS.items():
        if stated_m2 and abs(drawn_m2 / stated_m2 / ratio - 1) <= _RATIO_TOLERANCE:
            _add(
                reading,
                "E-AREA-UNIT",
                "error",
                21,
                index,
                _STATED_FIELD,
                f"{sentence} They differ by a factor of {words}.",
                "Name the unit of the column in the mapping (`unit: ha`).",
            )
            return
    refused = off > STATED_REFUSED_SHARE * drawn_m2 and off > STATED_DIFFERS_M2
    _add(
        reading,
        "E-AREA-STATED" if refused else "W-AREA-STATED",
        "error" if refused else "warning",
        19,
        index,
        _STATED_FIELD,
        sentence,
        "Correct the polygon or the area; both are kept once they agree within a quarter.",
    )


def _check_same_shape(reading: Reading, geometries: NDArray[np.object_], polygons: NDArray[np.intp]) -> None:
    first: dict[bytes, int] = {}
    shapes = shapely.to_wkb(shapely.normalize(geometries[polygons]))
    for position, shape in zip(polygons, shapes, strict=True):
        index = int(position)
        earlier = first.setdefault(shape, index)
        if earlier != index:
            _add(
                reading,
                "W-GEOM-TWICE",
                "warning",
                15,
                index,
                None,
                f"The polygon is the same as that of row {reading.table.numbers[earlier]}.",
                "Keep one record, or draw what each of them covers.",
            )


def _add(
    reading: Reading,
    code: str,
    severity: Severity,
    rule: int,
    index: int,
    column: str | None,
    sentence: str,
    remedy: str,
) -> None:
    reading.findings.append(
        Finding(
            code=code,
            severity=severity,
            sentence=sentence,
            place=reading.table.place(index, column),
            remedy=remedy,
            rule=rule,
        )
    )
