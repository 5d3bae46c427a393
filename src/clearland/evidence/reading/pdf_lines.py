"""A page of a PDF to lines in reading order: characters to lines, columns found by their gutter, raised figures kept.

Coordinates are PDF points (1/72 inch), y upwards from the foot of the page.
"""

from dataclasses import dataclass, field
from statistics import median

import pypdfium2.raw as pdfium

from clearland.evidence.reading.rendition import RAISED

_COLUMN_GAP = 1.6
_WORD_GAP = 0.15
_RAISED_GAP = 0.6
_RAISED_SIZE = 0.85
_MIN_COLUMN_LINES = 4
_MIN_COLUMN_FILL = 0.55
_SAME_LINE = 0.45
# What PDFium reports for a hyphen that parts a word at the end of a line.
_LINE_END_HYPHEN = frozenset({0x02, 0xFFFE})


@dataclass(slots=True)
class Char:
    """A visible character with its box and font size in points; `spaced` where a space of the file's own stands
    before it.
    """

    sign: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    spaced: bool


@dataclass(slots=True)
class Line:
    """A run of words on one baseline. `size` is the font size most of its characters have."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    page: int = 0
    cells: list[str] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.bottom + self.top) / 2


def characters(textpage: "pdfium.FPDF_TEXTPAGE") -> list[Char]:
    """Visible characters of a page in the order of its content, with boxes; spaces are found again from the gaps."""
    count = pdfium.FPDFText_CountChars(textpage)
    # The loose box has the advance width and the font's height: gaps between its boxes are gaps between words.
    box = pdfium.FS_RECTF()
    spaced = False
    found: list[Char] = []
    for index in range(max(0, count)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in _LINE_END_HYPHEN:
            code = 0x2D
        elif code in {0, 0xFFFF} or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        sign = chr(code)
        if sign.isspace() or code < 0x20:
            spaced = spaced or pdfium.FPDFText_IsGenerated(textpage, index) == 0
            continue
        if pdfium.FPDFText_GetLooseCharBox(textpage, index, box):
            size = pdfium.FPDFText_GetFontSize(textpage, index)
            found.append(Char(sign, box.left, box.right, box.bottom, box.top, size or 1.0, spaced))
        spaced = False
    return found


def lines_of_page(chars: list[Char], page: int) -> list[Line]:
    """Lines in reading order: the left column before the right, lines across both columns where they stand."""
    segments = [_line(run, page) for run in _runs(chars)]
    segments = [segment for segment in segments if segment.text]
    gutter = _gutter(segments)
    if gutter is None:
        return _rows(segments)
    ordered: list[Line] = []
    band: list[Line] = []
    for segment in sorted(segments, key=lambda line: (-line.middle, line.left)):
        if segment.left < gutter < segment.right:
            ordered += [*_columns(band, gutter), segment]
            band = []
        else:
            band.append(segment)
    return [*ordered, *_columns(band, gutter)]


def _columns(band: list[Line], gutter: float) -> list[Line]:
    left = [line for line in band if line.right <= gutter]
    return [*_rows(left), *_rows([line for line in band if line.right > gutter])]


def _runs(chars: list[Char]) -> list[list[Char]]:
    """Characters that follow each other on one baseline without a gap as wide as a column's."""
    runs: list[list[Char]] = []
    for char in chars:
        last = runs[-1][-1] if runs else None
        if last is not None and _follows(runs[-1], last, char):
            runs[-1].append(char)
        else:
            runs.append([char])
    return runs


def _follows(run: list[Char], last: Char, char: Char) -> bool:
    size = max(last.size, char.size, run[0].size)
    overlap = min(run[0].top, char.top) - max(run[0].bottom, char.bottom)
    same_line = overlap > 0.2 * min(last.size, char.size) and abs(run[0].bottom - char.bottom) < 0.75 * size
    return same_line and -0.6 * size < char.left - last.right < _COLUMN_GAP * size


def _line(run: list[Char], page: int) -> Line:
    size = median(char.size for char in run)
    base = median(char.bottom for char in run if char.size >= _RAISED_SIZE * size)
    parts: list[str] = []
    last: Char | None = None
    for char in run:
        raised = char.sign.isdecimal() and char.size < _RAISED_SIZE * size and char.bottom > base + 0.15 * size
        gap = char.left - last.right if last is not None else 0.0
        if last is not None and (char.spaced or gap > (_RAISED_GAP if raised else _WORD_GAP) * size):
            parts.append(" ")
        parts.append(char.sign.translate(RAISED) if raised else char.sign)
        last = char
    return Line(
        "".join(parts).strip(),
        min(char.left for char in run),
        max(char.right for char in run),
        min(char.bottom for char in run),
        max(char.top for char in run),
        size,
        page,
    )


def _gutter(segments: list[Line]) -> float | None:
    """Middle of the empty strip between two columns of running text; None for one column and for tables.

    Columns of text fill their width; the cells of a table do not.
    """
    if len(segments) < 2 * _MIN_COLUMN_LINES:
        return None
    left_edge, right_edge = min(line.left for line in segments), max(line.right for line in segments)
    width = right_edge - left_edge
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        x = left_edge + width * step / 100
        crossing = sum(1 for line in segments if line.left < x < line.right)
        if best is None or crossing < best[0]:
            best = (crossing, x)
    if best is None or best[0] > 0.3 * len(segments):
        return None
    x = best[1]
    sides = [[line for line in segments if line.right <= x], [line for line in segments if line.left >= x]]
    if min(len(side) for side in sides) < _MIN_COLUMN_LINES:
        return None
    start, end = max(line.right for line in sides[0]), min(line.left for line in sides[1])
    fills = [
        median(line.right - line.left for line in side) >= _MIN_COLUMN_FILL * (edge)
        for side, edge in zip(sides, (start - left_edge, right_edge - end), strict=True)
    ]
    shared = min(max(line.top for line in side) for side in sides) > max(min(line.bottom for line in side) for side in sides)
    return (start + end) / 2 if all(fills) and shared and start <= end else None


def _rows(segments: list[Line]) -> list[Line]:
    """Segments of one column from top to bottom; those on one baseline become one line, its parts its cells."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda line: (-line.middle, line.left)):
        if rows and abs(rows[-1][0].middle - segment.middle) < _SAME_LINE * max(rows[-1][0].size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_merge(sorted(row, key=lambda line: line.left)) for row in rows]


def _merge(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    return Line(
        " ".join(part.text for part in row),
        row[0].left,
        max(part.right for part in row),
        min(part.bottom for part in row),
        max(part.top for part in row),
        max(part.size for part in row),
        row[0].page,
        [part.text for part in row],
    )
