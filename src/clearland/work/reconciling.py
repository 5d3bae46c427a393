"""The reconciliation workbook: out to an operator with our numbers, in again with theirs.

Out: one row a task with ours, and empty cells for theirs. In: rows in which anything was written become records of the kind
`reconciliation`; *yes* under Agreed stands for our numbers as they were sent. A second sheet asks in which post and on which
day it was signed for the operator: answers without that are an open finding (rule 87). Handing the same workbook in again
changes nothing; a changed one replaces the answers of the same operator, period and task.
"""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import Place, RefusedInput
from clearland.core.ids import record_id
from clearland.exchange.cells import harmless
from clearland.figures.reconciliation import MEASURES, Reconciliation
from clearland.ledger.drafts import Draft, NewSource, Receipt
from clearland.ledger.rows import head_entries
from clearland.ledger.scope import Actor, scope
from clearland.ledger.write import write

MARK = "Clearland reconciliation"
SHEET = "Reconciliation"
SIGNATURE = "Signature"
_KIND = "reconciliation"
_HEADS = (
    "Task", *(f"Database: {name}" for name in MEASURES), *(f"Yours: {name}" for name in MEASURES), "Agreed (yes)", "Remark"
)
_FIRST_ROW = 3
_SIGNED_AS, _SIGNED_ON = "Signed for the operator, in the post of", "Signed on (YYYY-MM-DD)"
_YES = frozenset({"yes", "y", "bəli", "hə", "да", "agreed"})
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_ROWS = 20_000


