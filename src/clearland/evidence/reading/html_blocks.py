"""The walk over a page: elements to blocks of the rendition."""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from clearland.evidence.reading.citations import pieces
from clearland.evidence.reading.html_page import NoteLinks, is_aside, is_menu, label_of
from clearland.evidence.reading.rendition import RAISED, Rendition, tidy
from clearland.evidence.reading.wording import metadata_of

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BREAKS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "body",
        "html",
        "form",
        "fieldset",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "hr",
        "address",
        "center",
        "details",
        "summary",
        *_HEADINGS,
    }
)
_INLINE_NOTE = re.compile(
    r"(?:^|[\s_-])(?:foot-?note|tooltip|annotation)s?(?:$|[\s_-]?(?:text|content|body|inner)|\s)", re.IGNORECASE
)
_BACK_SIGN = re.compile(r"^[\s↩↑⤴^\ufe0e\ufe0f]*$|^\s*(?:back|return)\b.{0,20}$", re.IGNORECASE)
_NOTE_BOX = re.compile(r"(?:ftn|edn|fn|note|cite)\D{0,3}\d", re.IGNORECASE)
_NOTE_START = re.compile(r"\n(?=\[\d{1,4}\])|\n\n+")
_MAX_DATA_CELL = 400
_MAX_VALUE = 120
_NEAR = 12


