"""Which columns of a table hold coordinates, and in which reference system, as far as headings and values tell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearland.intake.folding import fold
from clearland.intake.grid_references import is_grid_column
from clearland.intake.mapping import ALL_FOLDS
from clearland.intake.numbers import Marks, floats
from clearland.intake.tables import Cell, Table

_X = frozenset(
    {"longitude", "lon", "lng", "long", "x", "easting", "east", "долгота", "восток", "uzunluq", "uzunluq dairesi", "serq"}
)
_Y = frozenset({"latitude", "lat", "y", "northing", "north", "широта", "север", "enlik", "en dairesi", "simal"})
_WKT = frozenset({"wkt", "geometry", "geom"})
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_EPSG = re.compile(r"EPSG\D{0,2}(\d{4,5})", re.IGNORECASE)
_UTM = re.compile(r"UTM\D{0,8}(\d{1,2})\s*([NS])?", re.IGNORECASE)
_PULKOVO = re.compile(r"pulkovo|пулково|ск-?\s?42|gauss|гаусс", re.IGNORECASE)
_GAUSS_ZONES = range(2, 33)
_SAMPLE = 200


@dataclass(frozen=True)
class Placed:
    """`geometry` as a mapping says it, the columns it takes, the reference system if it could be told, open questions."""

    geometry: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    crs: str | None = None
    notes: tuple[str, ...] = ()


def place_columns(table: Table) -> Placed:
    """Where the places stand. Degrees without another word are WGS 84; metres need a system, told by a heading, the sheet's
    name, or the zone that a Gauss-Krüger easting begins with."""
    words = {fold(_BRACKETS.sub(" ", column), ALL_FOLDS).replace("_", " ").strip(): column for column in table.columns}
    wkt = next((column for word, column in words.items() if word in _WKT), None)
    if wkt:
        return Placed({"wkt": wkt}, (wkt,))
    x = next((column for word, column in words.items() if word in _X), None)
    y = next((column for word, column in words.items() if word in _Y), None)
    if x is None or y is None:
        grid = next((column for column in table.columns if is_grid_column(table.cells[column][:_SAMPLE])), None)
        note = "grid references are read on WGS 84: check a known point"
        return Placed({"mgrs": grid}, (grid,), notes=(note,)) if grid else Placed()
    said = " ".join((x, y, table.sheet or "", *table.columns))
    crs, notes = _system(said, _numbers(table.cells[x]), _numbers(table.cells[y]))
    return Placed({"longitude": x, "latitude": y}, (x, y), crs, tuple(notes))


def _numbers(cells: Sequence[Cell]) -> list[float]:
    return [value for value in floats(cells[:_SAMPLE], Marks()) if value is not None]


def _system(said: str, x: Sequence[float], y: Sequence[float]) -> tuple[str | None, list[str]]:
    if match := _EPSG.search(said):
        return f"EPSG:{match[1]}", []
    if match := _UTM.search(said):
        south = (match[2] or "N").upper() == "S"
        return f"EPSG:{(32700 if south else 32600) + int(match[1])}", []
    degrees = all(abs(value) <= 180 for value in x) and all(abs(value) <= 90 for value in y)
    if _PULKOVO.search(said):
        if degrees:
            return "EPSG:4284", ["Pulkovo 1942 in degrees: the shift to WGS 84 is about a hundred metres; check a known point"]
        return _gauss_krueger(_gauss_zone(x), _gauss_zone(y))
    if degrees:
        return None, []
    zone = _gauss_zone(x)
    if zone:
        return f"EPSG:{28400 + zone}", [
            f"eastings begin with {zone}, as in Gauss-Krüger zone {zone} (Pulkovo 1942): check a known point"
        ]
    return None, ["the coordinates are metres: name their reference system under `crs`, such as EPSG:32638"]


def _gauss_krueger(x: int | None, y: int | None) -> tuple[str | None, list[str]]:
    """By convention X is the northing there, and a northing of four or five million looks like an easting of zone 4 or 5."""
    check = "Pulkovo 1942 / Gauss-Krüger: check a known point"
    if x and y and x != y:
        return None, [
            f"{check}; name `crs` (EPSG:{28400 + x} or EPSG:{28400 + y}) and, if X is the northing, exchange the columns"
        ]
    zone = x or y
    swapped = ["the easting stands under the northing's name: exchange the columns"] if zone and not x else []
    return (f"EPSG:{28400 + zone}" if zone else None), [*swapped, check]


def _gauss_zone(values: Sequence[float]) -> int | None:
    """The zone that seven- or eight-digit eastings begin with, where all begin with one."""
    zones = {int(value // 1_000_000) for value in values}
    middle = all(100_000 < value % 1_000_000 < 900_000 for value in values)
    return zones.pop() if len(zones) == 1 and middle and zones <= set(_GAUSS_ZONES) else None
