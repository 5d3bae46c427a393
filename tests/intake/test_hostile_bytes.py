"""Truncated and mutated bytes of every format raise ClearlandError or give a table: no traceback, no crash."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.intake.limits import Limits
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.tables import Table
from tests.intake import files

GEOJSON = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": [1, {"b": 2}]},
"geometry": {"type": "Polygon", "coordinates": [[[46.9, 39.8], [46.91, 39.8], [46.91, 39.81], [46.9, 39.8]]]}}]}"""
SMALL = Limits(unpacked_bytes=20_000_000, sheet_cells=2_000_000)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    geodatabase = files.layer(folder / "a.gdb", [files.SQUARE], driver="OpenFileGDB", geometry_type="MultiPolygon")
    made = {
        "a.csv": files.csv_file(folder, 'id;name\n1;"Şuşa"\n2;b\n', "cp1254"),
        "a.xlsx": files.workbook(folder, [["id", "when"], ["A", 1.5], ["B", 2]]),
        "a.ods": files.ods(folder),
        "a.geojson": files.csv_file(folder, GEOJSON, name="a.geojson"),
        "a.gpkg": files.layer(folder / "a.gpkg", [files.SQUARE, None], driver="GPKG", layer_name="a"),
        "shp.zip": files.shapefile_zip(folder),
        "gdb.zip": files.zipped(folder / "gdb.zip", geodatabase),
        "a.kml": files.csv_file(folder, files.KML, name="a.kml"),
        "a.kmz": files.zipped(folder / "a.kmz", {"doc.kml": files.KML.encode()}),
        "a.gpx": files.csv_file(folder, files.GPX, name="a.gpx"),
    }
    return {name: path.read_bytes() for name, path in made.items()}


NAMES = ["a.csv", "a.xlsx", "a.ods", "a.geojson", "a.gpkg", "shp.zip", "gdb.zip", "a.kml", "a.kmz", "a.gpx"]


def outcome(path: Path) -> tuple[ClearlandError | None, list[Table]]:
    try:
        return None, read_tables(path, None, SMALL)
    except ClearlandError as error:
        return error, []


def survives(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.write_bytes(data)
    refused, tables = outcome(path)
    if refused is not None:
        assert refused.code
        assert refused.place.file == name
        assert refused.remedy
    for table in tables:
        assert all(len(table.cells[column]) == len(table) for column in table.columns)
        assert table.geometries is None or len(table.geometries) == len(table)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_truncated_bytes(tmp_path: Path, whole: dict[str, bytes], name: str, share: float):
    data = whole[name]
    survives(tmp_path, name, data[: int(len(data) * share)])


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12))
def test_mutated_bytes(tmp_path: Path, whole: dict[str, bytes], name: str, changes: list[tuple[float, int]]):
    data = bytearray(whole[name])
    for share, value in changes:
        data[int(share * len(data))] = value
    survives(tmp_path, name, bytes(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), head=st.sampled_from([b"", b"PK\x03\x04", b"{", b"<kml", b"SQLite format 3\x00"]))
def test_any_bytes(tmp_path: Path, data: bytes, head: bytes):
    survives(tmp_path, "any.bin", head + data)
