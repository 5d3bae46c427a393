"""Hazards and released polygons as columns: what the partition is handed, read from a table or from single records.

Whole arrays are read from the columns; a single `Hazard` or `Product` is made of its row when a rule or a page asks for
it. Days are `date.toordinal`, the first and the last that a partial date can mean, 0 where none is given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from clearland.land.area import Floats, Geometries
from clearland.land.columns import Ints, Lists, Texts, Words, ranges, texts
from clearland.land.days import days_of_all, partial_date
from clearland.land.model import AreaType, ChangeReason, Hazard, HazardVersion, Product, ProductType, QcState
from clearland.land.outlines import Outlines


@dataclass(frozen=True, kw_only=True, eq=False)
class Products(Sequence[Product]):
    """Released polygons, one per row. Geometry EPSG:4326, depth cm, area m²; NaN where nothing is said.

    `stamp` names the state of a record (its entry in a ledger): no two states share one, so rows with one stamp are the
    same. `made_of` holds the records themselves, where the columns were made of records.
    """

    id: Texts
    local_id: Texts
    product_type: Words[ProductType]
    ended_first: Ints
    ended: Ints
    geometry: Geometries | Outlines
    hazards: Lists
    targets: Lists
    depth_cm: Floats
    qc_state: Words[QcState]
    approved: npt.NDArray[np.bool_]
    organisation: Words[str]
    donors: Words[tuple[tuple[str, float | None], ...]]
    method: Words[str]
    activity: Words[str]
    place: Words[str]
    area_reported_m2: Floats
    stamp: Texts | None = None
    made_of: Texts | None = None

    @classmethod
    def of(cls, products: Sequence[Product]) -> "Products":
        """The columns of single records; the same record given twice counts once, as given last."""
        if isinstance(products, Products):
            return products
        rows = list({product.id: product for product in products}.values())
        ended = days_of_all([row.ended for row in rows])
        return cls(
            id=texts([row.id for row in rows]), local_id=texts([row.local_id for row in rows]),
            product_type=Words.of(row.product_type for row in rows), ended_first=ended[:, 0], ended=ended[:, 1],
            geometry=texts([row.geometry for row in rows]), hazards=Lists.of(row.hazards for row in rows),
            targets=Lists.of(row.targets for row in rows), depth_cm=_numbers([row.depth_cm for row in rows]),
            qc_state=Words.of(row.qc_state for row in rows), approved=np.array([row.approved for row in rows], dtype=bool),
            organisation=Words.of(row.organisation for row in rows),
            donors=Words.of(tuple(row.donors.items()) or None for row in rows),
            method=Words.of(row.method for row in rows), activity=Words.of(row.activity for row in rows),
            place=Words.of(row.place for row in rows), area_reported_m2=_numbers([row.area_reported_m2 for row in rows]),
            made_of=texts(rows),
        )

    def __len__(self) -> int:
        return len(self.id)

    @overload
    def __getitem__(self, row: int) -> Product: ...
    @overload
    def __getitem__(self, row: slice) -> list[Product]: ...
    def __getitem__(self, row: int | slice) -> Product | list[Product]:
        if isinstance(row, slice):
            return [self[place] for place in range(len(self))[row]]
        if self.made_of is not None:
            made: Product = self.made_of[row]
            return made
        return Product(
            id=self.id[row], local_id=self.local_id[row], product_type=_said(self.product_type[row]),
            ended=partial_date(int(self.ended_first[row]), int(self.ended[row])), geometry=self.geometry[row],
            hazards=self.hazards[row], targets=self.targets[row], depth_cm=_number(self.depth_cm[row]),
            qc_state=_said(self.qc_state[row]), approved=bool(self.approved[row]), organisation=self.organisation[row],
            donors=dict(self.donors[row] or ()), method=self.method[row], activity=self.activity[row],
            place=self.place[row], area_reported_m2=_number(self.area_reported_m2[row]),
        )

    def __iter__(self) -> Iterator[Product]:
        return iter(self.made_of) if self.made_of is not None else (self[row] for row in range(len(self)))

    def take(self, rows: Ints) -> "Products":
        """These rows, in this order."""
        return Products(**_taken(self, rows, ()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Hazards(Sequence[Hazard]):
    """Hazards, one per row, with their versions: `start[n]:start[n + 1]` are those of hazard n, oldest first.

    Units, `stamp` and `made_of` as in `Products`. `named_first`, `named` are the days of the first source that names it.
    """

    id: Texts
    local_id: Texts
    organisation: Words[str]
    parent: Texts
    named_first: Ints
    named: Ints
    start: Ints
    geometry: Geometries | Outlines
    area_type: Words[AreaType]
    contamination: Words[frozenset[str]]
    valid_first: Ints
    valid: Ints
    required_depth_cm: Floats
    place: Words[str]
    change_reason: Words[ChangeReason]
    area_reported_m2: Floats
    stamp: Texts | None = None
    made_of: Texts | None = None

    @classmethod
    def of(cls, hazards: Sequence[Hazard]) -> "Hazards":
        """The columns of single records; the same record given twice counts once, as given last."""
        if isinstance(hazards, Hazards):
            return hazards
        rows = list({hazard.id: hazard for hazard in hazards}.values())
        states = [version for row in rows for version in row.versions]
        named = days_of_all([row.first_named_on for row in rows])
        valid = days_of_all([state.valid_from for state in states])
        return cls(
            id=texts([row.id for row in rows]), local_id=texts([row.local_id for row in rows]),
            organisation=Words.of(row.organisation for row in rows), parent=texts([row.parent for row in rows]),
            named_first=named[:, 0], named=named[:, 1], start=np.cumsum([0, *(len(row.versions) for row in rows)]),
            geometry=texts([state.geometry for state in states]),
            area_type=Words.of(state.area_type for state in states),
            contamination=Words.of(state.contamination for state in states), valid_first=valid[:, 0], valid=valid[:, 1],
            required_depth_cm=_numbers([state.required_depth_cm for state in states]),
            place=Words.of(state.place or None for state in states),
            change_reason=Words.of(state.change_reason for state in states),
            area_reported_m2=_numbers([state.area_reported_m2 for state in states]), made_of=texts(rows),
        )

    def __len__(self) -> int:
        return len(self.id)

    @overload
    def __getitem__(self, row: int) -> Hazard: ...
    @overload
    def __getitem__(self, row: slice) -> list[Hazard]: ...
    def __getitem__(self, row: int | slice) -> Hazard | list[Hazard]:
        if isinstance(row, slice):
            return [self[place] for place in range(len(self))[row]]
        if self.made_of is not None:
            made: Hazard = self.made_of[row]
            return made
        return Hazard(
            id=self.id[row], local_id=self.local_id[row], organisation=self.organisation[row], parent=self.parent[row],
            first_named_on=partial_date(int(self.named_first[row]), int(self.named[row])),
            versions=tuple(self._version(state) for state in range(self.start[row], self.start[row + 1])),
        )

    def __iter__(self) -> Iterator[Hazard]:
        return iter(self.made_of) if self.made_of is not None else (self[row] for row in range(len(self)))

    def _version(self, state: int) -> HazardVersion:
        return HazardVersion(
            geometry=self.geometry[state], area_type=_said(self.area_type[state]),
            contamination=_said(self.contamination[state]),
            valid_from=partial_date(int(self.valid_first[state]), int(self.valid[state])),
            required_depth_cm=_number(self.required_depth_cm[state]), place=self.place[state],
            change_reason=self.change_reason[state], area_reported_m2=_number(self.area_reported_m2[state]),
        )

    def take(self, rows: Ints) -> "Hazards":
        """These rows, in this order."""
        count = np.diff(self.start)[rows]
        return Hazards(
            **_taken(self, rows, _OF_VERSIONS), start=np.concatenate([[0], np.cumsum(count)]),
            **{name: _rows(getattr(self, name), ranges(self.start[rows], count)) for name in _OF_VERSIONS},
        )

    @property
    def identified(self) -> tuple[Ints, Ints]:
        """First and last day from which each counts: of its first version, else of the first source that names it."""
        first = self.start[:-1]
        dated = self.valid[first] > 0
        return np.where(dated, self.valid_first[first], self.named_first), np.where(dated, self.valid[first], self.named)

    @property
    def stored_place(self) -> Words[str]:
        """The stored district of each, as in its newest version."""
        return self.place.take(self.start[1:] - 1)


_OF_VERSIONS = (
    "geometry", "area_type", "contamination", "valid_first", "valid", "required_depth_cm", "place", "change_reason",
    "area_reported_m2",
)


def changed(before: Products | Hazards, after: Products | Hazards) -> set[str]:
    """Ids of the records that came, went or say something else."""
    if before.stamp is not None and after.stamp is not None:
        differ = set(before.stamp.tolist()) ^ set(after.stamp.tolist())
        return {
            name for table in (before, after)
            for name, stamp in zip(table.id.tolist(), _stamps(table), strict=True) if stamp in differ
        }  # fmt: skip
    old: dict[str, Any] = {record.id: record for record in before}
    found = set(old)
    for record in after:
        known = old.get(record.id)
        if known is record or (known is not None and known == record):
            found.discard(record.id)
        else:
            found.add(record.id)
    return found


def _stamps(table: Products | Hazards) -> list[str]:
    assert table.stamp is not None  # asked before
    stamps: list[str] = table.stamp.tolist()
    return stamps


def _taken(table: Any, rows: Ints, without: tuple[str, ...]) -> dict[str, Any]:
    names = [column.name for column in fields(table) if column.name not in (*without, "start")]
    return {name: _rows(getattr(table, name), rows) for name in names}


def _rows(column: Any, rows: Ints) -> Any:
    if column is None:
        return None
    return column.take(rows) if isinstance(column, Words | Lists | Outlines) else column[rows]


def _said(value: Any) -> Any:
    assert value is not None  # every record says it
    return value


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
