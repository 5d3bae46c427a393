"""What the programme answers to recommendations that sources make: kept as answers beside those to report forms."""

from typing import Any

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot
from clearland.reports.answers import KIND
from clearland.work.decisions import write_decision

REPORT = "recommendations"


def advice_answers(snapshot: Snapshot) -> dict[str, Any]:
    """Reference of the claim → the answer that stands."""
    rows = snapshot.sql(f"SELECT slot, words, reason, record FROM {KIND} WHERE report = ? ORDER BY known_from", [REPORT])
    return {row["slot"]: {**row, "reason": row["reason"] or ""} for row in rows.to_pylist()}


def answer_advice(
    snapshot: Snapshot, ref: str, words: str, *, actor: Actor | None, clock: Clock = system_clock
) -> None:
    """Answer a recommendation. Raises RefusedInput E-REPORT-SLOT for a claim that is none, NotPermitted."""
    held = snapshot.sql("SELECT 1 FROM claim WHERE ref = ? AND attribute = 'policy.recommendation' LIMIT 1", [ref]).num_rows
    if not held:
        raise RefusedInput("E-REPORT-SLOT", f"“{ref}” is no recommendation held here.", remedy="Load the page again.")
    name = f"{REPORT}-{ref}"
    attributes = {"report": REPORT, "slot": ref, "answer": "filled", "words": words}
    why = f"Answer to recommendation {ref}"
    write_decision(KIND, record_id(KIND, name), name, attributes, "approved", actor=actor, reason=why, clock=clock)
