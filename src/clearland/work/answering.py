"""People answer what rules find: corrected, right as it is, or not applicable; each answer an entry that can be taken back.

An answer belongs to the finding's mark, a hash of what the finding says: when the record changes in what the finding is
about, the finding says something else and is open again. The answer itself stays in the book.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.figures.findings import Asked, Row, asked_for
from clearland.ledger.rows import record, rows
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.snapshot import Snapshot
from clearland.work.decisions import write_decision

KIND = "finding_answer"
VERDICTS = ("corrected", "as_is", "not_applicable")
_NEED_REASON = frozenset({"as_is", "not_applicable"})
_MEMBERS = "programme"
_MARK = 16  # digits of the mark that name an answer


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer that stands: to which finding, what, why, by whom and when."""

    mark: str
    code: str
    verdict: str
    reason: str
    actor: str
    answered_at: datetime


def answers(seen: Scope, as_known: date | None = None) -> dict[str, Answer]:
    """Every answer that stands within the scope, by the mark of its finding."""
    found = rows(seen, KIND, as_known=as_known) if _MEMBERS in seen.classes else ()
    made = (_answer(version) for version in found)
    return {each.mark: each for each in made}


def _answer(version: Any) -> Answer:
    said = version.attributes
    return Answer(
        mark=said["mark"], code=said["code"], verdict=said["verdict"], reason=said.get("reason", ""),
        actor=version.entry.commit.actor, answered_at=version.entry.commit.recorded_at,
    )  # fmt: skip


def answer(
    snapshot: Snapshot, mark: str, verdict: str, reason: str, *, actor: Actor | None, clock: Clock = system_clock
) -> UUID:
    """Answer a finding of the snapshot; the record of the answer.

    Raises NotPermitted E-CHECK-ACTOR, RefusedInput E-CHECK-ANSWER.
    """
    seen = _member(actor)
    finding = _finding(snapshot, mark, seen.classes)
    if verdict not in VERDICTS:
        raise RefusedInput("E-CHECK-ANSWER", f"{verdict!r} answers no finding.", remedy=f"Use one of {', '.join(VERDICTS)}.")
    if verdict in _NEED_REASON and not reason.strip():
        raise RefusedInput("E-CHECK-ANSWER", "This answer needs a reason.", remedy="Say why it holds.")
    attributes = {"code": finding["code"], "mark": mark, "verdict": verdict}
    if finding["record"]:
        standing = record(seen, UUID(finding["record"]))
        attributes["answered_record"] = finding["record"]
        if standing is not None:
            attributes["answered_entry"] = str(standing.entry_uuid)  # type: ignore[attr-defined]
    if reason.strip():
        attributes["reason"] = reason.strip()
    answered = record_id(KIND, mark)
    why = f"Answer to {finding['code']}: {verdict}"
    write_decision(KIND, answered, mark[:_MARK], attributes, "approved", actor=actor, reason=why, clock=clock)
    return answered


def take_back(mark: str, *, actor: Actor | None, clock: Clock = system_clock) -> None:
    """Withdraw an answer; the finding is open again. Raises NotPermitted E-CHECK-ACTOR, RefusedInput E-CHECK-ANSWER."""
    answered = record_id(KIND, mark)
    standing = rows(_member(actor), KIND).filter(record__id=answered).first()
    if standing is None:
        raise RefusedInput("E-CHECK-ANSWER", "There is no such answer to take back.", remedy="Load the page again.")
    why = "Answer to a finding taken back"
    write_decision(KIND, answered, mark[:_MARK], standing.attributes, "withdrawn", actor=actor, reason=why, clock=clock)


def _member(actor: Actor | None) -> Scope:
    if actor is None or actor.is_system:
        raise NotPermitted("E-CHECK-ACTOR", "Only a person answers findings.", remedy="Log in.")
    seen = scope(actor, "answer findings")
    if _MEMBERS not in seen.classes:
        raise NotPermitted("E-CHECK-ACTOR", "Only members of the programme answer findings.", remedy="Ask for the right.")
    return seen


def _finding(snapshot: Snapshot, mark: str, classes: Collection[str]) -> Row:
    found = asked_for(snapshot, Asked(classes=classes, answered=(mark,), only_answered=True), most=1)
    if not found:
        raise RefusedInput("E-CHECK-ANSWER", "This finding no longer stands.", remedy="Load the page again.")
    return found[0]
