"""What stands in a tile: single shapes where they can be told apart, counts per cell where they cannot.

A layer of up to `WHOLE_LAYER` records is held in memory as known at one head, and every zoom shows its shapes. A larger
one is read tile by tile from zoom 11 on; below that its tiles hold grid cells with number and m², and the map says so.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from clearland.figures.lifecycle import prepare_status
from clearland.ledger.rows import rows, within
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.tally import covers
from clearland.web.access import Reading, kinds_key, remembered, summed
from clearland.web.hazard_status import counted_as, derived_statuses, with_status
from clearland.web.kinds_shown import drawn, record_counts
from clearland.web.shapes import style_of
from clearland.web.tiles.mvt import TileLayer, Value, encode, tile_bounds

WHOLE_LAYER = 5_000
SHAPES_FROM_ZOOM = 11
_CELLS_PER_TILE = 16
_KEPT_LAYERS = 24
_SYMBOL_FIELDS = ("area_type", "status", "product_type", "qc_state", "area_reported_m2")
_PIXELS_PER_TILE = 512
_SMALL_PIXELS = 9
_MARKERS_TO_ZOOM = 15
_MARKED_WHEN_SMALL = frozenset({"hazard", "land_release", "survey", "clearance"})
_COLUMNS = ("id", "record_uuid", "local_id", "attributes", "geometry", "valid_from", "unverified")


@dataclass(frozen=True)
class Shapes:
    """A layer in memory: geometries in degrees with their properties and a spatial index over them."""

    geometries: NDArray[Any]
    properties: list[dict[str, Value]]
    ids: list[int]
    index: shapely.STRtree


_layers: "OrderedDict[tuple[Hashable, ...], Shapes]" = OrderedDict()
_grids: "OrderedDict[str, Grid]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Grid:
    """Centres of a large layer in degrees with m², style and sensitivity class, for counting per cell."""

    centres: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    styles: NDArray[np.str_]
    classes: NDArray[np.str_]

    def open_to(self, classes: Collection[str]) -> "Grid":
        """What a reader of these sensitivity classes may see."""
        seen = np.isin(self.classes, sorted(classes))
        if seen.all():
            return self
        return Grid(self.centres[seen], self.area_m2[seen], self.styles[seen], self.classes[seen])


def tile(read: Reading, kind: str, z: int, x: int, y: int) -> bytes:
    """The MVT of one kind in one tile, within the reader's scope and as known on the reader's date."""
    if counted(read, kind) <= WHOLE_LAYER:
        return _from_memory(_whole(read, kind), kind, z, x, y)
    if z >= SHAPES_FROM_ZOOM:
        found = within(rows(read.scope, kind, as_known=read.known, unverified=True), tile_bounds(z, x, y), kind)
        return _encoded(kind, list(found.values_list(*_COLUMNS)), _derived(read, kind), z, x, y)
    name = f"cells:{kind}:{z}:{x}:{y}:{','.join(sorted(read.scope.classes))}"
    return summed(read, name, lambda: _cells(_grid(read, kind).open_to(read.scope.classes), kind, z, x, y))


def in_cells(read: Reading, kind: str, z: int) -> bool:
    """Whether tiles of this zoom hold counts per cell, which come from the snapshot, and not the shapes themselves."""
    return z < SHAPES_FROM_ZOOM and counted(read, kind) > WHOLE_LAYER


def count_cells(read: Reading) -> None:
    """Make ready what the cells of every large layer are counted from."""
    present = record_counts(read)
    for kind in drawn(read.words):
        if kind in present and counted(read, kind) > WHOLE_LAYER:
            _prepare_centres(read, kind)


def counted(read: Reading, kind: str) -> int:
    """How many records of the kind have a shape."""

    if read.known is None and covers(read.scope):
        return read.tally.records(read.scope, unverified=True, drawn=True).get(kind, 0)

    def look() -> int:
        found = rows(read.scope, kind, as_known=read.known, unverified=True, bare=True)
        return found.filter(min_x__isnull=False).count()

    return remembered(read, f"shapes:{kind}", look, kinds=(kind,))


def day_number(day: date | None) -> int:
    """20260131 for 31 January 2026, 0 where no date is said: what the time slider compares."""
    return day.year * 10_000 + day.month * 100 + day.day if day else 0


def properties_of(kind: str, row: tuple[Any, ...], derived: Mapping[str, str]) -> dict[str, Value]:
    """What the map may know of a record: id, number, name, symbol and date. Nothing else travels in a tile.

    A hazard's symbol shows its `derived` status; where another was reported, that one's word goes along.
    """
    _, record, local_id, attributes, _, valid_from, unverified = row
    shown = symbol(kind, with_status(attributes, derived.get(str(record))))
    made: dict[str, Value] = {"id": str(record), "n": local_id, "s": shown, "f": day_number(valid_from)}
    if attributes.get("status") and (reported := symbol(kind, attributes)) != shown:
        made["r"] = reported.split()[-1]
    title = attributes.get("name")
    if title:
        made["t"] = str(title)
    if unverified:
        made["u"] = True
    return made


def symbol(kind: str, attributes: Mapping[str, Any]) -> str:
    """The symbol's word without the kind: `CHA open`, `cleared`, `failed` for a product that did not pass QC."""
    if kind == "land_release" and attributes.get("qc_state") == "failed":
        return "failed"
    return style_of(kind, attributes).removeprefix(kind).strip()


