"""People decide whose a name is: proposals by likeness, accepted, rejected, stated and taken back, each an entry.

A match is named by sort, name and bearer, so that deciding again is a new entry of the same record. Nothing counts before
a person accepted it: search and comparison then read the name as one of its bearer's.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.core.words import folded_name
from clearland.dictionary.known_names import Bearer, NameBook, Proposal, Sort, alike
from clearland.dictionary.values import clean
from clearland.ledger.judgements import ACCEPTED, REJECTED
from clearland.ledger.names import KIND, names_known
from clearland.ledger.rows import rows
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.decisions import write_decision
from clearland.work.judging import judging_scope

SORTS: tuple[Sort, ...] = ("organisation", "ordnance", "place")
MOST_NAMES = 5_000  # of each sort, the most printed first
_MODEL = re.compile(r"\b[A-ZА-Я]{1,5}-?\d{1,3}[A-ZА-Я]{0,2}\b|\b[A-ZА-Я]{2,5}-[A-ZА-Я]\b")
_WRITTEN: Mapping[Sort, str] = {
    "organisation": "SELECT unnest(list_concat([claimant, subject], coalesce(actor, []))) AS name FROM claim "
    "WHERE attribute NOT LIKE 'source.%'",  # what a document says of itself and of its notes names no actor
    "ordnance": "SELECT concat_ws(' ', subject, value_text, quote) AS name FROM claim",
    "place": "SELECT unnest(place) AS name FROM claim WHERE place IS NOT NULL",
}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A match that stands: whose name, how alike, who said so and when."""

    record: UUID
    entry: UUID
    sort: Sort
    written: str
    bearer: str
    verdict: str
    score: float | None
    how: str
    borne_from: str
    borne_to: str
    reason: str
    actor: str
    decided_at: Any


@dataclass(frozen=True, kw_only=True)
class Table:
    """What there is to decide about names of one sort, and what was decided. `counts` says in how many claims each stands."""

    proposals: Sequence[Proposal]
    decided: Sequence[Decided]
    counts: Mapping[str, int]
    bearers: Sequence[Bearer]


def names_in_claims(snapshot: Snapshot, sort: Sort) -> Counter[str]:
    """Every name of a sort that the claims of a snapshot print, with how many claims do."""
    query = f"SELECT name, count(*) AS n FROM ({_WRITTEN[sort]}) WHERE name IS NOT NULL GROUP BY name ORDER BY n DESC, name"
    found: Counter[str] = Counter()
    for row in snapshot.sql(query).to_pylist():
        for name in _MODEL.findall(row["name"]) if sort == "ordnance" else [row["name"].strip()]:
            found[name] += row["n"]
    return Counter(dict(found.most_common(MOST_NAMES)))


def table(snapshot: Snapshot, sort: Sort, *, actor: Actor | None) -> Table:
    """Proposals and decisions of one sort. Raises NotPermitted for those who may not decide."""
    seen_by = judging_scope(actor)
    book = names_known(seen_by, as_known=snapshot.as_known)
    counts = names_in_claims(snapshot, sort)
    found = rows(seen_by, KIND, as_known=snapshot.as_known).order_by("local_id")
    decided = [each for each in map(_decided, found) if each.sort == sort]
    bearers = sorted((each for each in book.bearers if each.sort == sort), key=lambda each: each.names[0].text)
    return Table(proposals=book.proposals(counts, sort), decided=decided, counts=counts, bearers=bearers)


def _decided(version: Any) -> Decided:
    said = version.attributes
    return Decided(
        record=version.record_uuid, entry=version.entry_uuid, sort=said["sort"], written=said["written"], bearer=said["bearer"],
        verdict=said["verdict"], score=float(said["score"]) if said.get("score") is not None else None, how=said.get("how", ""),
        borne_from=said.get("borne_from", ""), borne_to=said.get("borne_to", ""), reason=said.get("reason", ""),
        actor=version.entry.commit.actor, decided_at=version.entry.commit.recorded_at,
    )  # fmt: skip


def decide(
    written: str, sort: str, bearer: str, verdict: str, *, actor: Actor | None, borne_from: str = "", borne_to: str = "",
    reason: str = "", clock: Clock = system_clock,
) -> UUID:
    """Say that a name is a bearer's (`accepted`) or is not (`rejected`); the record of the match.

    Raises RefusedInput (E-NAME-SORT, E-NAME-BEARER, E-NAME-VERDICT, E-NAME-MODEL), or for a date that is none.
    """
    seen_by = judging_scope(actor)
    book = names_known(seen_by)
    one = _bearer(book, sort, bearer)
    if verdict not in (ACCEPTED, REJECTED):
        raise RefusedInput("E-NAME-VERDICT", f"{verdict!r} is no verdict on a name.", remedy="Accept or reject.")
    if not folded_name(written):
        raise RefusedInput("E-NAME-EMPTY", "A name needs letters.", remedy="Write the name as the source prints it.")
    score, how = max(alike(written, each.text) for each in one.names)
    if verdict == ACCEPTED and one.sort == "ordnance" and score == 0.0:
        raise RefusedInput(
            "E-NAME-MODEL", f"{written} and {one.names[0].text} bear different designations: they are two models.",
            remedy="Add the model under its own name.",
        )  # fmt: skip
    values = {
        "written": written.strip(), "sort": one.sort, "bearer": one.code, "verdict": verdict, "score": str(round(score, 2)),
        "how": how or "stated", "borne_from": borne_from.strip(), "borne_to": borne_to.strip(), "reason": reason.strip(),
    }  # fmt: skip
    cleaned, findings = clean(current_dictionary(), KIND, {name: value for name, value in values.items() if value})
    if findings:
        first = findings[0]
        raise RefusedInput(first.code, first.sentence, place=first.place, remedy=first.remedy, findings=findings)
    record = record_id(KIND, f"{one.sort}\x1f{folded_name(written)}\x1f{one.code}")
    local_id = f"{one.sort}:{folded_name(written)}:{one.code}"
    write_decision(KIND, record, local_id, cleaned, "approved", actor=actor, reason=f"Name {verdict}", clock=clock)
    return record


def _bearer(book: NameBook, sort: str, code: str) -> Bearer:
    if sort not in SORTS:
        raise RefusedInput("E-NAME-SORT", f"{sort!r} is no sort of names.", remedy=f"Use one of {', '.join(SORTS)}.")
    for each in book.bearers:
        if (each.sort, each.code) == (sort, code):
            return each
    raise RefusedInput(
        "E-NAME-BEARER", f"Nobody bears the code {code!r}.", remedy="Choose one of the list, or add its record first."
    )


def undo(record: UUID, *, actor: Actor | None, clock: Clock = system_clock) -> None:
    """Take a decision about a name back by a new entry. Raises RefusedInput (E-NAME-NONE) where none stands."""
    seen_by = judging_scope(actor)
    standing = rows(seen_by, KIND).filter(record__id=record).first()
    if standing is None:
        raise RefusedInput("E-NAME-NONE", "There is no such decision to take back.", remedy="Load the page again.")
    reason = "Decision about a name taken back"
    write_decision(KIND, record, standing.local_id, standing.attributes, "withdrawn", actor=actor, reason=reason, clock=clock)
