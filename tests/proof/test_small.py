"""The proof at a small size: every check holds, what fails is printed as such, a part keeps its commit, no machine is named."""

import socket

import pytest

from clearland.core.errors import ClearlandError
from clearland.work.bench.measure import Measure
from tests.proof import __main__ as proof
from tests.proof import parts
from tests.proof.checks import CHECKS
from tests.proof.intake import a_very_long_sheet_is_taken_in_little_memory
from tests.proof.parts import Checked, Part
from tests.proof.report import markdown


def part(name="land", commit="abc1234", checks=(), measures=()):
    return Part(name, commit, "2026-01-02", parts.machine(0.5), 100, 1.0, tuple(checks), tuple(measures))


def test_every_check_holds(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        results = parts.checked(tmp_path, 400, CHECKS)
    assert [result.name for result in results if not result.ok] == []
    assert len(results) == len(CHECKS)


def test_a_long_sheet_is_taken_in_a_process_of_its_own(tmp_path):
    [result] = parts.checked(tmp_path, 400, [a_very_long_sheet_is_taken_in_little_memory])
    assert result.ok, result.said


def test_a_check_that_fails_is_said(tmp_path):
    def wrong(folder, size):
        """Two and two."""
        assert size == 5, "size is not five"

    [result] = parts.checked(tmp_path, 4, [wrong])
    assert (result.ok, result.said.splitlines()[0]) == (False, "size is not five")
    page = markdown([part(checks=[result])])
    assert "**FAILS**: size is not five" in page
    assert "| **FAIL** |" in page


def test_a_part_that_cannot_come_to_its_end_is_a_failed_check(monkeypatch):
    def broken(size):
        raise ClearlandError("E-BENCH-JOB", "The job failed.", remedy="Mend it.")

    monkeypatch.setitem(parts.PARTS, "land", broken)
    assert not parts.prove("land", 100).ok


def test_a_part_run_alone_leaves_the_others_with_their_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(proof, "ROOT", tmp_path)
    monkeypatch.setattr(parts, "commit", lambda: "second")
    monkeypatch.setitem(parts.PARTS, "land", lambda size: ([], [Measure(work="w", unit="ms", value=1.0, note="n")]))
    kept = part("checks", "first", [Checked("a", "b", True, "c", 1.0)])
    parts.keep(kept, tmp_path / "docs" / "proof")
    assert proof.main(["100", "land"]) == 0
    said = {each.name: each.commit for each in parts.kept(tmp_path / "docs" / "proof")}
    assert said == {"checks": "first", "land": "second"}
    page = (tmp_path / "docs" / "proof.md").read_text(encoding="utf-8")
    assert "`first`" in page
    assert "| w | 1 ms |" in page


def test_a_part_that_is_not_known_is_refused(capsys):
    assert proof.main(["sky"]) == 2
    assert "land-sizes" in capsys.readouterr().err


@pytest.mark.parametrize("value", [12.0, None])
def test_the_page_has_checks_and_measures_and_names_no_machine(value):
    checks = [Checked("a", "b", True, "c | d", 1.0)]
    page = markdown([part(checks=checks, measures=[Measure(work="w", unit="ms", value=value, budget=20)])])
    assert "| a: b | holds: c \\| d | 1 |" in page
    assert ("| ok |" if value else "| skipped |") in page
    assert socket.gethostname() not in page
