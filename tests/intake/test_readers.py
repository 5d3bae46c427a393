"""Every format to a table, chosen by content; what cannot be read is refused with a code, a place and a remedy."""

import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from clearland.core.errors import RefusedInput
from clearland.intake.limits import Limits
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Hints
from tests.intake import files


def refusal(path: Path, hints: Hints | None = None, limits: Limits | None = None) -> RefusedInput:
    with pytest.raises(RefusedInput) as caught:
        read_tables(path, hints, limits or Limits())
    assert caught.value.code
    assert caught.value.place.file == path.name
    assert caught.value.remedy
    return caught.value


def test_csv_with_a_byte_order_mark_and_semicolons(tmp_path: Path):
    (table,) = read_tables(files.csv_file(tmp_path, "\ufeffname;area\nŞuşa;1 200,5\n\nAğdam;7\n"))
    assert table.columns == ("name", "area")
    assert list(table.cells["name"]) == ["Şuşa", "Ağdam"]
    assert list(table.numbers) == [2, 4]


@pytest.mark.parametrize(
    ("encoding", "named", "text"),
    [
        ("cp1251", "Windows-1251", "район;площадь\nШушинский;1200\nАгдамский район;500\nФизулинский;40\n"),
        ("cp1254", "Windows-1254", "il;köy\nŞırnak;Güçlükonak ilçesi\nIğdır;Karakoyunlu çiftliği\nAğrı;Doğubayazıt\n"),
        ("cp1252", "Windows-1252", "departamento,municipio\nNARIÑO,SAMANIEGO\nCALDAS,SAMANÁ\nBOYACÁ,José\n"),
    ],
)
def test_code_pages_are_read_and_said(tmp_path: Path, encoding: str, named: str, text: str):
    (table,) = read_tables(files.csv_file(tmp_path, text, encoding))
    lines = [line.replace(";", ",").split(",") for line in text.splitlines()]
    assert list(table.columns) == lines[0]
    assert list(table.cells[lines[0][0]]) == [line[0] for line in lines[1:]]
    (finding,) = table.findings
    assert (finding.code, finding.values["encoding"]) == ("W-TEXT-ENCODING", named)


def test_a_named_encoding_wins_and_a_wrong_one_is_refused(tmp_path: Path):
    path = files.csv_file(tmp_path, "ad;kod\nŞuşa;1\n", "cp1254")
    (table,) = read_tables(path, Hints(encoding="windows-1254"))
    assert table.cells["ad"][0] == "Şuşa"
    assert refusal(path, Hints(encoding="utf-8")).code == "E-TEXT-ENCODING"
    assert refusal(path, Hints(encoding="no-such-code")).code == "E-TEXT-ENCODING"


def test_a_column_called_pk_is_no_zip(tmp_path: Path):
    (table,) = read_tables(files.csv_file(tmp_path, "PK,name\n1,a\n"))
    assert table.columns == ("PK", "name")


def test_utf16_text(tmp_path: Path):
    (table,) = read_tables(files.csv_file(tmp_path, "ad\tkod\nŞuşa\t1\n", "utf-16"))
    assert table.cells["ad"][0] == "Şuşa"


def test_quoted_delimiters_and_repeated_names(tmp_path: Path):
    (table,) = read_tables(files.csv_file(tmp_path, 'name,name,\n"a, b",c,d\n'))
    assert table.columns == ("name", "name (2)", "column C")
    assert table.cells["name"][0] == "a, b"
    assert "W-TABLE-COLUMN-TWICE" in {finding.code for finding in table.findings}


def test_workbook_keeps_numbers_dates_and_row_numbers(tmp_path: Path):
    grid: list[list[object]] = [
        [None],
        ["id", "when", "area"],
        ["A", date(2014, 3, 31), 12.5],
        [None],
        ["B", None, 7.0],
    ]
    (table,) = read_tables(files.workbook(tmp_path, grid))
    assert (table.sheet, list(table.numbers)) == ("Sheet A", [3, 5])
    when = table.cells["when"][0]
    assert isinstance(when, date)
    assert (when.year, when.month, when.day) == (2014, 3, 31)
    assert not isinstance(when, datetime) or when.hour == 0
    assert list(table.cells["area"]) == [12.5, 7]


