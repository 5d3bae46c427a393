"""Date fields from one column, or from a column each for year, month and day."""

from clearland.core.partial_dates import PartialDate
from clearland.dictionary.model import Field
from clearland.intake.dates import AmbiguousDayError, day_comes_first, to_partial_date
from clearland.intake.folding import cell_text
from clearland.intake.mapping import FieldSource
from clearland.intake.months import month_number
from clearland.intake.reading import Reading, Values, each_cell
from clearland.intake.tables import Cell


def read_dates(reading: Reading, target: Field, source: FieldSource) -> Values:
    """`YYYY-MM-DD`, or `YYYY[-MM[-DD]]` for partial dates."""
    column = source.columns[0]
    patterns = source.dates or reading.mapping.dates
    known, day_first = (True, None) if patterns else reading.decide(("day first", column), lambda: _day_first(reading, column))
    if not known:
        return [None] * len(reading.table)

    def convert(cell: Cell) -> str:
        return _taken(to_partial_date(cell, patterns, day_first), target, source)

    return each_cell(reading, column, convert, "E-VALUE-DATE", "Write YYYY-MM-DD, or name the pattern under `dates`.")


def _day_first(reading: Reading, column: str) -> tuple[bool, bool | None]:
    """Whether the column tells in which order it writes day and month, and whether the day comes first."""
    try:
        return True, day_comes_first(reading.all_cells(column))
    except AmbiguousDayError as error:
        why = "Both orders of day and month occur" if error.mixed else "Day and month cannot be told apart"
        reading.wrong_example(
            "E-DATE-ORDER",
            error.example,
            column,
            f"{why} ({error.example}).",
            "Say it in the mapping: `dates: ['%d/%m/%Y']`.",
        )
        return False, None


def read_dates_from_parts(reading: Reading, target: Field, source: FieldSource) -> Values:
    """Dates whose year, month and day stand in columns of their own. A missing part makes the date less precise."""
    years = reading.cells(source.year or "")
    months = reading.cells(source.month) if source.month else [None] * len(years)
    days = reading.cells(source.day) if source.day else [None] * len(years)
    memo: dict[tuple[str, str, str], object] = {}
    values: Values = []
    for index, parts in enumerate(zip(years, months, days, strict=True)):
        year, month, day = (cell_text(part) for part in parts)
        if not year:
            values.append(None)
            continue
        known = memo.get((year, month, day))
        if known is None:
            try:
                known = _taken(_from_parts(year, month, day), target, source)
            except ValueError as error:
                reading.wrong(
                    "E-VALUE-DATE",
                    index,
                    source.year or "",
                    f"Year {year}, month {month or '-'}, day {day or '-'}: {error}.",
                    "Write the year with four digits and the month from 1 to 12.",
                )
                values.append(None)
                continue
            memo[year, month, day] = known
        values.append(known)
    return values


def _from_parts(year: str, month: str, day: str) -> PartialDate:
    if not (year.isdecimal() and len(year) == 4):
        raise ValueError("the year is no year")
    text = year
    if month:
        text += f"-{month_number(month):02d}"
    if day:
        if not month or not day.isdecimal():
            raise ValueError("the day is no day of a month")
        text += f"-{int(day):02d}"
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise ValueError("there is no such day") from error


def _taken(moment: PartialDate, target: Field, source: FieldSource) -> str:
    if source.take == "first_day":
        return moment.first.isoformat()
    if source.take == "last_day":
        return moment.last.isoformat()
    if target.type == "date" and moment.day is None:
        raise ValueError(f"it is only a {moment.precision}, and {target.name} needs the day")
    return str(moment)
