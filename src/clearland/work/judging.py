"""People decide about proposed claims: accept, correct, reject, split, add, undo; every decision is an entry.

A judgement's record is named by source, start, end and attribute, so that deciding again is a new entry of the same record,
and two people who decide at once conflict instead of overwriting each other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clearland.claims.model import from_json
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import Conflict, NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.values import clean
from clearland.figures.disagreements import found as disagreements_found
from clearland.ledger.carrying import Lost, Standing, folded, places, settle, sides_of
from clearland.ledger.drafts import Draft
from clearland.ledger.judgements import (
    ACCEPTED,
    ADDED,
    CORRECTED,
    KIND,
    PROPOSED,
    REJECTED,
    Judgement,
    body_text,
    judgements,
    local_id,
    newest_entries,
)
from clearland.ledger.readings import MODEL
from clearland.ledger.rows import claims, rendition
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.snapshot import snapshot
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write

PURPOSE = "judge claims"
SERIES = "judgement"
# Where a correction may say nothing, what it said before is taken away.
_EMPTY = (None, "")


@dataclass(frozen=True)
class NewClaim:
    """A claim that a person reads from the characters [start, end): `fields` in the shape of design section 7."""

    start: int
    end: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """A source's newest rendition with its claims as they stand and the judgements that are not carried over.

    `models` names, for the references of proposals that a model made, the model with its version."""

    seen_by: Scope
    source: str
    rendition: str
    text: str
    filename: str
    standing: Sequence[Standing]
    lost: Sequence[Lost]
    models: Mapping[str, str]

    def find(self, start: int, end: int, attribute: str, ref: str = "") -> Standing:
        """One claim by its words and attribute; `ref` tells two in the same words apart. Raises RefusedInput."""
        for each in self.standing:
            if (each.start, each.end, each.attribute) == (start, end, attribute) and (not ref or each.ref == ref):
                return each
        raise RefusedInput(
            "E-JUDGE-CLAIM", f"No claim of {attribute!r} is read from characters {start} to {end}.",
            remedy="Load the page again: the source may have been read anew.",
        )  # fmt: skip

    def judged(self, record: UUID) -> Judgement | None:
        """The judgement of a record that stands, carried over or not."""
        every = [*(each.judgement for each in self.standing), *(each.judgement for each in self.lost)]
        return next((each for each in every if each is not None and each.record == record), None)


def judging_scope(actor: Actor | None) -> Scope:
    """The scope of somebody who may decide. Raises NotPermitted (E-JUDGE-CLASS) for those below the class programme."""
    made = scope(actor, PURPOSE)
    if "programme" not in made.classes:
        raise NotPermitted("E-JUDGE-CLASS", "Only members of the programme decide about claims.", remedy="Log in as one.")
    return made


def desk(source: str, *, actor: Actor | None, as_known: date | None = None) -> Desk:
    """Everything there is to decide about a source, or was decided at the end of a day.

    Raises RefusedInput (E-JUDGE-SOURCE) where there is no text."""
    seen_by = judging_scope(actor)
    text = rendition(seen_by, source)
    if text is None:
        raise RefusedInput("E-JUDGE-SOURCE", f"No text of a source {source[:16]} is held.", remedy="Add the document first.")
    proposed = list(claims(seen_by, rendition=text).values_list("ref", "body", "extractor_version"))
    proposals = [(ref, body) for ref, body, _author in proposed]
    standing, lost = settle(text.text, text.sha256, proposals, judgements(seen_by, source, as_known=as_known))
    models = {ref: author.removeprefix(MODEL) for ref, _body, author in proposed if author.startswith(MODEL)}
    return Desk(seen_by, source, text.sha256, text.text, text.source.filename, standing, lost, models)


def judge(
    source: str,
    start: int,
    end: int,
    attribute: str,
    verdict: str,
    *,
    actor: Actor | None,
    correction: Mapping[str, Any] | None = None,
    reason: str = "",
    ref: str = "",
    seen: UUID | None = None,
    clock: Clock = system_clock,
) -> Judgement:
    """Accept, correct or reject the claim of an attribute that is read from characters [start, end) of a source.

    `correction` has the claim's fields that change (None takes one away). `seen` is the entry of the judgement that the
    person saw standing (None: undecided). Raises RefusedInput (E-JUDGE-CLAIM, E-JUDGE-VERDICT), ClearlandError E-CLAIM-…
    for a correction that is no claim, Conflict (E-JUDGE-STALE) when somebody else decided meanwhile.
    """
    at = desk(source, actor=actor)
    claim = at.find(start, end, attribute, ref)
    _check_seen(claim.judgement, seen)
    draft = _draft(at, claim, verdict, correction, reason)
    return _written(at, [draft], actor, f"Claim {verdict}", clock)[0]


def _draft(at: Desk, claim: Standing, verdict: str, correction: Mapping[str, Any] | None, reason: str) -> Draft:
    if verdict not in (ACCEPTED, CORRECTED, REJECTED):
        raise RefusedInput("E-JUDGE-VERDICT", f"{verdict!r} is no verdict.", remedy="Accept, correct or reject.")
    stated = None
    proposed = claim.proposal or (claim.judgement.proposed if claim.judgement else None)
    if verdict == CORRECTED:
        stated = _stated(at, claim.start, claim.end, {**claim.body, **(correction or {})})
    if proposed is None:
        # The reader never proposed it: what a person added can be changed or taken back, not accepted again.
        return _withdrawn(at, claim.judgement, reason) if verdict == REJECTED else _of(
            at, claim, ADDED, None, stated or claim.body, reason
        )
    return _of(at, claim, verdict, proposed, stated, reason)


def _of(
    at: Desk, claim: Standing, verdict: str, proposed: Mapping[str, Any] | None, stated: Mapping[str, Any] | None, reason: str
) -> Draft:
    """The draft of a decision about a claim that stands: the record it has, else the next that is free."""
    judgement = claim.judgement
    part = judgement.part if judgement else _free_part(at, claim.start, claim.end, claim.attribute)
    values = _values(at, (claim.start, claim.end, claim.attribute), part, verdict, reason)
    values |= {"proposed": body_text(proposed)} if proposed is not None else {}
    values |= {"correction": body_text(stated)} if stated is not None else {}
    record = judgement.record if judgement else _record(at.source, claim.start, claim.end, claim.attribute, part)
    return _cleaned(record, values)


def _values(at: Desk, key: tuple[int, int, str], part: int, verdict: str, reason: str) -> dict[str, Any]:
    start, end, attribute = key
    before, after = sides_of(at.text, start, end)
    values = {
        "source_sha256": at.source, "start": start, "end": end, "attribute": attribute, "verdict": verdict,
        "rendition": at.rendition, "quote": folded(at.text[start:end]), "before": before, "after": after,
        "part": part if part > 1 else None, "reason": reason.strip(),
    }  # fmt: skip
    return {name: value for name, value in values.items() if value not in _EMPTY}


def _cleaned(record: UUID, values: Mapping[str, Any], state: str = "approved") -> Draft:
    cleaned, findings = clean(current_dictionary(), KIND, values)
    if findings:
        first = findings[0]
        raise RefusedInput(first.code, first.sentence, place=first.place, remedy=first.remedy, findings=findings)
    name = local_id(values["source_sha256"], values["start"], values["end"], values["attribute"], values.get("part", 1))
    return Draft(record=record, kind=KIND, local_id=name, attributes=cleaned, state=state)


def _record(source: str, start: int, end: int, attribute: str, part: int) -> UUID:
    return record_id(SERIES, f"{source}\x1f{start}\x1f{end}\x1f{attribute}\x1f{part}")


def _free_part(at: Desk, start: int, end: int, attribute: str, taken: Iterable[int] = ()) -> int:
    """The first part that no standing judgement of the same words and attribute has."""
    every = [*(each.judgement for each in at.standing), *(each.judgement for each in at.lost)]
    used = {each.part for each in every if each and (each.start, each.end, each.attribute) == (start, end, attribute)}
    used.update(taken)
    return next(part for part in range(1, len(used) + 2) if part not in used)


def _stated(at: Desk, start: int, end: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A person's claim, checked by the claim's own rules."""
    given = {name: value for name, value in fields.items() if value not in _EMPTY or name == "value"}
    given |= {"file": given.get("file") or at.filename, "start": start, "end": end}
    given["value"] = given.get("value") if given.get("value") != "" else None
    for name in ("subject", "attribute"):
        if not str(given.get(name) or "").strip():
            raise RefusedInput("E-JUDGE-FIELD", f"The claim has no {name}.", remedy="Say what the claim is about.")
    try:
        return from_json(given).as_json()
    except TypeError as error:
        raise RefusedInput("E-JUDGE-FIELD", f"This is no claim: {error}.", remedy="Use the fields of a claim.") from error