def workbook(told: Reconciliation, head: str) -> bytes:
    """The workbook for the operator: line 1 says what it is, line 2 names the columns."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True})
        given = book.add_format({"bg_color": "#fdf3d8", "border": 1, "border_color": "#dcd8cf"})
        facts = (MARK, told.operator, told.first.isoformat(), told.last.isoformat(), head[:12])
        for column, fact in enumerate(facts):
            sheet.write_string(0, column, harmless(fact))
        for column, label in enumerate(_HEADS):
            sheet.write_string(1, column, label, bold)
        for number, line in enumerate(told.lines, start=_FIRST_ROW - 1):
            sheet.write_string(number, 0, harmless(line.task))
            for column, name in enumerate(MEASURES, start=1):
                sheet.write_number(number, column, round((line.ours or {}).get(name, 0.0), 1))
            for column, name in enumerate(MEASURES, start=1 + len(MEASURES)):
                if line.theirs is None:
                    sheet.write_blank(number, column, None, given)
                else:
                    sheet.write_number(number, column, line.theirs.get(name, 0.0), given)
            sheet.write_blank(number, len(_HEADS) - 2, None, given)
            sheet.write_string(number, len(_HEADS) - 1, harmless(line.remark), given)
        sheet.freeze_panes(2, 1)
        sheet.set_column(0, len(_HEADS) - 1, 20)
        page = book.add_worksheet(SIGNATURE)
        page.set_column(0, 1, 44)
        for number, label in enumerate((_SIGNED_AS, _SIGNED_ON)):
            page.write_string(number, 0, label, bold)
            page.write_blank(number, 1, None, given)
    return buffer.getvalue()


def take_answers(data: bytes, filename: str, *, actor: Actor, clock: Clock = system_clock) -> Receipt:
    """Write the answers of a workbook. Raises RefusedInput E-RECONCILE-SHEET for a file that is none, E-RECONCILE-CELL for a
    cell that is no number; nothing is written then.
    """
    rows, signature = _rows(data, filename)
    operator, first, last = _facts(rows, filename)
    signed = _signed(signature, filename)
    drafts = [
        draft for number, row in enumerate(rows[_FIRST_ROW - 1 :], start=_FIRST_ROW)
        if (draft := _draft(row, number, operator, first, last, filename)) is not None
    ]  # fmt: skip
    newest = head_entries(scope(actor, "reconcile"), _KIND, [draft.local_id for draft in drafts])
    source = NewSource(
        data=data, filename=filename, media_type=_XLSX, received=clock().date(), publisher=operator,
        title=f"{MARK}: {operator}, {first} to {last}",
    )  # fmt: skip
    based = [
        Draft(record=draft.record, kind=draft.kind, local_id=draft.local_id, attributes={**draft.attributes, **signed},
              origin=draft.origin, based_on=newest.get(draft.record))
        for draft in drafts
    ]  # fmt: skip
    return write(based, actor=actor, reason=f"Reconciliation answers of {operator}", source=source, clock=clock)


def take_answers_file(path: Path, *, actor: Actor) -> Receipt:
    """The same from a path."""
    if not path.is_file():
        raise RefusedInput("E-ADD-FILE", "There is no such file.", place=Place(file=str(path)), remedy="Check the name.")
    return take_answers(path.read_bytes(), path.name, actor=actor)


def _rows(data: bytes, filename: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of the answers and of the signature; none of that in a workbook sent before there was one."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [tuple(row) for row in book[SHEET].iter_rows(max_row=_MOST_ROWS, max_col=len(_HEADS), values_only=True)]
        if SIGNATURE not in book.sheetnames:
            return rows, []
        return rows, [tuple(row) for row in book[SIGNATURE].iter_rows(max_row=2, max_col=2, values_only=True)]
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        raise _no_sheet(filename) from error


def _no_sheet(filename: str) -> RefusedInput:
    return RefusedInput(
        "E-RECONCILE-SHEET", "This is no reconciliation workbook of ours.", place=Place(file=filename, sheet=SHEET),
        remedy="Take the workbook from the reconciliation page or with `clearland reconcile`, and fill that one in.",
    )  # fmt: skip


def _facts(rows: list[tuple[Any, ...]], filename: str) -> tuple[str, date, date]:
    told = rows[0] if rows else ()
    try:
        if len(rows) < _FIRST_ROW - 1 or told[0] != MARK or tuple(rows[1]) != _HEADS or not told[1]:
            raise _no_sheet(filename)
        return str(told[1]), date.fromisoformat(str(told[2])), date.fromisoformat(str(told[3]))
    except (IndexError, ValueError) as error:
        raise _no_sheet(filename) from error


def _signed(rows: list[tuple[Any, ...]], filename: str) -> dict[str, str]:
    """Post and day of the signature; nothing where either is missing."""
    said = {str(row[0]): row[1] for row in rows if len(row) > 1}
    post, day = str(said.get(_SIGNED_AS) or "").strip(), said.get(_SIGNED_ON)
    if not post or day in (None, ""):
        return {}
    try:
        signed_on = day.date() if isinstance(day, datetime) else date.fromisoformat(str(day).strip())
    except ValueError as error:
        raise RefusedInput(
            "E-RECONCILE-CELL", f"“{day}” is no day.", place=Place(file=filename, sheet=SIGNATURE, row=2, column=_SIGNED_ON),
            remedy="Write it as YYYY-MM-DD.",
        ) from error
    return {"signed_as": post, "signed_on": signed_on.isoformat()}


def _draft(row: tuple[Any, ...], number: int, operator: str, first: date, last: date, filename: str) -> Draft | None:
    task = str(row[0] or "").strip()
    size = len(MEASURES)
    ours, given = row[1 : 1 + size], row[1 + size : 1 + 2 * size]
    agreed = str(row[-2] or "").strip().lower() in _YES
    if agreed:
        given = ours
    elif all(cell in (None, "") for cell in given):
        return None
    amounts: dict[str, Any] = {}
    for name, cell in zip(MEASURES, given, strict=True):
        if cell not in (None, ""):
            amounts[name] = _number(cell, name, number, filename)
    remark = {"remark": str(row[-1]).strip()} if row[-1] else {}
    key = f"{operator}|{task}|{first}|{last}"
    return Draft(
        record=record_id(_KIND, key), kind=_KIND, local_id=key, origin=f"{SHEET}!{number}",
        attributes={
            "organisation": operator, "period_from": first.isoformat(), "period_to": last.isoformat(),
            **({"task": task} if task else {}), **amounts, **remark,
        },
    )  # fmt: skip


def _number(cell: Any, name: str, row: int, filename: str) -> Any:
    whole = name == "items"
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell < 0 or (whole and cell != int(cell)):
        raise RefusedInput(
            "E-RECONCILE-CELL", f"“{cell}” is no {'number of items' if whole else 'area in m²'}.",
            place=Place(file=filename, sheet=SHEET, row=row, column=f"Yours: {name}"),
            remedy="Write a number, nought or more, or leave the cell empty.",
        )  # fmt: skip
    return int(cell) if whole else str(cell)

