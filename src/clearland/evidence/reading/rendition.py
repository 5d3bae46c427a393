"""The text we make of a document that is not text: blocks set one after the other, with their offsets."""

import re

from clearland.evidence.reading.blocks import Block
from clearland.evidence.reading.limits import MAX_BLOCKS, MAX_TEXT_CHARACTERS, too_large

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CLOSE_TOGETHER = frozenset({"table_row", "list_item"})


def tidy(words: str) -> str:
    """White space collapsed, line breaks kept; a visible text is the same however its source was indented."""
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", words)).strip()


class Rendition:
    """Collects blocks; the same blocks always give the same text. Raises RefusedInput E-DOC-TOO-LARGE."""

    def __init__(self, file: str) -> None:
        self.blocks: list[Block] = []
        self._file = file
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        """Blocks parted by a blank line, rows and list items by a line break."""
        return "".join(self._parts)

    def add(
        self, words: str, kind: str = "", *, level: int = 0, label: str = "", page: int | None = None, indent: int = 0
    ) -> Block | None:
        """A block of tidied words; None where nothing visible is left."""
        words = tidy(words)
        if not words:
            return None
        together = bool(self.blocks) and kind in _CLOSE_TOGETHER and self.blocks[-1].kind == kind
        gap = "" if not self.blocks else "\n" if together else "\n\n"
        start = self._length + len(gap)
        self._parts += [gap, words]
        self._length = start + len(words)
        if self._length > MAX_TEXT_CHARACTERS:
            raise too_large(self._file, self._length, MAX_TEXT_CHARACTERS, "characters of text")
        if len(self.blocks) >= MAX_BLOCKS:
            raise too_large(self._file, len(self.blocks) + 1, MAX_BLOCKS, "paragraphs or rows")
        block = Block(
            start=start,
            end=self._length,
            text=words,
            blank_before=0 if together or not self.blocks else 1,
            kind=kind,
            level=level,
            label=label,
            page=page,
            indent=indent,
        )
        self.blocks.append(block)
        return block

    def add_row(self, cells: list[str], *, header: list[str] | None = None, role: str = "row", page: int | None = None) -> None:
        """A table row as `cell | cell |`, with the spans of its cells and, where known, the heads of its columns."""
        shown = [tidy(cell).replace("\n", " ").replace("|", "/") for cell in cells]
        if not any(shown):
            return
        block = self.add(" | ".join(shown) + " |", "table_row", page=page)
        if block is None:
            return
        spans = []
        position = 0
        # An empty first cell leaves no words before its bar, and tidying took the blank there away.
        for cell in shown:
            if cell:
                position = block.text.index(cell, position)
                spans.append([block.start + position, block.start + position + len(cell)])
                position += len(cell)
        block.details["cells"] = spans
        block.details["role"] = role
        if shown[0]:
            block.details["label_text"] = shown[0].rstrip(":")
        if header and len(header) == len(shown):
            block.details["columns"] = [tidy(head) for head in header]
            block.details["filled_columns"] = [number for number, cell in enumerate(shown) if cell]
