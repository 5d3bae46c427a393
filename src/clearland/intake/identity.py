"""Which record a row is: its key, folded, and its number among rows with the same key (design section 4)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely

from clearland.core.errors import Finding, Place
from clearland.core.ids import record_id
from clearland.intake.digests import Alike, Numbers
from clearland.intake.folding import cell_text, fold
from clearland.intake.mapping import Key
from clearland.intake.numbers import Marks, floats
from clearland.intake.reading import Reading
from clearland.intake.tables import PORTION, Cell, Table
from clearland.intake.text_columns import fill_template
from clearland.ledger.spool import Spool

_SEPARATOR = "\x1e"
_SHOWN = 50
Known = Callable[[Reading, Sequence[str], Sequence[UUID | None]], Sequence[UUID | None]]
"""A portion, its local ids and the records its keys name -> the records its rows are."""


@dataclass(frozen=True)
class Identified:
    """Of one portion: the local id and the record of each row."""

    local_ids: Sequence[str]
    records: Sequence[UUID | None]


@dataclass(frozen=True)
class Identities:
    """Of a whole table: its portions' identities in order, what is wrong with them, and rows that stand twice."""

    findings: Sequence[Finding]
    duplicate_rows: int
    numbers: Numbers
    _portions: Spool[tuple[str, bytes | None]]

    def portions(self) -> Iterator[Identified]:
        """Portion by portion, as the table's own."""
        for rows in self._portions:
            yield Identified(
                [local_id for local_id, _ in rows], [None if sixteen is None else UUID(bytes=sixteen) for _, sixteen in rows]
            )


@dataclass
class _Seen:
    """What one walk through the portions leaves for the next."""

    keys: Spool[str]
    by_key: Alike
    by_row: Alike
    numbers: Numbers


def identify(readings: Callable[[], Iterator[Reading]], series: str, key: Key, known: Known) -> Identities:
    """The identities of all rows. Rows without a key, and local ids given twice, become error findings (rule 1)."""
    findings: list[Finding] = []
    seen = _Seen(Spool(PORTION), Alike(), Alike(), Numbers())
    for reading in readings():
        keys = _keys(reading, key)
        seen.keys.add(keys)
        seen.by_key.add(keys)
        seen.by_row.add(_rows_told(reading.table))
        seen.numbers.add(reading.table.numbers)
        findings += reading.findings
    first = next(readings())
    repeats = seen.by_row.repeats()
    findings += _duplicates(first.table, repeats, seen.numbers)
    occurrences = seen.by_key.numbered()
    if key.order:
        for group in _sorted_groups(readings, key, seen.by_key):
            occurrences[group] = range(1, len(group) + 1)
    findings += _only_order_tells(first.table, key, int((occurrences > 1).sum()) - len(repeats))
    portions, by_local_id = Spool[tuple[str, bytes | None]](PORTION), Alike()
    start = 0
    for reading, part in zip(readings(), seen.keys, strict=True):
        numbers = occurrences[start : start + len(part)].tolist()
        local_ids = _local_ids(reading, part, numbers)
        records = known(reading, local_ids, _records(reading.mapping.kind, series, part, numbers))
        by_local_id.add(local_ids)
        portions.add([(local, record.bytes if record else None) for local, record in zip(local_ids, records, strict=True)])
        findings += reading.findings
        start += len(part)
    seen.keys.close()
    findings += _repeated_ids(first.table, portions, by_local_id, seen.numbers)
    return Identities(findings, len(repeats), seen.numbers, portions)


def _records(kind: str, series: str, keys: Sequence[str], occurrences: Sequence[int]) -> list[UUID | None]:
    return [
        record_id(series, f"{kind}{_SEPARATOR}{text}{_SEPARATOR}{number}") if text else None
        for text, number in zip(keys, occurrences, strict=True)
    ]


def _keys(reading: Reading, key: Key) -> list[str]:
    memo: dict[str, str] = {}

    def folded(cell: object) -> str:
        text = cell_text(cell)
        known = memo.get(text)
        if known is None:
            known = memo[text] = fold(text, key.fold)
        return known

    columns = [[folded(cell) for cell in reading.table.cells[name]] for name in key.columns]
    keys = [_SEPARATOR.join(parts) for parts in zip(*columns, strict=True)]
    blank = _SEPARATOR * (len(key.columns) - 1)
    for index, text in enumerate(keys):
        if text == blank:
            keys[index] = ""
            reading.wrong(
                "E-KEY-BLANK",
                index,
                key.columns[0],
                "The row has nothing in its key columns, so it cannot be known again.",
                "Fill them, or skip the row in the mapping (`skip`).",
            )
    return keys


