"""What a table says of itself: columns by heading and content in three languages, units, dates, coordinates and datum."""

from pathlib import Path

import pytest

from clearland.dictionary.model import Dictionary
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.intake.proposal import likeliest_kind, propose
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.suggest import starter_mapping
from clearland.intake.tables import Table
from tests.intake import files


def table_of(folder: Path, text: str) -> Table:
    (table,) = read_tables(files.csv_file(folder, text))
    return table


@pytest.mark.parametrize(("language", "number", "unit"), [("en", "ID", "ha"), ("az", "Nömrə", "hektar"), ("ru", "№", "га")])
def test_columns_are_told_in_three_languages_with_their_units(
    tmp_path: Path, dictionary: Dictionary, language: str, number: str, unit: str
) -> None:
    kind = dictionary.kind("hazard")
    names = ("name", "area_type", "contamination", "area_reported_m2", "identified_on", "district")
    labels = [kind.field(name).label(language).upper() for name in names]
    labels[3] += f" ({unit})"
    heading = ";".join([number, *labels])
    table = table_of(tmp_path, f"{heading}\nHA-1;x;CHA;AP;2,5;31.12.2014;D1\nHA-2;y;SHA;AT;1;01.02.2015;D1\n")
    proposal = propose(table, dictionary, kind)
    fields = proposal.content["fields"]
    assert isinstance(fields, dict)
    assert proposal.content["local_id"] == number
    assert fields == dict(zip(names, labels, strict=True)) | {"area_reported_m2": {"column": labels[3], "unit": "ha"}}


def test_a_column_with_an_unknown_heading_is_told_by_its_codes(tmp_path: Path, dictionary: Dictionary) -> None:
    labels = [dictionary.lists["area_type"].get(code).label("ru") for code in ("SHA", "CHA")]  # type: ignore[union-attr]
    table = table_of(tmp_path, f"id,kolonka\nHA-1,{labels[0]}\nHA-2,{labels[1]}\n")
    proposal = propose(table, dictionary, dictionary.kind("hazard"))
    assert proposal.columns["kolonka"] == ("area_type", "values")
    assert any("told by values" in note for note in proposal.notes)


@pytest.mark.parametrize(
    ("rows", "expected", "said"),
    [
        (["15 Mar 2014", "2 Apr 2014"], {"dates": ["%d %b %Y"]}, ""),
        (["31/03/2014", "1/4/2014"], None, ""),
        (["03/04/2014", "05/06/2014"], None, "can be two days"),
        (["in spring", "later"], None, "must be named"),
    ],
)
def test_dates_get_their_pattern_or_a_question(
    tmp_path: Path, dictionary: Dictionary, rows: list[str], expected: object, said: str
) -> None:
    table = table_of(tmp_path, "id,Identified on\n" + "".join(f"HA-{number},{row}\n" for number, row in enumerate(rows)))
    proposal = propose(table, dictionary, dictionary.kind("hazard"))
    fields = proposal.content["fields"]
    assert isinstance(fields, dict)
    assert fields["identified_on"] == ({"column": "Identified on", **expected} if isinstance(expected, dict) else "Identified on")
    assert any(said in note for note in proposal.notes)


@pytest.mark.parametrize(
    ("heading", "row", "crs", "said"),
    [
        ("id,Lon,Lat", "A,47.1,39.9", None, ""),
        ("id,X (UTM 38N),Y (UTM 38N)", "A,679000,4416000", "EPSG:32638", ""),
        ("id,Easting,Northing", "A,8679000,4416000", "EPSG:28408", "Gauss-Krüger zone 8"),
        ("id,x EPSG:9676,y", "A,1,2", None, ""),
        ("id,Easting,Northing", "A,679000,4416000", None, "name their reference system"),
        ("id,X (Pulkovo),Y", "A,4416000,8679000", None, "if X is the northing"),
        ("id,Долгота (СК-42),Широта (СК-42)", "A,47.1,39.9", "EPSG:4284", "hundred metres"),
    ],
)
def test_coordinates_and_their_datum(
    tmp_path: Path, dictionary: Dictionary, heading: str, row: str, crs: str | None, said: str
) -> None:
    proposal = propose(table_of(tmp_path, f"{heading}\n{row}\n"), dictionary, dictionary.kind("accident"))
    assert proposal.content.get("crs") == crs
    assert any(said in note for note in proposal.notes)
    if "EPSG" not in heading:
        geometry = proposal.content["geometry"]
        assert isinstance(geometry, dict)
        assert list(geometry) == ["longitude", "latitude"]


def test_the_kind_is_guessed_and_the_proposal_is_a_mapping_that_works(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
) -> None:
    text = "Number,Name,Area type,Contamination,Identified on,Lon,Lat,Remark\nHA-1,One,CHA,AP,2014-03-01,47.1,39.9,x\n"
    path = files.csv_file(tmp_path, text.replace("Lon,Lat", "a,b"))
    (table,) = read_tables(path)
    assert likeliest_kind(table, dictionary).name == "hazard"
    yaml = starter_mapping(table, dictionary)
    assert "# Remark: not mapped" in yaml
    (mapping,) = parse_mappings(yaml, "proposed.yaml")
    tables, fitted = open_file(path, [mapping], dictionary)
    assert plan(tables, fitted, dictionary, {}, circumstances).new == 1
