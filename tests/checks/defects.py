"""A SYNTHETIC nation in files, clean or with seeded defects, and the key that says what is wrong where.

Every unit is a district on open ocean with one of each record, all in order. A defect changes one row of one unit, or
adds one; its code must come back on that row, from reading the file or from the findings on what was added.
"""

import csv
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearland.core.ids import record_id
from clearland.dictionary import envelope
from clearland.dictionary.loader import builtin
from tests.checks.clean_unit import Row, Unit, bodies, clean_unit

ORDER = (
    "place",
    "organisation",
    "task_order",
    "accreditation",
    "accident",
    "survey",
    "hazard",
    "evidence",
    "clearance",
    "land_release",
    "completion",
    "ordnance",
    "handover",
    "qa_visit",
    "qc_sampling",
    "non_conformity",
    "corrective_action",
    "victim",
    "assistance_service",
    "referral",
    "eore_session",
    "eore_beneficiaries",
    "stockpile",
    "stockpile_destruction",
    "minefield_record",
    "minefield_reference",
    "minefield_leg",
    "minefield_count",
    "activity_report",
    "public_report",
)


@dataclass(frozen=True)
class Defect:
    """What is done to a unit, the kind whose row must be named, and the code that must come back."""

    code: str
    kind: str
    change: Callable[[Unit, int], object]


def nation(units: int, defects: Mapping[int, Defect]) -> Unit:
    """Rows by kind: the clean units, those that `defects` names with theirs."""
    made: Unit = {kind: [] for kind in ORDER}
    for n in range(units):
        unit = deepcopy(clean_unit(n))
        if n in defects:
            defects[n].change(unit, n)
        for kind, rows in unit.items():
            made[kind] += rows
    for kind, rows in bodies().items():
        made[kind] += rows
    return made


def write_kind(kind_name: str, rows: list[Row], target: Path) -> Path:
    """One CSV file as this program exports it, which it reads back without a mapping."""
    kind = builtin().kind(kind_name)
    names = [each.name for each in kind.fields if any(each.name in row for row in rows)]
    with target.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([envelope.RECORD, envelope.AUDIENCE, envelope.LOCAL_ID, *names, envelope.WKT])
        for row in rows:
            shape = row.get("shape")
            out.writerow(
                [
                    record_id(kind_name, row["local_id"]),
                    "restricted",
                    row["local_id"],
                    *(_cell(row.get(name)) for name in names),
                    shape.wkt if shape is not None else "",
                ]
            )
    return target


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
