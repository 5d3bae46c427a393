"""The sealing key and redaction at the command line; what a person sees and what is kept where."""

import io
from pathlib import Path

import pytest

from clearland.core.ids import record_id
from clearland.core.sealing import new_secret, printed
from clearland.ledger import sealing_keys
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.sealed import rows_of
from clearland.ledger.write import write
from tests.work.conftest import Command


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of settings of its own."""
    monkeypatch.setenv("CLEARLAND_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def _keys(config: Path) -> list[Path]:
    return sorted(config.rglob("*.key"))


def test_init_prints_two_copies_and_keeps_the_key_outside_the_programme(
    clearland: Command, tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = clearland("init", tmp_path / "made", "--password", "a long password for tests")
    (kept,) = _keys(config)
    halves = [line.strip() for line in said.out.splitlines() if line.startswith("  ")]
    assert halves[:2] == halves[2:4]
    assert "".join(halves[:2]) == kept.read_text().strip()
    assert not any(halves[0].encode() in each.read_bytes() for each in (tmp_path / "made").rglob("*") if each.is_file())
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(tmp_path / "made"))
    assert f"{kept.stem}  held on this machine" in clearland("sealing-key", "show-fingerprint").out
    paper = kept.read_text()
    kept.unlink()
    assert "not on this machine" in clearland("sealing-key", "show-fingerprint").out
    monkeypatch.setattr("sys.stdin", io.StringIO(printed(new_secret())))
    assert "E-SEALED-KEY" in clearland("sealing-key", "import").err
    monkeypatch.setattr("sys.stdin", io.StringIO(paper.lower().replace("-", " ")))
    assert clearland("sealing-key", "import").code == 0
    assert _keys(config) == [kept]
    assert "E-SEALED-KEY" in clearland("sealing-key", "new").err


def test_a_programme_without_a_key_can_get_one_and_redacts(clearland: Command, config: Path) -> None:
    assert "no sealing key" in clearland("sealing-key", "show-fingerprint").out
    assert clearland("sealing-key", "new").code == 0
    assert sealing_keys.key_here() is not None
    record = record_id("tests", "victim")
    values = {"outcome": "injured", "consent_store": "given", "full_name": "Ünikal-Marker"}
    write([Draft(record=record, kind="victim", local_id="V1", attributes=values)], actor=system_actor("cli"), reason="Synthetic")
    refused = clearland("redact", record, "--field", "address", "--reason", "Asked")
    assert (refused.code, "E-SEALED-NONE" in refused.err) == (1, True)
    assert "E-CLI-RECORD" in clearland("redact", "V1", "--field", "full_name", "--reason", "Asked").err
    assert clearland("redact", record, "--field", "full_name", "--reason", "Asked").code == 0
    assert rows_of() == []
    said = clearland("verify")
    assert (said.code, "victim V1: full_name" in said.out) == (0, True)


def test_init_can_do_without_a_key(clearland: Command, tmp_path: Path, config: Path) -> None:
    clearland("init", tmp_path / "made", "--no-sealing-key")
    assert _keys(config) == []
