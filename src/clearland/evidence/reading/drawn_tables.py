"""Tables drawn in plain text: lines whose cells are parted by bars, tabs or wide gaps.

One such line proves nothing; two or more straight under each other, with figures in them, are a table. Menus are parted by
bars too, but hold no figures. Bars show empty cells, gaps do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearland.evidence.reading.blocks import Block

_BAR = re.compile(r"\s*\|\s*")
_GAP = re.compile(r"\t+| {3,}")
_RULE = re.compile(r"^[\s|:+=-]*-[\s|:+=-]*$")
_FIGURE = re.compile(r"^\D{0,4}\d[\d,. ]*\s?(?:%|[a-z]{1,3}[2²]?)?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MAX_CELL = 300
_FEWEST_ROWS = 2


@dataclass(frozen=True)
class _Cell:
    column: int
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class _Row:
    block: Block
    cells: list[_Cell]
    width: int


def mark_drawn_tables(blocks: list[Block]) -> None:
    """Give the lines of drawn tables the kind *table_row*, the spans of their cells and, where one is drawn, the header."""
    for run in _runs(blocks):
        rows = [_row(block) for block in run]
        if sum(any(any(sign.isdigit() for sign in cell.words) for cell in row.cells) for row in rows) * 2 < len(rows):
            continue
        columns = _columns(rows)
        for number, row in enumerate(rows):
            row.block.kind = "table_row"
            row.block.details["cells"] = [[cell.start, cell.end] for cell in row.cells]
            label = row.cells[0].words.rstrip(":") if row.cells else ""
            if columns is None:
                if len(row.cells) == 2:
                    row.block.details.update(role="row", label_text=label)
                continue
            row.block.details.update(role="row" if number else "header", label_text=label)
            # Where rows have no outer bars, a bar at the end opens an empty last cell.
            width = row.width + (row.block.text.endswith("|") and not rows[0].block.text.endswith("|"))
            if number and width == len(columns):
                row.block.details.update(columns=list(columns), filled_columns=[cell.column for cell in row.cells])


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


def _inner(block: Block) -> tuple[int, int]:
    """Where the words of a line begin and end, without the bars it may open and close with."""
    text = block.text
    start = 1 if text.startswith("|") else 0
    return start, len(text) - 1 if text.endswith("|") and len(text) > start else len(text)


def _parted_by(block: Block) -> re.Pattern[str] | None:
    if block.kind or "\n" in block.text:
        return None
    start, end = _inner(block)
    for mark in (_BAR, _GAP):
        parts = mark.split(block.text[start:end])
        if len(parts) >= 2 and all(len(part) <= _MAX_CELL for part in parts):
            return mark
    return None


def _row(block: Block) -> _Row:
    """The filled cells of a line, with their columns, and how many columns it has; none for a ruled line."""
    mark = _parted_by(block)
    at, last = _inner(block)
    if _RULE.match(block.text):
        return _Row(block, [], 0)
    cells: list[_Cell] = []
    column = 0
    for cut in [*(mark.finditer(block.text, at, last) if mark else ()), None]:
        stop = cut.start() if cut else last
        words = block.text[at:stop].strip()
        if words:
            start = block.start + at + len(block.text[at:stop]) - len(block.text[at:stop].lstrip())
            cells.append(_Cell(column, start, start + len(words), words))
        at, column = (cut.end() if cut else stop), column + 1
    return _Row(block, cells, column)


def _columns(rows: list[_Row]) -> list[str] | None:
    """The heads of the columns: a first line without figures (years may head columns) above lines as wide with figures."""
    first, rest = rows[0], [row for row in rows[1:] if row.cells]
    if any(_FIGURE.match(cell.words) and not (cell.column and _YEAR.match(cell.words)) for cell in first.cells):
        return None
    figured = [
        row
        for row in rest
        if row.width in {first.width, first.width - 1} and any(_FIGURE.match(cell.words) for cell in row.cells[1:])
    ]
    if not figured or len(figured) * 2 < len(rest):
        return None
    heads = {cell.column: cell.words for cell in first.cells}
    return [heads.get(column, "") for column in range(first.width)]
