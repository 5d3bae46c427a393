"""Which writer makes which file, told by the file's name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from clearland.core.errors import ClearlandError
from clearland.exchange.export import Export
from clearland.exchange.writers.documents import write_geojson, write_kml
from clearland.exchange.writers.layers import write_geopackage, write_geoparquet
from clearland.exchange.writers.sheets import write_csv, write_xlsx

Writer = Callable[[Export, Path], None]

WRITERS: Mapping[str, Writer] = {
    "csv": write_csv, "xlsx": write_xlsx, "geojson": write_geojson, "gpkg": write_geopackage, "parquet": write_geoparquet,
    "kml": write_kml,
}  # fmt: skip


def format_of(target: Path) -> str:
    """The format that a file's suffix names. Raises ClearlandError E-EXPORT-FORMAT."""
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in WRITERS:
        raise ClearlandError(
            "E-EXPORT-FORMAT",
            f"No format is called {suffix or 'nothing'!r}.",
            remedy=f"End the name with one of .{', .'.join(WRITERS)}.",
        )
    return suffix
