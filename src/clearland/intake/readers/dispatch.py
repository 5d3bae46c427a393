"""Which reader takes a file: decided by its bytes, after its size; a name can be wrong, or meant to mislead."""

import re
import zipfile
from pathlib import Path

from clearland.core.errors import Place, RefusedInput
from clearland.intake.limits import DEFAULT_LIMITS, Limits
from clearland.intake.readers import archive, delimited, json_files, parquet, photos, vector, workbook
from clearland.intake.tables import Hints, Table

_SQLITE = b"SQLite format 3\x00"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # a CSV may begin with a column called PK
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"
_SHAPEFILE = b"\x00\x00\x27\x0a"
_XML_ROOT = re.compile(rb"<\s*(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XML_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD_BYTES = 4096


def read_tables(path: Path, hints: Hints | None = None, limits: Limits = DEFAULT_LIMITS) -> list[Table]:
    """Every table or layer of a file (or of a `.gdb` folder).

    Raises RefusedInput with a code, the place and a remedy for anything that is too large, damaged, protected or of a
    kind that is not read; never another exception.
    """
    hints = hints or Hints()
    if path.is_dir():
        return _read_folder(path, hints, limits)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise RefusedInput(
            "E-FILE-NONE",
            f"The file cannot be opened ({error.strerror or 'not readable'}).",
            place=Place(file=path.name),
            remedy="Check its name and your right to read it.",
        ) from error
    if not head:
        raise RefusedInput("E-FILE-EMPTY", "The file is empty.", place=Place(file=path.name), remedy="Export it again.")
    if head.startswith(_SQLITE):
        _refuse_larger(path, size, limits.database_bytes)
        return vector.read_layers(str(path), path, hints, format="GeoPackage")
    if head.startswith(_ZIP):
        return _read_zip(path, size, hints, limits)
    if head.startswith(_OLE):
        _refuse_larger(path, size, limits.workbook_bytes)
        return workbook.read_workbook(path, hints, limits, format="XLS")
    if head.startswith(photos.JPEG):
        return [photos.read_photo(path)]
    if head.startswith(_PARQUET):
        _refuse_larger(path, size, limits.database_bytes)
        return parquet.read_parquet(path)
    _refuse_larger(path, size, limits.text_bytes)
    if head.startswith(_SHAPEFILE):
        raise RefusedInput(
            "E-SHAPEFILE-PARTS",
            "A Shapefile is several files; only its .shp was given.",
            place=Place(file=path.name),
            remedy="Put the .shp, .shx, .dbf, .prj and .cpg into one zip and add that.",
        )
    return _read_text(path, head, hints, limits)


def _read_text(path: Path, head: bytes, hints: Hints, limits: Limits) -> list[Table]:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
    if start[:1] in (b"{", b"["):
        return json_files.read_json(path, hints, limits)
    if start[:1] == b"<":
        return _read_xml(path, path.read_bytes(), hints)
    return delimited.read_delimited(path, hints, limits)


def _read_xml(path: Path, data: bytes, hints: Hints) -> list[Table]:
    root = check_xml(path, data)
    return vector.read_layers(str(path), path, hints, format=root.upper())


def check_xml(path: Path, data: bytes) -> str:
    """`kml` or `gpx`: the root of XML without entities. Raises RefusedInput E-XML-ENTITIES or E-FILE-KIND."""
    if _XML_ENTITIES.search(data):
        raise RefusedInput(
            "E-XML-ENTITIES",
            "The XML declares entities or a document type, which can hide other content.",
            place=Place(file=path.name),
            remedy="Export it again from the GIS or device it came from.",
        )
    root = _XML_ROOT.search(data)
    name = root.group(1).decode("ascii", "replace").lower() if root else ""
    if name not in ("kml", "gpx"):
        raise RefusedInput(
            "E-FILE-KIND",
            f"This is XML of a kind that is not read as a table ({name or 'no element'}).",
            place=Place(file=path.name),
            remedy="Add KML, GPX or one of the table formats; documents are added without a mapping.",
        )
    return name


def _read_zip(path: Path, size: int, hints: Hints, limits: Limits) -> list[Table]:
    _refuse_larger(path, size, limits.workbook_bytes)
    guard = workbook.GridGuard(path, limits)
    names = archive.measure_zip(path, limits, guard.look)
    guard.finish()
    lower = [name.lower() for name in names]
    if "xl/workbook.bin" in lower:
        raise RefusedInput(
            "E-FILE-KIND",
            "Binary Excel workbooks (XLSB) are not read.",
            place=Place(file=path.name),
            remedy="Save it as XLSX and add that.",
        )
    if "xl/workbook.xml" in lower:
        return workbook.read_workbook(path, hints, limits, format="XLSX")
    if "content.xml" in lower and "mimetype" in lower:
        return workbook.read_workbook(path, hints, limits, format="ODS")
    databases = sorted({name[: name.lower().index(".gdb/") + 4] for name in names if ".gdb/" in name.lower()})
    if databases:
        return [table for name in databases for table in _inside(path, name, hints, "file geodatabase")]
    shapes = sorted(name for name in names if name.lower().endswith(".shp") and not name.startswith("__MACOSX/"))
    if shapes:
        return [table for name in shapes for table in _shapefile(path, name, names, hints)]
    documents = sorted(name for name in names if name.lower().endswith(".kml"))
    if documents:
        return [table for name in documents for table in _kml(path, name, hints)]
    pictures = [name for name in names if name.lower().endswith(photos.SUFFIXES) and not name.startswith("__MACOSX/")]
    if pictures:
        return [photos.read_photos(path, pictures)]
    raise RefusedInput(
        "E-ZIP-CONTENT",
        f"The archive holds no workbook, Shapefile, geodatabase, KML or photograph ({', '.join(names[:5]) or 'nothing'}).",
        place=Place(file=path.name),
        remedy="Unpack it and add the tables one by one.",
    )


def _inside(path: Path, member: str, hints: Hints, format_name: str, encoding: str | None = None) -> list[Table]:
    # Braces let GDAL find the end of the archive's name, whatever it is called.
    target = f"/vsizip/{{{path.resolve()}}}/{member}"
    return vector.read_layers(target, path, hints, format=format_name, encoding=encoding)


def _shapefile(path: Path, member: str, names: list[str], hints: Hints) -> list[Table]:
    by_lower = {name.lower(): name for name in names}
    stem = member[:-4].lower()
    with zipfile.ZipFile(path) as packed:
        if not packed.read(member)[:4] == _SHAPEFILE:
            raise vector.damaged_layer(path, "Shapefile", f"{member} is no Shapefile")
        missing = [end for end in (".shx", ".dbf") if stem + end not in by_lower]
        if missing:
            raise RefusedInput(
                "E-SHAPEFILE-PARTS",
                f"The Shapefile {member!r} lacks its {' and '.join(missing)} file.",
                place=Place(file=path.name),
                remedy="Pack .shp, .shx, .dbf, .prj and .cpg together.",
            )
        table_bytes = packed.read(by_lower[f"{stem}.dbf"])
    encoding = hints.encoding or vector.shapefile_encoding(table_bytes, f"{stem}.cpg" in by_lower)
    return _inside(path, member, hints, "Shapefile", encoding)


def _kml(path: Path, member: str, hints: Hints) -> list[Table]:
    with zipfile.ZipFile(path) as packed:
        root = check_xml(path, packed.read(member))
    if root != "kml":
        raise vector.damaged_layer(path, "KML", f"{member} is no KML")
    return _inside(path, member, hints, "KML")


def _read_folder(path: Path, hints: Hints, limits: Limits) -> list[Table]:
    if not any(path.glob("*.gdbtable")):
        raise RefusedInput(
            "E-FILE-KIND",
            "This is a folder, and not a file geodatabase.",
            place=Place(file=path.name),
            remedy="Add the files in it one by one.",
        )
    _refuse_larger(path, sum(part.stat().st_size for part in path.iterdir() if part.is_file()), limits.database_bytes)
    return vector.read_layers(str(path), path, hints, format="file geodatabase")


def _refuse_larger(path: Path, size: int, limit: int) -> None:
    if size > limit:
        raise RefusedInput(
            "E-FILE-TOO-LARGE",
            f"The file is {size:,} bytes; at most {limit:,} are read.",
            place=Place(file=path.name),
            remedy="Split it by year or district, or bring it as a GeoPackage.",
        )
