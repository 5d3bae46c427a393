"""A document's claims: what it says of itself, its answers, and every sentence of it read for numbers and sayings.

Proposals only: each resolves to characters of `document.text`, and a person accepts, corrects or rejects it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from clearland.claims.model import Claim
from clearland.evidence.extraction.agents import Agent
from clearland.evidence.extraction.answers import answers
from clearland.evidence.extraction.context import AGAIN, Context, Memory, Source, context_of, note_label, remember
from clearland.evidence.extraction.counts import counts
from clearland.evidence.extraction.dates import When, dates
from clearland.evidence.extraction.frames import frames
from clearland.evidence.extraction.lexicon import treaty_code
from clearland.evidence.extraction.names import Names
from clearland.evidence.extraction.particulars import particulars
from clearland.evidence.extraction.recommendations import recommendations
from clearland.evidence.extraction.sayings import sayings
from clearland.evidence.extraction.sentences import sentences
from clearland.evidence.extraction.setting import setting_of
from clearland.evidence.extraction.statements import denials_beside, statements
from clearland.evidence.extraction.surface import bare, surface
from clearland.evidence.extraction.tables import cells, is_grid
from clearland.evidence.reading.document import Document, Note, Passage

EXTRACTOR_VERSION = "4"
LONGEST_SENTENCE = 4_000  # characters; the longest money lists and enumerations of real reports stay below 2,000
_ONCE = frozenset(frame.attribute for frame in frames() if frame.once)
_LEAST_PROSE = 8  # words of a cell that no full stop closes
_NOTE_SECTIONS = frozenset({"notes", "references", "endnotes", "footnotes", "sources"})
_PROSE = frozenset({"paragraph", "list_item", "answer", "note", "table_row", "condition"})


def extract_claims(document: Document, file: str, names: Names | None = None) -> list[Claim]:
    """Proposed claims of a document in order of their place. Deterministic; `file` is the name claims carry."""
    known = names or Names()
    keyed = _keyed(document.notes)
    spans = {
        key: (note.body_start, note.body_end) for key, note in keyed if note.body_start is not None and note.body_end is not None
    }
    notes = {label: document.text[start:end] for label, (start, end) in spans.items()}
    source = Source(file, setting_of(document, file, known), known, notes, spans)
    markers = {start: (end, key) for key, note in keyed for start, end in note.markers}
    found = [*particulars(document, source), *answers(document, source)]
    treaties = _treaties(document)
    opened: Memory | None = None
    speaker: Agent | None = None
    said: int | None = None
    for group in _groups(document):
        memory = Memory(treaty=treaties.get(group[0].question) or treaties.get(None), speaker=speaker, said=said)
        memory.carried = _heading_date(group[0].section)
        if group[0].kind == "list_item" and opened is not None and not _is_note(group[0]):
            memory.carried, memory.year = opened.carried, opened.year
        found.extend(_of_group(document, source, group, markers, memory))
        if group[0].kind != "list_item":
            opens = document.words(group[-1]).rstrip().endswith(":")
            opened = replace(memory, carried=memory.carried or memory.first) if opens else None
        speaker, said = memory.speaker, memory.said
    found += _untold(list(cells(document, source)), found)
    return _ordered(found)


def _keyed(notes: Sequence[Note]) -> list[tuple[str, Note]]:
    """Every note under its label; further ones of the same label, where numbering restarts, with a count."""
    seen: dict[str, int] = defaultdict(int)
    keyed = []
    for note in notes:
        seen[note.label] += 1
        keyed.append((note.label if seen[note.label] == 1 else f"{note.label}{AGAIN}{seen[note.label]}", note))
    return keyed


_PLANS = re.compile(r"\b(?:deadline|target|plan|until|by|since|strategy|outlook|table|figure)\b", re.IGNORECASE)


@lru_cache(maxsize=512)
def _heading_date(section: str) -> When | None:
    """The one date of a heading such as `Achievements in 2014`, which what stands under it shares."""
    found = dates(surface(section)) if any(sign.isdigit() for sign in section) and not _PLANS.search(section) else []
    return found[0] if len(found) == 1 else None


def _untold(listed: Sequence[Claim], found: Sequence[Claim]) -> list[Claim]:
    """Cells whose words have not already given a claim of the same family."""
    told: dict[str, list[int]] = defaultdict(list)
    for claim in found:
        told[claim.attribute.split(".")[0]].append(claim.start)
    for starts in told.values():
        starts.sort()
    kept = []
    for cell in listed:
        starts = told.get(cell.attribute.split(".")[0], [])
        nearest = bisect_left(starts, cell.start)
        if nearest == len(starts) or starts[nearest] >= cell.end:
            kept.append(cell)
    return kept


def _treaties(document: Document) -> dict[str | None, str]:
    """The treaty each question asks about, and under None the one the document's titles name."""
    asked: dict[str | None, str] = {}
    for passage in document.passages:
        key = passage.question if passage.kind == "question" else None
        if passage.kind in {"question", "title"} and key not in asked:
            named = treaty_code(surface(document.words(passage)))
            if named or (passage.kind == "title" and "mine ban" in document.words(passage).lower()):
                asked[key] = named or "APMBC"
    return asked


