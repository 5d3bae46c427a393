"""The limits a programme sets hold for what comes in, not only for what lies there."""

from pathlib import Path

from clearland.ledger.scope import system_actor
from clearland.work.add import AddOptions, check_file
from clearland.work.limits import set_limits

CLI = system_actor("cli")
MAPPING = """
kind: ordnance
series: finds
local_id: ref
geometry: {missing: allow}
fields: {category: what, quantity: items, found_on: day, depth_found_cm: depth}
"""


def test_a_find_is_deeper_than_the_programme_expects(sqlite_programme: object, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "finds.csv").write_text("ref,what,items,day,depth\nF-1,AP,1,2026-01-02,40\n", encoding="utf-8")
    options = AddOptions(mapping=tmp_path / "m.yaml")
    assert "R-DEPTH" not in _codes(tmp_path / "finds.csv", options)
    set_limits(["eod_depth_cm=30"], actor=CLI)
    assert "R-DEPTH" in _codes(tmp_path / "finds.csv", options)


def _codes(path: Path, options: AddOptions) -> set[str]:
    return {finding.code for finding in check_file(path, options, actor=CLI).findings}