def _check_seen(judgement: Judgement | None, seen: UUID | None) -> None:
    stands = judgement.entry if judgement else None
    if stands != seen:
        raise Conflict(
            "E-JUDGE-STALE", "Somebody else decided about this claim meanwhile.",
            remedy="Load the page again to see who decided what, and decide again if you differ.",
        )  # fmt: skip


def _written(at: Desk, drafts: Sequence[Draft], actor: Actor | None, reason: str, clock: Clock) -> list[Judgement]:
    """Write the decisions as one commit; the judgements that stand by them, in the order of the drafts."""
    if actor is None:
        raise NotPermitted("E-SCOPE-ACTOR", "Nobody is logged in.", remedy="Log in.")
    newest = newest_entries(at.seen_by, [draft.record for draft in drafts])
    based = [Draft(**{**vars(draft), "based_on": newest.get(draft.record)}) for draft in drafts]
    write(based, actor=actor, reason=reason, clock=clock)
    standing = {each.record: each for each in judgements(at.seen_by, at.source)}
    return [standing[draft.record] for draft in drafts if draft.record in standing]


def undo(
    record: UUID, source: str, *, actor: Actor | None, seen: UUID | None, reason: str = "", clock: Clock = system_clock
) -> None:
    """Withdraw a judgement by a new entry: the claim is undecided again, a claim that a person added is gone.

    Raises RefusedInput (E-JUDGE-NONE) where none stands, Conflict (E-JUDGE-STALE).
    """
    at = desk(source, actor=actor)
    judgement = at.judged(record)
    if judgement is None:
        raise RefusedInput("E-JUDGE-NONE", "There is no such decision to take back.", remedy="Load the page again.")
    _check_seen(judgement, seen)
    _written(at, [_withdrawn(at, judgement, reason)], actor, "Decision about a claim taken back", clock)


