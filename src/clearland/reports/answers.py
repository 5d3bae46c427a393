"""What people answered to the slots of a form: words, or that it is unchanged, not applicable, withheld or not known.

An answer is a record (kind `report_answer`) like any other: written by a person, kept for ever, traced by its reference. It
holds for the period it names, or until another is given where it names none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from clearland.ledger.snapshot import Snapshot
from clearland.reports.periods import Period

SlotStatus = Literal["filled", "unchanged_since", "not_applicable", "withheld", "not_known"]
SLOT_STATUSES: tuple[str, ...] = get_args(SlotStatus)
KIND = "report_answer"


@dataclass(frozen=True)
class Answer:
    """A person's answer to one slot. `words` in the language they were written in; `since` is a period."""

    slot: str
    status: SlotStatus
    words: str
    reason: str
    since: str
    record: str
    entry: str
    sensitivity: str


def answers(snapshot: Snapshot, form: str, period: Period) -> Mapping[str, Answer]:
    """Slot → the answer that holds for a period: one given for it, else the newest given without a period."""
    if KIND not in snapshot.dictionary.kinds:  # an older programme's own dictionary
        return {}
    rows = snapshot.sql(
        f"""SELECT * FROM {KIND} WHERE report = ? AND (period = ? OR period IS NULL OR period = '')
            ORDER BY coalesce(period, '') <> '', known_from, local_id""",
        [form, period.code],
    ).to_pylist()
    return {
        row["slot"]: Answer(
            row["slot"], row["answer"], row["words"] or "", row["reason"] or "", row["since"] or "", row["record"], row["entry"],
            row["sensitivity"],
        )
        for row in rows
    }  # fmt: skip
