"""maXML files and exports of IMSMA Core moved end to end."""

import csv
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from clearland.core.errors import RefusedInput
from clearland.intake.imsma.reading import hand_path
from clearland.intake.imsma.rules import load_rules
from clearland.ledger.rows import head, history, links, rows, sources
from clearland.ledger.sources import read_source
from clearland.work.parity import report
from tests.conftest import TestProgramme
from tests.moving.conftest import MOVER, moved, reader
from tests.moving.maxml_file import document
from tests.moving.synthetic import MARKS, nation, square


def standing(kind: str, as_known: date | None = None) -> dict[str, Any]:
    return {each.local_id: each for each in rows(reader(), kind, as_known=as_known)}


def causes() -> dict[tuple[str, str], list[str]]:
    made = report(load_rules(), actor=MOVER)
    return {
        (each.difference.kind, each.difference.cause): [line.name for line in each.difference.lines] for each in made.differences
    }


def test_maxml_arrives_with_its_versions(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    path = tmp_path / "SYNTHETIC.xml"
    land = nation()
    land.items = [each for each in land.items if each.name != "H1-twin"]  # in maXML a local id is all that tells items apart
    path.write_bytes(document(land))
    done = moved(hand_path(path, load_rules()))
    assert done.planned.errors == []
    first = standing("hazard")["SYN-H1"]
    assert (first.attributes["area_type"], first.attributes["status"]) == ("CHA", "in_progress")
    assert [entry.attributes["imsma_report"] for entry in history(reader(), first.record_uuid)] == ["R-H1a", "R-H1b", "R-H1c"]
    assert standing("hazard", date(2014, 1, 1))["SYN-H1"].attributes["area_type"] == "SHA"
    product = standing("land_release")["SYN-A1"]
    assert [each.record for each in links(reader(), product.record_uuid) if each.role == "hazards"] == [first.record_uuid]
    assert standing("victim")["SYN-V1"].attributes["gender"] == "female"
    kept = b"".join(read_source(each.sha256) for each in sources(reader()))
    assert not any(mark.encode() in kept for mark in MARKS)
    found = causes()
    assert found["hazard", "overlap"] == ["SYN-H2"]
    assert found["hazard", "waits"] == ["SYN-H3"]
    assert ("hazard", "read_otherwise") not in found
    end = head()
    moved(hand_path(path, load_rules()))
    assert head() == end


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<MineActionFieldReport><broken>", "E-MOVE-XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><MineActionFieldReport/>', "E-MOVE-XML"),
        (b"<html/>", "E-MOVE-XML"),
        (b"<MineActionFieldReport/>", "E-MOVE-NOTHING"),
        (b'{"format":"clearland imsma rows 1"', "E-MOVE-DUMP"),
        (b"a,b\n1,2\n", "E-MOVE-CORE"),
    ],
)
def test_what_is_no_imsma_is_refused(sqlite_programme: TestProgramme, tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "wrong"
    path.write_bytes(content)
    before = head()
    with pytest.raises(RefusedInput) as refused:
        moved(hand_path(path, load_rules()))
    assert (refused.value.code, head()) == (code, before)
    assert refused.value.remedy


LAYERS: dict[str, list[dict[str, str]]] = {
    "hazard_poly": [
        {"imsma_id": "hazard_poly_1", "imsma_links": "land_release_1, accident_1", "hazard_name": "SYNTHETIC one",
         "area_type": "cha", "status": "Open", "area_size": "1150000", "district": "SYNTHETIC district",
         "report_date": "2021-02-03", "device_category": "AP"},
        {"imsma_id": "hazard_poly_2", "imsma_links": "hazard_poly_99", "hazard_name": "SYNTHETIC two", "area_type": "sha",
         "status": "Open", "area_size": "1150000", "district": "SYNTHETIC district", "report_date": "2021-02-04",
         "device_category": "AT"},
    ],
    "land_release": [
        {"imsma_id": "land_release_1", "imsma_links": "hazard_poly_1", "product_type": "cleared", "status": "Completed",
         "area_size": "289000", "completion_date": "2021-05-06", "depth_cm": "20"},
    ],
    "accident": [
        {"imsma_id": "accident_1", "imsma_links": "hazard_poly_1,victim_1", "accident_date": "2020-07-08",
         "accident_type": "Mine accident"},
    ],
    "victim": [
        {"imsma_id": "victim_1", "imsma_links": "accident_1", "outcome": "Injured", "sex": "F", "full_name": "Ünikal-Given",
         "remarks": "Ünikal-Remark"},
    ],
    "camp": [{"imsma_id": "camp_1", "name": "SYNTHETIC"}],
}  # fmt: skip
SHAPES = {
    "hazard_poly_1": shapely.Polygon(square(0, 0)), "hazard_poly_2": shapely.Polygon(square(0.5, 0)),
    "land_release_1": shapely.Polygon(square(0, 0, 0.5)), "accident_1": shapely.Point(-29.995, 20.005),
}  # fmt: skip


def as_csv(folder: Path) -> Path:
    """One file per layer, outlines as WKT."""
    folder.mkdir()
    for layer, content in LAYERS.items():
        with (folder / f"{layer}.csv").open("w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, [*content[0], "wkt"])
            out.writeheader()
            for row in content:
                shape = SHAPES.get(row["imsma_id"])
                out.writerow({**row, "wkt": shapely.to_wkt(shape, rounding_precision=-1) if shape is not None else ""})
    return folder


def as_geodatabase(folder: Path) -> Path:
    """A file geodatabase; layers without outlines are tables."""
    target = folder / "SYNTHETIC.gdb"
    for layer, content in LAYERS.items():
        columns = list(content[0])
        data = [np.array([row[column] for row in content], dtype=object) for column in columns]
        shapes = [SHAPES.get(row["imsma_id"]) for row in content]
        drawn = shapes[0] is not None
        kind = {"Polygon": "MultiPolygon", "Point": "Point"}[shapes[0].geom_type] if shapes[0] is not None else None
        if kind == "MultiPolygon":
            shapes = [shapely.MultiPolygon([shape]) for shape in shapes]
        outlines = shapely.to_wkb(np.array(shapes, dtype=object)) if drawn else None
        pyogrio.raw.write(
            str(target), geometry=outlines, field_data=data, fields=columns,
            layer=layer, driver="OpenFileGDB", geometry_type=kind, crs="EPSG:4326" if drawn else None, append=target.exists(),
        )  # fmt: skip
    return target


@pytest.mark.parametrize("lay_out", [as_csv, as_geodatabase])
def test_core_exports_arrive_with_their_links(sqlite_programme: TestProgramme, tmp_path: Path, lay_out: Any) -> None:
    path = lay_out(tmp_path / "export") if lay_out is as_csv else lay_out(tmp_path)
    done = moved(hand_path(path, load_rules()))
    assert done.planned.errors == []
    hazards, products = standing("hazard"), standing("land_release")
    assert hazards["hazard_poly_1"].attributes["area_type"] == "CHA"
    assert products["land_release_1"].attributes["depth_cm"] == "20"
    ends = [each.record for each in links(reader(), products["land_release_1"].record_uuid) if each.role == "hazards"]
    assert ends == [hazards["hazard_poly_1"].record_uuid]
    victim, accident = standing("victim")["victim_1"], standing("accident")["accident_1"]
    assert [each.record for each in links(reader(), victim.record_uuid) if each.outgoing] == [accident.record_uuid]
    assert accident.geometry.geom_type == "Point"
    found = causes()
    assert found["link", "link_nowhere"] == ["hazard_poly_2"]
    assert found["table", "table_not_moved"] == ["camp"]
    assert found["hazard", "overlap"] == ["hazard_poly_2"]
    assert found["victim", "withheld"] == ["victim.full_name", "victim.remarks"]
    kept = b"".join(read_source(each.sha256) for each in sources(reader()))
    assert not any(mark.encode() in kept for mark in MARKS)
    end = head()
    os.utime(path)
    moved(hand_path(path, load_rules()))
    assert head() == end


def test_a_centre_says_itself_what_its_words_mean(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("fields: {hazard: {community: {from: [hazard_name]}}}\nkinds: {hazard: {otherwise: {kind: hazard}}}\n")
    rules = load_rules(own)
    assert rules.fields["hazard"]["community"]["from"] == ["hazard_name"]
    assert rules.fields["hazard"]["status"] == load_rules().fields["hazard"]["status"]
    own.write_text("felds: {}")
    with pytest.raises(RefusedInput) as refused:
        load_rules(own)
    assert refused.value.code == "E-MOVE-FIELDS"
