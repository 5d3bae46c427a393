"""The mapping file: what it may say, and how a wrong word is answered."""

from pathlib import Path

import pytest
import xlsxwriter

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.intake.mapping import load_mappings, parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.intake.suggest import automatic_mappings, starter_mapping
from tests.intake import files
from tests.intake.conftest import EXAMPLES

PLACES = "kind: place\nlocal_id: code\nfields: {name: name, code: code, place_type: type}\n"


def refusal(text: str) -> RefusedInput:
    with pytest.raises(RefusedInput) as caught:
        parse_mappings(text, "m.yaml")
    assert caught.value.place.file == "m.yaml"
    return caught.value


@pytest.mark.parametrize("path", sorted((EXAMPLES / "mappings").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_mapping_fits_the_dictionary(path: Path, dictionary: Dictionary):
    for mapping in load_mappings(path):
        kind = dictionary.kind(mapping.kind)
        assert set(mapping.fields) <= {field.name for field in kind.attribute_fields}
        assert mapping.series


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("kind: place\nfeilds: {name: a}", "fields"),
        ("kind: place\nfields: {name: {colum: a}}", "column"),
        ("kind: place\nfields: {name: {column: a, unit: acre}}", "ha"),
        ("kind: place\nfields: {name: {column: a, constant: b}}", "column, constant"),
        ("kind: place\ngeometry: {longitude: x}", "latitude"),
        ("kind: place\nfile: {header_row: 0}", "from"),
        ("fields: {name: a}", "kind"),
        ("- kind", "kind"),
        ("tables: []", "kind"),
    ],
)
def test_a_wrong_word_is_refused_with_what_was_meant(text: str, hint: str):
    error = refusal(text)
    assert error.code == "E-MAP-SHAPE"
    assert any(hint in finding.sentence + finding.remedy for finding in error.findings)


def test_every_wrong_word_is_reported_at_once():
    assert len(refusal("kind: place\na: 1\nb: 2\nfields: {name: {x: 1}}").findings) == 4


@pytest.mark.parametrize("text", ["kind: [", "a: b: c", "\x00", "kind: &a [*a"])
def test_broken_yaml_is_refused(text: str):
    assert refusal(text).code in ("E-MAP-YAML", "E-MAP-SHAPE")


def test_unreadable_file_is_refused(tmp_path: Path):
    with pytest.raises(RefusedInput, match="cannot be read"):
        load_mappings(tmp_path / "none.yaml")


def test_missing_column_names_file_columns_and_the_nearest(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    path = files.workbook(tmp_path, [["Name", "code", "type"], ["a", "A", "settlement"]])
    tables, mappings = open_file(path, parse_mappings(PLACES, "m"), dictionary)
    with pytest.raises(RefusedInput) as caught:
        plan(tables, mappings, dictionary, {}, circumstances)
    error = caught.value
    assert (error.code, error.place.file, error.place.sheet) == ("E-MAP-COLUMN", "table.xlsx", "Sheet A")
    assert "Did you mean 'Name'?" in error.remedy
    assert "Name, code, type" in error.remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind: place\nlocal_id: code\nfields: {nam: name}", "E-MAP-FIELD"),
        ("kind: place\nlocal_id: code\nfields: {parent: name}", "E-MAP-FIELD"),
        ("kind: place\nlocal_id: code\nsheet: none\nfields: {name: name}", "E-SHEET-NONE"),
        ("kind: place\nfields: {name: name}", "E-MAP-KEY"),
    ],
)
def test_a_mapping_that_does_not_fit(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances, text: str, code: str):
    path = files.csv_file(tmp_path, "name,code\na,A\n")
    if code == "E-SHEET-NONE":
        path = files.workbook(tmp_path, [["name", "code"], ["a", "A"]])
        code = "E-MAP-SHEET"
    with pytest.raises(RefusedInput) as caught:
        plan(*open_file(path, parse_mappings(text, "m"), dictionary), dictionary, {}, circumstances)
    assert caught.value.code == code


def test_without_a_mapping_columns_named_as_fields_or_labels_are_taken(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
):
    kind = dictionary.kind("place")
    header = ["local_id", kind.field("name").label("ru"), "code", kind.field("place_type").label("az"), "lon", "lat"]
    path = files.csv_file(tmp_path, ",".join(header) + "\nP-1,Шуша,S,settlement,46.75,39.76\n")
    tables, mappings = open_file(path, None, dictionary, kind="place")
    found = plan(tables, mappings, dictionary, {}, circumstances)
    (draft,) = found.drafts
    assert draft.attributes == {"name": "Шуша", "code": "S", "place_type": "settlement"}
    assert draft.geometry is not None
    assert (draft.local_id, draft.geometry.x) == ("P-1", 46.75)


def test_without_a_mapping_anything_else_is_refused_with_one_to_start_from(tmp_path: Path, dictionary: Dictionary):
    path = files.csv_file(tmp_path, "local_id,name,populaton,colour\nP-1,a,5,red\n")
    tables, _ = open_file(path, parse_mappings(PLACES, "m"), dictionary)
    for kind in ("place", None):
        with pytest.raises(RefusedInput) as caught:
            automatic_mappings(tables, kind, dictionary)
        assert caught.value.code == "E-MAP-NONE"
        (starter,) = (finding for finding in caught.value.findings if finding.code == "I-MAP-STARTER")
        (mapping,) = parse_mappings(str(starter.values["mapping"]), "starter")
        assert mapping.local_id == "local_id"
    text = starter_mapping(tables[0], dictionary, "place")
    assert "# populaton: population, told by likeness" in text
    assert "# colour: not mapped" in text


def test_several_sheets_with_headers_in_several_rows(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, top in (("one", 0), ("two", 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["title"])
            sheet.write_row(top, 0, ["code", "name"])
            sheet.write_row(top + 1, 0, [name, name])
    text = """
    series: s
    tables:
      - {kind: place, sheet: one, local_id: code, fields: {name: name, code: code, place_type: {constant: admin1}}}
      - {kind: place, sheet: two, file: {header_row: 3}, local_id: code,
         fields: {name: name, code: code, place_type: {constant: admin1}}}
    """
    tables, mappings = open_file(path, parse_mappings(text, "m"), dictionary)
    found = plan(tables, mappings, dictionary, {}, circumstances)
    assert [draft.local_id for draft in found.drafts] == ["one", "two"]
