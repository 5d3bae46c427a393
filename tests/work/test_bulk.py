"""Many documents, long ones and broken ones through `add` and `claims`: the rest go on, nothing refused is lost."""

import json
import time
from pathlib import Path

from clearland.core.errors import ClearlandError
from clearland.ledger.rows import claims, sources
from clearland.work import quarantine
from tests.conftest import TestProgramme
from tests.ledger.book import everything
from tests.proof.documents import BROKEN, write_long, write_many
from tests.work.conftest import Command, standing

SMALL = 25


def test_the_rest_go_on_and_what_is_broken_is_kept_with_its_reason(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    files = write_many(tmp_path / "in", SMALL)
    said = clearland("add", *files)
    assert said.code == 1
    assert f"{len(BROKEN)} documents lie in quarantine" in said.err
    standing(sqlite_programme.folder)
    assert sources(everything()).filter(filename__startswith="document").count() == SMALL
    held = quarantine.listed()
    assert {each.file for each in held} == {name for name, _bytes in BROKEN}
    assert {Path(each.path).read_bytes() for each in held} == {content for _name, content in BROKEN}
    assert all(each.code.startswith("E-DOC-") and each.sentence and each.remedy for each in held)


def test_quarantine_is_listed_tried_again_and_discarded(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    clearland("add", *write_many(tmp_path / "in", 1))
    listed = json.loads(clearland("quarantine", "--json").out)
    assert len(listed) == len(BROKEN)
    one = next(each for each in listed if each["file"] == "empty.txt")
    Path(one["path"]).write_text("The Mine Office cleared 3.5 km2 in 2022.", encoding="utf-8")  # as if mended there
    assert f"{len(BROKEN) - 1} documents in quarantine" in clearland("quarantine", "--retry").out
    assert sources(everything()).filter(filename="empty.txt").count() == 1
    rest = quarantine.listed()
    assert f"{len(rest) - 1} documents" in clearland("quarantine", "--discard", rest[0].sha256[:10]).out
    assert clearland("quarantine", "--discard", "f" * 64).code == 1


def test_a_document_that_is_added_later_leaves_quarantine(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    path = tmp_path / "good.txt"
    path.write_text("The Mine Office cleared 3.5 km2 in 2022.", encoding="utf-8")
    assert quarantine.keep(path, ClearlandError("E-DOC-BROKEN", "It was cut short."))
    assert clearland("add", path).code == 0
    assert quarantine.listed() == []


def test_claims_of_many_documents_are_one_list(clearland: Command, tmp_path: Path) -> None:
    files = write_many(tmp_path / "in", SMALL)
    said = clearland("claims", *files, "--json")
    assert said.code == 1
    told = json.loads(said.out)
    assert len({claim["file"] for claim in told}) == SMALL


def test_a_long_document_keeps_its_pace_and_every_claim(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path
) -> None:
    path = tmp_path / "long.txt"
    write_long(path, 60)
    start = time.process_time()
    said = clearland("add", path)
    assert said.code == 0
    assert 60 / (time.process_time() - start) >= 5  # 20 a second on an idle core; CI machines are shared
    assert claims(everything()).count() >= 60 * 12
