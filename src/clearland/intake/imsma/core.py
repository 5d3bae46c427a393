"""IMSMA Core exports: a file geodatabase, a GeoPackage or CSV files; links are comma-separated text in `imsma_links`.

`imsma_id` and `imsma_links` are public in GICHD's documentation of Core; every other field is the country's own, so a layer
is taken by its name and its fields by `fields.yaml`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import shapely

from clearland.core.errors import Place, RefusedInput
from clearland.intake.dates import to_partial_date
from clearland.intake.folding import cell_text
from clearland.intake.imsma.database import Identities, take_identities
from clearland.intake.imsma.dump import Row, Rows
from clearland.intake.imsma.model import Extract, Item, Sort, Unresolved, Version
from clearland.intake.imsma.rules import Rules
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Cell, Table

ID, LINKS, WKT = "imsma_id", "imsma_links", "clearland_wkt"
_NAMES: tuple[tuple[str, Sort], ...] = (
    ("victim", "victim"), ("casualt", "victim"), ("accident", "accident"), ("hazreduc", "hazreduc"), ("reduction", "hazreduc"),
    ("activit", "hazreduc"), ("clearance", "hazreduc"), ("release", "hazreduc"), ("survey", "hazreduc"), ("hazard", "hazard"),
)  # fmt: skip
_DAYS = ("date_of_information", "dateofinformation", "report_date", "reportdate", "date_of_report", "created_date")


def read_core(path: Path, rules: Rules) -> tuple[Rows, Identities]:
    """Every layer of an export as rows, without what tells who a person is. `path` is a file, a geodatabase or a folder.

    Raises RefusedInput E-MOVE-CORE where there is nothing with an `imsma_id`, and whatever the readers refuse.
    """
    is_folder = path.is_dir() and not any(path.glob("*.gdbtable"))
    files = sorted(path.glob("*.csv")) if is_folder else [path]
    tables = [table for file in files for table in read_tables(file)]
    kept: dict[str, list[Row]] = {}
    identities: dict[str, dict[str, str]] = {}
    withheld: set[str] = set()
    for table in tables:
        name = table.sheet or Path(table.file).stem
        if ID in {column.casefold() for column in table.columns}:
            kept[name] = [_row(table, index) for index in range(len(table))]
            if sort_of(name) == "victim":
                withheld |= {*take_identities(name, ID, kept[name], rules, identities)}
    if not kept:
        raise RefusedInput(
            "E-MOVE-CORE", "Nothing here has a column imsma_id, so it is no export of IMSMA Core.", place=Place(file=path.name),
            remedy="Export the layers with all their fields, as a file geodatabase or as CSV files in one folder.",
        )
    return Rows(origin="imsma-core", tables=kept, withheld=tuple(sorted(withheld))), identities


def _row(table: Table, index: int) -> Row:
    row: Row = {}
    for column in table.columns:
        text = _text(table.cells[column][index])
        if text:
            row[column.casefold()] = text
    if table.geometries is not None and table.geometries[index] is not None:
        row[WKT] = shapely.to_wkt(table.geometries[index], rounding_precision=-1)
    return row


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell_text(cell)


def sort_of(layer: str) -> Sort | None:
    """What the features of a layer are, by the layer's name."""
    folded = layer.casefold()
    return next((sort for word, sort in _NAMES if word in folded), None)


def items_of(rows: Rows, identities: Identities) -> Extract:
    """Items with one version each: an export holds today's state only."""
    items: list[Item] = []
    wanted: list[tuple[str, str]] = []
    not_moved: dict[str, int] = {}
    for layer, content in sorted(rows.tables.items()):
        sort = sort_of(layer)
        if sort is None:
            not_moved[layer] = len(content)
            continue
        for number, row in enumerate(content, 1):
            guid = row.get(ID) or f"{layer}:{number}"
            items.append(_item(sort, layer, guid, number, row, identities))
            wanted += [(guid, other.strip()) for other in (row.get(LINKS) or "").split(",") if other.strip()]
    known = {item.guid for item in items}
    links = sorted({(min(pair), max(pair)) for pair in wanted if pair[1] in known})
    lost = sorted({pair for pair in wanted if pair[1] not in known})
    return Extract(
        origin="imsma-core", items=items, links=links, not_moved=not_moved, withheld=rows.withheld,
        unresolved=[Unresolved(item=ours, other=theirs, why="no_such_item") for ours, theirs in lost],
    )  # fmt: skip


def _item(sort: Sort, layer: str, guid: str, number: int, row: Row, identities: Identities) -> Item:
    cells: dict[str, Cell] = {column: cell for column, cell in row.items() if column not in (ID, LINKS, WKT)}
    geometry = None
    if wkt := row.get(WKT) or row.get("wkt") or row.get("geometry"):
        geometry = shapely.from_wkt(wkt, on_invalid="ignore")
        cells = {column: cell for column, cell in cells.items() if column not in ("wkt", "geometry")}
    elif row.get("longitude") and row.get("latitude"):
        geometry = shapely.Point(float(row["longitude"] or 0), float(row["latitude"] or 0))
    local_id = row.get("local_id") or row.get("localid") or row.get(f"{sort}_localid") or guid
    version = Version(
        report="", reported_on=_first_day(row, _DAYS), state="approved", cells=cells, geometry=geometry,
        identity=dict(identities.get(guid, {})),
    )
    return Item(sort=sort, table=layer, guid=guid, local_id=local_id, row=number, versions=(version,))


def _first_day(row: Row, columns: Sequence[str]) -> date | None:
    for column in columns:
        if text := row.get(column):
            try:
                return to_partial_date(text[:10], (), None).last
            except ValueError:
                continue
    return None
