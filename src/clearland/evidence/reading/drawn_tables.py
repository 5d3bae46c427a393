"""Tables drawn in plain text: lines whose cells are parted by bars, tabs or wide gaps.

One such line proves nothing; two or more straight under each other, with figures in them, are a table. Menus are parted by
bars too, but hold no figures.
"""

import re
from collections.abc import Iterator

from clearland.evidence.reading.blocks import Block

_BAR = re.compile(r"\s\|\s")
_GAP = re.compile(r"\t+| {3,}")
_FIGURE = re.compile(r"^\D{0,4}\d[\d,. ]*\s?(?:%|[a-z]{1,3}[2²]?)?$")
_MAX_CELL = 160
_FEWEST_ROWS = 2


def mark_drawn_tables(blocks: list[Block]) -> None:
    """Give the lines of drawn tables the kind *table_row*, the spans of their cells and, where one is drawn, the header."""
    for run in _runs(blocks):
        rows = [_cells(block) for block in run]
        if sum(any(any(sign.isdigit() for sign in words) for _, _, words in row) for row in rows) * 2 < len(rows):
            continue
        columns = _columns(rows)
        for number, (block, row) in enumerate(zip(run, rows, strict=True)):
            block.kind = "table_row"
            block.details["cells"] = [[start, end] for start, end, _ in row]
            if columns is None:
                if len(row) == 2:
                    block.details.update(role="row", label_text=row[0][2].rstrip(":"))
                continue
            block.details.update(role="row" if number else "header", label_text=row[0][2].rstrip(":"))
            if number and len(row) == len(columns):
                block.details.update(columns=list(columns), filled_columns=list(range(len(row))))


def _runs(blocks: list[Block]) -> Iterator[list[Block]]:
    """Unmarked lines of several cells that follow each other, parted one way all through."""
    run: list[Block] = []
    parted = None
    for block in [*blocks, Block(start=0, end=0, text="")]:
        mark = _parted_by(block)
        if mark is None or mark is not parted:
            if len(run) >= _FEWEST_ROWS:
                yield run
            run = []
        parted = mark
        if mark is not None:
            run.append(block)


def _parted_by(block: Block) -> re.Pattern[str] | None:
    if block.kind or "\n" in block.text or block.text.endswith("|") or block.text.startswith("|"):
        return None
    for mark in (_BAR, _GAP):
        parts = mark.split(block.text)
        if len(parts) >= 2 and all(len(part) <= _MAX_CELL for part in parts):
            return mark
    return None


def _cells(block: Block) -> list[tuple[int, int, str]]:
    """Start and end in the text, and words, of every cell."""
    mark = _parted_by(block)
    cells, at = [], 0
    for cut in [*(mark.finditer(block.text) if mark else ()), None]:
        stop = cut.start() if cut else len(block.text)
        words = block.text[at:stop].strip()
        if words:
            start = block.start + at + len(block.text[at:stop]) - len(block.text[at:stop].lstrip())
            cells.append((start, start + len(words), words))
        at = cut.end() if cut else stop
    return cells


def _columns(rows: list[list[tuple[int, int, str]]]) -> list[str] | None:
    """The heads of the columns: a first line without figures above lines of as many cells that end in figures."""
    first, rest = rows[0], rows[1:]
    if any(_FIGURE.match(words) for _, _, words in first):
        return None
    figured = [row for row in rest if len(row) == len(first) and _FIGURE.match(row[-1][2])]
    return [words for _, _, words in first] if figured and len(figured) * 2 >= len(rest) else None
