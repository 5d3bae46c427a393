"""Text fields, templates and local ids from columns."""

from collections.abc import Sequence

from clearland.intake.folding import cell_text, fold
from clearland.intake.mapping import FieldSource
from clearland.intake.reading import Reading, Values
from clearland.intake.tables import Cell


def read_texts(reading: Reading, source: FieldSource) -> Values:
    """Text of one column, or of several joined."""
    memo: dict[str, str] = {}
    if len(source.columns) == 1:
        return [folded(cell, source.fold, memo) or None for cell in reading.cells(source.columns[0])]
    columns = [[folded(cell, source.fold, memo) for cell in reading.cells(name)] for name in source.columns]
    return [source.join.join(text for text in row if text) or None for row in zip(*columns, strict=True)]


def fill_template(reading: Reading, template: str, folds: Sequence[str]) -> list[str]:
    """The template with the row's cells in its braces; `{occurrence}` is left for later. Blank where every cell is."""
    parts = template.split("{")
    pieces: list[Sequence[str]] = []
    literal: list[str] = [parts[0]]
    memo: dict[str, str] = {}
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        if name == "occurrence":
            literal[-1] += "{occurrence}" + rest
            continue
        pieces.append([folded(cell, folds, memo) for cell in reading.cells(name)])
        literal.append(rest)
    if not pieces:
        return [template] * len(reading.table)
    return [
        "".join((literal[0], *(text + after for text, after in zip(row, literal[1:], strict=True)))) if any(row) else ""
        for row in zip(*pieces, strict=True)
    ]


def folded(cell: Cell, folds: Sequence[str], memo: dict[str, str]) -> str:
    """A cell as text, folded; equal texts are folded once."""
    text = cell_text(cell)
    if not folds:
        return text
    known = memo.get(text)
    if known is None:
        known = memo[text] = fold(text, folds)
    return known
