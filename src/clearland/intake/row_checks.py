"""Rules over the rows of one table: those of each record alone, and outlines that stand twice in the file (rule 15)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.checks.records.everything import check_records
from clearland.checks.records.findings import finding
from clearland.checks.records.model import Setting
from clearland.core.errors import Finding
from clearland.dictionary.model import Kind
from clearland.intake.reading import Reading

Attributes = Sequence[Mapping[str, object]]


def check_rows(reading: Reading, kind: Kind, attributes: Attributes, geometries: NDArray[np.object_], today: date) -> None:
    """Adds what the rules find to the reading."""
    for index, said in check_records(kind, attributes, geometries, Setting(today=today)):
        reading.findings.append(replace(finding(said), place=reading.table.place(index, said.about)))
    if kind.geometry == "none" or kind.name == "place":
        return
    polygons = np.isin(shapely.get_type_id(geometries), (3, 6))
    if polygons.any():
        _check_same_shape(reading, geometries, np.flatnonzero(polygons))


def _check_same_shape(reading: Reading, geometries: NDArray[np.object_], polygons: NDArray[np.intp]) -> None:
    first: dict[bytes, int] = {}
    shapes = shapely.to_wkb(shapely.normalize(geometries[polygons]))
    for position, shape in zip(polygons, shapes, strict=True):
        index = int(position)
        earlier = first.setdefault(shape, index)
        if earlier != index:
            reading.findings.append(
                Finding(
                    code="W-GEOM-TWICE",
                    severity="warning",
                    rule=15,
                    place=reading.table.place(index),
                    sentence=f"The polygon is the same as that of row {reading.table.numbers[earlier]}.",
                    remedy="Keep one record, or draw what each of them covers.",
                )
            )
