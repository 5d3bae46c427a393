"""Rows of a snapshot as the columns that `land` reads: no object per record, so that a million take seconds.

Dates are texts of partial dates, geometry is WKB in EPSG:4326; `entry` is the stamp by which two states are told apart.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from clearland.core.partial_dates import PartialDate
from clearland.land.area import Floats
from clearland.land.columns import NOBODY, Ints, Lists, Texts, Words
from clearland.land.days import UNDATED, days_of
from clearland.land.given import Hazards, Products
from clearland.land.outlines import Outlines

_RETURNED_AS = "not_inspected"
_FULL = len("YYYY-MM-DD")


def products_from(rows: pa.Table) -> Products:
    """Released polygons of the table `land_release`, one per row."""
    ended = _days(rows["release_date"])
    return Products(
        id=_texts(rows["record"]), local_id=_texts(rows["local_id"]), product_type=_words(rows["product_type"]),
        ended_first=ended[:, 0], ended=ended[:, 1], geometry=_shapes(rows["geometry"]), hazards=_lists(rows["hazards"]),
        targets=_lists(rows["targets"]), depth_cm=_numbers(rows["depth_cm"]),
        qc_state=_words(rows["qc_state"].fill_null(_RETURNED_AS)), approved=np.ones(len(rows), dtype=bool),
        organisation=_words(rows["organisation"]), donors=_shared_out(_lists(rows["donor"])), method=_words(rows["method"]),
        activity=_words(rows["activity"]), place=_words(rows["place"]), area_reported_m2=_numbers(rows["area_reported_m2"]),
        stamp=_texts(rows["entry"]),
    )  # fmt: skip


def hazards_from(rows: pa.Table) -> Hazards:
    """Hazards of rows of `hazard_history`, those of one record together and in the order in which they became known.

    Each state counts from its `changed_on` (or its identification); one that became known later for the same day, or
    an earlier one, replaces what it corrects. `published` and `received` are the dates of the state's source.
    """
    record = _texts(rows["record"])
    first = np.nonzero(record[1:] != record[:-1])[0] + 1
    start = np.concatenate([[0], first, [len(rows)]]) if len(rows) else np.zeros(1, dtype=np.int64)
    valid = _days(_either(rows["changed_on"], rows["identified_on"]))
    kept = _standing(start, valid[:, 1])
    newest = start[1:] - 1
    named = _days(_either(rows["published"], rows["received"]))[start[:-1]]
    standing = rows.take(pa.array(kept))
    return Hazards(
        id=record[newest], local_id=_texts(rows["local_id"])[newest], organisation=_words(rows["organisation"]).take(newest),
        parent=_texts(rows["parent_hazard"])[newest], named_first=named[:, 0], named=named[:, 1],
        start=np.searchsorted(kept, start), geometry=_shapes(standing["geometry"]), area_type=_words(standing["area_type"]),
        contamination=_sets(_lists(standing["contamination"])), valid_first=valid[kept, 0], valid=valid[kept, 1],
        required_depth_cm=_numbers(standing["required_depth_cm"]), place=_words(standing["place"]),
        change_reason=_words(standing["change_reason"]), area_reported_m2=_numbers(standing["area_reported_m2"]),
        stamp=_joined(_texts(rows["entry"]), start),
    )  # fmt: skip


def _standing(start: Ints, day: Ints) -> Ints:
    """Rows that nothing known later replaced: of each record those whose day is before that of every later row."""
    stands = np.ones(len(day), dtype=bool)
    for hazard in np.nonzero(np.diff(start) > 1)[0].tolist():
        rows = slice(start[hazard], start[hazard + 1])
        later = np.minimum.accumulate(day[rows][::-1])[::-1]
        stands[rows][:-1] = day[rows][:-1] < later[1:]
    return np.nonzero(stands)[0]


def _joined(entries: Texts, start: Ints) -> Texts:
    """One stamp per hazard: all its entries, since each state may say from when the ground counts."""
    stamps: Texts = entries[start[:-1]].copy()
    for hazard in np.nonzero(np.diff(start) > 1)[0].tolist():
        stamps[hazard] = " ".join(entries[start[hazard] : start[hazard + 1]])
    return stamps


def _column(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _texts(values: pa.ChunkedArray) -> Texts:
    found: Texts = _column(values).to_numpy(zero_copy_only=False)
    return found.astype(object)


def _numbers(values: pa.ChunkedArray) -> Floats:
    return np.asarray(_column(values.cast(pa.float64())).to_numpy(zero_copy_only=False), dtype=np.float64)


def _either(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """The one, the other where it says nothing."""
    return pa.chunked_array([pa.array(np.where(one.is_null().to_numpy(), _texts(other), _texts(one)), type=pa.string())])


def _coded(values: pa.ChunkedArray) -> tuple[Ints, list[Any]]:
    coded = _column(values.dictionary_encode())
    return coded.indices.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def _words(values: pa.ChunkedArray) -> Words[Any]:
    """An empty text says nothing."""
    code, names = _coded(values)
    if "" in names:
        code = np.where(code == names.index(""), NOBODY, code)
    return Words(code, names)


def _days(values: pa.ChunkedArray) -> Ints:
    """First and last day of each partial date, UNDATED where there is none; each different date is read once."""
    code, names = _coded(values)
    known = [*map(_meant, names), UNDATED]
    return np.array(known, dtype=np.int64)[code]


def _meant(text: str | None) -> tuple[int, int]:
    if not text:
        return UNDATED
    if len(text) == _FULL and text[7] == "-":  # nearly all are; `PartialDate.parse` takes ten times as long
        day = date.fromisoformat(text).toordinal()
        return day, day
    return days_of(PartialDate.parse(text))


def _lists(values: pa.ChunkedArray) -> Lists:
    column = _column(values)
    if not pa.types.is_list(column.type) and not pa.types.is_large_list(column.type):  # a column in which nothing is said
        return Lists(np.zeros(len(column) + 1, dtype=np.int64), np.empty(0, dtype=np.int64), [])
    count = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    code, names = _coded(pa.chunked_array([column.flatten()]))
    return Lists(np.concatenate([[0], np.cumsum(count, dtype=np.int64)]), code, names)


def _sets(lists: Lists) -> Words[frozenset[str]]:
    """The different sets that the lists are."""
    return _each(lists, frozenset)


def _shared_out(lists: Lists) -> Words[tuple[tuple[str, float | None], ...]]:
    """Donors without stated shares; nothing where no donor is named."""
    return _each(lists, lambda names: tuple((name, None) for name in names), nothing_is_none=True)


def _each(lists: Lists, made_of: Callable[[list[str]], Any], *, nothing_is_none: bool = False) -> Words[Any]:
    """One word per list. Most records say one word or none: those need no comparison of lists."""
    known: dict[tuple[int, ...], int] = {}
    count = np.diff(lists.start)
    code = np.full(len(count), NOBODY)
    single = count == 1
    used = np.unique(lists.code[lists.start[:-1][single]])
    for name in used.tolist():
        known[(name,)] = len(known)
    code[single] = np.searchsorted(used, lists.code[lists.start[:-1][single]])
    if not nothing_is_none and (count == 0).any():
        code[count == 0] = known.setdefault((), len(known))
    for row in np.nonzero(count > 1)[0].tolist():
        names = tuple(sorted(set(lists.code[lists.start[row] : lists.start[row + 1]].tolist())))
        code[row] = known.setdefault(names, len(known))
    return Words(code, [made_of([lists.names[name] for name in names]) for names in known])


def _shapes(values: pa.ChunkedArray) -> Outlines:
    """The buffer of the column itself: nothing is copied, and nothing decoded until somebody asks."""
    column = _column(values.cast(pa.large_binary()))
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    data = column.buffers()[2]
    return Outlines(
        np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8), offsets[:-1], offsets[1:]
    )
