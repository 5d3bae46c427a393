"""The program `clearland` called in this process, on a programme of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from clearland.cli.main import main
from clearland.ledger.rows import head
from clearland.ledger.verify import verify
from clearland.work import programme as programmes
from tests.conftest import TestProgramme

EXAMPLES = Path(__file__).parents[2] / "examples"
SHARED = Path(__file__).parents[2].parent / "shared"


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code and both of its voices."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


def standing(folder: Path) -> str:
    """The ledger's head, once `verify` has held."""
    programmes.use(folder)
    report = verify()
    assert report.ok, report.findings
    return head()


@pytest.fixture
def clearland(
    sqlite_programme: TestProgramme, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Call it as `clearland("add", path, …)`. An exception that the program does not turn into a sentence fails the test."""
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code: object = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        assert isinstance(code, int)
        return Said(code, said.out, said.err)

    return call
