"""The story of one piece of ground: which hazards held it when, who passed it on, and what released it.

A piece of ground is covered by the same hazard versions and the same products everywhere, so its story is told once.
Events run by day; on one day hazards are identified and grown first, then products release in order of credit, then
re-surveys take ground away. After each event the owners (`ownership.py`) before and after are compared, and the
difference is the move: the balance closes because nothing else is ever booked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from clearland.land.columns import NOBODY
from clearland.land.credit import STRENGTH
from clearland.land.ownership import held_by_confirmed, owners
from clearland.land.records import NEVER, Line
from clearland.land.release import GROSS_COLUMNS, Verdict
from clearland.land.resurvey import line_of_growth, line_of_loss

LINE_OF_STRENGTH = {
    STRENGTH["cancelled"]: Line.CANCELLED, STRENGTH["reduced"]: Line.REDUCED, STRENGTH["cleared"]: Line.CLEARED,
}
STRENGTH_OF_LINE = {line: strength for strength, line in LINE_OF_STRENGTH.items()}

Owner = tuple[int, int]  # hazard position, version row
Move = tuple[int, int, int, int, int, int, int, int, int]
Holding = tuple[int, int, int, int, int]
GrossCover = tuple[int, int, int, int, int]
LastState = tuple[int, int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Columns the story reads, per version row, per hazard (`start`, see `register.py`) and per product."""

    hazard: Sequence[int]
    first: Sequence[int]
    day: Sequence[int]
    area_class: Sequence[int]
    type: Sequence[int]
    reason: Sequence[str | None]
    start: Sequence[int]
    ended_first: Sequence[int]
    ended: Sequence[int]
    strength: Sequence[int]
    ancestors: Mapping[int, frozenset[int]]


@dataclass
class Story:
    """Rows of `records.py` without the area, which is the area of the piece of ground."""

    moves: list[Move] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    gross: list[GrossCover] = field(default_factory=list)
    last: list[LastState] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)


def tell(
    facts: Facts, hazards: Collection[int], covering: Collection[int], products: Sequence[int],
    verdict: Mapping[tuple[int, int], int],
) -> Story:
    """The story of ground covered by the version rows `covering` (of `hazards`) and by `products`, in order of credit.

    Products are approved and have an end date; `verdict` gives the Verdict of each (product, version row).
    """
    return _Teller(facts, verdict).tell(hazards, frozenset(covering), products)


