"""A partition brought up to date: only the grounds that a change touches, before or after it, are worked out again.

Who owned and who released a square metre of one hazard's own ground depends only on the polygons that touch it, so what
is kept is what a full run would give. A change that moves the plane or the districts is a full run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely

from clearland.core.collector import collector_paused
from clearland.land.columns import NOBODY, Ints, Texts
from clearland.land.given import changed
from clearland.land.model import Hazard, Product, Settings
from clearland.land.ownership import ALL
from clearland.land.partition import Partition, assembled, divided
from clearland.land.records import AnyTable, Block, Flags, Uncut
from clearland.land.register import Register, register

_OF_HAZARDS = frozenset({"unit", "giver", "taker", "hazard"})


@dataclass(frozen=True)
class _Renumbered:
    """Old positions to new ones, NOBODY where a record is gone (and for NOBODY itself); `keeps` says of which units."""

    hazard: Ints
    product: Ints
    view: Ints
    keeps: Flags

    def kept(self, table: AnyTable) -> AnyTable:
        """The rows of the units that are kept, with new positions."""
        rows = np.nonzero(self.keeps[table.unit])[0]
        columns: dict[str, Any] = {column.name: getattr(table, column.name)[rows] for column in fields(table)}
        for name in columns:
            if name in _OF_HAZARDS:
                columns[name] = self.hazard[columns[name]]
            elif name in ("product", "view"):
                columns[name] = getattr(self, name)[columns[name]]
        return type(table)(**columns)

    def kept_uncut(self, uncut: Uncut) -> Uncut:
        """The grounds that are kept, with new positions."""
        stays = self.keeps[uncut.hazard]
        rows, passed = np.nonzero(stays)[0], np.nonzero(stays[uncut.of])[0]
        return Uncut(
            ground=uncut.ground[rows], hazard=self.hazard[uncut.hazard[rows]], place=uncut.place[rows],
            held=uncut.held[rows], product=self.product[uncut.product[passed]],
            of=(np.cumsum(stays) - 1)[uncut.of[passed]],
        )


def revise(
    cut: Partition, hazards: Sequence[Hazard], products: Sequence[Product], settings: Settings | None = None, *,
    threads: int = 1,
) -> Partition:
    """The partition of these hazards and products (all of them), reusing what of `cut` still holds. `cut` stays as it is."""
    with collector_paused():
        before, settings = cut.register, settings or Settings()
        book = register(hazards, products, settings, before, threads=threads)
        every = np.ones(len(book.hazards), dtype=bool)
        if book.projection != before.projection or settings.districts != before.settings.districts:
            return assembled(book, divided(book, every, threads))
        touched = _touched(before, book)
        if settings.survey_lanes != before.settings.survey_lanes:
            touched |= set(book.hazards.id.tolist())
        fresh = np.array([name in touched for name in book.hazards.id.tolist()], dtype=bool)
        return assembled(book, [_kept(cut, book, touched), *divided(book, fresh, threads)])


def _kept(cut: Partition, book: Register, touched: set[str]) -> Block:
    before = cut.register
    numbers = _renumbered(before, book, touched)
    pieces_drawn = "pieces" in vars(cut)  # what the map has drawn already is kept as well
    stays = np.nonzero(numbers.keeps)[0]
    return Block(
        moves=numbers.kept(cut.moves), holdings=numbers.kept(cut.holdings), gross=numbers.kept(cut.gross),
        pieces=numbers.kept(cut.pieces if pieces_drawn else cut.drawn), inside=numbers.kept(cut.inside),
        uncut=[] if pieces_drawn else [numbers.kept_uncut(uncut) for uncut in cut.uncut],
        residual_hazard=numbers.hazard[stays], residual_m2=cut.residual_m2[stays],
    )


def _renumbered(before: Register, book: Register, touched: set[str]) -> _Renumbered:
    hazards = book.position
    views = {name: number for number, name in enumerate(book.types)}
    return _Renumbered(
        hazard=_new_places(before.hazards.id, hazards),
        product=_new_places(before.products.id, _places(book.products.id)),
        view=np.array([*(views.get(name, NOBODY) for name in before.types), ALL], dtype=np.int64),
        keeps=np.array([name in hazards and name not in touched for name in before.hazards.id.tolist()], dtype=bool),
    )


def _places(ids: Texts) -> dict[str, int]:
    return {name: place for place, name in enumerate(ids.tolist())}


def _new_places(ids: Texts, places: Mapping[str, int]) -> Ints:
    """The new place of each, and at the end NOBODY for NOBODY, which is -1."""
    return np.array([*(places.get(name, NOBODY) for name in ids.tolist()), NOBODY], dtype=np.int64)


def _touched(before: Register, book: Register) -> set[str]:
    """Hazards of which some ground lies, or lay, under something that changed."""
    touched = _with_other_ancestors(before, book)
    changed_hazards = changed(before.hazards, book.hazards)
    changed_products = changed(before.products, book.products)
    for one in (before, book):
        moved = [place for place, name in enumerate(one.hazards.id.tolist()) if name in changed_hazards]
        work = [place for place, name in enumerate(one.products.id.tolist()) if name in changed_products]
        ground = np.concatenate([one.extent[moved], one.product_shape[work]])
        _, near = shapely.STRtree(one.extent).query(ground)
        touched |= set(one.hazards.id[near].tolist())
    return touched | changed_hazards


def _with_other_ancestors(before: Register, book: Register) -> set[str]:
    """Hazards that now come from others than they did: whether ground was reopened depends on it."""
    then, now = (
        {one.hazards.id[child]: {one.hazards.id[place] for place in line} for child, line in one.ancestors.items()}
        for one in (before, book)
    )
    return {child for child in {*then, *now} if then.get(child) != now.get(child)}
