"""Integer and decimal fields from columns: marks found, units converted exactly, several columns added."""

from decimal import Decimal

from clearland.core.units import AREA_M2, LENGTH_M
from clearland.dictionary.model import Field
from clearland.intake.folding import fold
from clearland.intake.mapping import FieldSource, Numbers
from clearland.intake.numbers import AmbiguousMarksError, Marks, find_marks, to_decimal
from clearland.intake.reading import Reading, Values, each_cell
from clearland.intake.tables import Cell

# Words that say a unit in a column's name, in the languages the dictionary speaks and those of its neighbours.
_UNIT_WORDS = {
    "ha": "ha",
    "hectare": "ha",
    "hectares": "ha",
    "га": "ha",
    "hektar": "ha",
    "km2": "km2",
    "km²": "km2",
    "sqkm": "km2",
    "км2": "km2",
    "dunam": "dunam",
    "dunams": "dunam",
    "donum": "dunam",
    "dönüm": "dunam",
}


def read_numbers(reading: Reading, target: Field, source: FieldSource) -> Values:
    """Exact numbers in the field's own unit."""
    factor = _factor(reading, target, source)
    columns = [_number_column(reading, target, source, name, factor) for name in source.columns]
    if len(columns) == 1:
        return columns[0]
    if not source.add:
        _wrong_column(
            reading,
            "E-MAP-FIELD",
            source.columns[1],
            f"{target.name} is a number and has several columns.",
            "Write `add: [...]` in the mapping if they are to be summed.",
        )
    return [
        sum((value for value in row if isinstance(value, Decimal)), Decimal(0)) if any(v is not None for v in row) else None
        for row in zip(*columns, strict=True)
    ]


def _number_column(reading: Reading, target: Field, source: FieldSource, column: str, factor: Decimal | None) -> Values:
    cells = reading.cells(column)
    marks = column_marks(reading, column, source, whole=target.type == "integer")
    if marks is None:
        return [None] * len(cells)

    def convert(cell: Cell) -> Decimal:
        number = to_decimal(cell, marks)
        return number * factor if factor is not None else number

    return each_cell(
        reading, column, convert, "E-VALUE-NUMBER", "Write digits only; units and remarks go to columns of their own."
    )


def column_marks(
    reading: Reading, column: str, source: FieldSource | None = None, *, whole: bool = False, degrees: bool = False
) -> Marks | None:
    """How numbers are written in a column, or None with a finding where that cannot be told."""
    declared = source.numbers if source and source.numbers else reading.mapping.numbers
    return reading.decide(
        ("marks", column, declared, whole, degrees), lambda: _found_marks(reading, column, declared, whole=whole, degrees=degrees)
    )


def _found_marks(reading: Reading, column: str, declared: Numbers, *, whole: bool, degrees: bool) -> Marks | None:
    try:
        return find_marks(reading.all_cells(column), declared, whole=whole, degrees=degrees)
    except AmbiguousMarksError as error:
        why = "The column mixes decimal commas and points" if error.mixed else "This number can be read in two ways"
        reading.wrong_example(
            "E-NUMBER-MARKS",
            error.example,
            column,
            f"{why} ({error.example}).",
            'Say it in the mapping: `numbers: {decimal: ",", thousands: "."}`, or the other way round.',
        )
        return None


def unit_in_heading(column: str) -> str | None:
    """The unit that a column's name says, as in `Cleared (ha)`; None where it says none that is known."""
    words = fold(column, ("case",)).replace("_", " ").replace("(", " ").replace(")", " ").replace(",", " ").split()
    return next((_UNIT_WORDS[word] for word in words if word in _UNIT_WORDS), None)


def _wrong_column(reading: Reading, code: str, column: str, sentence: str, remedy: str) -> None:
    """An error of a whole column, shown at its first row."""
    reading.once((code, column, sentence), lambda: reading.wrong(code, 0, column, sentence, remedy))


def _factor(reading: Reading, target: Field, source: FieldSource) -> Decimal | None:
    """What a number is multiplied by to be in the field's unit; None for nothing."""
    if target.unit is None or target.unit not in {**AREA_M2, **LENGTH_M}:
        return None
    said = source.unit
    if said is None:
        for column in source.columns:
            hidden = unit_in_heading(column)
            if hidden and hidden != target.unit:
                _wrong_column(
                    reading,
                    "E-MAP-UNIT",
                    column,
                    f"The column's name says {hidden}, {target.name} is in {target.unit}.",
                    f"Say the unit in the mapping: `{target.name}: {{column: {column}, unit: {hidden}}}`.",
                )
        return None
    family = AREA_M2 if target.unit in AREA_M2 else LENGTH_M
    if said not in family:
        _wrong_column(
            reading,
            "E-MAP-UNIT",
            source.columns[0],
            f"{said} cannot become {target.unit}.",
            f"Use one of {', '.join(family)}.",
        )
        return None
    return None if said == target.unit else family[said] / family[target.unit]
