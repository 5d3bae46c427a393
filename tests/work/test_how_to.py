"""The how-to of the roles' files, followed line by line: each command is run, each mapping shown is the one that is used."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from clearland.ledger.rows import rows
from tests.conftest import TestProgramme
from tests.ledger.book import everything
from tests.work.conftest import EXAMPLES, Command, standing
from tests.work.field_files import made

PAGE = EXAMPLES.parent / "docs" / "how-to" / "bring-files-of-each-role.md"
FIELD = EXAMPLES / "field"
COMES_OF = {"activity_report": 2, "hazard": 2, "ordnance": 4, "evidence": 2}  # kind -> records the page brings


def blocks() -> list[str]:
    """The indented blocks of the page, each without its indent."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).strip() for block in found]


def test_every_command_of_the_page_does_what_it_says(
    clearland: Command, sqlite_programme: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks() for line in block.splitlines() if line.startswith("clearland ")]
    assert len(lines) == 10
    for line in lines:
        said = clearland(*shlex.split(line)[1:])
        assert said.code == 0, (line, said.out, said.err)
    standing(sqlite_programme.folder)
    assert {kind: rows(everything(), kind).count() for kind in COMES_OF} == COMES_OF
    assert all(version.geometry is not None for version in rows(everything(), "ordnance"))


def test_every_mapping_on_the_page_is_the_file_it_names() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = [yaml.safe_load(part) for block in blocks() for part in block.split("\n\n") if part.startswith("kind: ")]
    named = dict.fromkeys(re.findall(r"`examples/field/([\w-]+\.yaml)`", text))
    assert shown == [yaml.safe_load((FIELD / name).read_text(encoding="utf-8")) for name in named]


def test_the_example_files_are_those_that_are_made_anew(tmp_path: Path) -> None:
    made(tmp_path)
    for path in tmp_path.iterdir():
        assert (FIELD / path.name).read_bytes() == path.read_bytes(), path.name
