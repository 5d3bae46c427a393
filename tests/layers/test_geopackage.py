"""The programme file as a GIS sees it: opened by pyogrio as it stands, with nothing exported."""

import json
import sqlite3
import statistics
import time
import warnings
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pyogrio
import pytest
import shapely
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.dictionary import loader
from clearland.dictionary.model import Field, Kind
from clearland.ledger import layer_views, layers
from clearland.ledger.drafts import Draft
from tests.conftest import TestProgramme
from tests.layers.records import NOON, attributes_of, draft, fresh_id, geometries, put

WORDS = loader.builtin()
LAYERS = {kind.name: kind for kind in WORDS.layers()}
LATER = NOON + timedelta(days=1)
SQUARE = shapely.box(47, 40, 47.01, 40.01)
_LABELS = {"en": "Hut", "az": "Koma", "ru": "Хижина"}
OVERLAY = {
    "kinds": [{
        "name": "hut", "labels": _LABELS, "plural_labels": {**_LABELS, "en": "Huts"}, "geometry": "point",
        "layer": True, "definition": "A shelter that a team may use.", "sensitivity": "public", "title_field": "named",
        "fields": [{
            "name": "named", "type": "text", "labels": {"en": "Named", "az": "Adı", "ru": "Имя"}, "source": "[ADD]",
            "definition": "What the team calls it.",
        }],
    }],
}  # fmt: skip
LEDGER_COLUMNS = {"record", "local_id", "state", "sensitivity", "known_at"}


def silent(read: Any, *arguments: Any, **options: Any) -> Any:
    """What a reader returns; fails on any warning. pyogrio swallows warnings that are errors, so they are collected.

    Our connections are closed first: GDAL brings its own SQLite, and two of them on one file in one process undo each
    other's POSIX locks, so that the one which closes takes the write-ahead log from under the other (tried: a commit
    was lost). Another process, such as QGIS, is no danger.
    """
    connections.close_all()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        answer = read(*arguments, **options)
    assert [str(warning.message) for warning in heard] == []
    return answer


def one_of_each() -> list[Draft]:
    return [draft(name, f"{name}-1", geometry=_somewhere(kind)) for name, kind in LAYERS.items()]


def _somewhere(kind: Kind) -> Any:
    return {"none": None, "point": shapely.Point(47, 40)}.get(kind.geometry, SQUARE)


@pytest.fixture
def gpkg(sqlite_programme: TestProgramme) -> str:
    return str(sqlite_programme.folder / "programme.gpkg")


def test_the_kinds_are_listed_and_nothing_else(gpkg: str) -> None:
    assert len(LAYERS) >= 10
    listed = silent(pyogrio.list_layers, gpkg)
    assert sorted(name for name, _ in listed) == sorted(LAYERS)
    assert {name for name, geometry in listed if geometry is None} == {
        name for name, kind in LAYERS.items() if kind.geometry == "none"
    }


def test_each_layer_has_every_open_field_of_its_kind_and_an_index(gpkg: str) -> None:
    put(*one_of_each())
    for name, kind in LAYERS.items():
        information = silent(pyogrio.read_info, gpkg, layer=name, force_feature_count=True)
        expected = {field.name for field in kind.fields if field.sensitivity != "sealed"}
        assert set(information["fields"]) == expected | LEDGER_COLUMNS
        assert information["features"] == 1
        assert information["fid_column"] == "fid"
        assert information["layer_metadata"]["IDENTIFIER"].endswith("RESTRICTED")
        if kind.geometry != "none":
            assert information["capabilities"]["fast_spatial_filter"]
            assert information["crs"] == "EPSG:4326"
            assert tuple(information["total_bounds"]) == _somewhere(kind).bounds


def test_types_are_those_of_the_dictionary(gpkg: str) -> None:
    put(*one_of_each())
    types = {"integer": "OFTInteger64", "decimal": "OFTReal", "boolean": "OFTInteger", "date": "OFTDate",
             "datetime": "OFTDateTime"}
    for name, kind in LAYERS.items():
        information = silent(pyogrio.read_info, gpkg, layer=name)
        found = dict(zip(information["fields"], information["ogr_types"], strict=True))
        for column, field in layer_views.field_columns(kind).items():
            assert found[column] == types.get(field.type, "OFTString"), (name, column)
        assert found["known_at"] == "OFTDateTime"