def _rows_told(table: Table) -> list[str]:
    """Each row cell for cell as one text, geometry included."""
    columns = [table.cells[name] for name in table.columns]
    rows: list[tuple[object, ...]] = list(zip(*columns, strict=True)) if columns else [()] * len(table)
    if table.geometries is not None:
        rows = [(*row, shape) for row, shape in zip(rows, shapely.to_wkb(table.geometries), strict=True)]
    return [repr(row) for row in rows]


def _place(table: Table, number: int | None = None, column: str | None = None) -> Place:
    return Place(file=table.file, sheet=table.sheet, row=number, column=column)


def _duplicates(table: Table, repeats: Sequence[tuple[int, int]], numbers: Numbers) -> Iterator[Finding]:
    """For every row that repeats an earlier one cell for cell."""
    for again, earlier in repeats[:_SHOWN]:
        yield Finding(
            code="W-ROW-DUPLICATE",
            severity="warning",
            place=_place(table, numbers[again]),
            rule=1,
            sentence=f"The row repeats row {numbers[earlier]} cell for cell; both count.",
            remedy="Delete one in the source if it was entered twice.",
        )
    if len(repeats) > _SHOWN:
        yield Finding(
            code="W-ROW-DUPLICATE",
            severity="warning",
            place=_place(table),
            rule=1,
            sentence=f"{len(repeats):,} rows repeat an earlier row cell for cell; the first {_SHOWN} are listed.",
            remedy="Delete them in the source if they were entered twice.",
            values={"rows": len(repeats)},
        )


def _only_order_tells(table: Table, key: Key, unlike: int) -> Iterator[Finding]:
    """Where rows that differ share a key."""
    if unlike > 0 and not key.order:
        yield Finding(
            code="W-KEY-REPEATED",
            severity="warning",
            place=_place(table, column=key.columns[0]),
            sentence=f"{unlike:,} rows share their key with an earlier row; only their order tells them apart.",
            remedy="Add a key column, or name `order` columns, so that a re-sorted file pairs its rows alike.",
            values={"rows": unlike},
        )


def _sorted_groups(readings: Callable[[], Iterator[Reading]], key: Key, by_key: Alike) -> Iterator[list[int]]:
    """Rows of one key, by content: numbers by size, then text; blanks last."""
    groups = by_key.groups()
    wanted = {index for group in groups for index in group}
    ranks: dict[int, tuple[tuple[float, str], ...]] = {}
    start = 0
    for reading in readings():
        here = [index for index in range(len(reading.table)) if start + index in wanted]
        columns = [
            _ranks([cells[index] for index in here], descending)
            for cells, descending in ((reading.table.cells[column], descending) for column, descending in key.order)
        ]
        ranks.update(zip((start + index for index in here), zip(*columns, strict=True), strict=True))
        start += len(reading.table)
    for group in groups:
        yield sorted(group, key=lambda index: (*ranks[index], index))


def _ranks(cells: Sequence[Cell], descending: bool) -> list[tuple[float, str]]:
    sign = -1.0 if descending else 1.0
    return [
        (sign * number if number is not None else float("inf"), cell_text(cell) if number is None else "")
        for number, cell in zip(floats(cells, Marks()), cells, strict=True)
    ]


def _local_ids(reading: Reading, keys: Sequence[str], occurrences: Sequence[int]) -> list[str]:
    template = reading.mapping.local_id
    if template is None:
        texts = [text.replace(_SEPARATOR, "/") for text in keys]
        return [text if number == 1 else f"{text}#{number}" for text, number in zip(texts, occurrences, strict=True)]
    plain = template if "{" in template else f"{{{template}}}"
    texts = fill_template(reading, plain, ())
    return [text.replace("{occurrence}", str(number)) for text, number in zip(texts, occurrences, strict=True)]


def _repeated_ids(
    table: Table, portions: Spool[tuple[str, bytes | None]], by_local_id: Alike, numbers: Numbers
) -> Iterator[Finding]:
    """For every row whose local id is blank or stands in an earlier row."""
    repeated = {again for again, _ in by_local_id.repeats()}
    index = -1
    for rows in portions:
        for text, _ in rows:
            index += 1
            if text and index not in repeated:
                continue
            yield Finding(
                code="E-ID-TWICE" if text else "E-ID-BLANK",
                severity="error",
                place=_place(table, numbers[index], "local_id"),
                sentence=f"The local id {text!r} stands in an earlier row too." if text else "The row has no local id.",
                remedy="Give each record its own; put `{occurrence}` into the template if rows may repeat."
                if text
                else "Fill it, or build it by a template.",
                rule=89,
            )