def _whole(read: Reading, kind: str) -> Shapes:
    key = (kinds_key(read, (kind,)), status_stamp(read, kind))
    with _lock:
        if key in _layers:
            _layers.move_to_end(key)
            return _layers[key]
    found = rows(read.scope, kind, as_known=read.known, unverified=True).filter(min_x__isnull=False)
    made = _shapes(kind, list(found.order_by("id").values_list(*_COLUMNS)), _derived(read, kind))
    with _lock:
        _layers[key] = made
        while len(_layers) > _KEPT_LAYERS:
            _layers.popitem(last=False)
    return made


def status_stamp(read: Reading, kind: str) -> str:
    """The count from which this kind's symbols take their status; empty where they take none."""
    return counted_as(read) if kind == "hazard" else ""


def _derived(read: Reading, kind: str) -> Mapping[str, str]:
    return derived_statuses(read) if kind == "hazard" else {}


def _shapes(kind: str, found: list[tuple[Any, ...]], derived: Mapping[str, str]) -> Shapes:
    geometries = np.array([row[4] for row in found], dtype=object)
    properties = [properties_of(kind, row, derived) for row in found]
    return Shapes(geometries, properties, [row[0] for row in found], shapely.STRtree(geometries))


def _drawn(geometries: NDArray[Any], kind: str, z: int) -> NDArray[Any]:
    """Polygons too small to be seen at a zoom become points: danger must show before it can be drawn to scale."""
    if kind not in _MARKED_WHEN_SMALL or z > _MARKERS_TO_ZOOM or not len(geometries):
        return geometries
    box = shapely.bounds(geometries)
    pixel = 360 / 2**z / _PIXELS_PER_TILE
    small = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) < _SMALL_PIXELS * pixel
    drawn = geometries.copy()
    drawn[small] = shapely.points((box[small, 0] + box[small, 2]) / 2, (box[small, 1] + box[small, 3]) / 2)
    return drawn


def _from_memory(layer: Shapes, kind: str, z: int, x: int, y: int) -> bytes:
    hits = np.sort(layer.index.query(shapely.box(*tile_bounds(z, x, y))))
    part = TileLayer(
        kind, _drawn(layer.geometries[hits], kind, z), [layer.properties[hit] for hit in hits], [layer.ids[hit] for hit in hits]
    )
    return encode([part], z, x, y)


def _encoded(kind: str, found: list[tuple[Any, ...]], derived: Mapping[str, str], z: int, x: int, y: int) -> bytes:
    geometries = np.array([row[4] for row in found], dtype=object)
    part = TileLayer(
        kind, _drawn(geometries, kind, z), [properties_of(kind, row, derived) for row in found], [row[0] for row in found]
    )
    return encode([part], z, x, y)


def _grid(read: Reading, kind: str) -> Grid:
    """Centres of a large layer, kept per snapshot: a cell is kilometres wide, a hazard hundreds of metres."""
    key = f"{read.snapshot.folder}:{kind}"
    with _lock:
        if key in _grids:
            _grids.move_to_end(key)
            return _grids[key]
    _prepare_centres(read, kind)
    table = read.snapshot.sql(f"SELECT * FROM centre_{kind}")
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    centres = np.column_stack((columns["lon"], columns["lat"]))
    made = Grid(centres, columns["area_m2"], columns["style"].astype(str), columns["sensitivity"].astype(str))
    with _lock:
        _grids[key] = made
        while len(_grids) > _KEPT_LAYERS:
            _grids.popitem(last=False)
    return made