class _Teller:
    def __init__(self, facts: Facts, verdict: Mapping[tuple[int, int], int]) -> None:
        self.facts = facts
        self.verdict = verdict
        self.story = Story()
        self.open: dict[int, int] = {}  # hazard position: version row in force
        self.owner: dict[int, Owner] = {}  # view: owner
        self.since: dict[int, int] = {}  # view: day from which the owner has held it in its class
        self.released: set[int] = set()
        self.recorded = False  # whether any hazard has been recorded here yet
        self.gone: dict[int, LastState] = {}

    def tell(self, hazards: Collection[int], covering: frozenset[int], products: Sequence[int]) -> Story:
        starts, ends = self._changes(hazards, covering)
        releases: dict[int, list[int]] = {}
        for product in products:
            releases.setdefault(self.facts.ended[product], []).append(product)
        for day in sorted({*starts, *ends, *releases}):
            if day in starts:
                self._take_in(day, starts[day])
            for product in releases.get(day, ()):
                self._release(day, product)
            if day in ends:
                self._take_off(day, ends[day])
        self._close()
        return self.story

    def _changes(
        self, hazards: Collection[int], covering: frozenset[int]
    ) -> tuple[dict[int, list[tuple[int, bool]]], dict[int, list[int]]]:
        """Per day the versions that cover the ground (row, whether the one before did) and those that leave it."""
        starts: dict[int, list[tuple[int, bool]]] = {}
        ends: dict[int, list[int]] = {}
        for hazard in hazards:
            before = False
            for row in range(self.facts.start[hazard], self.facts.start[hazard + 1]):
                if row in covering:
                    starts.setdefault(self.facts.day[row], []).append((row, before))
                elif before:
                    ends.setdefault(self.facts.day[row], []).append(row)
                before = row in covering
        return starts, ends

    def _take_in(self, day: int, rows: Sequence[tuple[int, bool]]) -> None:
        self.recorded = True
        gains: dict[int, Line] = {}
        today = {self.facts.hazard[row]: row for row, _ in rows}
        for row, before in rows:
            hazard = self.facts.hazard[row]
            if not before:
                gains[hazard] = self._line_of_gain(hazard, row)
            if not before or hazard in self.open:
                self.open[hazard] = row
        for view, old, new in self._changed_owners(day):
            # The change is dated by the version that caused it: the taker's, or the giver's where that changed class.
            causes = [today[owner[0]] for owner in (new, old) if owner and owner[0] in today]
            line = gains.get(new[0], Line.RECLASSIFIED) if new and not old else Line.RECLASSIFIED
            self._move(view, line, (self.facts.first[causes[0]], day), old, new)

    def _line_of_gain(self, hazard: int, row: int) -> Line:
        if row == self.facts.start[hazard]:
            found_again = self.facts.ancestors.get(hazard, frozenset()) & self.released
            return Line.REOPENED if found_again else Line.NEWLY_IDENTIFIED
        return Line[line_of_growth(self.facts.reason[row])]

    def _release(self, day: int, product: int) -> None:
        if self.recorded:
            self.story.inside.append(product)
        freed = {hazard for hazard, row in self.open.items() if self.verdict[product, row] == Verdict.RELEASES}
        confirmed = {hazard for hazard, _ in self.owner.values()} & freed
        freed |= held_by_confirmed(confirmed, self.open, self.facts.area_class, self.facts.type)
        for hazard in freed:
            del self.open[hazard]
        self.released |= freed
        for view, old, new in self._changed_owners(day):
            line = LINE_OF_STRENGTH[self.facts.strength[product]] if new is None else Line.RECLASSIFIED
            self._move(view, line, (self.facts.ended_first[product], day), old, new, product=product)
        for view, (hazard, row) in self.owner.items():
            reason = self.verdict[product, row]
            if reason in GROSS_COLUMNS:
                self.story.gross.append((view, hazard, self.facts.area_class[row], product, reason))

    def _take_off(self, day: int, rows: Sequence[int]) -> None:
        leaving = {self.facts.hazard[row]: row for row in rows if self.facts.hazard[row] in self.open}
        for hazard in leaving:
            del self.open[hazard]
        for view, old, new in self._changed_owners(day):
            if old is None:
                continue
            row = leaving[old[0]]
            line = Line.RECLASSIFIED if new else Line[line_of_loss(self.facts.reason[row])]
            if line in STRENGTH_OF_LINE:
                self.released.add(old[0])
            self._move(view, line, (self.facts.first[row], day), old, new)

    def _changed_owners(self, day: int) -> list[tuple[int, Owner | None, Owner | None]]:
        """Views whose owner or its class changed; holdings are closed and opened on the way."""
        now = owners(self.open, self.facts.area_class, self.facts.type)
        changed: list[tuple[int, Owner | None, Owner | None]] = []
        for view in sorted({*self.owner, *now}):
            old, new = self.owner.get(view), now.get(view)
            if old and new and self._holder(old) == self._holder(new):
                continue
            if old:
                self.story.holdings.append((view, *self._holder(old), self.since[view], day))
            self.since[view] = day
            changed.append((view, old, new))
        self.owner = now
        return changed

    def _holder(self, owner: Owner) -> tuple[int, int]:
        return owner[0], self.facts.area_class[owner[1]]

    def _move(
        self, view: int, line: Line, dated: tuple[int, int], old: Owner | None, new: Owner | None, *,
        product: int = NOBODY,
    ) -> None:
        giver = self._holder(old) if old else (NOBODY, NOBODY)
        taker = self._holder(new) if new else (NOBODY, NOBODY)
        self.story.moves.append((view, line, *dated, *giver, *taker, product))
        self.gone.pop(view, None)
        if line in STRENGTH_OF_LINE:
            self.gone[view] = (view, STRENGTH_OF_LINE[line], *giver, product)

    def _close(self) -> None:
        for view, owner in self.owner.items():
            self.story.holdings.append((view, *self._holder(owner), self.since[view], NEVER))
            self.story.last.append((view, 0, *self._holder(owner), NOBODY))
        self.story.last.extend(self.gone.values())
