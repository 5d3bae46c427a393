"""Paragraphs, tables and notes of a DOCX to blocks of the rendition."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from clearland.evidence.reading.ooxml import W, name_of, value_of
from clearland.evidence.reading.rendition import RAISED, Rendition

_HEADING = re.compile(r"^heading ?(\d)$")
_LEVEL_SIGN = re.compile(r"%(\d)")
_SKIPPED = frozenset({"Fallback", "pPr", "rPr", "del", "moveFrom", "instrText", "delText"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Numbering:
    """The numbers a word processor prints before list items: format and pattern by list and level, and the counts
    so far.
    """

    lists: Mapping[str, Mapping[str, tuple[str, str]]]
    counts: dict[str, Counter[int]] = field(default_factory=dict)

    def next_label(self, number: str, level: int) -> str:
        """What is printed before the next item, such as "3.", "(b)" or a bullet."""
        form, pattern = self.lists.get(number, {}).get(str(level), ("bullet", ""))
        if form in {"bullet", "none"}:
            return "•" if form == "bullet" else ""
        counts = self.counts.setdefault(number, Counter())
        counts[level] += 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return _LEVEL_SIGN.sub(lambda match: self._printed(number, counts, int(match.group(1)) - 1), pattern or f"%{level + 1}.")

    def _printed(self, number: str, counts: Counter[int], level: int) -> str:
        form = self.lists.get(number, {}).get(str(level), ("decimal", ""))[0]
        count = max(1, counts[level])
        if form in {"lowerLetter", "upperLetter"}:
            letter = _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        if form in {"lowerRoman", "upperRoman"}:
            return _roman(count).lower() if form == "lowerRoman" else _roman(count)
        return str(count)


@dataclass(frozen=True)
class Style:
    """A paragraph style: its name in lower case, and the list its paragraphs belong to."""

    name: str
    list_number: str = ""
    list_level: int = 0


def _roman(number: int) -> str:
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    words = ""
    for value, sign in signs:
        words += sign * (number // value)
        number %= value
    return words


class DocxWriter:
    """Writes body parts in order. Notes are numbered as they are first cited; endnotes go on after footnotes."""

    def __init__(
        self,
        rendition: Rendition,
        styles: Mapping[str, Style],
        numbering: Numbering,
        notes: Mapping[str, Mapping[str, list[Element]]],
    ) -> None:
        self._out = rendition
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._cited: dict[tuple[str, str], str] = {}
        self._page = 1
        self._paged = False

    def write(self, element: Element) -> None:
        """A paragraph or a table."""
        if name_of(element) == "tbl":
            self._table(element)
        else:
            self._paragraph(element)

    def write_notes(self) -> None:
        """Bodies under the number of their mark; a body that is missing leaves its mark unbound, which is said."""
        for (kind, identity), label in list(self._cited.items()):
            for position, paragraph in enumerate(self._notes.get(kind, {}).get(identity, [])):
                words = self._words(paragraph)
                block = self._out.add(f"[{label}] {words}" if position == 0 else words, "note", label=label)
                if block is not None and position:
                    block.details["continued_note"] = True

    def _paragraph(self, element: Element) -> None:
        style, number, level, outline = self._properties(element)
        words = self._words(element)
        page = self._page if self._paged else None
        if not words.strip():
            return
        heading = _HEADING.match(style)
        label = self._numbering.next_label(number, level) if number not in {"", "0"} else ""
        shown = f"{label} {words}" if label else words
        if style == "title":
            self._out.add(shown, "title", level=1, page=page)
        elif heading or outline is not None:
            depth = int(heading.group(1)) if heading else (outline or 0) + 1
            self._out.add(shown, "heading", level=depth, label=label.strip("()."), page=page)
        elif label == "•":
            self._out.add(shown, "list_item", level=level + 1, label=label, page=page)
        else:
            # Numbered paragraphs stay open: they are list items, or the questions of a questionnaire.
            self._out.add(shown, page=page, indent=6 * level if label else 0)

    def _properties(self, element: Element) -> tuple[str, str, int, int | None]:
        """Style name, list id, list level and outline level."""
        style, number, level, outline = "", "", 0, None
        properties = next((part for part in element if name_of(part) == "pPr"), None)
        for part in properties.iter() if properties is not None else ():
            name, value = name_of(part), value_of(part)
            if name == "pStyle":
                found = self._styles.get(value, Style(value.lower()))
                style, number, level = found.name, found.list_number, min(found.list_level, 8)
            elif name == "numId":
                number = value
            elif name == "ilvl" and value.isdecimal():
                level = min(int(value), 8)
            elif name == "outlineLvl" and value.isdecimal() and int(value) < 9:
                outline = int(value)
        return style, number, level, outline

    def _words(self, element: Element) -> str:
        return "".join(self._runs(element, raised=False))

    def _runs(self, element: Element, *, raised: bool) -> Iterator[str]:
        """Text of runs in order; deleted text, field codes and the second copy of text boxes are left out."""
        stack: list[tuple[Element, bool]] = [(element, raised)]
        while stack:
            part, is_raised = stack.pop()
            name = name_of(part)
            if name in _SKIPPED:
                continue
            if name == "r":
                is_raised = _is_raised(part)
            yield from self._piece(part, name, is_raised)
            if name == "p" and part is not element:
                yield "\n"
            stack += [(child, is_raised) for child in reversed(list(part))]

    def _piece(self, part: Element, name: str, raised: bool) -> Iterator[str]:
        if name == "t" and part.text:
            yield part.text.translate(RAISED) if raised and part.text.strip().isdecimal() else part.text
        elif name == "tab":
            yield " "
        elif name in {"br", "cr"}:
            self._page += part.get(f"{W}type") == "page"
            self._paged |= part.get(f"{W}type") == "page"
            yield "\n"
        elif name == "lastRenderedPageBreak":
            self._page += 1
            self._paged = True
        elif name == "noBreakHyphen":
            yield "-"
        elif name in {"footnoteReference", "endnoteReference"}:
            key = (name.removesuffix("Reference"), part.get(f"{W}id", ""))
            yield f"[{self._cited.setdefault(key, str(len(self._cited) + 1))}]"

    def _table(self, table: Element) -> None:
        """Rows with the words of their cells; a nested table's words stand in the cell that holds it."""
        header: list[str] | None = None
        for row in (part for part in table if name_of(part) == "tr"):
            cells = [" ".join(self._cell(cell)) for cell in row if name_of(cell) == "tc"]
            is_header = any(name_of(part) == "tblHeader" for part in row.iter())
            page = self._page if self._paged else None
            if is_header and header is None:
                header = cells
                self._out.add_row(cells, role="header", page=page)
            else:
                self._out.add_row(cells, header=header, page=page)

    def _cell(self, cell: Element) -> Iterator[str]:
        for paragraph in cell.iter():
            if name_of(paragraph) == "p":
                words = self._words(paragraph).strip()
                if words:
                    yield words


def _is_raised(run: Element) -> bool:
    properties = next((part for part in run if name_of(part) == "rPr"), None)
    return properties is not None and any(name_of(part) == "vertAlign" and value_of(part) == "superscript" for part in properties)