def test_open_document_sheet(tmp_path: Path):
    (table,) = read_tables(files.ods(tmp_path))
    assert (table.format, table.cells["name"][0]) == ("ODS", "Şuşa")


def test_open_document_sheet_that_breaks_off_is_refused_at_once(tmp_path: Path):
    with zipfile.ZipFile(files.ods(tmp_path)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    for content in (members["content.xml"][:-200], b"<!DOCTYPE a><a/>", b'<?xml version="1.0" encoding="UT_-8"?><a/>'):
        path = files.zipped(tmp_path / "cut.ods", {**members, "content.xml": content})
        assert refusal(path).code == "E-WORKBOOK-DAMAGED"


def test_merged_header_is_refused_and_the_mapping_can_name_the_row(tmp_path: Path):
    path = files.workbook(tmp_path, [[None, None], ["id", "area"], ["A", 1]], merge="A1:B1")
    error = refusal(path)
    assert (error.code, error.place.sheet, error.place.row) == ("E-SHEET-MERGED-HEADER", "Sheet A", 1)
    (table,) = read_tables(path, Hints(header_row=2))
    assert table.columns == ("id", "area")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_truncated_workbook_is_refused(tmp_path: Path, share: float):
    whole = files.workbook(tmp_path, [["id"], *[[f"A-{n}"] for n in range(500)]]).read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert refusal(cut).code in ("E-ZIP-DAMAGED", "E-WORKBOOK-DAMAGED")


def test_a_grid_that_would_fill_the_memory_is_refused(tmp_path: Path):
    path = files.workbook(tmp_path, [["id"]])
    huge = tmp_path / "huge.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(huge, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename.startswith("xl/worksheets/"):
                corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                data = data.replace(b"</sheetData>", corner + b"</sheetData>")
            new.writestr(member.filename, data)
    assert refusal(huge).code == "E-SHEET-TOO-LARGE"


def test_binary_workbooks_and_empty_archives_are_refused(tmp_path: Path):
    assert refusal(files.zipped(tmp_path / "a.xlsb", {"xl/workbook.bin": b"x"})).code == "E-FILE-KIND"
    assert refusal(files.zipped(tmp_path / "a.zip", {"note.txt": b"x"})).code == "E-ZIP-CONTENT"


def test_a_header_row_that_is_not_there_is_refused(tmp_path: Path):
    path = files.workbook(tmp_path, [[None], [None], ["id", "n"], ["A", 1]])
    for row in (1, 9):
        error = refusal(path, Hints(header_row=row))
        assert (error.code, error.place.row) == ("E-TABLE-HEADER", row)
    assert refusal(files.csv_file(tmp_path, "a,b\n1,2\n"), Hints(header_row=5)).code == "E-TABLE-HEADER"


def test_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path):
    path = files.zipped(tmp_path / "bomb.zip", {"areas.shp": b"\0" * 40_000_000})
    started = time.monotonic()
    assert refusal(path).code == "E-ZIP-BOMB"
    assert time.monotonic() - started < 2


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path):
    assert refusal(files.lying_zip(tmp_path / "lie.zip", "a.csv", 3_000_000)).code == "E-ZIP-DAMAGED"


def test_too_many_members_and_names_that_leave_the_folder(tmp_path: Path):
    many = files.zipped(tmp_path / "many.zip", {f"{n}.csv": b"a" for n in range(30)})
    assert refusal(many, limits=Limits(members=20)).code == "E-ZIP-BOMB"
    assert refusal(files.zipped(tmp_path / "up.zip", {"../x.csv": b"a"})).code == "E-ZIP-NAME"


