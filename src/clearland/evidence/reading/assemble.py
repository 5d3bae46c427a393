"""From marked blocks to a Document: the rules in their order, then sections, broken sentences, numbers and metadata."""

from collections.abc import Mapping

from clearland.core.errors import Finding
from clearland.evidence.reading import about, citations, drawn_tables, front, ibid, layout, notes, questionnaire
from clearland.evidence.reading.blocks import Block, ends_sentence
from clearland.evidence.reading.document import Document, Passage, PassageKind
from clearland.evidence.reading.wording import PAGE_NUMBER

_FLOWING = frozenset({"paragraph", "answer", "list_item", "note"})
_WITHOUT_SECTION = frozenset({"navigation", "letterhead", "title", "metadata"})
_BETWEEN_PAGES = frozenset({"navigation", "citation"})


def assemble(
    text: str,
    blocks: list[Block],
    *,
    file: str,
    media_type: str,
    extractor: str,
    extractor_version: str,
    findings: list[Finding] | None = None,
    metadata: Mapping[str, str] | None = None,
    known_headings: bool = False,
) -> Document:
    """A Document from blocks in order of the text. Blocks whose kind a format already knows keep it."""
    blocks = [block for block in blocks if block.text]
    notes.mark_bodies(blocks)
    drawn_tables.mark_drawn_tables(blocks)
    layout.mark_tables(blocks)
    questionnaire.mark_questions(blocks)
    body = front.mark_front(blocks)
    layout.mark_body(blocks, body, known_headings)
    layout.mark_lost_headings(blocks)
    _set_sections(blocks)
    blocks = citations.cut_citations(blocks)
    ibid.resolve_ibid(blocks)
    _join_broken(blocks)
    bound, note_findings = notes.bind(text, blocks, file)
    return Document(
        text=text,
        media_type=media_type,
        extractor=extractor,
        extractor_version=extractor_version,
        passages=_passages(blocks),
        notes=tuple(bound),
        findings=(*(findings or ()), *note_findings),
        metadata={**about.metadata_of(text, blocks), **(metadata or {})},
    )


def _set_sections(blocks: list[Block]) -> None:
    section = ""
    above: dict[int, str] = {}
    for block in blocks:
        heads = block.kind == "heading"
        if heads or (block.kind == "title" and "form" in block.details):
            section = block.text.strip("* ").rstrip(":")
        elif block.kind == "title" or block.details.get("lost_heading"):
            section = ""
        run_in = block.details.get("run_in_heading")
        if block.kind == "note":
            block.section = "Notes"
        elif isinstance(run_in, list):
            block.section = block.text[: run_in[1] - block.start]
        elif heads:
            # A new heading ends every section of its own rank or deeper.
            above = {level: words for level, words in above.items() if level < block.level}
            block.section = above[max(above)] if above else ""
            above[block.level] = section
        else:
            block.section = "" if block.kind in _WITHOUT_SECTION else section


def _join_broken(blocks: list[Block]) -> None:
    """A sentence broken by a page or a column: the line ends without punctuation, the next of its kind starts in
    lower case.
    """
    open_ends: dict[bool, Block | None] = {True: None, False: None}
    for block in blocks:
        if block.kind in _BETWEEN_PAGES or PAGE_NUMBER.match(block.text):
            continue
        # Notes at the foot of a page stand between the halves of a sentence, and have broken sentences of their own.
        in_note = block.kind == "note"
        last = open_ends[in_note]
        if last is not None and _goes_on(last, block):
            last.details["continued_by"] = block.start
            block.details["continues"] = last.start
            block.details.pop("lost_heading", None)
        open_ends[in_note] = block if block.kind in _FLOWING else None


def _goes_on(last: Block, block: Block) -> bool:
    return (
        block.kind in {last.kind, "paragraph"}
        and block.question == last.question
        and len(last.text.split()) >= 4
        and not ends_sentence(last.text)
        and block.text[0].islower()
        and last.text[-1] not in "*|"
        and (block.kind != "list_item" or not block.label)
    )


def _passages(blocks: list[Block]) -> tuple[Passage, ...]:
    """Blocks numbered; starts that details point at become passage numbers."""
    numbers = {block.start: number for number, block in enumerate(blocks)}
    pointers = {
        "continues": "continues",
        "continued_by": "continued_by",
        "part_of": "part_of",
        "label_start": "label_passage",
    }
    passages = []
    for number, block in enumerate(blocks):
        details = {
            pointers.get(name, name): numbers[value] if name in pointers and isinstance(value, int) else value
            for name, value in block.details.items()
        }
        kind: PassageKind = block.kind  # type: ignore[assignment]
        passages.append(
            Passage(
                number=number,
                kind=kind,
                level=block.level,
                start=block.start,
                end=block.end,
                label=block.label,
                section=block.section,
                page=block.page,
                question=block.question,
                details=details,
            )
        )
    return tuple(passages)
