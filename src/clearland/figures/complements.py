"""Which cells must be withheld so that no small count can be computed from the cells that stay.

The cells are whatever is published together. Totals are found by scope: the same question without one dimension, for the
place around, for a longer period. Each gives an equation *total = parts + rest*, where *rest* is what no published part
holds. A reader who knows the shown cells can solve these equations; so cells are withheld until, over the unknown ones,

- no equation with a known total leaves a sum of unknown parts below the threshold, and
- no unknown cell that must stay unknown is determined by all equations together.

Only positive cells are ever withheld. That makes the second test exact: around positive unknowns every direction that
the equations leave open can be walked both ways without a count becoming negative.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from clearland.figures.model import Scope

Cell = tuple[str, Scope, float | None]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
_LONGEST_DAYS = (7, 31, 92, 184, 366)
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class _Equation:
    """`total = sum(parts)`, by number of variable; a rest is a part without a cell."""

    total: int
    parts: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.total, *self.parts)


def withheld_cells(cells: Sequence[Cell], *, least: int, parents: Mapping[str, str]) -> set[int]:
    """Positions of the cells to withhold; a cell is an indicator's code, a scope and a count (None: not known).

    Equal scopes are one cell. `parents` leads from a place's code to that of the place around it.
    """
    table = _Table(cells, parents)
    known = _Known(table, least)
    known.close()
    return {number for number, variable in enumerate(table.variable) if variable in known.unknown}


class _Table:
    """The different cells as variables with their values, and the equations between them."""

    def __init__(self, cells: Sequence[Cell], parents: Mapping[str, str]) -> None:
        self.values: list[float] = []
        self.rests: set[int] = set()
        self.equations: list[_Equation] = []
        self._parents = parents
        self._scopes: list[tuple[str, Scope]] = []
        numbers: dict[tuple[str, str], int] = {}
        self.variable: list[int | None] = []
        for code, scope, value in cells:
            if value is None:
                self.variable.append(None)
                continue
            key = (code, scope.query())
            if key not in numbers:
                numbers[key] = len(self.values)
                self.values.append(value)
                self._scopes.append((code, scope))
            self.variable.append(numbers[key])
        self._number = numbers
        for total, parts in self._families():
            self._add(total, sorted(parts))

    def _add(self, total: int, parts: Sequence[int]) -> None:
        rest = self.values[total] - sum(self.values[part] for part in parts)
        if rest < -_TOLERANCE:
            return  # the parts overlap: nothing follows from their sum
        if rest > _TOLERANCE:
            self.rests.add(len(self.values))
            parts = [*parts, len(self.values)]
            self.values.append(rest)
        self.equations.append(_Equation(total, tuple(parts)))

    def _families(self) -> Iterator[tuple[int, set[int]]]:
        """Each total with the cells that are its parts in one dimension."""
        yield from self._by_member()
        yield from self._by_place()
        yield from self._by_period()

    def _by_member(self) -> Iterator[tuple[int, set[int]]]:
        parts: dict[tuple[int, str], set[int]] = defaultdict(set)
        for number, (code, scope) in enumerate(self._scopes):
            for name in scope.where:
                without = replace(scope, where={key: value for key, value in scope.where.items() if key != name})
                total = self._number.get((code, without.query()))
                if total is not None:
                    parts[total, name].add(number)
        for (total, _name), members in parts.items():
            yield total, members

    def _by_place(self) -> Iterator[tuple[int, set[int]]]:
        parts: dict[int, set[int]] = defaultdict(set)
        for number, (code, scope) in enumerate(self._scopes):
            for around in self._around(scope.place):
                total = self._number.get((code, replace(scope, place=around).query()))
                if total is not None:
                    parts[total].add(number)
                    break
        yield from parts.items()

    def _around(self, place: str | None) -> Iterator[str | None]:
        """The places around a place, the nearest first, and last the whole programme."""
        seen: set[str] = set()
        while place and place in self._parents and place not in seen:
            seen.add(place)
            place = self._parents[place]
            yield place
        if place is not None:
            yield None

    def _by_period(self) -> Iterator[tuple[int, set[int]]]:
        """Longer periods as sums of shorter ones of one length, and of one period and what follows or precedes it."""
        alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (code, scope) in enumerate(self._scopes):
            alike[code, replace(scope, period_from=None, period_to=None).query()].append(number)
        for numbers in alike.values():
            for total in numbers:
                yield from self._shorter(total, [number for number in numbers if number != total])

    def _shorter(self, total: int, others: Iterable[int]) -> Iterator[tuple[int, set[int]]]:
        first, last = self._days(total)
        lengths: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
        for number in others:
            start, end = self._days(number)
            if first <= start and end <= last:
                days = (end - start).days + 1
                lengths[sum(days > longest for longest in _LONGEST_DAYS)].append((start, end, number))
        for spans in lengths.values():
            spans.sort()
            if all(before[1] < after[0] for before, after in pairwise(spans)):
                yield total, {number for _start, _end, number in spans}
                continue
            for start, end, number in spans:
                if start == first or end == last:
                    gap = (end + timedelta(days=1), last) if start == first else (first, start - timedelta(days=1))
                    yield total, {number, *(other for begin, stop, other in spans if (begin, stop) == gap)}

    def _days(self, number: int) -> tuple[date, date]:
        scope = self._scopes[number][1]
        # One day short of the ends of the calendar, so that a day may be added or taken.
        return scope.period_from or date(1, 1, 2), scope.period_to or date(9999, 12, 30)


class _Known:
    """What a reader knows and may not know, closed under what the equations give away."""

    def __init__(self, table: _Table, least: int) -> None:
        self.table = table
        self.least = least
        self.unknown = {number for number, value in enumerate(table.values) if 0 < value < least} | table.rests
        # A rest is nobody's number: it has to stay unknown only where it is small.
        self.secret = {number for number in self.unknown if table.values[number] < least}
        self._of: dict[int, list[_Equation]] = defaultdict(list)
        for equation in table.equations:
            for member in equation.members:
                self._of[member].append(equation)

    def close(self) -> None:
        """Withhold further cells until nothing secret follows."""
        while self._close_sums() or self._close_system():
            pass

    def _close_sums(self) -> bool:
        """No known total may leave unknown parts whose sum is small, and no sum of known parts an unknown total."""
        changed = False
        for equation in self.table.equations:
            while self._tells(equation):
                if not self._withhold_one(equation):
                    break
                changed = True
        return changed

    def _tells(self, equation: _Equation) -> bool:
        unknown = [member for member in equation.members if member in self.unknown]
        if len(unknown) == 1:
            return unknown[0] not in self.table.rests or unknown[0] in self.secret
        if equation.total in self.unknown:
            return False
        return 0 < sum(self.table.values[member] for member in unknown) < self.least

    def _withhold_one(self, equation: _Equation) -> bool:
        """The smallest positive cell of the equation that is still shown, a part before the total."""
        values = self.table.values
        shown = [part for part in equation.parts if part not in self.unknown and values[part] > 0]
        if not shown and equation.total not in self.unknown:
            shown = [equation.total]
        if not shown:
            return False
        chosen = min(shown, key=lambda number: (values[number], number))
        self._withhold(chosen)
        return True

    def _withhold(self, number: int) -> None:
        self.unknown.add(number)
        # What is withheld to protect another is itself withheld: were it to follow, the other would.
        self.secret.add(number)

    def _close_system(self) -> bool:
        changed = False
        for unknown, equations in self._components():
            for number in self._determined(unknown, equations):
                if number in self.secret:
                    changed |= any(self._withhold_one(equation) for equation in [*self._of[number], *equations])
        return changed

    def _components(self) -> Iterator[tuple[list[int], list[_Equation]]]:
        """Unknown cells that hang together through equations, with these equations."""
        seen: set[int] = set()
        for start in sorted(self.unknown):
            if start in seen or not self._of[start]:
                continue
            seen.add(start)
            found: list[int] = []
            equations: dict[_Equation, None] = {}
            waiting = [start]
            while waiting:
                number = waiting.pop()
                found.append(number)
                for equation in self._of[number]:
                    equations[equation] = None
                    fresh = [each for each in equation.members if each in self.unknown and each not in seen]
                    seen.update(fresh)
                    waiting += fresh
            yield sorted(found), list(equations)

    def _determined(self, unknown: list[int], equations: list[_Equation]) -> list[int]:
        """The unknown cells that have one value only in every solution: rows of the reduced form with one entry."""
        column = {number: place for place, number in enumerate(unknown)}
        matrix = np.zeros((len(equations), len(unknown)))
        for row, equation in enumerate(equations):
            for member in equation.members:
                if member in column:
                    matrix[row, column[member]] += -1.0 if member == equation.total else 1.0
        reduced = _reduced(matrix)
        alone = np.count_nonzero(np.abs(reduced) > _TOLERANCE, axis=1) == 1
        return [unknown[int(np.argmax(np.abs(row)))] for row in reduced[alone]]


def _reduced(matrix: Matrix) -> Matrix:
    """Reduced row echelon form, with the largest pivot of each column."""
    rows = matrix.copy()
    done = 0
    for column in range(rows.shape[1]):
        if done == rows.shape[0]:
            break
        pivot = done + int(np.argmax(np.abs(rows[done:, column])))
        if abs(rows[pivot, column]) <= _TOLERANCE:
            continue
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] /= rows[done, column]
        others = np.abs(rows[:, column]) > _TOLERANCE
        others[done] = False
        rows[others] -= np.outer(rows[others, column], rows[done])
        done += 1
    return rows[:done]
