"""Rules over the rows of one table: those of each record alone, and outlines that stand twice in the file (rule 15)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from clearland.checks.records.everything import check_records
from clearland.checks.records.findings import finding
from clearland.checks.records.model import Setting
from clearland.core.errors import Finding
from clearland.dictionary.model import Kind
from clearland.intake.digests import Alike, Numbers
from clearland.intake.reading import Reading
from clearland.intake.tables import Table

Attributes = Sequence[Mapping[str, object]]


def check_rows(reading: Reading, kind: Kind, attributes: Attributes, geometries: NDArray[np.object_], setting: Setting) -> None:
    """Adds to the reading what the rules find in each record alone."""
    for index, said in check_records(kind, attributes, geometries, setting):
        reading.findings.append(replace(finding(said), place=reading.table.place(index, said.about)))


class SameShapes:
    """Polygons that stand twice in a table, looked for in all of its portions."""

    def __init__(self, kind: Kind) -> None:
        self._asked = kind.geometry != "none" and kind.name != "place"
        self._shapes = Alike()
        self._numbers = Numbers()

    def add(self, table: Table, geometries: NDArray[np.object_]) -> None:
        """The geometries of one portion."""
        if not self._asked:
            return
        polygons = np.flatnonzero(np.isin(shapely.get_type_id(geometries), (3, 6)))
        if not polygons.size:
            return
        shapes = shapely.to_wkb(shapely.normalize(geometries[polygons]), hex=True)
        self._shapes.add(shapes.tolist())
        self._numbers.add([table.numbers[index] for index in polygons.tolist()])

    def findings(self, table: Table) -> Iterator[Finding]:
        """One for every polygon that is the same as an earlier one."""
        for again, earlier in self._shapes.repeats():
            yield Finding(
                code="W-GEOM-TWICE",
                severity="warning",
                rule=15,
                place=replace(table.place(), row=self._numbers[again]),
                sentence=f"The polygon is the same as that of row {self._numbers[earlier]}.",
                remedy="Keep one record, or draw what each of them covers.",
            )
