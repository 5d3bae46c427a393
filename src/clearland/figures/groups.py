"""Contributions in groups: value, count and one digest of each group, with no object per row.

Columns given: the group's key columns, `digest` (hexadecimal, 64 characters where it is an entry's), `amount`, and where the
indicator has them `weight` (of a ratio) and `again` (told again by another record: counted beside, never in).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clearland.dictionary.indicators import Aggregate

_DIGEST_BYTES = 64
_QUANTILES = {"median": 0.5, "p90": 0.9}
Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group. `value` is None where no row has an amount; `rows` counts different digests, `again` what was left out."""

    key: tuple[Any, ...]
    value: float | None
    rows: int
    digest: str
    again: int


def groups(table: pa.Table, key: Sequence[str], aggregate: Aggregate) -> Iterator[Group]:
    """The groups of a table in the order of their keys. Without key columns one group, also of no rows."""
    code, keys = _codes(table, key)
    digests = _Digests(table["digest"])
    order = digests.order(code)
    bounds = np.searchsorted(code[order], np.arange(len(keys) + 1))
    amount = _floats(table["amount"])
    weight = _floats(table["weight"]) if "weight" in table.column_names else None
    again = _flags(table["again"]) if "again" in table.column_names else None
    for number, values in enumerate(keys):
        rows = order[bounds[number] : bounds[number + 1]]
        left_out = 0
        if again is not None:
            left_out = digests.different(rows[again[rows]])
            rows = rows[~again[rows]]
        count, digest = digests.told(rows)
        value = _value(amount[rows], weight[rows] if weight is not None else None, aggregate)
        yield Group(key=values, value=value, rows=count, digest=digest, again=left_out)


def _codes(table: pa.Table, key: Sequence[str]) -> tuple[Positions, list[tuple[Any, ...]]]:
    """Each row's group as a number, and the keys by that number, in order."""
    if not key:
        return np.zeros(len(table), dtype=np.int64), [()]
    code = np.zeros(len(table), dtype=np.int64)
    members: list[list[Any]] = []
    for name in key:
        encoded = table[name].combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        words = encoded.dictionary.to_pylist()
        place = {word: number for number, word in enumerate(sorted(words, key=lambda word: (word is None, word)))}
        ranks = np.array([place[word] for word in words], dtype=np.int64)
        indices = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False).astype(np.int64)
        column = np.append(ranks, len(words))[indices]
        members.append([*sorted(words, key=lambda word: (word is None, word)), None])
        code = code * (len(words) + 1) + column
    used, numbers = np.unique(code, return_inverse=True)
    keys = []
    for each in used.tolist():
        values: list[Any] = []
        left = each
        for words in reversed(members):
            left, word = divmod(left, len(words))
            values.append(words[word])
        keys.append(tuple(reversed(values)))
    return numbers.astype(np.int64), keys


class _Digests:
    """The digests of all rows as bytes, sorted by two words of sixteen hexadecimal digits before any text is looked at."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column
        flat = column.combine_chunks().cast(pa.large_string())
        if isinstance(flat, pa.ChunkedArray):
            flat = flat.combine_chunks()
        self._bytes: NDArray[np.uint8] | None = None
        lengths = np.diff(np.frombuffer(flat.buffers()[1], dtype=np.int64)[flat.offset : flat.offset + len(flat) + 1])
        if len(flat) and flat.null_count == 0 and (lengths == _DIGEST_BYTES).all():
            start = int(np.frombuffer(flat.buffers()[1], dtype=np.int64)[flat.offset])
            data = np.frombuffer(flat.buffers()[2], dtype=np.uint8)[start : start + _DIGEST_BYTES * len(flat)]
            self._bytes = data.reshape(len(flat), _DIGEST_BYTES)
        self._texts: NDArray[np.object_] | None = None
        if self._bytes is None:
            self._texts = np.array([text or "" for text in flat.to_pylist()], dtype=object)

    def order(self, code: Positions) -> Positions:
        """The rows by group, within a group by digest."""
        if self._texts is not None:
            return np.array(sorted(range(len(code)), key=lambda row: (code[row], self._texts[row])), dtype=np.int64)  # type: ignore[index]
        if self._bytes is None:
            return np.zeros(0, dtype=np.int64)
        words = np.ascontiguousarray(self._bytes[:, :16]).view(">u8")
        rows = np.lexsort((words[:, 1], words[:, 0], code))
        return self._mended(rows, words, code)

    def _mended(self, rows: Positions, words: NDArray[Any], code: Positions) -> Positions:
        """Where sixteen digits agree and the rest does not, the rows once more by the whole text."""
        assert self._bytes is not None
        same = (words[rows[1:]] == words[rows[:-1]]).all(axis=1) & (code[rows[1:]] == code[rows[:-1]])
        near = np.nonzero(same)[0]
        if not len(near) or (self._bytes[rows[near]] == self._bytes[rows[near + 1]]).all():
            return rows
        texts = [bytes(row) for row in self._bytes]
        return np.array(sorted(range(len(code)), key=lambda row: (code[row], texts[row])), dtype=np.int64)

    def told(self, rows: Positions) -> tuple[int, str]:
        """How many different digests sorted rows have, and the SHA-256 over them."""
        if self._texts is not None:
            different = sorted(set(self._texts[rows].tolist()))
            return len(different), hashlib.sha256("".join(different).encode()).hexdigest()
        if self._bytes is None or not len(rows):
            return 0, hashlib.sha256(b"").hexdigest()
        chosen = self._bytes[rows]
        fresh = np.ones(len(rows), dtype=bool)
        fresh[1:] = (chosen[1:] != chosen[:-1]).any(axis=1)
        if not fresh.all():
            chosen = chosen[fresh]
        return len(chosen), hashlib.sha256(chosen.tobytes()).hexdigest()

    def different(self, rows: Positions) -> int:
        """How many different digests rows have."""
        return self.told(rows)[0] if len(rows) else 0


def _floats(column: pa.ChunkedArray) -> Numbers:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _flags(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(column.cast(pa.bool_()).fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def _value(amount: Numbers, weight: Numbers | None, aggregate: Aggregate) -> float | None:
    said = ~np.isnan(amount)
    if not said.any():
        return None
    if aggregate in _QUANTILES:
        return float(np.quantile(amount[said], _QUANTILES[aggregate]))
    total = float(amount[said].sum())
    if aggregate == "sum":
        return total
    whole = float(np.nansum(weight)) if weight is not None else 0.0
    return total / whole if whole else None
