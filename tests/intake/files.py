"""Small files in every format, made by the libraries that users' programmes are made of."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry

SQUARE = shapely.box(46.9, 39.8, 46.91, 39.81)
BOW_TIE = shapely.Polygon([(46.9, 39.8), (46.91, 39.81), (46.91, 39.8), (46.9, 39.81), (46.9, 39.8)])


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path, grid: Sequence[Sequence[object]], *, merge: str | None = None) -> Path:
    path = folder / "table.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Sheet A")
        for line, row in enumerate(grid):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(line, column, cell)
        if merge:
            sheet.merge_range(merge, "merged")
    return path


def layer(
    path: Path,
    geometries: Sequence[BaseGeometry | None],
    *,
    driver: str,
    crs: str | None = "EPSG:4326",
    geometry_type: str = "Polygon",
    layer_name: str | None = None,
    names: Sequence[str] | None = None,
    encoding: str | None = None,
) -> Path:
    called = names if names is not None else [f"H-{number}" for number in range(1, len(geometries) + 1)]
    values = np.array(called, dtype=object)
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(geometries, dtype=object)),
        [values],
        ["name"],
        driver=driver,
        crs=crs,
        geometry_type=geometry_type,
        layer=layer_name,
        encoding=encoding,
    )
    return path


def zipped(target: Path, members: dict[str, bytes] | Path) -> Path:
    """A zip of named bytes, of the files with the same stem (a Shapefile), or of a folder (`.gdb`)."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        if isinstance(members, dict):
            for name, data in members.items():
                archive.writestr(name, data)
        elif members.is_dir():
            for part in sorted(members.iterdir()):
                archive.write(part, f"{members.name}/{part.name}")
        else:
            for part in sorted(members.parent.glob(f"{members.stem}.*")):
                if part != target:
                    archive.write(part, part.name)
    return target


def shapefile_zip(folder: Path, **options: object) -> Path:
    made = folder / "shape"
    made.mkdir()
    layer(made / "areas.shp", [SQUARE], driver="ESRI Shapefile", **options)  # type: ignore[arg-type]
    return zipped(folder / "areas.zip", made / "areas.shp")


_ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def ods(folder: Path) -> Path:
    """A minimal OpenDocument sheet."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Blatt">'
        + "".join(
            "<table:table-row>" + "".join(_ODS_CELL.format(cell) for cell in row) + "</table:table-row>"
            for row in (("name", "code"), ("Şuşa", "S1"))
        )
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / "table.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
    "<name>areas</name><Placemark><name>P-1</name><Point><coordinates>46.9,39.8,0</coordinates></Point></Placemark>"
    "</Folder></Document></kml>"
)
GPX = (
    '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">'
    '<wpt lat="39.8" lon="46.9"><name>W-1</name></wpt><trk><name>T-1</name><trkseg><trkpt lat="39.8" lon="46.9"/>'
    '<trkpt lat="39.81" lon="46.91"/></trkseg></trk></gpx>'
)


def lying_zip(target: Path, member: str, size: int) -> Path:
    """A zip whose directory says that a member unpacks to one byte."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, b"\0" * size)
    data = bytearray(buffer.getvalue())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (1).to_bytes(4, "little")
    target.write_bytes(bytes(data))
    return target
