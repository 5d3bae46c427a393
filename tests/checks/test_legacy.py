"""What a legacy source lacks is counted beside it and blocks nothing; arithmetic refuses it all the same."""

from pathlib import Path

import pytest

from clearland.core.errors import RefusedInput
from clearland.figures.findings import found
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work.add import AddOptions, add_file

CLI = system_actor("cli")
MAPPING = """
kind: qc_sampling
series: old
legacy: true
local_id: '{ref}'
key: [ref]
geometry: {missing: allow}
fields: {sampled_on: day, items_found: items, result: result}
"""
STOCK = """
kind: stockpile
series: old
legacy: true
local_id: '{ref}'
key: [ref]
fields: {opening: opening, closing: closing}
"""


def test_gaps_of_a_legacy_source_are_kept_and_its_open_errors_block_nothing(sqlite_programme, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "old.csv").write_text("ref,day,items,result\n1,2024-02-01,2,accepted\n2,,0,accepted\n", encoding="utf-8")
    added = add_file(tmp_path / "old.csv", AddOptions(mapping=tmp_path / "m.yaml"), actor=CLI)
    gaps = {row.attributes["code"]: row.attributes for row in rows(scope(CLI, "look"), "legacy_gap")}
    assert gaps["R-ITEM-ACCEPTED"]["rows"] == 1
    assert gaps["E-VALUE-MISSING"]["gap_kind"] == "qc_sampling"
    assert added.receipt.new == 2 + len(rows(scope(CLI, "look"), "legacy_gap"))
    noted = [row for row in found(snapshot()) if row["code"] == "R-ITEM-ACCEPTED"]
    assert [(row["local_id"], row["legacy"]) for row in noted] == [("1", True)]
    again = add_file(tmp_path / "old.csv", AddOptions(mapping=tmp_path / "m.yaml"), actor=CLI)
    assert (again.receipt.new, again.receipt.changed) == (0, 0)


def test_arithmetic_refuses_a_legacy_source_too(sqlite_programme, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(STOCK, encoding="utf-8")
    (tmp_path / "old.csv").write_text("ref,opening,closing\n1,100,90\n", encoding="utf-8")
    with pytest.raises(RefusedInput) as refused:
        add_file(tmp_path / "old.csv", AddOptions(mapping=tmp_path / "m.yaml"), actor=CLI)
    assert refused.value.code == "R-STOCK-CLOSING"
