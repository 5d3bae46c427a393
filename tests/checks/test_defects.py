"""Every rule that a file can break is broken once, and comes back on its row; a nation in order raises nothing."""

from pathlib import Path

from clearland.checks.catalogue import rules
from clearland.ledger.scope import system_actor
from tests.checks.clean_unit import local_id
from tests.checks.run_defects import read_and_known
from tests.checks.seeded import IN_FILE, KNOWN

CLI = system_actor("cli")
# Said of many records at once, or of values that never come in plain text: each has its own test.
ELSEWHERE = {"R-CROWDED-POINT", "R-BORN-AFTER"}


def test_every_code_of_a_rule_over_records_is_seeded() -> None:
    seeded = {defect.code for defect in (*IN_FILE, *KNOWN)}
    made = {code for rule in rules().values() for code in rule.codes if code.startswith("R-")}
    assert made - seeded == ELSEWHERE


def test_a_nation_in_order_raises_nothing(sqlite_programme, tmp_path: Path) -> None:
    said = read_and_known(30, {}, tmp_path, CLI)
    assert {key: codes for key, codes in said.items() if codes} == {}


def test_every_defect_comes_back_on_its_row(sqlite_programme, tmp_path: Path) -> None:
    seeded = dict(enumerate((*IN_FILE, *KNOWN)))
    said = read_and_known(len(seeded) + 20, seeded, tmp_path, CLI)
    missed = []
    for n, defect in seeded.items():
        rows = {key: codes for key, codes in said.items() if key[0] == defect.kind and key[1].endswith(f"-{n}")}
        if not any(defect.code in codes for codes in rows.values()):
            missed.append((defect.code, n, {code for codes in rows.values() for code in codes}))
    assert not missed, "\n".join(map(str, missed))
    untouched = {key: codes for key, codes in said.items() if int(key[1].rsplit("-", 1)[1]) >= len(seeded)}
    assert not untouched, untouched
    assert local_id(3, "hazard", "H") == "SYNTHETIC-H-3"
