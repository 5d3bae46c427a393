"""`add` and `check`: adding twice changes nothing, checking writes nothing, a refused sheet comes back marked."""

import json
import re
from pathlib import Path

import pytest
from django.db import connections
from python_calamine import CalamineWorkbook

from clearland.figures.disagreements import SHOWN
from clearland.ledger import search_index
from clearland.ledger.rows import claims, commits, notes, passages, rendition, rows, sources
from clearland.ledger.scope import Scope, scope, system_actor
from clearland.ledger.search import search
from clearland.ledger.store import ALIAS
from clearland.work import add
from tests.conftest import TestProgramme
from tests.work.conftest import EXAMPLES, SHARED, Command, standing

LEDGER = EXAMPLES / "data" / "colombia-land-release-2015-edition.xlsx"
MAPPING = EXAMPLES / "mappings" / "colombia-land-release-2015.yaml"
DOCUMENT = EXAMPLES / "documents" / "azerbaijan-published-figures.txt"
CORPUS = sorted((SHARED / "corpus").glob("*.txt"))
KIND = ("--kind", "place")


def reader() -> Scope:
    return scope(system_actor("import"), "tests")


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "places.csv"
    path.write_text("\n".join(["local_id,code,name,place_type", *lines]) + "\n", encoding="utf-8")
    return path


def test_the_same_file_twice_changes_nothing(clearland: Command, sqlite_programme: TestProgramme) -> None:
    edition = ("add", LEDGER, "--mapping", MAPPING, "--received", "2015-04-30", "--full")
    first = clearland(*edition)
    assert first.code == 0, first
    assert "333 new" in first.out
    before, written = standing(sqlite_programme.folder), commits(reader()).count()
    again = clearland(*edition)
    assert again.code == 0, again
    assert "0 new, 0 changed, 333 same, 0 superseded" in again.out
    assert standing(sqlite_programme.folder) == before
    assert commits(reader()).count() == written


def test_a_changed_row_is_one_new_entry(clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    clearland("add", sheet(tmp_path, "1,P-1,Arden,settlement", "2,P-2,Corrin,settlement"), *KIND, "--series", "s")
    said = clearland("add", sheet(tmp_path, "1,P-1,Arden Reach,settlement", "2,P-2,Corrin,settlement"), *KIND, "--series", "s")
    assert "0 new, 1 changed, 1 same" in said.out, said
    standing(sqlite_programme.folder)
    assert {version.attributes["name"] for version in rows(reader(), "place")} == {"Arden Reach", "Corrin"}


def test_the_words_of_a_large_file_are_indexed_by_the_first_search(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add, "INDEXED_AT_ONCE", 1)
    search_index.refresh()
    said = clearland("add", sheet(tmp_path, "1,P-1,Arden,settlement", "2,P-2,Corrin,settlement"), *KIND)
    assert "2 new" in said.out, said
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM version) - last_version FROM search_progress")
        assert cursor.fetchone() == (2,)
    assert [hit.title for hit in search(reader(), "corrin")] == ["Corrin"]
    assert search_index.refresh() == 0


def test_checking_writes_nothing_at_all(clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    def state() -> tuple[str, list[Path]]:
        return standing(sqlite_programme.folder), sorted((sqlite_programme.folder / "sources").rglob("*"))

    before = state()
    plan = clearland("check", sheet(tmp_path, "1,P-1,Arden,settlement", "2,P-2,Corrin,hamlet"), *KIND)
    assert plan.code == 1
    assert "2 rows: 1 new" in plan.out
    assert "1 refused" in plan.out
    assert "row 3, column place_type" in plan.err
    document = clearland("check", DOCUMENT)
    assert document.code == 0
    assert re.search(r"[1-9]\d* claims would be proposed", document.out)
    assert state() == before
    assert not (sqlite_programme.folder / "returned").exists()


def test_a_refused_sheet_comes_back_marked(clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    before = standing(sqlite_programme.folder)
    said = clearland("add", sheet(tmp_path, "1,P-1,Arden,settlement", "2,P-2,Corrin,hamlet"), *KIND)
    assert said.code == 1
    named = re.search(r"every error marked: (\S.*\.xlsx)", said.err)
    assert named, said.err
    book = CalamineWorkbook.from_path(named[1])
    cells = [[str(cell) for cell in row] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert any("Arden" in row for row in cells)
    assert any("Corrin" in row and "hamlet" in row for row in cells)
    assert any("E-VALUE-CODE" in row and "place_type" in row for row in cells)
    assert standing(sqlite_programme.folder) == before


def test_a_document_proposes_claims_that_are_words_of_it(clearland: Command, sqlite_programme: TestProgramme) -> None:
    said = clearland("add", DOCUMENT, "--publisher", "The Office")
    assert said.code == 0, said
    standing(sqlite_programme.folder)
    source = sources(reader()).get()
    assert source.publisher == "The Office"
    reading = rendition(reader(), source.sha256)
    assert reading is not None
    found = list(claims(reader()))
    assert len(found) > 5
    for claim in found:
        assert reading.text[claim.start : claim.end].strip()
    head = standing(sqlite_programme.folder)
    clearland("add", DOCUMENT, "--publisher", "The Office")
    assert standing(sqlite_programme.folder) == head


@pytest.mark.skipif(not CORPUS, reason="the shared corpus is not here")
def test_the_corpus_is_read_whole_and_its_disagreements_are_listed(clearland: Command, sqlite_programme: TestProgramme) -> None:
    said = clearland("add", *CORPUS, "--json")
    assert said.code == 0, said
    assert len(json.loads(said.out)["added"]) == len(CORPUS)
    standing(sqlite_programme.folder)
    noted = 0
    for source in sources(reader()):
        reading = rendition(reader(), source.sha256)
        assert reading is not None
        parts = passages(reader(), reading)
        assert parts.count() > 10, source.filename
        # Not every document has notes of its own; where they are, their bodies are passages too.
        assert notes(reader(), reading).exists() == parts.filter(kind="note").exists(), source.filename
        assert claims(reader(), rendition=reading).count() > 5, source.filename
        noted += notes(reader(), reading).exists()
    assert noted >= 3
    found = clearland("disagreements", "--json")
    assert found.code == 0, found
    pairs = json.loads(found.out)
    assert pairs
    for pair in pairs:
        assert {pair["left"]["file"], pair["right"]["file"]} <= {path.name for path in CORPUS}
        assert pair["kind"] in SHOWN
        assert pair["reason"]
