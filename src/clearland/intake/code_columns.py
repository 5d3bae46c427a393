"""Code and yes-or-no fields from columns: translated by the mapping, then by code, then by a label in any language."""

import json

from clearland.dictionary.model import Field
from clearland.intake.folding import cell_text, fold
from clearland.intake.mapping import ALL_FOLDS, FieldSource
from clearland.intake.mapping_shape import nearest
from clearland.intake.reading import Reading, Values, each_cell
from clearland.intake.tables import Cell

_YES = {"true", "yes", "y", "1", "да", "bəli", "hə", "evet", "sí", "si", "oui", "x"}
_NO = {"false", "no", "n", "0", "нет", "xeyr", "yox", "hayır", "non"}
_DEFAULT_SEPARATORS = (";", "|", "\n")


def read_codes(reading: Reading, target: Field, source: FieldSource) -> Values:
    """Codes of the field's list; a list of them for `codes`. An open set (no list) keeps the texts as they stand."""
    translate = _translator(reading, target, source)
    per_column = [_code_column(reading, target, source, column, translate) for column in source.columns]
    if target.type == "code":
        return per_column[0]
    return [
        gathered or None
        for gathered in (
            [item for part in row if isinstance(part, list) for item in part] for row in zip(*per_column, strict=True)
        )
    ]


def read_booleans(reading: Reading, source: FieldSource) -> Values:
    """True, False or None."""

    def convert(cell: Cell) -> bool:
        if isinstance(cell, bool):
            return cell
        word = cell_text(cell).casefold()
        if word not in _YES | _NO:
            raise ValueError("it is neither yes nor no")
        return word in _YES

    return each_cell(reading, source.columns[0], convert, "E-VALUE-TYPE", "Write yes or no.")


def _code_column(reading: Reading, target: Field, source: FieldSource, column: str, translate: "_Translator") -> Values:
    several = target.type == "codes"

    def convert(cell: Cell) -> object:
        if not several:
            found = translate(cell_text(cell))
            if len(found) > 1:
                raise ValueError("it means several codes and the field takes one")
            return found[0] if found else None
        return [code for part in split_parts(cell, source.separator) for code in translate(part)]

    return each_cell(reading, column, convert, "E-VALUE-CODE", f"Translate it under `fields.{target.name}.codes` in the mapping.")


class _Translator:
    """Text of a sheet to codes. Raises ValueError for a text that means none, where the mapping refuses those."""

    def __init__(self, name: str, by_text: dict[str, list[str]], otherwise: str, *, is_open: bool) -> None:
        self._name = name
        self._by_text = by_text
        self._otherwise = otherwise
        self._open = is_open

    def __call__(self, text: str) -> list[str]:
        found = self._by_text.get(fold(text, ALL_FOLDS))
        if found is not None:
            return found
        if self._open or self._otherwise == "keep":
            return [text]
        if self._otherwise == "blank":
            return []
        close = nearest(text, list(self._by_text))
        raise ValueError(f"the list {self._name} has no such code{f' (nearest: {close})' if close else ''}")


def _translator(reading: Reading, target: Field, source: FieldSource) -> _Translator:
    by_text: dict[str, list[str]] = {}
    known = reading.dictionary.codes_of(target)
    for code in known:
        for label in code.labels.values():
            by_text.setdefault(fold(label, ALL_FOLDS), [code.code])
    for code in known:
        by_text[fold(code.code, ALL_FOLDS)] = [code.code]
    for text, meant in source.codes.items():
        codes = [str(item) for item in meant] if isinstance(meant, list) else [str(meant)] if meant != "" else []
        by_text[fold(text, ALL_FOLDS)] = codes
    return _Translator(target.code_list or target.name, by_text, source.otherwise, is_open=not known)


def split_parts(cell: Cell, separator: str | None) -> list[str]:
    """The parts of a cell that holds several values; semicolons, bars and line ends part them unless said otherwise."""
    if isinstance(cell, list):
        return [text for text in (cell_text(item) for item in cell) if text]
    text = cell_text(cell)
    if text.startswith("[") and (listed := _json_list(text)) is not None:
        return listed
    separators = (separator,) if separator else _DEFAULT_SEPARATORS
    for mark in separators:
        text = text.replace(mark, "\x1f")
    return [part.strip() for part in text.split("\x1f") if part.strip()]


def _json_list(text: str) -> list[str] | None:
    """The texts of a JSON list, as exports write values that hold a separator themselves; None where it is no such list."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and all(isinstance(value, str) for value in values) else None
