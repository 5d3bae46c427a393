"""Comparisons that several kinds share: dates, places, coded fields, numbers, names. Weights are logarithms of odds.

The weights were set by hand from how often such values agree by chance (one day in a thousand, one sex in two) and are
tried on a synthetic set with an answer key (`tests/checks/matching`).
"""

from collections.abc import Sequence

import numpy as np

from clearland.checks.matching.blocking import NEAR_DAYS
from clearland.checks.matching.model import UNSAID, Compare, Floats, Ground, Ints, Reason, Things, day_of, positions
from clearland.core.words import fold, folded_name
from clearland.dictionary.known_names import ALIKE_ENOUGH, alike

_EARTH_M = 6_371_008.8
_DISTANCES_M = (200.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0)
_BY_DISTANCE = (4.0, 3.0, 2.0, 0.3, -1.5, -4.0)
_FEWEST_OF_NUMBER = 3


def dates(things: Things, name: str, *, same: float = 3.0) -> Compare:
    """The same day, days beside each other, dates that may be the same, dates that cannot."""
    first, last = things.days(name)

    def compare(left: Ints, right: Ints) -> Ground:
        said = (first[left] != UNSAID) & (first[right] != UNSAID)
        exact = (first[left] == last[left]) & (first[right] == last[right])
        gap = np.maximum(np.maximum(first[left] - last[right], first[right] - last[left]), 0)
        month = np.maximum(last[left] - first[left], last[right] - first[right]) <= 31
        touching = np.where(exact, same, np.where(month, same / 3, 0.2))
        near = np.where(gap == 1, 0.7 * same, 0.3 * same)
        weights = np.where(said, np.where(gap == 0, touching, np.where(gap <= NEAR_DAYS, near, -4.0)), 0.0)

        def told(pair: int) -> Reason | None:
            if not said[pair]:
                return None
            one, days = int(left[pair]), int(gap[pair])
            if days:
                code = "date_near" if days <= NEAR_DAYS else "date_apart"
                return Reason(code, float(weights[pair]), {"days": days})
            if not exact[pair]:
                return Reason("date_overlap", float(weights[pair]))
            return Reason("date_same", float(weights[pair]), {"date": day_of(int(first[one]))})

        return Ground(weights, told)

    return compare


def places(x: Floats, y: Floats, district: Ints, said: Sequence[str]) -> Compare:
    """How far apart two points (degrees) lie; without both, whether the districts are the same. `said`: the districts' codes."""

    def compare(left: Ints, right: Ints) -> Ground:
        away = distances_m(x[left], y[left], x[right], y[right])
        pointed = ~np.isnan(away)
        by_point = np.array(_BY_DISTANCE)[np.searchsorted(_DISTANCES_M, np.nan_to_num(away))]
        one, other = district[left], district[right]
        known = (one != UNSAID) & (other != UNSAID)
        by_name = np.where(known, np.where(one == other, 1.5, -2.5), 0.0)
        weights = np.where(pointed, by_point, by_name)

        def told(pair: int) -> Reason | None:
            weight = float(weights[pair])
            if pointed[pair]:
                return Reason("place_near" if weight > 0 else "place_far", weight, {"distance_m": round(float(away[pair]))})
            if not known[pair]:
                return None
            mine, theirs = said[int(left[pair])], said[int(right[pair])]
            if mine == theirs:
                return Reason("field_same", weight, {"field": "district", "value": mine})
            return Reason("field_other", weight, {"field": "district", "one": mine, "other": theirs})

        return Ground(weights, told)

    return compare


def coded(things: Things, name: str, same: float, other: float, *, unsaid: Sequence[str] = ()) -> Compare:
    """Whether a coded field says the same; codes in `unsaid` (unknown) say nothing."""
    codes = things.coded(name)
    silent = {str(row.get(name)) for row in things.rows} & set(unsaid)
    if silent:
        codes = np.where([str(row.get(name)) in silent for row in things.rows], UNSAID, codes)

    def compare(left: Ints, right: Ints) -> Ground:
        one, two = codes[left], codes[right]
        said = (one != UNSAID) & (two != UNSAID)
        weights = np.where(said, np.where(one == two, same, other), 0.0)
        return Ground(weights, lambda pair: _of_field(things, name, left[pair], right[pair], weights[pair]))

    return compare


