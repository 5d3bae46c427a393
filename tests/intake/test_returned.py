"""The user's own workbook comes back marked: every value kept, a note beside each wrong cell, nothing that runs."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl

from clearland.core.errors import Finding, Place
from clearland.dictionary.model import Dictionary
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, plan
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.returned import FINDINGS_SHEET, STATUS, write_returned
from clearland.intake.tables import Hints
from tests.intake import files

FINDINGS = [
    Finding(code="E-VALUE-NUMBER", severity="error", sentence="'abc' is no number.", remedy="Write digits.",
            place=Place(file="table.csv", row=3, column="area")),
    Finding(code="W-AREA-SIZE", severity="warning", sentence="It is small.", place=Place(file="table.csv", row=3, column="area")),
    Finding(code="G-NULL", severity="error", sentence="There is no geometry.", place=Place(file="table.csv", row=4)),
]  # fmt: skip


def test_notes_stand_beside_wrong_cells_and_formulas_stay_text(tmp_path: Path) -> None:
    path = files.csv_file(tmp_path, 'name,area\n"=HYPERLINK(""x"")",1\n+1+1,abc\n@b,3\n')
    target = tmp_path / "returned.xlsx"
    write_returned(read_tables(path), FINDINGS, target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["table", FINDINGS_SHEET]
    sheet = book["table"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        [STATUS, "name", "area"],
        ["", '=HYPERLINK("x")', "1"],
        ["refused, 1 error, 1 to look at", "+1+1", "abc"],
        ["refused, 1 error", "@b", "3"],
    ]
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes == {"C3": "E-VALUE-NUMBER: 'abc' is no number. Write digits.\nW-AREA-SIZE: It is small.",
                     "A4": "G-NULL: There is no geometry."}  # fmt: skip
    assert sheet["C3"].fill.start_color.rgb == "FFF8D7DA"
    with zipfile.ZipFile(target) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_values_keep_their_types_and_rows_their_numbers(tmp_path: Path) -> None:
    path = files.workbook(
        tmp_path, [["note"], [], ["id", "n", "day", "ok"], ["A", 1.5, date(2024, 5, 6), True], [], ["B", 7, None, None]]
    )
    (table,) = read_tables(path, Hints(header_row=3))
    write_returned([table], [], tmp_path / "returned.xlsx")
    (again,) = read_tables(tmp_path / "returned.xlsx", Hints(header_row=3))
    assert list(again.numbers) == list(table.numbers) == [4, 6]
    for column in table.columns:
        assert list(again.cells[column]) == list(table.cells[column])


def test_corrected_in_place_it_can_be_added_as_it_is(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
) -> None:
    path = files.workbook(
        tmp_path,
        [
            ["local_id", "Name", "short_name", "org_type"],
            ["ORG-1", "One", "O1", "authority"],
            ["ORG-2", None, "O2", "authority"],
        ],
    )
    tables, mappings = open_file(path, None, dictionary, kind="organisation")
    made = plan(tables, mappings, dictionary, {}, circumstances)
    assert [row.status for row in made.rows] == ["new", "refused"]
    marked = tmp_path / "marked.xlsx"
    write_returned(tables, made.findings, marked, made.rows)
    book = openpyxl.load_workbook(marked)
    sheet = book[tables[0].sheet]
    assert [cell.value for cell in sheet["A"]] == [STATUS, "new", "refused, 1 error"]
    assert sheet["C3"].comment is not None
    sheet["C3"] = "Two"
    book.save(marked)
    tables, mappings = open_file(marked, None, dictionary, kind="organisation")
    assert not plan(tables, mappings, dictionary, {}, circumstances).errors


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    tables = read_tables(files.workbook(tmp_path, [["id", "n"], ["A", 1.5]]))
    for name in ("one.xlsx", "two.xlsx"):
        write_returned(tables, [], tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
