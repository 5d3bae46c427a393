"""The proof at a small size: every check holds, a check that fails is printed as such, and the page names no machine."""

import socket

import pytest

from clearland.work.bench.measure import Measure
from tests.proof import __main__ as proof
from tests.proof.checks import CHECKS
from tests.proof.report import Checked, markdown


def test_every_check_holds(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        results = proof.checked(tmp_path, 400)
    assert [result.name for result in results if not result.ok] == []
    assert len(results) == len(CHECKS)


def test_a_check_that_fails_is_said(tmp_path, monkeypatch):
    def wrong(folder, size):
        """Two and two."""
        assert size == 5, "size is not five"

    monkeypatch.setattr(proof, "CHECKS", [wrong])
    [result] = proof.checked(tmp_path, 4)
    assert (result.ok, result.said.splitlines()[0]) == (False, "size is not five")
    page = markdown([result], [], 4)
    assert "**FAILS**: size is not five" in page


@pytest.mark.parametrize("value", [12.0, None])
def test_the_page_has_checks_and_measures_and_names_no_machine(value):
    page = markdown([Checked("a", "b", True, "c | d", 1.0)], [Measure(work="w", unit="ms", value=value, budget=20)], 100)
    assert "| a: b | holds: c \\| d | 1 |" in page
    assert ("| ok |" if value else "| skipped |") in page
    assert socket.gethostname() not in page
