"""Where the map may go: the records, each country apart, and districts that belong to no country's record."""

from dataclasses import dataclass

import numpy as np
import shapely

from clearland.ledger.opening import PROGRAMME_RECORD
from clearland.ledger.rows import record
from clearland.ledger.snapshot import Snapshot
from clearland.web.access import Reading, summed
from clearland.web.sums import StillCounting

# Each place with the topmost record above it; a place whose parent is not known stands for itself.
_ROOTS = """
    WITH RECURSIVE up(record, root) AS (
        SELECT record, record FROM place WHERE parent IS NULL OR parent NOT IN (SELECT record FROM place)
        UNION SELECT p.record, up.root FROM place p JOIN up ON p.parent = up.record)
    SELECT CASE WHEN top.place_type = 'country' THEN top.name END AS country, p.geometry
    FROM up JOIN place p ON p.record = up.record JOIN place top ON top.record = up.root WHERE p.geometry IS NOT NULL"""


@dataclass(frozen=True)
class Extent:
    """One button: what it is called (or the ISO code of the country, for the browser to name) and its box in degrees."""

    name: str
    region: str
    box: list[float]


def countries(read: Reading) -> list[Extent]:
    """Countries by name, then the places without a country's record under the programme's own country."""
    try:
        boxes = summed(read, "extents", lambda: _boxes(read.snapshot))
    except StillCounting:
        return []
    programme = record(read.scope, PROGRAMME_RECORD)
    region = str(programme.attributes.get("country", "")) if programme else ""
    named = [Extent(name, "", box) for name, box in sorted(boxes.items()) if name]
    return [*named, *([Extent("", region, boxes[""])] if "" in boxes else [])]


def _boxes(made: Snapshot) -> dict[str, list[float]]:
    table = made.sql(_ROOTS)
    if not table.num_rows:
        return {}
    bounds = shapely.bounds(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    names = np.array([name or "" for name in table["country"].to_pylist()])
    found = {}
    for name in np.unique(names):
        own = bounds[names == name]
        found[str(name)] = [*own[:, :2].min(axis=0).tolist(), *own[:, 2:].max(axis=0).tolist()]
    return found
