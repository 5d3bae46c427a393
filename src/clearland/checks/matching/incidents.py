"""Accidents and victims told by several sources: police, hospital, operator, press.

Victims are compared by what is open of them (sex, age, day, place, outcome) and, where names lie sealed, by whether their
blind indexes agree; the names themselves are never read here.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from clearland.checks.across.model import Row, target
from clearland.checks.matching import grounds
from clearland.checks.matching.blocking import blocked, buckets, cells, months, points_of
from clearland.checks.matching.model import UNSAID, Compare, Ground, Ints, Pair, Reason, Things, positions
from clearland.checks.matching.scoring import Compared, compared

ACCIDENT_PRIOR, VICTIM_PRIOR = -4.5, -5.2
_VAGUE = frozenset({"district", "community"})  # a point that stands for a district or a village tells no more than its name
_UNKNOWN = ("unknown", "UNK", "not_known")
_SEALED = (("full_name", 5.0, -0.7), ("identification_number", 8.0, -3.0), ("birth_date", 2.5, -1.0))
Sealed = Mapping[str, Mapping[str, str]]


def accidents(rows: Sequence[Row]) -> Compared:
    """Accidents that may be one: near in time and place, alike in what exploded and whom it hurt."""
    things = Things("accident", rows)
    first, last = things.days("date")
    x, y = points_of([row.get("geometry") if row.get("location_accuracy") not in _VAGUE else None for row in rows])
    keys = [
        [*_when_where(row, first[n], last[n], x[n], y[n]), *(_numbers(row, bucket) for bucket in buckets(first[n], last[n]))]
        for n, row in enumerate(rows)
    ]
    return compared(things, blocked(keys, things.source), ACCIDENT_PRIOR, [
        grounds.dates(things, "date"),
        grounds.places(x, y, things.coded("district"), [str(row.get("district") or "") for row in rows]),
        grounds.coded(things, "device_category", 0.8, -1.0, unsaid=_UNKNOWN),
        grounds.coded(things, "device_model", 0.7, 0.0),
        grounds.numbers(things, "killed", same=0.5, near=-0.8, far=-2.0, near_by=1, far_by=1),
        grounds.numbers(things, "injured", same=0.7, near=-0.5, far=-1.5, near_by=1, far_by=1),
        grounds.coded(things, "demining", 0.1, -2.0),
        grounds.coded(things, "activation", 0.4, -0.4, unsaid=_UNKNOWN),
        grounds.coded(things, "organisation", 0.5, -0.5),
        grounds.numbered(things, same=2.5),
    ])  # fmt: skip


def _when_where(row: Row, first: np.int64, last: np.int64, x: float, y: float) -> list[Hashable]:
    """A month with a district, and with the cells of a point."""
    places: list[Hashable] = [row["district"]] if row.get("district") else []
    return [(month, place) for month in months(int(first), int(last)) for place in (*places, *cells(x, y))]


def _numbers(row: Row, bucket: Hashable) -> Hashable:
    """Finds accidents whose districts are spelled or assigned otherwise: the days and how many were hurt."""
    return bucket, row.get("killed"), row.get("injured")


def victims(rows: Sequence[Row], accidents_told: Iterable[Row], likely: Iterable[Pair], sealed: Sealed) -> Compared:
    """Victims that may be one person. Where a victim says no day or place, those of its accident stand for them.

    `likely` are the pairs of accidents that may be one; `sealed` the blind index of a sealed field by field and record.
    """
    known = {row["record"]: row for row in accidents_told}
    told = [_with_accident(row, known.get(target(row, "accident"))) for row in rows]
    things = Things("victim", told)
    first, last = things.days("accident_date")
    x, y = points_of([row.get("geometry") for row in told])
    secret = {name: positions([sealed.get(name, {}).get(row["record"], "") for row in told]) for name, _same, _other in _SEALED}
    keys = [
        [
            *(each for key in _when_where(row, first[n], last[n], x[n], y[n]) for each in (key, (key, row.get("gender")))),
            *((bucket, row.get("age_years"), row.get("gender")) for bucket in buckets(first[n], last[n])),
            *(("accident", record) for record in [target(row, "accident")] if record),
            *((name, int(codes[n])) for name, codes in secret.items() if codes[n] != UNSAID),
        ]
        for n, row in enumerate(told)
    ]
    return compared(things, blocked(keys, things.source), VICTIM_PRIOR, [
        grounds.dates(things, "accident_date", same=2.5),
        grounds.places(x, y, things.coded("district"), [str(row.get("district") or "") for row in told]),
        _one_accident(told, likely),
        grounds.coded(things, "gender", 0.6, -3.5, unsaid=_UNKNOWN),
        grounds.numbers(things, "age_years", same=2.4, near=1.2, far=-3.0, near_by=1, far_by=3),
        grounds.coded(things, "age_class", 0.2, -2.0, unsaid=_UNKNOWN),
        grounds.coded(things, "outcome", 0.4, -1.2, unsaid=_UNKNOWN),
        grounds.coded(things, "activity", 0.6, -0.5, unsaid=_UNKNOWN),
        grounds.coded(things, "victim_category", 0.3, -1.0, unsaid=_UNKNOWN),
        grounds.coded(things, "occupation", 0.7, -0.2),
        grounds.coded(things, "home_district", 0.9, -1.2),
        *(_sealed(name, codes, same, other) for name, same, other in _SEALED for codes in [secret[name]]),
        grounds.numbered(things, same=2.5),
    ])  # fmt: skip


def _with_accident(row: Row, accident: Row | None) -> Row:
    if accident is None:
        return row
    vague = accident.get("location_accuracy") in _VAGUE
    return {
        **row, "accident_date": row.get("accident_date") or accident.get("date"),
        "district": row.get("district") or accident.get("district"), "geometry": None if vague else accident.get("geometry"),
    }  # fmt: skip


def _one_accident(rows: Sequence[Row], likely: Iterable[Pair]) -> Compare:
    """Whether both were hurt in one recorded accident, in two that may be one, or in two that are not alike."""
    own = positions([target(row, "accident") for row in rows])
    number = {target(row, "accident"): int(code) for row, code in zip(rows, own, strict=True)}
    count = len(rows) + 1
    alike = np.unique([
        one * count + two
        for pair in likely if pair.first in number and pair.second in number
        for one, two in [sorted((number[pair.first], number[pair.second]))]
    ]).astype(np.int64)  # fmt: skip

    def compare(left: Ints, right: Ints) -> Ground:
        one, two = np.minimum(own[left], own[right]), np.maximum(own[left], own[right])
        both, same = one != UNSAID, one == two
        maybe = np.isin(one * count + two, alike)
        weights = np.where(both, np.where(same, 3.0, np.where(maybe, 1.8, -0.8)), 0.0)

        def told(pair: int) -> Reason | None:
            if not both[pair]:
                return None
            code = "accident_same" if same[pair] else "accident_likely" if maybe[pair] else "accident_other"
            return Reason(code, float(weights[pair]))

        return Ground(weights, told)

    return compare


def _sealed(name: str, codes: Ints, same: float, other: float) -> Compare:
    """Whether a sealed value of both is the same; which value it is stays sealed."""

    def compare(left: Ints, right: Ints) -> Ground:
        said = (codes[left] != UNSAID) & (codes[right] != UNSAID)
        weights = np.where(said, np.where(codes[left] == codes[right], same, other), 0.0)

        def told(pair: int) -> Reason | None:
            weight = float(weights[pair])
            return Reason("sealed_same" if weight > 0 else "sealed_other", weight, {"field": name}) if said[pair] else None

        return Ground(weights, told)

    return compare
