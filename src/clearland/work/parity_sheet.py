"""The parity report as a workbook: totals, differences with their answers, and every record behind each."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from clearland.work.parity import ParityReport

Cell = str | int | float
_TOTALS = ("kind", "dimension", "value", "IMSMA", "here", "difference", "IMSMA m²", "here m²", "difference m²")
_DIFFERENCES = ("kind", "cause", "records", "difference", "difference m²", "answer", "answered by", "answered on", "mark")
_LINES = ("kind", "cause", "record", "said", "difference", "difference m²", "id")


def write_parity(made: ParityReport, target: Path) -> None:
    """Three sheets; no cell is a formula."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    totals: list[Sequence[Cell]] = [
        (row.kind, row.dimension, row.value, row.imsma, row.here, row.here - row.imsma, round(row.imsma_m2, 1),
         round(row.here_m2, 1), round(row.here_m2 - row.imsma_m2, 1))
        for row in made.parity.rows
    ]  # fmt: skip
    differences: list[Sequence[Cell]] = [
        (each.difference.kind, each.difference.cause, len(each.difference.lines), each.difference.count,
         round(each.difference.area_m2, 1), each.reason, each.actor, str(each.answered_on or ""), each.difference.mark)
        for each in made.differences
    ]  # fmt: skip
    lines: list[Sequence[Cell]] = [
        (each.difference.kind, each.difference.cause, line.name, line.said, line.count, round(line.area_m2, 1), line.record or "")
        for each in made.differences for line in each.difference.lines
    ]  # fmt: skip
    with xlsxwriter.Workbook(str(target), safe) as book:
        bold = book.add_format({"bold": True})
        sheets = (("Totals", _TOTALS, totals), ("Differences", _DIFFERENCES, differences), ("Records", _LINES, lines))
        for name, header, content in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for position, title in enumerate(header):
                sheet.write_string(0, position, title, bold)
            for number, row in enumerate(content, 1):
                for position, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, position, cell)
                    else:
                        sheet.write_number(number, position, cell)