def numbers(things: Things, name: str, *, same: float, near: float, far: float, near_by: float, far_by: float) -> Compare:
    """How far apart two numbers are: equal, up to `near_by`, up to `far_by` (no weight), more."""
    values = things.numbers(name)

    def compare(left: Ints, right: Ints) -> Ground:
        gap = np.abs(values[left] - values[right])
        graded = np.select([gap == 0, gap <= near_by, gap <= far_by], [same, near, 0.0], far)
        weights = np.where(np.isnan(gap), 0.0, graded)
        return Ground(weights, lambda pair: _of_field(things, name, left[pair], right[pair], weights[pair]))

    return compare


def _of_field(things: Things, name: str, one: np.int64, other: np.int64, weight: float) -> Reason | None:
    mine, theirs = things.rows[int(one)].get(name), things.rows[int(other)].get(name)
    if mine is None or theirs is None or weight == 0:
        return None
    if mine == theirs:
        return Reason("field_same", float(weight), {"field": name, "value": mine})
    return Reason("field_other", float(weight), {"field": name, "one": mine, "other": theirs})


def named(names: Sequence[Sequence[str]], *, same: float, part: float) -> Compare:
    """Whether a name of the one is a name of the other, letter for letter in any script, or is like it."""
    folded = [frozenset(filter(None, map(folded_name, own))) for own in names]

    def compare(left: Ints, right: Ints) -> Ground:
        found = [_alike(names, folded, int(one), int(other)) for one, other in zip(left, right, strict=True)]
        weights = np.array([
            same if score == 1.0 else part * (score - 0.7) / 0.3 if score >= ALIKE_ENOUGH else -1.5 if mine else 0.0
            for score, mine, _theirs, _how in found
        ])  # fmt: skip

        def told(pair: int) -> Reason | None:
            score, mine, theirs, how = found[pair]
            if not mine:
                return None
            if score == 1.0:
                return Reason("name_same", float(weights[pair]), {"name": mine})
            code = "name_alike" if weights[pair] > 0 else "name_other"
            return Reason(code, float(weights[pair]), {"one": mine, "other": theirs, "how": how})

        return Ground(weights, told)

    return compare


def _alike(
    names: Sequence[Sequence[str]], folded: Sequence[frozenset[str]], one: int, other: int
) -> tuple[float, str, str, str]:
    """The best likeness of two things' names, those names and by what."""
    if common := folded[one] & folded[other]:
        return 1.0, next(name for name in names[one] if folded_name(name) in common), "", ""
    every = ((*alike(mine, theirs), mine, theirs) for mine in names[one] for theirs in names[other] if mine and theirs)
    score, how, mine, theirs = max(every, default=(0.0, "", "", ""))
    return min(score, 0.99), mine, theirs, how


def numbered(things: Things, *, same: float) -> Compare:
    """Whether both bear one number: the part of a local id that has digits, where it is long enough to tell."""
    own = [number_of(str(row.get("local_id") or "")) for row in things.rows]
    codes = positions(own)

    def compare(left: Ints, right: Ints) -> Ground:
        agree = (codes[left] == codes[right]) & (codes[left] != UNSAID)
        return Ground(
            np.where(agree, same, 0.0),
            lambda pair: Reason("number_same", same, {"number": own[int(left[pair])]}) if agree[pair] else None,
        )  # fmt: skip

    return compare


def number_of(local_id: str) -> str:
    """The folded local id where it has digits enough that two of them are not the same by chance."""
    folded = fold(local_id)
    return folded if sum(each.isdigit() for each in folded) >= _FEWEST_OF_NUMBER else ""


def distances_m(x: Floats, y: Floats, other_x: Floats, other_y: Floats) -> Floats:
    """Metres on the sphere between points in degrees; NaN where either has none. Exact enough to tell a village from the next."""
    one, two = np.radians(y), np.radians(other_y)
    half = np.sin((two - one) / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(np.radians(other_x - x) / 2) ** 2
    away: Floats = 2 * _EARTH_M * np.arcsin(np.sqrt(half))
    return away
