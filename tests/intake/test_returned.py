"""The user's own sheet comes back marked, with no cell that a spreadsheet would run."""

import zipfile
from pathlib import Path

import python_calamine

from clearland.core.errors import Finding, Place
from clearland.intake.readers.dispatch import read_tables
from clearland.intake.returned import write_returned
from tests.intake import files


def test_errors_stand_beside_their_column_and_formulas_stay_text(tmp_path: Path):
    path = files.csv_file(tmp_path, 'name,area\n"=HYPERLINK(""x"")",1\n+1+1,abc\n@b,3\n')
    tables = read_tables(path)
    findings = [
        Finding(
            code="E-VALUE-NUMBER",
            severity="error",
            sentence="'abc' is no number.",
            remedy="Write digits.",
            place=Place(file="table.csv", row=3, column="area"),
        ),
        Finding(code="G-NULL", severity="error", sentence="There is no geometry.", place=Place(file="table.csv", row=4)),
    ]
    target = tmp_path / "returned.xlsx"
    write_returned(tables, findings, target)
    book = python_calamine.CalamineWorkbook.from_path(str(target))
    assert book.sheet_names == ["findings", "table"]
    head, *rows = book.get_sheet_by_name("table").to_python()
    assert head == ["row in your sheet", "name", "area", "wrong with area", "wrong with the row"]
    assert rows[0] == [2.0, '=HYPERLINK("x")', "1", "", ""]
    assert rows[1] == [3.0, "+1+1", "abc", "'abc' is no number. Write digits.", ""]
    assert str(rows[2][4]).startswith("There is no geometry.")
    with zipfile.ZipFile(target) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_the_same_refusal_gives_the_same_bytes(tmp_path: Path):
    tables = read_tables(files.workbook(tmp_path, [["id", "n"], ["A", 1.5]]))
    for name in ("one.xlsx", "two.xlsx"):
        write_returned(tables, [], tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
