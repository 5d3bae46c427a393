"""One indicator by place and year, as a reader may see it: what the browser page shows and its files hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from clearland.dictionary.forms import AUDIENCES, Audience
from clearland.dictionary.indicators import Indicator
from clearland.figures.disclosing import programme_policy
from clearland.figures.disclosure import disclose
from clearland.figures.files import Told
from clearland.figures.model import Figure, Scope
from clearland.web import figures_shown
from clearland.web.access import Reading, summed

MOST_YEARS = 12
_DEFAULT_YEARS = 6


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What of an indicator is looked at: members of dimensions, a span of years, and for whom."""

    indicator: Indicator
    where: Mapping[str, str]
    years: tuple[int, ...]
    audience: Audience

    @property
    def key(self) -> str:
        """One text for all of it."""
        where = "&".join(f"{name}={value}" for name, value in sorted(self.where.items()))
        return f"{self.indicator.code}?{where}&{self.years[0]}-{self.years[-1]}&{self.audience}"


@dataclass(frozen=True, kw_only=True)
class Browsed:
    """The figures: `cells` by place and year, `totals` by year, `members` by dimension for the filters."""

    cells: Mapping[tuple[str, int], Told]
    totals: Mapping[int, Told]

    @property
    def places(self) -> list[str]:
        """Codes of the places that have any figure, the place not said last."""
        return sorted({place for place, _year in self.cells}, key=lambda code: (code == "", code))

    @property
    def every(self) -> list[Told]:
        """All figures, totals first."""
        return [*self.totals.values(), *self.cells.values()]


def members(read: Reading, indicator: Indicator, dimension: str) -> list[str]:
    """The members that a dimension of an indicator has at all, the largest first."""
    by = tuple(dict.fromkeys((dimension, *indicator.requires)))
    found = figures_shown.computed(read, (indicator.code,), Scope(), by=by)
    sizes: dict[str, float] = {}
    for figure in found:
        if dimension in figure.scope.where:
            name = figure.scope.where[dimension]
            sizes[name] = max(sizes.get(name, 0.0), figure.value or 0.0)
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def required(read: Reading, indicator: Indicator, where: Mapping[str, str]) -> dict[str, str]:
    """The members asked for, completed by the first member of each dimension that must not be mixed."""
    chosen = {name: value for name, value in where.items() if name in indicator.dimensions and value}
    for name in indicator.requires:
        if name not in chosen:
            known = members(read, indicator, name)
            if known:
                chosen[name] = known[0]
    return chosen


def years_of(read: Reading, indicator: Indicator, first: int | None, last: int | None) -> tuple[int, ...]:
    """The years shown: those asked for, else the last ones in which work ended."""
    worked = figures_shown.years_of_work(read)
    newest = last or (worked[-1] if worked else (read.known or date.today()).year)  # noqa: DTZ011  # a page may show any year
    oldest = first if first and first <= newest else newest - _DEFAULT_YEARS + 1
    return tuple(range(max(oldest, newest - MOST_YEARS + 1), newest + 1))


def browse(read: Reading, chosen: Chosen) -> Browsed:
    """The figures of every place and year, cut for the audience all together."""
    return summed(read, f"browse:{chosen.key}", lambda: _browse(read, chosen))


def _browse(read: Reading, chosen: Chosen) -> Browsed:
    if any(name not in chosen.where for name in chosen.indicator.requires):
        return Browsed(cells={}, totals={})
    made: list[tuple[str | None, int, Figure]] = []
    for year in chosen.years:
        scope = replace(figures_shown.year_scope(year), where=dict(chosen.where))
        made += [(None, year, figure) for figure in figures_shown.computed(read, (chosen.indicator.code,), scope)]
        split = figures_shown.computed(read, (chosen.indicator.code,), scope, by=("place",))
        made += [(figure.scope.place or "", year, figure) for figure in split]
    figures = [figure for _place, _year, figure in made]
    told: Sequence[Told] = figures
    if chosen.audience != "programme":
        told = disclose(figures, chosen.audience, programme_policy(read.snapshot))
    cells = {(place, year): each for (place, year, _), each in zip(made, told, strict=True) if place is not None}
    totals = {year: each for (place, year, _), each in zip(made, told, strict=True) if place is None}
    return Browsed(cells=cells, totals=totals)


def audience_of(text: str) -> Audience:
    """The audience of an address; the programme's own where none is named."""
    return cast(Audience, text) if text in AUDIENCES else "programme"
