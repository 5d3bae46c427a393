"""What each check of GICHD's geocheck looks for is found, by the code that the table in the docs names."""

import re
from pathlib import Path

import numpy as np
import pytest
import shapely

from clearland.checks.across.duplicates import near_duplicates
from clearland.checks.across.minefields import legs
from clearland.checks.across.model import Book
from clearland.checks.catalogue import rules
from clearland.checks.records.everything import check_records
from clearland.checks.records.model import Setting
from clearland.dictionary.loader import builtin
from clearland.dictionary.values import clean
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.land.geometry import repair, ring_from_points
from tests.checks.examples import TODAY
from tests.intake import files

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "geocheck.md"
ROWS = [
    tuple(cell.strip(" `") for cell in line.strip("|").split("|"))
    for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| (`geocheck|toolbox)", line)
]  # fmt: skip
SQUARE = [(46.0, 40.0), (46.01, 40.0), (46.01, 40.01), (46.0, 40.01)]
BOX = shapely.Polygon(SQUARE)


def repaired(shape):
    return {finding.code for finding in repair(shape, "hazard")[1]}


def ring(*points):
    return {finding.code for finding in ring_from_points(points, "hazard")[1]}


def sheet(kind, text, folder):
    """The codes of a sheet with columns id and WKT."""
    mapping = f"kind: {kind}\nlocal_id: id\nseries: s\nlegacy: true\ngeometry: {{wkt: shape}}\nfields: {{}}\n"
    path = files.csv_file(folder, "id,shape\n" + text)
    tables, mappings = open_file(path, parse_mappings(mapping, "m"), builtin())
    found = plan(tables, mappings, builtin(), {}, Circumstances(today=TODAY))
    return {finding.code for finding in found.findings}


def across(rule, **rows):
    return {one.finding.code for one in rule(Book(lambda kind: rows.get(kind, ()), today=TODAY))}


def numbered(*numbers):
    told = [{"record": str(n), "local_id": str(n), "minefield": "m", "part": "perimeter", "azimuth": 0, "distance": 1,
             "sequence": number} for n, number in enumerate(numbers)]  # fmt: skip
    return across(legs, minefield_record=[{"record": "m", "local_id": "m"}], minefield_leg=told)


def twice_here(folder):
    row = {"organisation": "o", "found_on": "2025-01-01", "category": "AP", "model": "m", "quantity": 1}
    found = [{**row, "record": name, "local_id": name, "geometry": shapely.Point(46, 40)} for name in "ab"]
    return across(near_duplicates, ordnance=found)


def long_edge(folder):
    shapes = np.array([shapely.box(46, 40, 46.2, 40.01)], dtype=object)
    return {said.code for _, said in check_records(builtin().kind("hazard"), [{}], shapes, Setting(today=TODAY))}


WKT, POINT = f'"{BOX.wkt}"', "POINT (46 40)"
FINDS = {
    "geocheck_obj_TYPE_invalid_polys": lambda folder: repaired(shapely.Polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])),
    "geocheck_obj_TYPE_few_vertices_polys": lambda folder: ring(*SQUARE[:2]),
    "geocheck_duplicate_polygons": lambda folder: repaired(shapely.MultiPolygon([BOX, BOX])),
    "geocheck_duplicate_polygon_polyid": lambda folder: sheet("hazard", f"A,{WKT}\nA,{WKT}\n", folder),
    "geocheck_duplicate_polygon_polyid_trimmed": lambda folder: sheet("hazard", f"A,{WKT}\nA ,{WKT}\n", folder),
    "geocheck_duplicate_polygon_points": lambda folder: ring(SQUARE[0], *SQUARE),
    "geocheck_duplicate_polygon_point_localid": lambda folder: numbered(1, 2, 2),
    "geocheck_duplicate_polygon_point_localid_trimmed": lambda folder: numbered(
        1, 2, clean(builtin(), "minefield_leg", {"sequence": "2 "})[0]["sequence"]
    ),
    "geocheck_duplicate_points": twice_here,
    "geocheck_duplicate_point_point_localid": lambda folder: sheet("accident", f"A,{POINT}\nA,{POINT}\n", folder),
    "geocheck_duplicate_point_point_localid_trimmed": lambda folder: sheet("accident", f"A,{POINT}\nA ,{POINT}\n", folder),
    "geocheck_distance_polygon_points": long_edge,
    "geocheck_zint_TYPE_valid_multipart_polys": lambda folder: repaired(
        shapely.MultiPolygon([BOX, shapely.box(46.005, 40, 46.015, 40.01)])
    ),
    "toolbox: duplicate last points": lambda folder: ring(*SQUARE, *SQUARE[:2]),
    "toolbox: enum value review": lambda folder: {
        finding.code for finding in clean(builtin(), "hazard", {"area_type": "MINED"})[1]
    },
}  # fmt: skip


def test_the_table_names_all_fifteen():
    assert [row[0] for row in ROWS] == list(FINDS)
    assert len(ROWS) == 15


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_geocheck_looks_for_is_found(row, tmp_path):
    name, _, code, rule = row
    assert code in FINDS[name](tmp_path)
    assert code in rules()[int(rule)].codes
