"""Every rule that a file can break is broken once, and comes back on its row; a nation in order raises nothing."""

from pathlib import Path

from clearland.ledger.scope import system_actor
from tests.checks.clean_unit import local_id
from tests.checks.conftest import Nation
from tests.checks.run_defects import read_and_known


def test_a_nation_in_order_raises_nothing(sqlite_programme, tmp_path: Path) -> None:
    said = read_and_known(30, {}, tmp_path, system_actor("cli"))
    assert {key: codes for key, codes in said.items() if codes} == {}


def test_every_defect_comes_back_on_its_row(broken_nation: Nation) -> None:
    missed = [
        (defect.code, unit, broken_nation.codes_of(unit))
        for unit, defect in broken_nation.seeded.items() if defect.code not in broken_nation.codes_of(unit, defect.kind)
    ]  # fmt: skip
    assert not missed, "\n".join(map(str, missed))
    assert not any(map(broken_nation.codes_of, broken_nation.in_order))
    assert local_id(3, "hazard", "H") == "SYNTHETIC-H-3"
