"""From the records of the partition to sums per row: flows in a period, ground held on a day, gross cover.

A transfer between two hazards of one row is no movement of that row and is left out of it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clearland.land.area import Floats
from clearland.land.columns import NOBODY, Ints
from clearland.land.contamination import type_of
from clearland.land.given import Hazards, Products
from clearland.land.model import Hazard, Product
from clearland.land.ownership import ALL, CLASSES
from clearland.land.partition import Partition
from clearland.land.records import Line
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.rows import EVERY, FLOWS, NOT_SAID, OUTSIDE_ANY_DISTRICT, RowKey, nothing

Flags = npt.NDArray[np.bool_]

_GAINS = {
    Line.NEWLY_IDENTIFIED: "newly_identified", Line.EXTENDED: "extended", Line.REOPENED: "reopened",
    Line.RECLASSIFIED: "reclassified_in", Line.CORRECTED: "corrected_in",
}
_LOSSES = {
    Line.RECLASSIFIED: "reclassified_out", Line.CANCELLED: "cancelled", Line.REDUCED: "reduced",
    Line.CLEARED: "cleared", Line.CORRECTED: "corrected_out",
}
_GAIN_COLUMN = np.array([FLOWS.index(_GAINS[line]) if line in _GAINS else -1 for line in Line])
_LOSS_COLUMN = np.array([FLOWS.index(_LOSSES[line]) if line in _LOSSES else -1 for line in Line])


@dataclass(frozen=True)
class Dimensions:
    """What rows are split by; the row *all* over types is always there."""

    by: frozenset[str]

    @property
    def party(self) -> str | None:
        """`operator`, `donor` or None."""
        return next((kind for kind in ("operator", "donor") if kind in self.by), None)

    def key(self, place: str, type_: str, area_class: str, party: str = EVERY) -> RowKey:
        """The row for these words, with EVERY where it is not split."""
        return RowKey(
            place if "place" in self.by else EVERY, type_, area_class if "class" in self.by else EVERY,
            party if self.party else EVERY,
        )

    def shares(self, product: Product | None, hazard: Hazard | None) -> list[tuple[str, float]]:
        """To whom a flow is booked by operator or donor, with shares: stated ones, else the group as a whole."""
        if self.party is None:
            return [(EVERY, 1.0)]
        if self.party == "operator":
            source = product or hazard
            return [((source.organisation if source else None) or NOT_SAID, 1.0)]
        donors = product.donors if product else {}
        stated = {donor: share for donor, share in donors.items() if share is not None}
        if len(stated) < len(donors) and len(donors) > 1:
            return [("shared: " + " + ".join(sorted(donors)), 1.0)]
        booked = [(donor, 1.0 if share is None else share) for donor, share in sorted(donors.items())]
        rest = 1.0 - sum(share for _, share in booked)
        return [*booked, (NOT_SAID, rest)] if rest > 1e-9 else booked


class Sums:
    """Sums over one partition for one choice of dimensions. Days are ordinals, periods closed at both ends."""

    def __init__(self, cut: Partition, dimensions: Dimensions) -> None:
        self.cut = cut
        self.dimensions = dimensions
        hazards = cut.register.hazards
        official = [district.code for district in cut.register.settings.districts]
        official += [OUTSIDE_ANY_DISTRICT] if official else []
        stored = hazards.stored_place
        self._places = sorted({*official, *stored.names, OUTSIDE_ANY_DISTRICT})
        index = {place: number for number, place in enumerate(self._places)}
        self._place = np.append(stored.numbered(index, index[OUTSIDE_ANY_DISTRICT]), 0)
        self._official = np.array([index[code] for code in official] or [0], dtype=np.int64)
        self._split_types = "type" in dimensions.by

    def flows(self, chosen: Callable[[Ints, Ints], Flags]) -> dict[RowKey, Floats]:
        """Flows per row of the moves whose (first, last) day is chosen."""
        moves = self.cut.moves
        rows = np.nonzero(chosen(moves.first, moves.day) & self._views(moves.view))[0]
        view, product, area = moves.view[rows], moves.product[rows], moves.area_m2[rows]
        giver, taker, line = moves.giver[rows], moves.taker[rows], moves.line[rows]
        given = self._codes(view, giver, moves.giver_class[rows], moves.place[rows])
        taken = self._codes(view, taker, moves.taker_class[rows], moves.place[rows])
        same = (giver != NOBODY) & (taker != NOBODY) & (given == taken)
        sums: dict[RowKey, Floats] = {}
        sides = ((giver, given, _LOSS_COLUMN), (taker, taken, _GAIN_COLUMN))
        for holder, code, column in sides:
            has = (holder != NOBODY) & ~same
            self._add(sums, code[has], column[line[has]], area[has], self._parties(product[has], holder[has]))
        return sums

    def sides(self, row: int) -> list[tuple[RowKey, int, int]]:
        """The rows one move belongs to, with the column and the hazard: none, one or (a transfer) two."""
        moves = self.cut.moves
        one = slice(row, row + 1)
        if not self._views(moves.view[one])[0]:
            return []
        found = []
        for holder, area_class, columns in (
            (moves.giver, moves.giver_class, _LOSS_COLUMN), (moves.taker, moves.taker_class, _GAIN_COLUMN)
        ):
            if holder[row] != NOBODY:
                code = int(self._codes(moves.view[one], holder[one], area_class[one], moves.place[one])[0])
                found.append((self._key(code), int(columns[moves.line[row]]), int(holder[row])))
        return [] if len(found) == 2 and found[0][0] == found[1][0] else found

    def keys(self, view: Ints, hazard: Ints, area_class: Ints, district: Ints) -> list[RowKey]:
        """The row that each ground held by a hazard belongs to."""
        return [self._key(code) for code in self._codes(view, hazard, area_class, district).tolist()]

    def ever_held(self) -> Counter[RowKey]:
        """How often ground was ever held under each row: shown even where it is nil, so that tables keep their rows."""
        holdings = self.cut.holdings
        rows = np.nonzero(self._views(holdings.view))[0]
        codes = self._codes(holdings.view[rows], holdings.hazard[rows], holdings.area_class[rows], holdings.place[rows])
        unique, count = np.unique(codes, return_counts=True)
        return Counter(dict(zip((self._key(code) for code in unique.tolist()), count.tolist(), strict=True)))

    def held(self, day: int) -> dict[RowKey, float]:
        """Ground held at the end of a day, per row."""
        holdings = self.cut.holdings
        rows = np.nonzero((holdings.since <= day) & (day < holdings.until) & self._views(holdings.view))[0]
        codes = self._codes(holdings.view[rows], holdings.hazard[rows], holdings.area_class[rows], holdings.place[rows])
        unique, place = np.unique(codes, return_inverse=True)
        sums = np.bincount(place, weights=holdings.area_m2[rows], minlength=len(unique))
        return {self._key(int(code)): float(total) for code, total in zip(unique, sums, strict=True)}

    def gross(self, first_day: int, last_day: int) -> dict[RowKey, dict[str, float]]:
        """Ground covered without release by products that ended in the period, per row and column."""
        gross = self.cut.gross
        ended = self.cut.register.ended[gross.product]
        rows = np.nonzero((ended >= first_day) & (ended <= last_day) & self._views(gross.view))[0]
        codes = self._codes(gross.view[rows], gross.hazard[rows], gross.area_class[rows], gross.place[rows])
        parties = self._parties(gross.product[rows], gross.hazard[rows])
        sums: dict[RowKey, dict[str, float]] = {}
        numbers = zip(codes.tolist(), gross.reason[rows].tolist(), gross.area_m2[rows].tolist(), parties, strict=True)
        for code, reason, area, shares in numbers:
            for party, share in shares:
                columns = sums.setdefault(self._key(code, party), {})
                name = GROSS_COLUMNS[Verdict(reason)]
                columns[name] = columns.get(name, 0.0) + area * share
        return sums

    def outside(self, first_day: int, last_day: int) -> dict[RowKey, float]:
        """Land checked outside recorded hazards by products that ended in the period, per row."""
        book = self.cut.register
        within = (book.ended >= first_day) & (book.ended <= last_day) & (self.cut.outside_m2 > 0)
        position = book.position
        undrawn = set(book.hazards.id[~book.drawn].tolist())
        sums: dict[RowKey, float] = {}
        for number in np.nonzero(within)[0].tolist():
            if not undrawn.isdisjoint(book.products.hazards[number]):
                continue  # ground of a hazard nobody has drawn yet: balanced in the reported columns
            words = _words_of(book.products, number, position, book.hazards)
            for party, share in self.dimensions.shares(book.products[number] if self.dimensions.party else None, None):
                for type_ in {words[1], EVERY} if self._split_types else {EVERY}:
                    key = self.dimensions.key(words[0], type_, words[2], party)
                    sums[key] = sums.get(key, 0.0) + float(self.cut.outside_m2[number]) * share
        return sums

    def _views(self, view: Ints) -> Flags:
        return np.ones(len(view), dtype=bool) if self._split_types else view == ALL

    def _codes(self, view: Ints, hazard: Ints, area_class: Ints, district: Ints) -> Ints:
        place = np.zeros_like(hazard)
        if "place" in self.dimensions.by:
            place = np.where(district == NOBODY, self._place[hazard], self._official[district])
        kind = np.maximum(area_class, 0) if "class" in self.dimensions.by else np.zeros_like(hazard)
        codes: Ints = ((view + 1) * len(self._places) + place) * len(CLASSES) + kind
        return codes

    def _key(self, code: int, party: str = EVERY) -> RowKey:
        code, kind = divmod(code, len(CLASSES))
        view, place = divmod(code, len(self._places))
        type_ = EVERY if view - 1 == ALL else self.cut.register.types[view - 1]
        return self.dimensions.key(self._places[place], type_, CLASSES[kind], party)

    def _parties(self, product: Ints, hazard: Ints) -> list[list[tuple[str, float]]]:
        book = self.cut.register
        if self.dimensions.party is None:
            return [[(EVERY, 1.0)]] * len(product)
        return [
            self.dimensions.shares(book.products[done] if done != NOBODY else None, book.hazards[held])
            for done, held in zip(product.tolist(), hazard.tolist(), strict=True)
        ]

    def _add(
        self, sums: dict[RowKey, Floats], codes: Ints, columns: Ints, area: Floats,
        parties: Sequence[Sequence[tuple[str, float]]],
    ) -> None:
        if self.dimensions.party is None:
            unique, place = np.unique(codes, return_inverse=True)
            table = np.bincount(place * len(FLOWS) + columns, weights=area, minlength=len(unique) * len(FLOWS))
            for code, line in zip(unique.tolist(), table.reshape(-1, len(FLOWS)), strict=True):
                key = self._key(code)
                sums[key] = sums.get(key, nothing()) + line
            return
        for code, column, size, shares in zip(codes.tolist(), columns.tolist(), area.tolist(), parties, strict=True):
            for party, share in shares:
                sums.setdefault(self._key(code, party), nothing())[column] += size * share


def line_of_row(
    cut: Partition, dimensions: Dimensions, first_day: int, last_day: int
) -> dict[tuple[RowKey, str], dict[str, float]]:
    """For each row and line of a period, the m² that each record (product, else hazard) brought."""
    sums = Sums(cut, dimensions)
    moves, book = cut.moves, cut.register
    within = (moves.day >= first_day) & (moves.day <= last_day)
    found: dict[tuple[RowKey, str], dict[str, float]] = {}
    for row in np.nonzero(within)[0].tolist():
        for key, column, hazard in sums.sides(row):
            product = int(moves.product[row])
            record = book.products[product].id if product != NOBODY else book.hazards[hazard].id
            line = found.setdefault((key, FLOWS[column]), {})
            line[record] = line.get(record, 0.0) + float(moves.area_m2[row])
    return found


def _words_of(products: Products, number: int, position: dict[str, int], hazards: Hazards) -> tuple[str, str, str]:
    """Place, type and class under which ground outside hazards is shown: those of the hazard the product names."""
    place = products.place[number]
    named = [position[name] for name in products.hazards[number] if name in position]
    if named:
        newest = int(hazards.start[min(named) + 1]) - 1
        place = place or hazards.place[newest] or OUTSIDE_ANY_DISTRICT
        return place, type_of(hazards.contamination[newest] or frozenset()), hazards.area_type[newest] or NOT_SAID
    targets = products.targets[number]
    return place or OUTSIDE_ANY_DISTRICT, type_of(targets) if targets else NOT_SAID, NOT_SAID
