"""Which record a row is: its key, folded, and its number among rows with the same key (design section 4)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely

from clearland.core.errors import Finding
from clearland.core.ids import record_id
from clearland.intake.folding import cell_text, fold
from clearland.intake.mapping import Key
from clearland.intake.numbers import Marks, floats
from clearland.intake.reading import Reading
from clearland.intake.text_columns import fill_template

_SEPARATOR = "\x1e"
_SHOWN = 50


@dataclass(frozen=True)
class Identities:
    """Per row: the key text, its occurrence number from 1, the local id and the record."""

    keys: Sequence[str]
    occurrences: Sequence[int]
    local_ids: Sequence[str]
    records: Sequence[UUID | None]
    duplicate_rows: int


def identify(reading: Reading, series: str, key: Key) -> Identities:
    """The identities of all rows. Rows without a key, and local ids given twice, become error findings (rule 1)."""
    keys = _keys(reading, key)
    duplicates = _exact_duplicates(reading)
    occurrences = _occurrences(reading, key, keys, duplicates)
    local_ids = _local_ids(reading, keys, occurrences)
    kind = reading.mapping.kind
    records = [
        record_id(series, f"{kind}{_SEPARATOR}{text}{_SEPARATOR}{number}") if text else None
        for text, number in zip(keys, occurrences, strict=True)
    ]
    _refuse_repeated_ids(reading, local_ids)
    return Identities(keys, occurrences, local_ids, records, sum(number for _, number in duplicates.items()))


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


def _exact_duplicates(reading: Reading) -> dict[int, int]:
    """Row position -> 1 for every row that repeats an earlier one cell for cell, geometry included."""
    table = reading.table
    rows = list(zip(*(map(_hashable, table.cells[name]) for name in table.columns), strict=True))
    if table.geometries is not None:
        shapes = shapely.to_wkb(table.geometries)
        rows = [(*row, shape) for row, shape in zip(rows, shapes, strict=True)]
    first: dict[object, int] = {}
    repeated: dict[int, int] = {}
    for index, row in enumerate(rows):
        earlier = first.setdefault(row, index)
        if earlier == index:
            continue
        repeated[index] = 1
        if len(repeated) <= _SHOWN:
            reading.findings.append(
                Finding(
                    code="W-ROW-DUPLICATE",
                    severity="warning",
                    place=table.place(index),
                    rule=1,
                    sentence=f"The row repeats row {table.numbers[earlier]} cell for cell; both count.",
                    remedy="Delete one in the source if it was entered twice.",
                )
            )
    if len(repeated) > _SHOWN:
        reading.findings.append(
            Finding(
                code="W-ROW-DUPLICATE",
                severity="warning",
                place=table.place(),
                rule=1,
                sentence=f"{len(repeated):,} rows repeat an earlier row cell for cell; the first {_SHOWN} are listed.",
                remedy="Delete them in the source if they were entered twice.",
                values={"rows": len(repeated)},
            )
        )
    return repeated


def _hashable(cell: object) -> object:
    return tuple(cell) if isinstance(cell, list) else cell


def _occurrences(reading: Reading, key: Key, keys: Sequence[str], duplicates: dict[int, int]) -> list[int]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(keys):
        groups[text].append(index)
    several = [group for group in groups.values() if len(group) > 1]
    occurrences = [1] * len(keys)
    ranks = [_ranks(reading, column, descending) for column, descending in key.order] if several else []
    for group in several:
        group.sort(key=lambda index: (*(rank[index] for rank in ranks), index))
        for number, index in enumerate(group, 1):
            occurrences[index] = number
    unlike = sum(len(group) - 1 for group in several) - len(duplicates)
    if unlike > 0 and not key.order:
        reading.findings.append(
            Finding(
                code="W-KEY-REPEATED",
                severity="warning",
                place=reading.table.place(column=key.columns[0]),
                sentence=f"{unlike:,} rows share their key with an earlier row; only their order tells them apart.",
                remedy="Add a key column, or name `order` columns, so that a re-sorted file pairs its rows alike.",
                values={"rows": unlike},
            )
        )
    return occurrences


def _ranks(reading: Reading, column: str, descending: bool) -> list[tuple[float, str]]:
    """What rows of one key are sorted by: numbers by size, then text; blanks last."""
    cells = reading.table.cells[column]
    sign = -1.0 if descending else 1.0
    numbers = floats(cells, Marks())
    return [
        (sign * number if number is not None else float("inf"), cell_text(cell) if number is None else "")
        for number, cell in zip(numbers, cells, strict=True)
    ]


def _local_ids(reading: Reading, keys: Sequence[str], occurrences: Sequence[int]) -> list[str]:
    template = reading.mapping.local_id
    if template is None:
        texts = [text.replace(_SEPARATOR, "/") for text in keys]
        return [text if number == 1 else f"{text}#{number}" for text, number in zip(texts, occurrences, strict=True)]
    plain = template if "{" in template else f"{{{template}}}"
    texts = fill_template(reading, plain, ())
    return [text.replace("{occurrence}", str(number)) for text, number in zip(texts, occurrences, strict=True)]


def _refuse_repeated_ids(reading: Reading, local_ids: Sequence[str]) -> None:
    counts = Counter(local_ids)
    if len(counts) == len(local_ids) and "" not in counts:
        return
    seen: set[str] = set()
    for index, text in enumerate(local_ids):
        if not text:
            reading.wrong("E-ID-BLANK", index, "local_id", "The row has no local id.", "Fill it, or build it by a template.")
        elif text in seen:
            reading.wrong(
                "E-ID-TWICE",
                index,
                "local_id",
                f"The local id {text!r} stands in an earlier row too.",
                "Give each record its own; put `{occurrence}` into the template if rows may repeat.",
            )
        seen.add(text)
