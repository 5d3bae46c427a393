"""One field's values for a whole table, by the type the dictionary gives it.

Works column by column. A wrong cell leaves None and an error finding with sheet, row and column; nothing is truncated,
rounded or guessed (rule 89).
"""

from clearland.dictionary.model import Field
from clearland.intake.code_columns import read_booleans, read_codes
from clearland.intake.date_columns import read_dates, read_dates_from_parts
from clearland.intake.mapping import FieldSource
from clearland.intake.number_columns import read_numbers
from clearland.intake.reading import Reading, Values
from clearland.intake.text_columns import fill_template, read_texts


def read_field(reading: Reading, target: Field, source: FieldSource) -> Values:
    """The values of one field for every row of the table, as the dictionary's `values.clean` takes them."""
    if source.year:
        return read_dates_from_parts(reading, target, source)
    if source.constant is not None:
        return [source.constant] * len(reading.table)
    if source.template:
        return [text or None for text in fill_template(reading, source.template, source.fold)]
    match target.type:
        case "code" | "codes":
            return read_codes(reading, target, source)
        case "integer" | "decimal":
            return read_numbers(reading, target, source)
        case "date" | "partial_date":
            return read_dates(reading, target, source)
        case "boolean":
            return read_booleans(reading, source)
        case _:
            return read_texts(reading, source)
