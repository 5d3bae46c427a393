"""GeoParquet, and plain Parquet as a table without geometry."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from clearland.core.errors import Place, RefusedInput
from clearland.intake.crs import WGS84, to_wgs84
from clearland.intake.readers.vector import geometries_from_wkb, plain_column
from clearland.intake.tables import Table, name_columns


def read_parquet(path: Path) -> list[Table]:
    """One table, geometry in EPSG:4326. Raises RefusedInput E-PARQUET-DAMAGED."""
    try:
        content = pq.read_table(path)
        geo = json.loads((content.schema.metadata or {}).get(b"geo", b"{}"))
        primary = str(geo["primary_column"]) if geo else None
        about = geo["columns"][primary] if geo else {}
        crs = CRS.from_user_input(about["crs"]).to_wkt() if about.get("crs") else WGS84
        wkb = content.column(primary).to_pylist() if primary else []
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, CRSError) as error:
        raise RefusedInput(
            "E-PARQUET-DAMAGED",
            f"The Parquet file is damaged or was cut off ({str(error)[:200]}).",
            place=Place(file=path.name),
            remedy="Export it again; geometry is read as GeoParquet with WKB.",
        ) from error
    place = Place(file=path.name)
    names = [name for name in content.column_names if name != primary]
    columns, findings = name_columns(names, place)
    cells = {column: plain_column(content.column(name)) for column, name in zip(columns, names, strict=True)}
    table = Table(
        file=path.name, sheet=None, format="GeoParquet" if primary else "Parquet", columns=tuple(columns), cells=cells,
        numbers=range(1, content.num_rows + 1), findings=tuple(findings),
    )  # fmt: skip
    if primary is None:
        return [table]
    geometries, unreadable = geometries_from_wkb(wkb, table)
    moved, said = to_wgs84(geometries, crs, place)
    return [
        Table(
            file=table.file, sheet=None, format=table.format, columns=table.columns, cells=table.cells, numbers=table.numbers,
            geometries=moved, crs=WGS84, findings=(*table.findings, *unreadable, *said),
        )
    ]  # fmt: skip
