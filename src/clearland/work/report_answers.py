"""A person's answer to a slot of a report form, written as a record that the report then prints and cites."""

from dataclasses import dataclass

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot
from clearland.reports.answers import KIND, SLOT_STATUSES
from clearland.reports.compile import report_form
from clearland.reports.periods import period as read_period
from clearland.work.decisions import write_decision


@dataclass(frozen=True)
class Given:
    """An answer as it was given; `period` empty means until another is given."""

    report: str
    slot: str
    status: str
    words: str = ""
    reason: str = ""
    since: str = ""
    period: str = ""


def answer(snapshot: Snapshot, given: Given, *, actor: Actor | None, clock: Clock = system_clock) -> None:
    """Write the answer over one given before for the same slot and period.

    Raises NotPermitted for those who may not decide, ClearlandError for an unknown form or period, RefusedInput
    E-REPORT-SLOT, E-REPORT-ANSWER.
    """
    form = report_form(snapshot, given.report)
    if given.slot not in {slot.code for slot in form.slots()}:
        codes = ", ".join(slot.code for slot in form.slots())
        raise RefusedInput("E-REPORT-SLOT", f"“{form.name}” has no slot “{given.slot}”.", remedy=f"It has: {codes}.")
    if given.status not in SLOT_STATUSES:
        raise RefusedInput(
            "E-REPORT-ANSWER", f"{given.status!r} answers no slot.", remedy=f"Use one of {', '.join(SLOT_STATUSES)}."
        )
    needed = {"filled": given.words, "unchanged_since": given.since}.get(given.status, "-")
    if not needed.strip():
        raise RefusedInput("E-REPORT-ANSWER", "This answer says too little.", remedy="Give the words, or since when it stands.")
    covered = read_period(given.period).code if given.period else ""
    said = {"words": given.words.strip(), "reason": given.reason.strip(), "period": covered,
            "since": read_period(given.since).code if given.since else ""}  # fmt: skip
    attributes = {"report": form.name, "slot": given.slot, "answer": given.status, **{k: v for k, v in said.items() if v}}
    name = f"{form.name}-{given.slot}{'-' + covered if covered else ''}"
    why = f"Answer to {given.slot} of {form.name}"
    write_decision(KIND, record_id(KIND, name), name, attributes, "approved", actor=actor, reason=why, clock=clock)
