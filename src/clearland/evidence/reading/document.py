"""What reading a document yields: its rendition text, passages with exact offsets, notes with their markers.

Offsets count Unicode code points of `Document.text` (half-open), which for a text file is the decoded bytes with
newlines untouched (a byte order mark is part of the encoding, not of the text). Passages stand in order, never overlap,
and together hold every character that is not white space.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from clearland.core.errors import Finding

PassageKind = Literal[
    "title",
    "navigation",
    "letterhead",
    "metadata",
    "heading",
    "paragraph",
    "list_item",
    "table_row",
    "question",
    "condition",
    "answer",
    "note",
    "citation",
]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One block of a document.

    number    position in the document, from 0
    level     1 the outermost (titles, headings, list depth); 0 where depth means nothing
    label     question number, note number or list bullet as printed, without its punctuation
    section   the words of the heading above; empty where there is none or the heading was lost
    question  key such as "APM Part I 3" on questions, their conditions and every block of their answers
    details   what only some kinds have, JSON-ready; spans are [start, end] in the text, other passages by number:
              continues, continued_by     one sentence runs across these passages (page or column break)
              lost_heading, run_in_heading [start, end]
              cells, role (label, value, row, header), label_text, label_passage, columns, filled_columns: tables
              words [start, end], condition, depends_on, form: questions; non_answer, refers_to [{start, end, question}]
              ibid {note, start, end, doubtful, reason}, refers_to_notes, continued_note: notes
              cites_for [start, end], date_text: citations; part_of: the rest of a paragraph they were cut from
              label, value: metadata; lines [[start, end]]: hard-wrapped lines put together
    """

    number: int
    kind: PassageKind
    level: int
    start: int
    end: int
    label: str = ""
    section: str = ""
    page: int | None = None
    question: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A footnote or endnote. `body_start` and `body_end` are None where the document cites a note it does not print.

    `markers` are the spans of the marks in the running text, in order; empty where a body is never cited.
    """

    label: str
    body_start: int | None
    body_end: int | None
    markers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Document:
    """A source as read by one version of one extractor; immutable, so that claims can point into `text`."""

    text: str
    media_type: str
    extractor: str
    extractor_version: str
    passages: tuple[Passage, ...]
    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    def words(self, passage: Passage) -> str:
        """The characters of a passage, as they stand in the source."""
        return self.text[passage.start : passage.end]
