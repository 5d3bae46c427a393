"""Cells of a country with what is known of each: the table that a likelihood is learnt from, and asked for.

A column that says the same of every cell of a place can only label the place: a model would learn which municipality had
mines, and be wrong in the next one. Such columns are left out and listed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from clearland.core.errors import RefusedInput
from clearland.intake.tables import Cell, Table
from clearland.land.projection import Projection

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MINED, NOT_MINED, UNKNOWN = 1, 0, -1
_MOST_WORDS: Final = 40  # a text column with more different values names things and does not describe them
_NUMERIC_SHARE: Final = 0.95


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are what; all others describe the cells. `place` is what is left out when a model is tried."""

    longitude: str
    latitude: str
    label: str = ""
    place: str = ""


@dataclass(frozen=True)
class Cells:
    """n cells with k descriptions.

    `x_m`, `y_m`: middle of each cell in metres, equal-area plane around the cells. `values`: (n, k), NaN where not known.
    `label`: 1 mined, 0 searched or declared and nothing there, -1 nothing known. `place`: (n,) the district or municipality.
    `left_out`: column -> why.
    """

    x_m: Floats
    y_m: Floats
    names: tuple[str, ...]
    values: Floats
    label: NDArray[np.int8]
    place: NDArray[np.str_]
    left_out: dict[str, str]

    def __len__(self) -> int:
        return len(self.x_m)

    @property
    def labelled(self) -> Flags:
        """(n,) where the truth is known."""
        return np.asarray(self.label != UNKNOWN)

    def with_columns(self, names: Sequence[str]) -> "Cells":
        """The same cells described by these columns, in this order, NaN where they have no such column."""
        held = {name: at for at, name in enumerate(self.names)}
        values = np.full((len(self), len(names)), np.nan)
        for to, name in enumerate(names):
            if name in held:
                values[:, to] = self.values[:, held[name]]
        return Cells(self.x_m, self.y_m, tuple(names), values, self.label, self.place, self.left_out)


def cells_of(table: Table, columns: Columns) -> Cells:
    """Cells from a table of points in degrees (EPSG:4326).

    Raises RefusedInput E-PLAN-COLUMN (a named column is missing), E-PLAN-POINT (a row has no point on the globe), E-PLAN-LABEL (a
    label is none of 1, 0, -1 or blank), E-PLAN-NOTHING (no row, or no column that describes a cell)."""
    for name in filter(None, (columns.longitude, columns.latitude, columns.label, columns.place)):
        if name not in table.columns:
            raise RefusedInput(
                "E-PLAN-COLUMN", f"The table has no column “{name}”.", place=table.place(),
                remedy=f"Its columns are: {', '.join(table.columns[:12])}.",
            )  # fmt: skip
    x_m, y_m = _metres(table, columns)
    label = _labels(table, columns.label)
    place = np.array([str(each or "") for each in table.cells[columns.place]] if columns.place else [""] * len(table), dtype=str)
    names, described, left_out = _described(table, columns, place)
    if not names:
        raise RefusedInput(
            "E-PLAN-NOTHING", "No column describes the cells.", place=table.place(),
            remedy="Give numbers or short words for each cell.",
        )  # fmt: skip
    return Cells(x_m, y_m, names, np.column_stack(described), label, place, left_out)


def _metres(table: Table, columns: Columns) -> tuple[Floats, Floats]:
    longitude, latitude = _numbers(table.cells[columns.longitude]), _numbers(table.cells[columns.latitude])
    off = ~((np.abs(longitude) <= 180) & (np.abs(latitude) <= 90))
    if off.any() or not len(table):
        raise RefusedInput(
            "E-PLAN-POINT", "A row has no point on the globe." if len(table) else "The table has no row.",
            place=table.place(int(np.argmax(off)) if len(table) else None, columns.longitude),
            remedy="Give longitude and latitude in degrees, WGS 84.",
        )  # fmt: skip
    bounds = np.array([longitude.min(), latitude.min(), longitude.max(), latitude.max()])
    plane = Projection.amid(bounds).definition
    x_m, y_m = Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform(longitude, latitude)
    return np.asarray(x_m), np.asarray(y_m)


def _labels(table: Table, name: str) -> NDArray[np.int8]:
    if not name:
        return np.full(len(table), UNKNOWN, dtype=np.int8)
    found = np.nan_to_num(_numbers(table.cells[name]), nan=UNKNOWN)
    wrong = ~np.isin(found, (MINED, NOT_MINED, UNKNOWN)) | _unread(table.cells[name])
    if wrong.any():
        raise RefusedInput(
            "E-PLAN-LABEL", "A label is none of 1 (mined), 0 (searched, nothing found) and -1 (not known).",
            place=table.place(int(np.argmax(wrong)), name), remedy="Translate the labels, or name another column.",
        )  # fmt: skip
    return found.astype(np.int8)


def _described(table: Table, columns: Columns, place: NDArray[np.str_]) -> tuple[tuple[str, ...], list[Floats], dict[str, str]]:
    names: list[str] = []
    described: list[Floats] = []
    left_out: dict[str, str] = {}
    for name in table.columns:
        if name in (columns.longitude, columns.latitude, columns.label, columns.place):
            continue
        made = _description(name, table.cells[name])
        if isinstance(made, str):
            left_out[name] = made
            continue
        for title, values in made:
            if _only_labels(values, place):
                left_out[title] = "says the same of every cell of a place"
            else:
                names.append(title)
                described.append(values)
    return tuple(names), described, left_out


def _description(name: str, cells: Sequence[Cell]) -> list[tuple[str, Floats]] | str:
    """The column as numbers: itself, or one column per word; else why it is left out."""
    numbers = _numbers(cells)
    given = np.array([cell is not None and str(cell).strip() != "" for cell in cells])
    if not given.any():
        return "is empty"
    if np.isfinite(numbers[given]).mean() >= _NUMERIC_SHARE:
        return [(name, numbers)]
    words = sorted({str(cell).strip() for cell in cells if cell is not None})
    if len(words) > _MOST_WORDS:
        return "has too many different words to describe anything"
    return [(f"{name}: {word}", np.array([float(str(cell or "").strip() == word) for cell in cells])) for word in words]


def _only_labels(values: Floats, place: NDArray[np.str_]) -> bool:
    """Whether a column is one value throughout, or within every place."""
    if len({*place.tolist()}) == 1:
        return bool(np.unique(values[np.isfinite(values)]).size <= 1)
    return all(np.unique(values[(place == each) & np.isfinite(values)]).size <= 1 for each in np.unique(place))


def _numbers(cells: Sequence[Cell]) -> Floats:
    return np.array([_number(cell) for cell in cells], dtype=float)


def _number(cell: Cell) -> float:
    try:
        found = float(cell)  # type: ignore[arg-type]  # what is no number is what the except is for
    except (TypeError, ValueError):
        return math.nan
    return found if math.isfinite(found) else math.nan


def _unread(cells: Sequence[Cell]) -> Flags:
    return np.array([cell is not None and str(cell).strip() != "" and math.isnan(_number(cell)) for cell in cells])