def test_encrypted_zip_is_refused(tmp_path: Path):
    data = bytearray(files.zipped(tmp_path / "a.zip", {"a.csv": b"id\n1\n"}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(bytes(data))
    assert refusal(path).code == "E-ZIP-ENCRYPTED"


def test_two_hundred_megabytes_of_text_are_refused_at_once(tmp_path: Path):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.write(b"id,name\n")
        stream.truncate(200 * 1024 * 1024)
    started = time.monotonic()
    assert refusal(path).code == "E-FILE-TOO-LARGE"
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.csv", b"", "E-FILE-EMPTY"),
        ("blank.csv", b" \n \n", "E-TABLE-EMPTY"),
        ("binary.csv", b"\x01\x00\x02\x00" * 50, "E-TEXT-BINARY"),
        ("page.html", b"<html><script>x</script></html>", "E-FILE-KIND"),
        ("virtual.kml", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "E-FILE-KIND"),
        ("entities.kml", b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "E-XML-ENTITIES"),
        ("cut.geojson", b'{"type": "FeatureCollection", "features": [', "E-JSON-DAMAGED"),
        ("deep.json", b"[" * 100_000, "E-JSON-DAMAGED"),
        ("number.json", b'[{"a": NaN}]', "E-JSON-DAMAGED"),
        ("object.json", b'{"a": 1}', "E-JSON-SHAPE"),
        ("cut.gpkg", b"SQLite format 3\x00" + b"\0" * 200, "E-LAYER-DAMAGED"),
        ("cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "E-WORKBOOK-DAMAGED"),
        ("alone.shp", b"\x00\x00\x27\x0a" + b"\0" * 96, "E-SHAPEFILE-PARTS"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, data: bytes, code: str):
    path = tmp_path / name
    path.write_bytes(data)
    assert refusal(path).code == code


def test_missing_file_is_refused(tmp_path: Path):
    assert refusal(tmp_path / "nothing.csv").code == "E-FILE-NONE"


def test_geojson_with_null_and_degenerate_geometries(tmp_path: Path):
    text = """{"type": "FeatureCollection", "name": "areas", "features": [
      {"type": "Feature", "id": 7, "properties": {"name": "a"},
       "geometry": {"type": "Point", "coordinates": [46.9, 39.8, 5]}},
      {"type": "Feature", "properties": {"name": "b"}, "geometry": null},
      {"type": "Feature", "properties": null, "geometry": {"type": "Polygon", "coordinates": [[[1, 1], [2, 2]]]}}]}"""
    (table,) = read_tables(files.csv_file(tmp_path, text, name="a.geojson"))
    assert (table.sheet, table.crs, len(table)) == ("areas", "EPSG:4326", 3)
    assert table.geometries is not None
    assert shapely.get_coordinates(table.geometries).tolist() == [[46.9, 39.8]]
    assert table.cells["id"][0] == 7
    assert [(finding.code, finding.place.row) for finding in table.findings] == [("E-GEOM-UNREADABLE", 3)]


def test_geojson_of_before_the_standard_names_its_system(tmp_path: Path):
    text = """{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:32638"}}, "features": [
      {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [660000, 4400000]}}]}"""
    (table,) = read_tables(files.csv_file(tmp_path, text, name="a.geojson"))
    assert table.geometries is not None
    assert table.geometries[0].x == pytest.approx(46.866, abs=0.01)
    assert "I-CRS-TRANSFORMED" in {finding.code for finding in table.findings}


def test_features_one_per_line(tmp_path: Path):
    line = '{"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [46.9, 39.8]}}\n'
    (table,) = read_tables(files.csv_file(tmp_path, line * 3, name="a.geojsonl"))
    assert len(table) == 3


def test_geopackage_with_null_and_invalid_geometries(tmp_path: Path):
    path = files.layer(tmp_path / "a.gpkg", [files.SQUARE, None, files.BOW_TIE], driver="GPKG", layer_name="areas")
    (table,) = read_tables(path)
    assert (table.sheet, table.columns, len(table)) == ("areas", ("name",), 3)
    assert table.geometries is not None
    assert table.geometries[1] is None


def test_layer_in_another_datum_says_it(tmp_path: Path):
    corner = np.array([8_660_000.0, 4_408_000.0])
    moved = shapely.transform(files.SQUARE, lambda xy: corner + (xy - xy[0]) * 1e5)
    path = files.layer(tmp_path / "a.gpkg", [moved], driver="GPKG", crs="EPSG:28408", layer_name="areas")
    (table,) = read_tables(path)
    (finding,) = table.findings
    assert "Pulkovo 1942" in finding.sentence
    assert finding.values["datum"]
    assert table.geometries is not None
    assert 40 < table.geometries[0].centroid.x < 55


def test_zipped_shapefile(tmp_path: Path):
    (table,) = read_tables(files.shapefile_zip(tmp_path, names=["Şuşa"], encoding="UTF-8"))
    assert table.cells["name"][0] == "Şuşa"
    assert table.crs == "EPSG:4326"


def test_shapefile_without_cpg_is_read_in_its_code_page(tmp_path: Path):
    made = files.shapefile_zip(tmp_path, names=["Шушинский район, Агдамский район"], encoding="cp1251")
    with zipfile.ZipFile(made) as old:
        members = {name: old.read(name) for name in old.namelist() if not name.endswith(".cpg")}
    (table,) = read_tables(files.zipped(tmp_path / "bare.zip", members))
    assert table.cells["name"][0] == "Шушинский район, Агдамский район"


def test_shapefile_without_its_parts_or_its_system(tmp_path: Path):
    made = files.shapefile_zip(tmp_path)
    with zipfile.ZipFile(made) as old:
        members = {name: old.read(name) for name in old.namelist()}
    partial = {name: data for name, data in members.items() if not name.endswith(".dbf")}
    assert refusal(files.zipped(tmp_path / "partial.zip", partial)).code == "E-SHAPEFILE-PARTS"
    bare = {name: data for name, data in members.items() if not name.endswith(".prj")}
    (table,) = read_tables(files.zipped(tmp_path / "bare.zip", bare))
    assert table.crs is None
    false = {**members, "areas.shp": b"<OGRVRTDataSource/>"}
    assert refusal(files.zipped(tmp_path / "false.zip", false)).code == "E-LAYER-DAMAGED"


def test_file_geodatabase_as_folder_and_zipped(tmp_path: Path):
    folder = files.layer(tmp_path / "a.gdb", [files.SQUARE], driver="OpenFileGDB", geometry_type="MultiPolygon")
    (table,) = read_tables(folder)
    (packed,) = read_tables(files.zipped(tmp_path / "a.gdb.zip", folder))
    assert table.cells["name"] == packed.cells["name"] == ["H-1"]


def test_kml_kmz_and_gpx(tmp_path: Path):
    (kml,) = read_tables(files.csv_file(tmp_path, files.KML, name="a.kml"))
    (kmz,) = read_tables(files.zipped(tmp_path / "a.kmz", {"doc.kml": files.KML.encode()}))
    for table in (kml, kmz):
        assert table.geometries is not None
        assert shapely.get_coordinates(table.geometries).tolist() == [[46.9, 39.8]]
    tables = read_tables(files.csv_file(tmp_path, files.GPX, name="a.gpx"))
    assert [table.sheet for table in tables] == ["waypoints", "tracks"]
    assert tables[0].cells["name"] == ["W-1"]


def test_wrong_sheet_or_layer_names_those_that_exist(tmp_path: Path):
    error = refusal(files.workbook(tmp_path, [["id"], ["A"]]), Hints(sheets=("Sheet B",)))
    assert (error.code, "Sheet A" in error.remedy) == ("E-SHEET-NONE", True)
    gpkg = files.layer(tmp_path / "a.gpkg", [files.SQUARE], driver="GPKG", layer_name="areas")
    error = refusal(gpkg, Hints(sheets=("other",)))
    assert (error.code, "areas" in error.remedy) == ("E-LAYER-NONE", True)


@pytest.mark.parametrize(
    "row",
    [
        b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384">'
        b"<text:p>a</text:p></table:table-cell></table:table-row>",
        b"<table:table-row>"
        + b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>' * 2000
        + b"</table:table-row>",
    ],
)
def test_cells_that_repeat_without_end_are_refused(tmp_path: Path, row: bytes):
    with zipfile.ZipFile(files.ods(tmp_path)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    content = members["content.xml"].replace(b"<table:table-row>", row + b"<table:table-row>", 1)
    path = files.zipped(tmp_path / "repeat.ods", {**members, "content.xml": content})
    started = time.monotonic()
    assert refusal(path).code == "E-SHEET-TOO-LARGE"
    assert time.monotonic() - started < 2


def test_blank_rows_that_repeat_are_no_harm(tmp_path: Path):
    with zipfile.ZipFile(files.ods(tmp_path)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    blank = (
        b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        b'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    content = members["content.xml"].replace(b"</table:table>", blank, 1)
    (table,) = read_tables(files.zipped(tmp_path / "blank.ods", {**members, "content.xml": content}))
    assert len(table) == 1