def _withdrawn(at: Desk, judgement: Judgement | None, reason: str) -> Draft:
    if judgement is None:
        raise RefusedInput("E-JUDGE-NONE", "There is no such decision to take back.", remedy="Load the page again.")
    values: dict[str, Any] = {
        "source_sha256": judgement.source, "start": judgement.start, "end": judgement.end, "attribute": judgement.attribute,
        "verdict": judgement.verdict, "rendition": judgement.rendition, "quote": judgement.quote,
        "before": judgement.before, "after": judgement.after, "part": judgement.part if judgement.part > 1 else None,
        "reason": reason or judgement.reason,
        "proposed": body_text(judgement.proposed) if judgement.proposed else None,
        "correction": body_text(judgement.correction) if judgement.correction else None,
    }  # fmt: skip
    return _cleaned(judgement.record, {name: value for name, value in values.items() if value not in _EMPTY}, "withdrawn")


def add_claim(
    source: str, claim: NewClaim, *, actor: Actor | None, reason: str = "", clock: Clock = system_clock
) -> Judgement:
    """A person's own claim, read from words of the source. Raises RefusedInput (E-JUDGE-SPAN, E-JUDGE-FIELD)."""
    at = desk(source, actor=actor)
    return _written(at, _added(at, [claim], reason), actor, "Claim added", clock)[0]