@dataclass
class _Line:
    """What has been gathered since the last break."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    bold: int = 0
    quoted_notes: list[tuple[int, int]] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)


@dataclass
class _List:
    ordered: bool
    number: int


class BlockWriter:
    """Writes the content of an element to a rendition, block by block."""

    def __init__(self, rendition: Rendition, links: NoteLinks) -> None:
        self._out = rendition
        self._links = links
        self._line = _Line()
        self._kind = ""
        self._level = 0
        self._label = ""
        self._note = ""
        self._note_box: etree._Element | None = None
        self._note_label = ""
        self._lists: list[_List] = []
        self._bold = 0
        self._citations: list[int] = []
        self._depth = 0

    def write(self, element: "etree._Element") -> None:
        """Everything visible below the element, in order."""
        walk = etree.iterwalk(element, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, part in walk:
            self._depth += 1 if event == "start" else -1
            if event == "start":
                if skipped is None and part is not element and self._is_left_out(part):
                    skipped = part
                    walk.skip_subtree()
                elif skipped is None:
                    self._open(part)
                    self._text(part.text)
                continue
            if skipped is part:
                skipped = None
            elif skipped is None:
                self._close(part)
            if part is not element and skipped is None:
                self._text(part.tail)
        self._flush()

    def _is_left_out(self, part: "etree._Element") -> bool:
        if is_aside(part, self._depth):
            return True
        if is_menu(part):
            self._flush()
            return True
        if part.tag == "a" and self._note_mark(part):
            return True
        if part.tag == "table" and self._data_table(part):
            return True
        return part.tag in {"sup", "sub"} and self._raised(part)

    def _note_mark(self, link: "etree._Element") -> bool:
        """A mark in the text or before a body is printed `[n]`; a sign that leads back is left out."""
        words = "".join(link.itertext())
        target = link.get("href", "").removeprefix("#")
        label = label_of(words)
        if label and target in self._links.bodies:
            self._line.add(f"[{label}]")
            return True
        if target and target in self._links.marks:
            if label and not self._gathered().strip():
                self._begin_note(label, link)
                return True
            return bool(_BACK_SIGN.match(words))
        return False

    def _raised(self, part: "etree._Element") -> bool:
        words = "".join(part.itertext()).strip()
        label = label_of(words)
        if part.tag == "sub" or not label or part.find(".//a") is not None:
            return False
        self._line.add(f"[{label}]" if words.startswith("[") else label.translate(RAISED))
        return True

    def _open(self, part: "etree._Element") -> None:
        tag = part.tag
        if tag in _BREAKS:
            self._flush()
            self._set_kind(part)
        if tag in {"b", "strong", "u"}:
            self._bold += 1
        elif tag == "br":
            self._line.add("\n")
        elif tag in {"span", "sup", "small", "i", "em"} and _INLINE_NOTE.search(part.get("class", "")):
            self._citations.append(self._line.length)
        for name in (part.get("id"), part.get("name")):
            if name and name in self._links.bodies and not self._gathered().strip():
                self._begin_note(self._links.bodies[name], part)

    def _set_kind(self, part: "etree._Element") -> None:
        tag = part.tag
        if tag in _HEADINGS:
            self._kind, self._level = "heading", _HEADINGS[tag]
        elif tag in {"ul", "ol"}:
            start = part.get("start", "1")
            self._lists.append(_List(tag == "ol", int(start) if start.isdecimal() and len(start) < 6 else 1))
        elif tag == "li":
            current = self._lists[-1] if self._lists else _List(False, 1)
            self._kind, self._level = "list_item", max(1, len(self._lists))
            self._label = str(current.number) if current.ordered else "•"
            current.number += 1
        elif tag in {"dt", "dd"}:
            self._kind = tag

    def _close(self, part: "etree._Element") -> None:
        tag = part.tag
        if tag in _BREAKS:
            self._flush()
            if part is self._note_box:
                self._note_box = None
            if tag in {"ul", "ol"} and self._lists:
                self._lists.pop()
        if tag in {"b", "strong", "u"}:
            self._bold = max(0, self._bold - 1)
        elif tag in {"span", "sup", "small", "i", "em"} and _INLINE_NOTE.search(part.get("class", "")) and self._citations:
            self._line.quoted_notes.append((self._citations.pop(), self._line.length))

    def _begin_note(self, label: str, part: "etree._Element") -> None:
        """The block that follows is a note; so is what else stands in the box made for it."""
        self._note = self._note_label = label
        self._line = _Line()
        boxes = (box for box in (part, *islice(part.iterancestors(), _NEAR)) if box.tag in {"div", "li", "section"})
        box = next(boxes, None)
        self._note_box = box if box is not None and (box.tag == "li" or _NOTE_BOX.search(box.get("id", ""))) else None

    def _text(self, words: str | None) -> None:
        if not words:
            return
        # A line break in the markup is a space; the only breaks a reader sees are <br>.
        shown = re.sub(r"\s+", " ", words)
        if self._bold:
            self._line.bold += len(shown.strip())
        self._line.add(shown)

    def _gathered(self) -> str:
        return "".join(self._line.parts)

    def _flush(self) -> None:
        line, self._line = self._line, _Line()
        kind, level, label, note = self._kind, self._level, self._label, self._note
        words = tidy("".join(line.parts))
        if not words:
            return
        self._kind, self._level, self._label, self._note = "", 0, "", ""
        self._citations = []
        if note:
            own = re.match(rf"\s*\[{re.escape(note)}\]\s*", words)  # a list that prints its numbers itself
            self._out.add(f"[{note}] {words[own.end() :] if own else words}", "note", label=note)
        elif self._note_box is not None:
            further = self._out.add(words, "note", label=self._note_label)
            if further is not None:
                further.details["continued_note"] = True
        elif kind == "heading" and len(words) <= 300:
            first = level == 1 and not any(block.kind == "title" for block in self._out.blocks)
            self._out.add(words.replace("\n", " "), "title" if first else "heading", level=level)
        elif kind == "list_item":
            sign = f"{label}." if label != "•" else label
            self._paragraph(f"{sign} {words}", line, kind=kind, level=level, label=label, shift=len(sign) + 1)
        elif kind == "dd" and self._is_term() and len(words) <= _MAX_VALUE:
            term = self._out.blocks[-1]
            term.kind, term.details["role"] = "table_row", "label"
            value = self._out.add(words.replace("\n", " "), "table_row")
            if value is not None:
                value.details.update(role="value", label_text=term.text.rstrip(":"), label_start=term.start)
        else:
            self._paragraphs(words, line)
            if kind == "dt" and "\n" not in words:
                self._out.blocks[-1].details["term"] = True

    def _is_term(self) -> bool:
        """Whether the block above is the term of a list of terms and their values."""
        above = self._out.blocks[-1] if self._out.blocks else None
        return above is not None and "term" in above.details and not above.text.endswith("?") and not above.text[0].isdigit()

    def _paragraphs(self, words: str, line: _Line) -> None:
        """Two line breaks part paragraphs, and so does one before a note's number: old pages have no other mark.

        Lines about the document itself (a symbol over a date) are each their own.
        """
        lines = words.split("\n")
        if 1 < len(lines) <= 4 and all(metadata_of(part) for part in lines):
            for part in lines:
                self._out.add(part)
            return
        if line.quoted_notes or not _NOTE_START.search(words):
            heads = line.bold >= len(words) * 0.9 and len(words) <= 90 and len(words.split()) <= 12 and words[-1] not in ".;,!"
            self._paragraph(words, line, kind="heading" if heads and "\n" not in words else "", level=3 if heads else 0)
            return
        for part in _NOTE_START.split(words):
            self._out.add(part)

    def _paragraph(self, words: str, line: _Line, *, kind: str, level: int = 0, label: str = "", shift: int = 0) -> None:
        block = self._out.add(words, kind, level=level, label=label)
        if block is None or not line.quoted_notes:
            return
        spans = self._spans_of_notes(block.text, line, shift)
        if spans:
            block.kind = block.kind or "paragraph"
            self._out.blocks[-1:] = pieces(block, spans)

    def _spans_of_notes(self, text: str, line: _Line, shift: int) -> list[tuple[int, int]]:
        """Notes held inside the sentence's own element, found again in the tidied words."""
        raw = "".join(line.parts)
        spans: list[tuple[int, int]] = []
        position = shift
        for start, end in line.quoted_notes:
            words = tidy(raw[start:end])
            found = text.find(words, position) if len(words.split()) >= 4 else -1
            if found >= 0:
                spans.append((found, found + len(words)))
                position = found + len(words)
        return spans

    def _data_table(self, table: "etree._Element") -> bool:
        """A table of data becomes rows; one that only lays out the page is walked like any other box."""
        if table.find(".//table") is not None:
            return False
        cells = list(table.iter("td", "th"))
        rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
        layout = (
            max((len(row) for row in rows), default=0) < 2
            or any(part.tag in {"h1", "h2", "h3", "ul", "ol"} for cell in cells for part in cell.iterdescendants())
            or any(len("".join(cell.itertext())) > _MAX_DATA_CELL for cell in cells)
        )
        if layout:
            return False
        self._flush()
        header: list[str] | None = None
        for caption in islice(table.iter("caption"), 1):
            self._out.add(tidy(" ".join("".join(caption.itertext()).split())))
        told = [[self._cell(cell) for cell in row] for row in rows]
        for number, (row, words) in enumerate(zip(rows, told, strict=True)):
            if header is None and row and (all(cell.tag == "th" for cell in row) or (not number and _heads(row, told))):
                header = words
                self._out.add_row(words, role="header")
            else:
                self._out.add_row(words, header=header)
        return True

    def _cell(self, cell: "etree._Element") -> str:
        """The words of a cell, its note marks included, through a writer of its own."""
        rendition = Rendition("")
        BlockWriter(rendition, self._links).write(cell)
        return " ".join(block.text for block in rendition.blocks)


def _heads(first: "list[etree._Element]", told: list[list[str]]) -> bool:
    """A first row that nobody marked as a header: all in bold, or of three cells and more without a figure above figures."""
    bold = all(
        cell.find(".//b") is not None or cell.find(".//strong") is not None for cell in first if "".join(cell.itertext()).strip()
    )
    plain = not any(sign.isdigit() for words in told[0] for sign in words)
    figures = [row for row in told[1:] if len(row) == len(told[0]) and any(sign.isdigit() for sign in row[-1])]
    return plain and (bold or len(first) >= 3) and len(figures) * 2 >= len(told) - 1 > 0