def _groups(document: Document) -> Iterator[list[Passage]]:
    """Passages that read as one, in order: a passage and what continues it over a page; a cell of a grid that holds prose."""
    passages = document.passages
    by_number = {passage.number: passage for passage in passages}
    for passage in passages:
        if is_grid(passage):
            yield from ([cell] for cell in _prose_cells(document, passage))
        if passage.kind not in _PROSE or is_grid(passage) or "continues" in passage.details or "non_answer" in passage.details:
            continue
        group = [passage]
        following = passage.details.get("continued_by")
        while isinstance(following, int) and following in by_number and len(group) < 50:
            group.append(by_number[following])
            following = by_number[following].details.get("continued_by")
        yield group


_CELL_OF_PROSE = re.compile(r"(?:\w[\w'/,%-]*\s){3}.*\w(?:[.;]$|\s\w+$)", re.DOTALL)


def _prose_cells(document: Document, row: Passage) -> Iterator[Passage]:
    """The cells of a row that hold a sentence, such as the commentary beside a score."""
    listed = row.details.get("cells")
    for start, end in listed if isinstance(listed, Sequence) and row.details.get("role") != "header" else ():
        words = document.text[start:end]
        if _CELL_OF_PROSE.match(words) and (words.rstrip().endswith(".") or len(words.split()) >= _LEAST_PROSE):
            yield replace(row, start=start, end=end, kind="paragraph", details={})


def _of_group(
    document: Document, source: Source, group: Sequence[Passage], markers: dict[int, tuple[int, str]], memory: Memory
) -> Iterator[Claim]:
    label = note_label(group[0].label) if _is_note(group[0]) else None
    for sentence in sentences(document, group, markers):
        if len(sentence.text) > LONGEST_SENTENCE:
            continue  # a dump of numbers, not something said; looking through all of it would take longer than the rest
        context = context_of(source, sentence, memory, label)
        if not (label and _is_citation(context)):
            told = list(_of_sentence(context))
            yield from told
            memory.units = tuple(claim.unit for claim in told if claim.unit and claim.unit != "text") or memory.units
        remember(context, memory)


def _is_note(passage: Passage) -> bool:
    """A note, or an item of a list under a heading such as Notes or References."""
    listed = passage.kind == "list_item" and bool(passage.label) and passage.section.strip().lower() in _NOTE_SECTIONS
    return passage.kind == "note" or listed


def _of_sentence(context: Context) -> Iterator[Claim]:
    recommended = list(recommendations(context))
    said = [*recommended, *counts(context), *(() if recommended else sayings(context))]
    yield from [*said, *denials_beside(context, said)] if said else statements(context)


def _is_citation(context: Context) -> bool:
    """A sentence of a note that only names a work: no finite verb outside quotation marks."""
    text = context.sentence.text
    outside = "".join(letter for at, letter in enumerate(text) if not any(a <= at < b for a, b in context.sentence.quotes))
    words = set(outside.lower().split())
    return not words & {
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "said",
        "stated",
        "denied",
        "claimed",
        "does",
        "did",
        "warranted",
        "refer",
        "reported",
        "told",
        "noted",
        "alleged",
    }


def _ordered(found: list[Claim]) -> list[Claim]:
    """In order of place, exact repeats left out."""
    first: dict[tuple[str, str], Claim] = {}
    for claim in sorted(found, key=lambda claim: claim.start):
        if claim.attribute in _ONCE:
            first.setdefault((claim.attribute, bare(str(claim.value).removeprefix("The "))), claim)
    kept = {id(claim) for claim in first.values()}
    found = [claim for claim in found if claim.attribute not in _ONCE or id(claim) in kept]
    unique = {(claim.start, claim.end, claim.attribute, str(claim.value), claim.subject): claim for claim in found}
    return sorted(unique.values(), key=lambda claim: (claim.start, claim.end, claim.attribute, str(claim.value)))
