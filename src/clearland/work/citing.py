"""Sources that are cited and not held: read from notes and inline citations, counted, matched with what is held.

What a note tells is derived anew from the readings each time; only what a person decides is a record (`cited_source`): that
a source is held as this one, that it is not, that it was asked for or cannot be had. A match is proposed where symbol or
address agree, or title and date do; it counts when a person accepts it, and can be taken back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from clearland.core.canonical import sha256_hex
from clearland.core.clock import Clock, system_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.core.words import folded_name
from clearland.dictionary.values import clean
from clearland.evidence.reading.cited import Cited, cited_in, is_ibid
from clearland.ledger.rows import claims, notes, passages, rendition, rows, sources
from clearland.ledger.scope import Actor, Scope
from clearland.ledger.vocabulary import current_dictionary
from clearland.work.decisions import write_decision
from clearland.work.judging import judging_scope

KIND = "cited_source"
HELD, NOT_HELD = "full", "not_held"
HOLDINGS = (HELD, NOT_HELD, "requested", "not_obtainable")
ALIKE_ENOUGH = 0.85


@dataclass(frozen=True, kw_only=True)
class Note:
    """Where a source is cited: the citing source, the note's label and words, and how many claims rest on the note.

    `through` is the label of the note that an Ibid points at, `doubtful` says that this may be another."""

    source: str
    title: str
    label: str
    start: int
    words: str
    claims: int
    through: str = ""
    doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """A held source that a citation may mean: how alike (0 to 1), and by what (`symbol`, `url`, `title`)."""

    source: str
    title: str
    score: float
    how: str


@dataclass(frozen=True, kw_only=True)
class CitedSource:
    """One source that others cite, with every note that does; `cited` is None where a note has no body.

    `held` are proposals; `holding` and `held_as` what a person decided, in `record` by `actor`."""

    key: str
    cited: Cited | None
    notes: tuple[Note, ...]
    held: tuple[Held, ...] = ()
    holding: str = ""
    held_as: str = ""
    record: UUID | None = None
    actor: str = ""

    @property
    def claims(self) -> int:
        """How many claims rest on it."""
        return sum(note.claims for note in self.notes)


@dataclass
class _Found:
    cited: Cited | None
    notes: list[Note] = field(default_factory=list)


def cited_sources(seen_by: Scope, *, as_known: date | None = None) -> list[CitedSource]:
    """Everything that held sources cite: not held first, then by how many claims rest on it."""
    held = list(sources(seen_by).order_by("sha256"))
    found: dict[str, _Found] = {}
    for source in held:
        for cited, note in _notes_of(seen_by, source):
            key = _key(cited, note)
            entry = found.setdefault(key, _Found(cited))
            entry.notes.append(note)
            if cited is not None and entry.cited is not None and len(cited.line) > len(entry.cited.line):
                entry.cited = cited
    decided = {version.local_id: version for version in rows(seen_by, KIND, as_known=as_known)}
    made = [_cited_source(key, entry, held, decided.get(key)) for key, entry in found.items()]
    return sorted(made, key=lambda one: (one.holding == HELD, -one.claims, one.cited.line if one.cited else one.key))


def cited_words(seen_by: Scope, reading: Any, labels: Collection[str]) -> dict[str, str]:
    """Label of a note -> author, title and date of what it cites, an Ibid resolved; for the claims of one page."""
    told: dict[str, list[str]] = defaultdict(list)
    for cited, note in _in_reading(seen_by, reading, {}, labels) if labels else ():
        if cited is not None and note.label:
            told[note.label].append(cited.line)
    return {label: "; ".join(lines) for label, lines in told.items()}


def _notes_of(seen_by: Scope, source: Any) -> Iterator[tuple[Cited | None, Note]]:
    reading = rendition(seen_by, source.sha256)
    if reading is None:
        return
    resting: dict[str, int] = defaultdict(int)
    for label, inside in claims(seen_by, rendition=reading).values_list("body__footnote", "body__in_footnote"):
        for each in {str(name) for name in (label, inside) if name not in (None, "")}:
            resting[each] += 1
    yield from _in_reading(seen_by, reading, resting)


def _in_reading(
    seen_by: Scope, reading: Any, resting: Mapping[str, int], labels: Collection[str] = ()
) -> Iterator[tuple[Cited | None, Note]]:
    """What the notes of a reading cite; only those of some labels where any are given."""
    source, text = reading.source, reading.text
    told = {"source": source.sha256, "title": source.title or source.filename}
    noted = passages(seen_by, reading).filter(kind__in=("note", "citation"))
    for passage in noted.filter(label__in=labels) if labels else noted:
        words, ibid = text[passage.start : passage.end], (passage.details or {}).get("ibid")
        through = text[ibid["start"] : ibid["end"]] if ibid else ""
        note = {**told, "label": passage.label, "start": passage.start, "words": words, "claims": resting.get(passage.label, 0)}
        if ibid:
            note |= {"through": str(ibid["note"]), "doubtful": bool(ibid["doubtful"])}
        read = [*cited_in(through), *cited_in(words)] if is_ibid(words) else cited_in(words)
        for cited in read:
            yield cited, Note(**note)
    if labels:
        return
    for missing in notes(seen_by, reading).filter(body_start__isnull=True):
        at = missing.markers[0][0] if missing.markers else 0
        yield None, Note(**told, label=missing.label, start=at, words="", claims=resting.get(missing.label, 0))


def _key(cited: Cited | None, note: Note) -> str:
    """Names a cited source on every machine: its symbol, else its title with the author and date; a missing note by itself."""
    if cited is None:
        return f"note:{note.source[:16]}:{note.label}"
    if cited.symbol:
        return f"symbol:{folded_name(cited.symbol)}"
    told = (cited.author, cited.title, cited.published) if cited.publication_type != "report" else (cited.title, "", "")
    return f"cited:{sha256_hex('|'.join(map(folded_name, told)).encode())[:16]}"


def _cited_source(key: str, entry: _Found, held: Sequence[Any], version: Any) -> CitedSource:
    said = version.attributes if version is not None else {}
    return CitedSource(
        key=key, cited=entry.cited, notes=tuple(entry.notes),
        held=tuple(_may_be(entry.cited, entry.notes, held)) if entry.cited and version is None else (),
        holding=said.get("holding", ""), held_as=said.get("held_as_sha256", ""),
        record=version.record_uuid if version is not None else None,
        actor=version.entry.commit.actor if version is not None else "",
    )  # fmt: skip


def _may_be(cited: Cited, noted: Iterable[Note], held: Sequence[Any]) -> list[Held]:
    citing = {note.source for note in noted}
    made = []
    for source in held:
        score, how = _alike(cited, source)
        if score >= ALIKE_ENOUGH and source.sha256 not in citing:
            made.append(Held(source=source.sha256, title=source.title or source.filename, score=round(score, 2), how=how))
    return sorted(made, key=lambda one: (-one.score, one.source))[:3]


def _alike(cited: Cited, source: Any) -> tuple[float, str]:
    if cited.symbol and source.symbol and folded_name(cited.symbol) == folded_name(source.symbol):
        return 1.0, "symbol"
    if cited.url and cited.url.rstrip("/").endswith(f"/{source.filename}"):
        return 0.95, "url"
    title, own = folded_name(cited.title), folded_name(source.title)
    if not title or not own:
        return 0.0, ""
    score = SequenceMatcher(None, title, own).ratio()
    dates_differ = cited.published and source.published and not (
        cited.published.startswith(source.published) or source.published.startswith(cited.published)
    )
    return (score * 0.8 if dates_differ else score), "title"


def decide(
    key: str, holding: str, *, actor: Actor | None, held_as: str = "", remark: str = "", clock: Clock = system_clock
) -> UUID:
    """Say how a cited source is held; the record. Raises RefusedInput (E-CITED-KEY, E-CITED-HOLDING, E-CITED-SOURCE)."""
    seen_by = judging_scope(actor)
    one = next((each for each in cited_sources(seen_by) if each.key == key), None)
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
