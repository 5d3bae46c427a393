"""Seeded defects at full size: a nation in files in which every rule over records is broken, many times, with an answer key."""

from pathlib import Path

from clearland.work.bench import programmes
from tests.checks.defects import nation
from tests.checks.run_defects import Score, read_and_known
from tests.checks.seeded import IN_FILE, KNOWN

LEAST_FOUND = 0.98
MOST_FALSE = 0.02
ROWS_A_UNIT = 30
_DEFECTS = (*IN_FILE, *KNOWN)
_CLEAN = 20


def seeded_defects_come_back(folder: Path, size: int) -> str:
    """Every rule over records is broken many times over in the files of a nation; the key says where, and what is in order."""
    units = max(len(_DEFECTS) + _CLEAN, size // ROWS_A_UNIT)
    every = max(1, min(4, units // len(_DEFECTS)))  # of a large nation one unit in four, of each of its three operators
    seeded = {unit: _DEFECTS[place % len(_DEFECTS)] for place, unit in enumerate(range(0, units - _CLEAN, every))}
    programmes.make(folder / "defects")
    (folder / "nation").mkdir()
    said = read_and_known(units, seeded, folder / "nation", programmes.WRITER)
    by_unit: dict[int, dict[tuple[str, str], set[str]]] = {}
    for (kind, name), codes in said.items():
        if name.rsplit("-", 1)[1].isdigit():
            by_unit.setdefault(int(name.rsplit("-", 1)[1]), {})[kind, name] = codes
    missed = [
        f"{defect.code} in unit {unit}" for unit, defect in seeded.items()
        if not any(defect.code in codes for (kind, _), codes in by_unit.get(unit, {}).items() if kind == defect.kind)
    ]  # fmt: skip
    in_order = [unit for unit in range(units) if unit not in seeded]
    alarms = [(kind, name, code) for unit in in_order for (kind, name), codes in by_unit.get(unit, {}).items() for code in codes]
    rows = sum(map(len, nation(1, {}).values())) * len(in_order)
    score = Score(seeded=len(seeded), missed=tuple(missed), false_alarms=tuple(alarms), rows=rows)
    assert score.found_share >= LEAST_FOUND, score.missed[:5]
    assert score.false_share < MOST_FALSE, score.false_alarms[:5]
    return (
        f"{score.seeded:,} defects of {len({each.code for each in _DEFECTS})} codes among {units:,} districts: "
        f"{score.found_share:.1%} found on their rows, {score.false_share:.2%} of {rows:,} rows in order raised anything"
    )