def split(
    source: str,
    start: int,
    end: int,
    attribute: str,
    parts: Sequence[NewClaim],
    *,
    actor: Actor | None,
    ref: str = "",
    seen: UUID | None = None,
    clock: Clock = system_clock,
) -> list[Judgement]:
    """Put several claims in the place of one, in one commit: it is rejected (or taken back), they are added."""
    if len(parts) < 2:
        raise RefusedInput("E-JUDGE-SPLIT", "A claim is split into two or more.", remedy="Correct it instead.")
    at = desk(source, actor=actor)
    claim = at.find(start, end, attribute, ref)
    _check_seen(claim.judgement, seen)
    whole = _draft(at, claim, REJECTED, None, "Split into several claims")
    drafts = [whole, *_added(at, parts, "Split from one claim", taken=[(start, end, attribute, claim.part)])]
    made = _written(at, drafts, actor, "Claim split", clock)
    return [each for each in made if each.record != whole.record]


def _added(
    at: Desk, parts: Sequence[NewClaim], reason: str, taken: Sequence[tuple[int, int, str, int]] = ()
) -> list[Draft]:
    used = list(taken)
    drafts = []
    for each in parts:
        if not 0 <= each.start < each.end <= len(at.text):
            raise RefusedInput("E-JUDGE-SPAN", "These characters are not in the source.", remedy="Choose words of the text.")
        stated = _stated(at, each.start, each.end, each.fields)
        key = (each.start, each.end, str(stated["attribute"]))
        part = _next_part(at, key, used)
        used.append((*key, part))
        values = _values(at, key, part, ADDED, reason) | {"correction": body_text(stated)}
        drafts.append(_cleaned(_record(at.source, *key, part), values))
    return drafts


def _next_part(at: Desk, key: tuple[int, int, str], used: Sequence[tuple[int, int, str, int]]) -> int:
    """A part of its own: the first is kept for a proposal in the same words that is not decided yet."""
    taken = {part for *other, part in used if tuple(other) == key}
    if any((each.start, each.end, each.attribute) == key and each.judgement is None for each in at.standing):
        taken.add(1)
    return _free_part(at, *key, taken)


def words_in(at: Desk, words: str, near: int) -> tuple[int, int]:
    """The characters nearest to `near` that hold these words. Raises RefusedInput (E-JUDGE-SPAN)."""
    found = places(at.text, folded(words))
    if not found:
        raise RefusedInput("E-JUDGE-SPAN", "These words are not in the source.", remedy="Choose words of the text as it stands.")
    return min(found, key=lambda span: abs(span[0] - near))


def is_plain(claim: Standing) -> bool:
    """Whether a proposal may be accepted in bulk as far as it alone tells (`accept_safe` looks at the others)."""
    body = claim.body
    return (
        claim.verdict == PROPOSED
        and body.get("value_status", "known") == "known"
        and bool(body.get("claimant")) and not re.search(r"[;,&]| and ", str(body["claimant"]))
        and len(body.get("chain") or ()) < 2
        and body.get("modality", "asserted") == "asserted"
        and body.get("polarity", "affirmed") == "affirmed"
        and body.get("stance", "reported") in ("reported", "estimated")
    )  # fmt: skip


def safe_claims(at: Desk) -> list[Standing]:
    """What `accept_safe` accepts: plain proposals of our own reader, alone in their words, that differ from no claim of the
    programme."""
    plain = [each for each in at.standing if is_plain(each) and each.ref not in at.models]
    spans = [(each.start, each.end) for each in at.standing if each.verdict != REJECTED]
    alone = [each for each in plain if spans.count((each.start, each.end)) == 1]
    if not alone:
        return []
    pairs = disagreements_found(snapshot())
    differing = {(side.file, side.start, side.end, side.attribute) for pair in pairs for side in (pair.left, pair.right)}
    return [each for each in alone if (each.body.get("file"), each.start, each.end, each.attribute) not in differing]


def accept_safe(source: str, *, actor: Actor | None, clock: Clock = system_clock) -> int:
    """Accept, in one commit, every proposal of a source that is plain: a known value affirmed and asserted by one named
    claimant who is quoting nobody, no accusation or denial, alone in its words, and differing from no other claim."""
    at = desk(source, actor=actor)
    drafts = [_draft(at, each, ACCEPTED, None, "") for each in safe_claims(at)]
    if drafts:
        _written(at, drafts, actor, "Plain claims accepted together", clock)
    return len(drafts)


