"""Bad input at the command line: a sentence with code, place and remedy, exit 1, and a ledger that stands as before."""

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clearland.ledger.rows import passages, rendition, rows, sources
from clearland.ledger.scope import scope, system_actor
from tests.conftest import TestProgramme
from tests.work import bad_files as bad
from tests.work.conftest import EXAMPLES, Command, Said, standing

COLOMBIA = EXAMPLES / "mappings" / "colombia-land-release-2015.yaml"


def refused(said: Said, code: str, *words: str) -> None:
    """The refusal names code, place and remedy in words, and shows no workings of the program."""
    assert said.code == 1, said
    assert re.search(rf"(?<![\w-]){code}(?![\w-])", said.err), said.err
    assert "Traceback" not in said.err + said.out
    for word in words:
        assert word in said.err, said.err


def reader():
    return scope(system_actor("import"), "tests")


FILES: dict[str, tuple[Any, ...]] = {
    "truncated workbook": (bad.cut_workbook, ["--mapping", COLOMBIA], "E-ZIP-DAMAGED", "cut.xlsx", "download it again"),
    "null geometry": (
        lambda d: bad.hazard_layer(d, "null.gpkg", [bad.SQUARE, None, bad.BOW_TIE]), ["--kind", "hazard"],
        "G-NULL", "null.gpkg, sheet areas, row 2", "Draw it",
    ),
    "PDF of pictures": (bad.pdf_without_text, [], "E-DOC-NO-TEXT", "pictures.pdf", "OCR"),
    "200 MB of text": (lambda d: bad.long_file(d, "long.txt"), [], "E-DOC-TOO-LARGE", "long.txt", "Split"),
    "200 MB of rows": (lambda d: bad.long_file(d, "long.csv"), ["--kind", "place"], "E-FILE-TOO-LARGE", "long.csv", "Split"),
    "zip bomb": (lambda d: bad.bomb(d, "bomb.zip", "rows.csv"), ["--kind", "place"], "E-ZIP-BOMB", "bomb.zip", "Unpack it"),
    "workbook bomb": (
        lambda d: bad.bomb(d, "bomb.xlsx", "xl/worksheets/sheet1.xml"), ["--kind", "place"], "E-ZIP-BOMB", "bomb.xlsx", "Unpack",
    ),
    "missing column": (
        lambda d: bad.places(d, "utf-8", ["Arden"]), ["--mapping", COLOMBIA], "E-MAP-COLUMN", "utf-8.csv, column departamento",
        "Its columns are: local_id, code, name, place_type",
    ),
    "no mapping": (lambda d: bad.places(d, "utf-8", ["Arden"]), [], "E-MAP-NONE", "utf-8.csv", "--mapping"),
    "no file": (lambda d: d / "none.csv", ["--kind", "place"], "E-ADD-FILE", "none.csv", "Check the name"),
    "no document": (lambda d: d / "none.txt", [], "E-ADD-FILE", "none.txt", "Check the name"),
    "a folder": (lambda d: d, ["--kind", "place"], "E-FILE-KIND", "one by one"),
    "no mapping file": (
        lambda d: bad.places(d, "utf-8", ["Arden"]), ["--mapping", "nowhere.yaml"], "E-MAP-FILE", "nowhere.yaml", "Check its",
    ),
    "unknown kind": (lambda d: bad.places(d, "utf-8", ["Arden"]), ["--kind", "unkind"], "E-DICT-KIND", "unkind", "The kinds are"),
    "a full edition of nothing": (
        lambda d: bad.places(d, "utf-8", ["Arden"]), ["--kind", "place", "--full"], "E-ADD-SERIES", "utf-8.csv", "--series",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_place_and_what_to_do(
    name: str, clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    make, options, code, *words = FILES[name]
    folder = tmp_path / "in"
    folder.mkdir()
    path = make(folder)
    before = standing(sqlite_programme.folder)
    refused(clearland("add", path, *options), str(code), *map(str, words))
    assert standing(sqlite_programme.folder) == before
    assert not sources(reader()).exists()
    assert not [kept for kept in (sqlite_programme.folder / "sources").rglob("*") if kept.is_file()]


def test_the_other_files_of_a_command_still_go_in(clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    good = bad.places(tmp_path, "utf-8", ["Arden", "Corrin"])
    said = clearland("add", bad.cut_workbook(tmp_path), good, "--kind", "place")
    refused(said, "E-ZIP-DAMAGED", "cut.xlsx")
    assert "2 new" in said.out
    standing(sqlite_programme.folder)
    assert rows(reader(), "place").count() == 2


def test_an_invalid_outline_comes_in_repaired_and_says_so(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    said = clearland("add", bad.hazard_layer(tmp_path, "bow.gpkg", [bad.SQUARE, bad.BOW_TIE]), "--kind", "hazard")
    assert said.code == 0, said
    assert "G-CROSSES-ITSELF [bow.gpkg, sheet areas, row 2]" in said.err
    standing(sqlite_programme.folder)
    shapes = [version.geometry for version in rows(reader(), "hazard", unverified=True)]
    assert len(shapes) == 2
    assert all(shape is not None and shape.is_valid for shape in shapes)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [("windows-1251", ["Ходжавенд", "Агдам", "Физули"]), ("windows-1254", ["Ağdam şehri", "İğdır köyü", "Çıldır"])],
)
def test_old_encodings_are_read_as_they_were_meant(
    encoding: str, names: list[str], clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    """Guessed encodings are said; what reaches the ledger are the letters that were written."""
    said = clearland("add", bad.places(tmp_path, encoding, names), "--kind", "place", "--json")
    assert said.code == 0, said
    assert "ENCODING" in said.out
    standing(sqlite_programme.folder)
    assert {version.attributes["name"] for version in rows(reader(), "place")} == set(names)


def test_a_page_with_scripts_is_read_without_them(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    said = clearland("add", bad.page_with_scripts(tmp_path))
    assert said.code == 0, said
    standing(sqlite_programme.folder)
    reading = rendition(reader(), sources(reader()).get().sha256)
    assert reading is not None
    assert "cleared 3.5 km² in 2022" in reading.text
    assert "words of" not in reading.text
    assert passages(reader(), reading).exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["report", "annual-statement", "--year", "2024", "-o", "nowhere/at/all.docx"], "E-REPORT-WRITE", "Choose a folder"),
        (["report", "nothing", "--year", "2024", "-o", "x.docx"], "E-REPORT-NAME", "annual-statement"),
        (["report", "annual-statement", "--year", "2024", "-o", "x.odt"], "E-REPORT-FORMAT", ".docx"),
        (["report", "annual-statement", "--year", "2024", "--lang", "xx", "-o", "x.md"], "E-REPORT-LANGUAGE", "en, az, ru"),
        (["figures", "LR-99"], "E-FIG-CODE", "LR-5R"),
        (["figures", "--from", "yesterday"], "E-CLI-DATE", "YYYY-MM-DD"),
        (["figures", "--by", "colour"], "E-FIG-DIMENSION", "device"),
        (["balance", "--from", "2024-12-31", "--to", "2024-01-01"], "E-LAND-PERIOD", "Swap"),
        (["balance", "--from", "2024-01-01", "--to", "2024-12-31", "--by", "colour"], "E-LAND-BY", "place"),
        (["trace", "nonsense"], "E-REF-FORM", "record:ID"),
        (["claims", "none.txt"], "E-DOC-UNREADABLE", "none.txt"),
        (["init", "new", "--time-zone", "Moon/Base"], "E-PROGRAMME-ZONE", "Asia/Baku"),
        (["init", "new", "--opened-on", "31.12.2024"], "E-CLI-DATE", "YYYY-MM-DD"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    arguments: list[str], code: str, words: str, clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    refused(clearland(*arguments), code, words)
    assert {path.name for path in tmp_path.iterdir()} == before
    standing(sqlite_programme.folder)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"], ["add"], ["balance"], ["report", "annual-statement"], ["figures", "--colour"],
        ["add", "x.csv", "--on-conflict", "what"], ["serve", "--port", "99999999"],
        ["report", "annual-statement", "--year", "soon", "-o", "x.md"],
    ],
)
def test_wrong_use_exits_with_2_and_the_usage(arguments: list[str], clearland: Command) -> None:
    said = clearland(*arguments)
    assert said.code == 2
    assert "Usage:" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["verify", "figures", "disagreements", "serve"])
def test_a_folder_without_a_programme_is_named(command: str, clearland: Command, tmp_path: Path) -> None:
    refused(clearland("--programme", tmp_path / "elsewhere", command), "E-PROGRAMME-NONE", "elsewhere", "clearland init")


@pytest.mark.parametrize("command", ["init", "demo"])
def test_what_stands_in_the_way_of_a_new_programme_stays(command: str, clearland: Command, tmp_path: Path) -> None:
    folder, file = tmp_path / "taken", tmp_path / "file.txt"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    file.write_text("mine too")
    for taken in (folder, file):
        refused(clearland(command, taken), "E-PROGRAMME-EXISTS", taken.name, "nothing was changed")
    assert [path.name for path in folder.iterdir()] == ["note.txt"]
    assert file.read_text() == "mine too"


def test_a_port_that_is_taken_is_said_before_the_address_is(sqlite_programme: TestProgramme) -> None:
    """In a process of its own: the server that fails to start leaves its sockets to the end of the process."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-m", "clearland.cli.main", "--programme", sqlite_programme.folder, "serve", "--port", port],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    refused(Said(ran.returncode, ran.stdout, ran.stderr), "E-SERVE-PORT", port, "choose another port")
    assert "http" not in ran.stdout