def _prepare_centres(read: Reading, kind: str) -> None:
    """Make the table `centre_<kind>` known to the snapshot: whoever counts computes it, whoever draws tiles reads it."""
    read.snapshot.derive(f"centre_{kind}", lambda: _centres(read, kind))


def _centres(read: Reading, kind: str) -> pa.Table:
    """Approved records from the snapshot, whose columns a million rows long are read at once, then the unverified few."""
    columns = [name for name in _SYMBOL_FIELDS if name in read.snapshot.dictionary.kind(kind).by_name]
    chosen = ", ".join(["geometry", "sensitivity", *columns])
    table = read.snapshot.sql(f"SELECT {chosen} FROM {_told_by(read, kind)} WHERE geometry IS NOT NULL")
    box = shapely.bounds(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    said = {name: table[name].to_pylist() for name in columns}
    areas = [float(area or 0) for area in said.pop("area_reported_m2", [0] * table.num_rows)]
    known: dict[tuple[Any, ...], str] = {}
    styles = []
    for values in zip(*said.values(), strict=True) if said else [()] * table.num_rows:
        if values not in known:
            known[values] = symbol(kind, {name: value for name, value in zip(said, values, strict=True) if value is not None})
        styles.append(known[values])
    classes = table["sensitivity"].to_pylist()
    whole = scope(system_actor("web"), "count cells")
    drafts = rows(whole, kind, as_known=read.known, unverified=True, bare=True).exclude(state="approved")
    columns_of = ("min_x", "min_y", "max_x", "max_y", "sensitivity", "attributes")
    for *sides, sensitivity, attributes in drafts.filter(min_x__isnull=False).values_list(*columns_of):
        box = np.vstack((box, np.array([sides], dtype=float)))
        classes.append(sensitivity)
        areas.append(float(attributes.get("area_reported_m2") or 0))
        styles.append(symbol(kind, attributes))
    return pa.table({
        "lon": (box[:, 0] + box[:, 2]) / 2, "lat": (box[:, 1] + box[:, 3]) / 2, "area_m2": pa.array(areas, pa.float64()),
        "style": pa.array(styles, pa.string()), "sensitivity": pa.array(classes, pa.string()),
    })  # fmt: skip


def _told_by(read: Reading, kind: str) -> str:
    """The table of a kind; that of hazards with their derived status in place of the reported one."""
    if kind != "hazard":
        return kind
    prepare_status(read.snapshot)
    return "(SELECT h.* REPLACE (s.status AS status) FROM hazard h JOIN hazard_status s USING (record))"


def _cells(grid: Grid, kind: str, z: int, x: int, y: int) -> bytes:
    """Cells of one sixteenth of the tile's side, one feature per cell and symbol: number `c` and reported m² `m`."""
    west, south, east, north = tile_bounds(z, x, y, 0)
    lon, lat = grid.centres[:, 0], grid.centres[:, 1]
    inside = (lon >= west) & (lon < east) & (lat >= south) & (lat < north)
    if not inside.any():
        return b""
    side = _CELLS_PER_TILE
    column = np.minimum(((lon[inside] - west) / (east - west) * side).astype(int), side - 1)
    row = np.minimum(((lat[inside] - south) / (north - south) * side).astype(int), side - 1)
    styles, style = np.unique(grid.styles[inside], return_inverse=True)
    cell = (row * side + column) * len(styles) + style
    present, number = np.unique(cell, return_counts=True)
    area = np.bincount(cell, weights=grid.area_m2[inside], minlength=int(present[-1]) + 1)[present]
    place, kind_of = np.divmod(present, len(styles))
    rows_, columns = np.divmod(place, side)
    wide, high = (east - west) / side, (north - south) / side
    boxes = shapely.box(
        west + columns * wide, south + rows_ * high, west + (columns + 1) * wide, south + (rows_ + 1) * high
    )
    properties: list[dict[str, Value]] = [
        {"c": int(count), "m": round(float(m2)), "s": str(styles[which])}
        for count, m2, which in zip(number, area, kind_of, strict=True)
    ]
    return encode([TileLayer(f"{kind}_cells", boxes, properties, [int(each) + 1 for each in present])], z, x, y)
