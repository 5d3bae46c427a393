"""In which district ground lies: the stored one, or by geometry where the boundaries are official (design section 6).

Boundaries split ground only where the set is marked official on the day asked for; otherwise the stored district of the
hazard stands. Ground outside every official boundary is in no district, and has its own row, so that rows add up.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import shapely

from clearland.land.area import Geometries
from clearland.land.columns import NOBODY, Ints
from clearland.land.days import days_of
from clearland.land.model import District


def official_on(districts: Sequence[District], day: date) -> tuple[District, ...]:
    """The boundaries in force as official on a day; none of them if the set is not marked official."""
    number = day.toordinal()
    return tuple(
        district for district in districts
        if district.official_from is not None and days_of(district.official_from)[1] <= number
        and (district.official_to is None or number <= days_of(district.official_to)[1])
    )


def district_of(ground: Geometries, districts: Geometries) -> Ints:
    """The district that holds each ground whole: its position, len(districts) outside all, NOBODY where it is cut."""
    held = np.full(len(ground), len(districts), dtype=np.int64)
    touching, district = shapely.STRtree(districts).query(ground, predicate="intersects")
    held[touching] = NOBODY
    whole = shapely.covers(districts[district], ground[touching])
    held[touching[whole]] = district[whole]
    return held


def districts_cutting(ground: Geometries, districts: Geometries) -> list[list[int]]:
    """Per ground the districts that touch it."""
    found: list[list[int]] = [[] for _ in ground]
    for place, district in np.transpose(shapely.STRtree(districts).query(ground, predicate="intersects")).tolist():
        found[place].append(district)
    return [sorted(several) for several in found]
