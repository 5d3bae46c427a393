"""The marked workbook as LibreOffice shows it: every status, every shaded cell, every note."""

from pathlib import Path
from xml.etree import ElementTree

from clearland.core.errors import Finding
from clearland.dictionary.envelope import OWN_PREFIX
from clearland.work.add import AddOptions, check_file
from clearland.work.bench import programmes
from tests.proof.desktop import _run

_SHEET = """number,item,count,day
SYNTHETIC-1,AP,1,2024-03-01
SYNTHETIC-2,spoon,2,2024-03-01
SYNTHETIC-3,AP,many,soon
SYNTHETIC-3,UXO,1,2024-03-02
,AP,1,2024-03-02
"""
_MAPPING = """
kind: ordnance
series: SYNTHETIC
local_id: number
key: [number]
geometry: {missing: allow}
fields: {category: item, quantity: count, found_on: day}
"""
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_NOTE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def libreoffice_shows_every_mark_and_note_of_a_returned_workbook(folder: Path, size: int) -> str:
    """A sheet full of mistakes comes back marked; LibreOffice opens it, and each finding is a note in the cell it is about."""
    marked = _marked(folder)
    profile = f"-env:UserInstallation=file://{folder}/office-marked"
    _run("soffice", "--headless", profile, "--convert-to", "fods", "--outdir", str(folder), str(marked[0]))
    shown = read_flat(marked[0].with_suffix(".fods"))
    missing = [finding.code for finding in marked[1] if not _stands(finding, shown)]
    assert not missing, f"findings that LibreOffice does not show: {missing}"
    statuses = [row.get(f"{OWN_PREFIX}status", ("", ""))[0] for row in shown.values()]
    assert sum("refused" in status for status in statuses) == 4, statuses
    return f"{len(marked[1])} findings, each a note in its own cell; {len(shown)} rows with their status"


def _marked(folder: Path) -> tuple[Path, list[Finding]]:
    programmes.make(folder / "marked-programme")
    (folder / "finds-synthetic.csv").write_text(_SHEET, encoding="utf-8")
    (folder / "finds-synthetic.yaml").write_text(_MAPPING, encoding="utf-8")
    target = folder / "marked.xlsx"
    how = AddOptions(mapping=folder / "finds-synthetic.yaml")
    plan = check_file(folder / "finds-synthetic.csv", how, actor=programmes.WRITER, marked=target)
    return target, [finding for finding in plan.findings if finding.place.row is not None]


def _stands(finding: Finding, shown: dict[int, dict[str, tuple[str, str]]]) -> bool:
    row = shown.get(finding.place.row or 0, {})
    place = finding.place.column if finding.place.column in row else f"{OWN_PREFIX}status"
    return finding.code in row.get(place or "", ("", ""))[1]


def read_flat(path: Path) -> dict[int, dict[str, tuple[str, str]]]:
    """Row number -> column name -> text and note of the first sheet, as LibreOffice wrote them down."""
    table = next(ElementTree.parse(path).iter(f"{_TABLE}table"))
    rows: dict[int, dict[str, tuple[str, str]]] = {}
    names: list[str] = []
    number = 0
    for line in table.iter(f"{_TABLE}table-row"):
        number += 1
        cells: list[tuple[str, str]] = []
        for cell in line.iter(f"{_TABLE}table-cell"):
            note = cell.find(_NOTE)
            said = "\n".join("".join(part.itertext()) for part in note.iter(_TEXT)) if note is not None else ""
            text = "".join("".join(part.itertext()) for part in cell.findall(_TEXT))
            cells += [(text, said)] * min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), 64)
        if not names:
            names = [text for text, _ in cells if text]
        elif any(text or said for text, said in cells):
            rows[number] = dict(zip(names, cells, strict=False))
        number += int(line.get(f"{_TABLE}number-rows-repeated", "1")) - 1
    return rows
