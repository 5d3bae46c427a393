"""Sources that are cited and not held: counted, matched with what is held, decided by people.

What a note tells is derived from the readings (`cited_book`); only what a person decides is a record (`cited_source`): that
a source is held as this one, that it is not, that it was asked for or cannot be had. A match is proposed where symbol or
address agree, or title and date do; it counts when a person accepts it, and can be taken back.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.dictionary.values import clean
from clearland.ledger.notes_read import notes_labelled
from clearland.ledger.rows import rows, sources
from clearland.ledger.scope import Actor, Scope
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.cited_book import CitedSource, book, cited_by, may_be
from clearland.work.decisions import write_decision
from clearland.work.judging import judging_scope

KIND = "cited_source"
HELD, NOT_HELD = "full", "not_held"
HOLDINGS = (HELD, NOT_HELD, "requested", "not_obtainable")



def cited_sources(seen_by: Scope, *, as_known: date | None = None) -> list[CitedSource]:
    """Everything that held sources cite: not held first, then by how many claims rest on it. No matches are proposed yet."""
    decided = {version.local_id: version for version in rows(seen_by, KIND, as_known=as_known)}
    told = book(seen_by).told
    made = [_decided(one, decided[one.key]) if one.key in decided else one for one in told] if decided else list(told)
    return [one for one in made if one.holding != HELD] + [one for one in made if one.holding == HELD]


def with_matches(seen_by: Scope, some: Sequence[CitedSource]) -> list[CitedSource]:
    """These cited sources with the held ones they may be, where nobody decided yet."""
    kept = book(seen_by)
    told = [(one, kept.by_key.get(one.key)) for one in some]
    return [replace(one, held=may_be(kept.shelf, each)) if each and one.record is None else one for one, each in told]


def cited_words(reading: Any, labels: Collection[str]) -> dict[str, str]:
    """Label of a note -> author, title and date of what it cites, an Ibid resolved; for the claims of one page."""
    told: dict[str, list[str]] = defaultdict(list)
    for read in notes_labelled(reading, labels) if labels else ():
        told[read.label] += [cited.line for cited in cited_by(read) if cited is not None and read.label]
    return {label: "; ".join(lines) for label, lines in told.items() if lines}


def _decided(one: CitedSource, version: Any) -> CitedSource:
    said = version.attributes
    return replace(
        one, holding=said.get("holding", ""), held_as=said.get("held_as_sha256", ""), record=version.record_uuid,
        actor=version.entry.commit.actor,
    )  # fmt: skip


def decide(
    key: str, holding: str, *, actor: Actor | None, held_as: str = "", remark: str = "", clock: Clock = system_clock
) -> UUID:
    """Say how a cited source is held; the record. Raises RefusedInput (E-CITED-KEY, E-CITED-HOLDING, E-CITED-SOURCE)."""
    seen_by = judging_scope(actor)
    one = book(seen_by).by_key.get(key)
    if one is None:
        raise RefusedInput("E-CITED-KEY", "No held source cites that.", remedy="Load the page again.")
    if holding not in HOLDINGS:
        raise RefusedInput("E-CITED-HOLDING", f"{holding!r} is no way to hold a source.", remedy=f"Use {', '.join(HOLDINGS)}.")
    if holding == HELD and not sources(seen_by).filter(sha256=held_as).exists():
        raise RefusedInput("E-CITED-SOURCE", "No such source is held.", remedy="Add the document first.")
    values = {name: value for name, value in _values(one, holding, held_as, remark).items() if value not in ("", None)}
    cleaned, findings = clean(current_dictionary(), KIND, values)
    if findings:
        raise RefusedInput(findings[0].code, findings[0].sentence, remedy=findings[0].remedy, findings=findings)
    record = record_id(KIND, key)
    write_decision(KIND, record, key, cleaned, "approved", actor=actor, reason="How a cited source is held", clock=clock)
    return record


def _values(one: CitedSource, holding: str, held_as: str, remark: str) -> dict[str, Any]:
    note, cited = one.notes[0], one.cited
    values: dict[str, Any] = {
        "title": f"[{note.label}]", "cited_by_sha256": note.source, "note_label": note.label, "note_words": note.words,
        "start": note.start, "holding": holding, "held_as_sha256": held_as if holding == HELD else "", "remark": remark.strip(),
        "body_missing": cited is None,
    }  # fmt: skip
    if cited is not None:
        values |= {
            "title": cited.title, "author": cited.author, "publisher": cited.publisher, "published": cited.published,
            "url": cited.url, "symbol": cited.symbol, "pages": cited.pages, "publication_type": cited.publication_type,
        }  # fmt: skip
    return values


def undo(record: UUID, *, actor: Actor | None, clock: Clock = system_clock) -> None:
    """Take a decision about a cited source back by a new entry. Raises RefusedInput (E-CITED-NONE)."""
    standing = rows(judging_scope(actor), KIND).filter(record__id=record).first()
    if standing is None:
        raise RefusedInput("E-CITED-NONE", "There is no such decision to take back.", remedy="Load the page again.")
    reason = "Decision about a cited source taken back"
    write_decision(KIND, record, standing.local_id, standing.attributes, "withdrawn", actor=actor, reason=reason, clock=clock)
