"""A column of grid references becomes points; what names no place is an error at its cell."""

from pathlib import Path

import pytest

from clearland.dictionary.model import Dictionary
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.intake.suggest import starter_mapping
from tests.intake import files

MAPPING = """
{kind: ordnance, series: s, local_id: number, geometry: {mgrs: grid}, fields: {category: what, quantity: items}}
"""
SHEET = "number,what,items,grid\nG-1,UXO,1,25K GT 91929 73068\nG-2,AP,1,25kgt91927306\nG-3,AP,1,\nG-4,AP,1,38S MJ 1234 5678"


def test_references_of_several_zones_are_points(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances) -> None:
    tables, mappings = open_file(files.csv_file(tmp_path, SHEET), parse_mappings(MAPPING, "m"), dictionary)
    found = plan(tables, mappings, dictionary, {}, circumstances)
    assert found.errors == ()
    first, second, third, fourth = (draft.geometry for draft in found.drafts)
    assert first is not None
    assert (first.x, first.y) == pytest.approx((-30.208, -20.1175), abs=1e-5)
    assert second is not None
    assert second.distance(first) < 2e-4
    assert third is None
    assert fourth is not None
    assert fourth.y > 0


def test_what_names_no_place_is_refused_at_its_cell(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances) -> None:
    text = SHEET.replace("25kgt91927306", "25kgt9192730")
    tables, mappings = open_file(files.csv_file(tmp_path, text), parse_mappings(MAPPING, "m"), dictionary)
    found = plan(tables, mappings, dictionary, {}, circumstances)
    assert [(each.code, each.place.row, each.place.column) for each in found.errors] == [("E-GEOM-COORDINATE", 3, "grid")]


def test_the_proposal_finds_the_column(tmp_path: Path, dictionary: Dictionary) -> None:
    [table], _mappings = open_file(files.csv_file(tmp_path, SHEET), parse_mappings(MAPPING, "m"), dictionary)
    proposed = starter_mapping(table, dictionary, "ordnance")
    assert parse_mappings(proposed, "m")[0].geometry.mgrs == "grid"
