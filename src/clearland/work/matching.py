"""People decide about records that may tell of one thing: the same, different, not sure; each an entry that can be taken back.

A match is named by its two records, so that deciding again is a new entry of the same record. Nothing is merged: both
records stay as they are, and figures count the one that the person named (`figures.duplicates`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clearland.checks.matching.scoring import one_to_one
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.values import clean
from clearland.figures.findings import CLASSES
from clearland.figures.matches import KINDS, Candidate, Candidates
from clearland.ledger.rows import record, rows
from clearland.ledger.scope import Actor, Scope
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.decisions import write_decision
from clearland.work.judging import judging_scope

KIND = "record_match"
SAME, DIFFERENT, NOT_SURE = VERDICTS = ("same", "different", "not_sure")
_NEED_REASON = frozenset({SAME, NOT_SURE})


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision that stands: about which two records, what, which of them counts, why, by whom and when."""

    record: UUID
    kind: str
    first: str
    second: str
    counted: str
    verdict: str
    score: float | None
    reason: str
    actor: str
    decided_at: datetime

    @property
    def pair(self) -> frozenset[str]:
        """Both records, in no order."""
        return frozenset((self.first, self.second))


def decisions(seen: Scope, kind: str = "", as_known: date | None = None) -> list[Decided]:
    """Every decision that stands within the scope, of one kind where asked, the newest first."""
    found = rows(seen, KIND, as_known=as_known).select_related("entry__commit")
    made = [each for each in map(_decided, found) if kind in ("", each.kind)]
    return sorted(made, key=lambda each: (each.decided_at, each.record), reverse=True)


def _decided(version: Any) -> Decided:
    said = version.attributes
    links: Mapping[str, list[str]] = json.loads(bytes(version.entry.body))["links"]
    return Decided(
        record=version.record_uuid, kind=said["matched_kind"], first=links["one_record"][0], second=links["other_record"][0],
        counted=next(iter(links.get("counted_record", ())), ""), verdict=said["verdict"],
        score=float(said["score"]) if said.get("score") is not None else None, reason=said.get("reason", ""),
        actor=version.entry.commit.actor, decided_at=version.entry.commit.recorded_at,
    )  # fmt: skip


def open_candidates(found: Candidates, decided: list[Decided]) -> list[Candidate]:
    """The candidates that nobody decided about, the likeliest first; of each record the likeliest of each source."""
    same = [(each.first, each.second) for each in decided if each.verdict == SAME]
    return one_to_one(found.pairs, found.source, same, {each.pair for each in decided})


def decide(
    one: UUID, other: UUID, verdict: str, *, actor: Actor | None, counted: UUID | None = None, reason: str = "",
    candidate: Candidate | None = None, clock: Clock = system_clock,
) -> UUID:  # fmt: skip
    """Say whether two records tell of one thing; the record of the decision. `counted` is the one that figures count.

    Raises NotPermitted E-MATCH-ACTOR, E-JUDGE-CLASS, RefusedInput E-MATCH-VERDICT, E-MATCH-REASON, E-MATCH-RECORD.
    """
    if actor is None or (actor.is_system and actor.id != "system:cli"):
        raise NotPermitted("E-MATCH-ACTOR", "Only a person says whether two records are one thing.", remedy="Log in.")
    if verdict not in VERDICTS:
        raise RefusedInput(
            "E-MATCH-VERDICT", f"{verdict!r} is no decision on two records.", remedy=f"Use one of {', '.join(VERDICTS)}."
        )
    if verdict in _NEED_REASON and not reason.strip():
        raise RefusedInput("E-MATCH-REASON", "This decision needs a reason.", remedy="Say what makes you think so.")
    seen = judging_scope(actor)
    first, second = sorted((one, other), key=str)
    sides = [_standing(seen, first), _standing(seen, second)]
    if first == second or sides[0].kind != sides[1].kind:
        raise RefusedInput("E-MATCH-RECORD", "These are not two records of one kind.", remedy="Choose two of the same kind.")
    counted = counted if counted in (first, second) else first
    values = {
        "matched_kind": sides[0].kind, "verdict": verdict, "reason": reason.strip(),
        "score": str(candidate.score) if candidate else "",
        "grounds": " ".join(each.code for each in candidate.reasons) if candidate else "",
    }  # fmt: skip
    attributes, findings = clean(current_dictionary(), KIND, {name: value for name, value in values.items() if value})
    if wrong := [each for each in findings if each.place.column in values]:
        raise RefusedInput(wrong[0].code, wrong[0].sentence, place=wrong[0].place, remedy=wrong[0].remedy)
    links = {"one_record": [first], "other_record": [second]} | ({"counted_record": [counted]} if verdict == SAME else {})
    match = record_id(KIND, f"{first}\x1f{second}")
    sensitivity = max((*(side.sensitivity for side in sides), "programme"), key=CLASSES.index)
    write_decision(
        KIND, match, f"{sides[0].local_id} : {sides[1].local_id}", attributes, "approved", actor=actor, clock=clock,
        reason=f"Two records: {verdict}", links=links, sensitivity=sensitivity,
    )  # fmt: skip
    return match


def _standing(seen: Scope, asked: UUID) -> Any:
    version = record(seen, asked)
    if version is None or version.kind not in KINDS:
        raise RefusedInput(
            "E-MATCH-RECORD", f"{asked} is no record that can be matched.", remedy=f"Choose records of {', '.join(KINDS)}."
        )
    return version


def take_back(match: UUID, *, actor: Actor | None, clock: Clock = system_clock) -> None:
    """Take a decision back by a new entry; both records count again. Raises RefusedInput E-MATCH-NONE where none stands."""
    seen = judging_scope(actor)
    standing = next((each for each in rows(seen, KIND).filter(record__id=match).select_related("entry")), None)
    if standing is None:
        raise RefusedInput("E-MATCH-NONE", "There is no such decision to take back.", remedy="Load the page again.")
    body = json.loads(bytes(standing.entry.body))
    links = {role: [UUID(each) for each in targets] for role, targets in body["links"].items()}
    write_decision(
        KIND, match, standing.local_id, standing.attributes, "withdrawn", actor=actor, clock=clock,
        reason="Decision about two records taken back", links=links, sensitivity=standing.sensitivity,
    )  # fmt: skip
