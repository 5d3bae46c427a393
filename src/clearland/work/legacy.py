"""Gaps of a source declared legacy, kept as records in the commit that adds it: counted, and blocking nothing."""

from clearland.core.ids import record_id
from clearland.intake.plan import Plan
from clearland.ledger.drafts import Draft

KIND = "legacy_gap"


def gap_drafts(planned: Plan, sha256: str, filename: str) -> list[Draft]:
    """One record per kind, code and column; the same file again gives the same records."""
    made = []
    for gap in planned.gaps:
        key = f"{sha256}\x1f{gap.kind}\x1f{gap.code}\x1f{gap.column}"
        attributes = {
            "file_sha256": sha256, "filename": filename, "gap_kind": gap.kind, "code": gap.code, "column": gap.column,
            "rows": gap.rows,
        }  # fmt: skip
        said = {name: value for name, value in attributes.items() if value != ""}
        local_id = f"{sha256[:12]}:{gap.kind}:{gap.code}:{gap.column}"
        made.append(Draft(record=record_id(KIND, key), kind=KIND, local_id=local_id, attributes=said))
    return made