def test_the_file_says_what_it_is(gpkg: str) -> None:
    connections.close_all()
    with sqlite3.connect(gpkg) as file:
        assert file.execute("PRAGMA application_id").fetchone()[0].to_bytes(4, "big") == b"GPKG"
        assert file.execute("PRAGMA user_version").fetchone() == (10300,)
        assert {row[0] for row in file.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")} >= {-1, 0, 4326}
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        spatial = {name for name, kind in LAYERS.items() if kind.geometry != "none"}
        assert {row[0] for row in file.execute("SELECT table_name FROM gpkg_geometry_columns")} == spatial
        assert set(file.execute("SELECT table_name, column_name, extension_name FROM gpkg_extensions")) == {
            (name, "geom", "gpkg_rtree_index") for name in spatial
        }
    file.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_is_read_back(gpkg: str, data: st.DataObject) -> None:
    kind = LAYERS[data.draw(st.sampled_from(sorted(LAYERS)))]
    attributes = data.draw(attributes_of(WORDS, kind))
    geometry = data.draw(geometries()) if kind.geometry != "none" else None
    record = fresh_id()
    put(draft(kind.name, str(record), attributes, geometry, record=record))
    meta, _, shapes, columns = silent(
        pyogrio.raw.read, gpkg, layer=kind.name, where=f"record = '{record}'", datetime_as_string=True
    )
    row = {name: column[0] for name, column in zip(meta["fields"], columns, strict=True)}
    assert row["local_id"] == str(record)
    assert row["state"] == "approved"
    assert row["known_at"].startswith("2024-03-01T12:00:00")
    if geometry is not None:
        assert shapely.equals_exact(shapely.from_wkb(shapes[0]), geometry)
    for column, field in layer_views.field_columns(kind).items():
        if not field.is_link:
            assert _plain(row[column], field) == _shown(attributes.get(field.name), field), column


def _plain(value: Any, field: Field) -> Any:
    if value is None or value != value:  # NaN and NaT, which stand for an absent number or date
        return None
    if field.type == "date":
        return str(value)[:10].replace("/", "-")
    if field.type == "datetime":
        return str(datetime.fromisoformat(str(value)).replace(tzinfo=None))
    return value.item() if isinstance(value, np.generic) else value


def _shown(value: Any, field: Field) -> Any:
    if value is None:
        return None
    if field.type == "codes":
        return ",".join(value)
    if field.type == "decimal":
        return float(value)
    if field.type == "datetime":
        return str(datetime.fromisoformat(value.removesuffix("Z")))
    return value


def test_links_are_local_ids_of_the_state_that_is_shown(gpkg: str) -> None:
    first, second = draft("hazard", "H-1"), draft("hazard", "H-2")
    put(first, second)
    released = draft("land_release", "L-1", geometry=SQUARE, links={"hazards": (first.record, second.record)})
    put(released)
    _, _, _, (shown,) = silent(pyogrio.raw.read, gpkg, layer="land_release", columns=["hazards"])
    assert list(shown) == ["H-1,H-2"]


def test_danger_shows_before_it_is_proved_and_release_only_after(gpkg: str) -> None:
    put(
        draft("hazard", "H-1", geometry=SQUARE, state="submitted"),
        draft("hazard", "H-2", geometry=SQUARE, state="draft"),
        draft("land_release", "L-1", geometry=SQUARE, state="submitted"),
    )
    _, _, _, shown = silent(pyogrio.raw.read, gpkg, layer="hazard", columns=["local_id", "state"])
    assert [list(column) for column in shown] == [["H-1"], ["submitted"]]
    assert len(silent(pyogrio.raw.read, gpkg, layer="land_release")[2]) == 0


def test_a_moved_polygon_is_found_where_it_is_and_not_where_it_was(gpkg: str) -> None:
    put(draft("hazard", "H-1", geometry=SQUARE))
    put(draft("hazard", "H-1", geometry=shapely.box(10, 10, 11, 11)), at=LATER)
    assert len(silent(pyogrio.raw.read, gpkg, layer="hazard", bbox=(46, 39, 48, 41))[2]) == 0
    assert len(silent(pyogrio.raw.read, gpkg, layer="hazard", bbox=(10, 10, 11, 11))[2]) == 1
    put(draft("hazard", "H-1"), at=LATER + timedelta(days=1))
    assert len(silent(pyogrio.raw.read, gpkg, layer="hazard", bbox=(10, 10, 11, 11))[2]) == 0
    assert len(silent(pyogrio.raw.read, gpkg, layer="hazard")[2]) == 1


def test_an_overlay_gives_its_kinds_to_the_layers_as_it_is_written(gpkg: str) -> None:
    assert "hut" not in [name for name, _ in silent(pyogrio.list_layers, gpkg)]
    put(draft("overlay", "huts", {"name": "huts", "content": json.dumps(OVERLAY)}))
    put(draft("hut", "HUT-1", {"named": "By the well"}, shapely.Point(47, 40)), at=LATER)
    assert sorted(name for name, _ in silent(pyogrio.list_layers, gpkg)) == sorted([*LAYERS, "hut"])
    (named,) = silent(pyogrio.raw.read, gpkg, layer="hut", columns=["named"], bbox=(46, 39, 48, 41))[3]
    assert list(named) == ["By the well"]


def test_the_demonstration_says_synthetic_in_every_title(gpkg: str) -> None:
    with connections["programme"].cursor() as cursor:
        cursor.execute("SELECT id, local_id, attributes FROM record WHERE kind = 'programme'")
        record, local_id, attributes = cursor.fetchone()
    put(draft("programme", local_id, {**json.loads(attributes), "demonstration": True}, record=UUID(record)))
    put(draft("hazard", "H-1"), at=LATER)
    assert all(title.endswith("RESTRICTED · SYNTHETIC") for title in _titles(gpkg))
    layers.install(connections["programme"], WORDS)
    assert all(title.endswith("RESTRICTED · SYNTHETIC") for title in _titles(gpkg))


def _titles(gpkg: str) -> list[str]:
    return [silent(pyogrio.read_info, gpkg, layer=name)["layer_metadata"]["IDENTIFIER"] for name in LAYERS]


def test_views_go_before_a_migration_and_come_back(gpkg: str) -> None:
    connection = connections["programme"]
    layers.uninstall(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'view'")
        assert cursor.fetchone() == (0,)
    layers.install(connection, WORDS)
    layers.install(connection, WORDS)
    assert sorted(name for name, _ in silent(pyogrio.list_layers, gpkg)) == sorted(LAYERS)


def test_a_kind_cannot_be_named_like_a_table() -> None:
    kind = replace(LAYERS["organisation"], name="entry")
    with pytest.raises(ClearlandError, match="E-LAYER-NAME"):
        layer_views.view_sql(kind, "sqlite")


def test_a_bbox_read_of_many_features_takes_milliseconds(gpkg: str) -> None:
    side = 100
    corners = [(40 + x / 10, 30 + y / 10) for x in range(side) for y in range(side)]
    put(*(
        draft("hazard", f"H-{n}", {"name": "a"}, shapely.box(x, y, x + 0.05, y + 0.05))
        for n, (x, y) in enumerate(corners)
    ))  # fmt: skip
    took = []
    for _ in range(5):
        start = time.perf_counter()
        found = silent(pyogrio.raw.read, gpkg, layer="hazard", bbox=(44, 34, 44.31, 34.31))[2]
        took.append(time.perf_counter() - start)
        assert len(found) == 16
    # The whole table took ten times as long when the planner asked the R-tree row by row.
    start = time.perf_counter()
    silent(pyogrio.raw.read, gpkg, layer="hazard")
    whole = time.perf_counter() - start
    assert statistics.median(took) < whole / 4
