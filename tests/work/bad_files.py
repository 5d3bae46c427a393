"""Files as they should not be: cut off, hostile, in the wrong encoding. Each function makes one in a folder."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from tests.work.conftest import EXAMPLES

SQUARE = shapely.box(-128.01, -38.01, -128.0, -38.0)
BOW_TIE = shapely.Polygon([(-128.0, -38.0), (-127.99, -37.99), (-127.99, -38.0), (-128.0, -37.99)])
BOMB_BYTES = 300 * 1024 * 1024
LONG_BYTES = 200 * 1024 * 1024


def cut_workbook(folder: Path) -> Path:
    """The first half of a real workbook."""
    path = folder / "cut.xlsx"
    whole = (EXAMPLES / "data" / "colombia-land-release-2015-edition.xlsx").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def hazard_layer(folder: Path, name: str, shapes: Sequence[shapely.Polygon | None]) -> Path:
    """A GeoPackage of hazards, one for each shape, which may be null."""
    path = folder / name
    attributes = [
        np.array(column, dtype=object)
        for column in zip(*((f"H-{number}", "SHA", "AP", "2024-05-01") for number in range(len(shapes))), strict=True)
    ]
    pyogrio.raw.write(
        path, np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object), attributes,
        np.array(["local_id", "area_type", "contamination", "identified_on"]), layer="areas", geometry_type="Polygon",
        crs="EPSG:4326", driver="GPKG",
    )
    return path


def places(folder: Path, encoding: str, names: Sequence[str]) -> Path:
    """A CSV of places in an old encoding."""
    path = folder / f"{encoding}.csv"
    lines = ["local_id;code;name;place_type", *(f"{number};P-{number};{name};settlement" for number, name in enumerate(names))]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def pdf_without_text(folder: Path) -> Path:
    """One empty page."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    )
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"xref\n0 4\n0000000000 65535 f \n%strailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(data))
    path = folder / "pictures.pdf"
    path.write_bytes(data)
    return path


def long_file(folder: Path, name: str) -> Path:
    """A sparse file of 200 MB: it costs no disk."""
    path = folder / name
    with path.open("wb") as stream:
        stream.truncate(LONG_BYTES)
    return path


def bomb(folder: Path, name: str, member: str) -> Path:
    """A small archive that unpacks to 300 MB."""
    path = folder / name
    block = bytes(1024 * 1024)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(member, "w") as stream:
        for _ in range(BOMB_BYTES // len(block)):
            stream.write(block)
    return path


PAGE = """<!doctype html><html><head><title>Year in review</title><script>var hidden = "words of the head script"</script>
<style>p:after { content: "words of the style" }</style></head><body onload="loaded('words of a handler')">
<h1>Year in review</h1><p onclick="pressed()">The Office cleared 3.5 km² in 2022.</p>
<script>document.write("words of the body script")</script><noscript><iframe src="https://example.invalid/"></iframe></noscript>
<img src="x" onerror="broken('words of an image')"><template><p>words of a template</p></template></body></html>"""


def page_with_scripts(folder: Path) -> Path:
    """An HTML page whose scripts, style and handlers hold words that no reader sees."""
    path = folder / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path
