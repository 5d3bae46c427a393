"""Generated records for the bench: finds as points, hazardous areas as polygons, and the same finds as a sheet.

All of them lie in the open Atlantic and say SYNTHETIC in their local id. The same size gives the same records.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import shapely

from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft
from clearland.work.bench.measure import SEED
from clearland.work.bench.nation import DISTRICTS, OPERATORS, PLANE, grounds

CATEGORIES = {"AP": "anti-personnel mine", "AV": "anti-vehicle mine", "CMR": "submunition", "UXO": "unexploded shell"}
FATES = ("destroyed", "stored", "left_marked")
MAPPING = """\
kind: ordnance
series: bench-finds
local_id: "{Number}"
key: [Number]
geometry: {longitude: Longitude, latitude: Latitude}
crs: EPSG:4326
dates: ["DD.MM.YYYY"]
fields:
  category:
    column: Device
    codes: {anti-personnel mine: AP, anti-vehicle mine: AV, submunition: CMR, unexploded shell: UXO}
  quantity: Quantity
  found_on: Found
  destroyed_on: Destroyed
  fate: Fate
  depth_found_cm: Depth cm
  district: District
  organisation: Operator
"""
_COLUMNS = (
    "Number", "Device", "Quantity", "Found", "Destroyed", "Fate", "Depth cm", "District", "Operator", "Longitude", "Latitude",
)  # fmt: skip
_HALF_COUNTRY_M = 110_000
_AT_ONCE = 10_000
_FIRST_DAY = date(2015, 1, 1)


def finds(count: int) -> list[Draft]:
    """Items of ordnance as points, ready to be written."""
    return list(each_find(count))


def each_find(count: int) -> Iterator[Draft]:
    """The same one after another, so that a million of them need no memory."""
    random = np.random.default_rng(SEED)
    places = random.uniform(-_HALF_COUNTRY_M, _HALF_COUNTRY_M, (count, 2))
    category = random.choice(list(CATEGORIES), count)
    quantity, days, depth = random.integers(1, 5, count), random.integers(0, 3_650, count), random.integers(0, 26, count)
    for first in range(0, count, _AT_ONCE):
        points = PLANE.to_earth(shapely.points(places[first : first + _AT_ONCE]))
        for number, point in enumerate(points, first):
            yield Draft(
                record=record_id("bench", f"find {number}"), kind="ordnance", local_id=f"SYNTHETIC-F-{number:07d}",
                attributes={
                    "category": str(category[number]), "quantity": int(quantity[number]), "fate": FATES[number % 3],
                    "found_on": _day(days[number]), "destroyed_on": _day(days[number]), "depth_found_cm": str(depth[number]),
                    "district": DISTRICTS[number % 4], "organisation": OPERATORS[number % 3],
                },
                geometry=point,
            )  # fmt: skip


def hazards(count: int) -> list[Draft]:
    """Hazardous areas as polygons on a grid of 700 m, ready to be written."""
    random = np.random.default_rng(SEED)
    ground = grounds(random, count)
    area_m2 = shapely.area(ground.shape)
    shapes = PLANE.to_earth(ground.shape)
    days, confirmed = random.integers(0, 3_650, count), random.random(count) < 0.6
    return [
        Draft(
            record=record_id("bench", f"hazard {number}"), kind="hazard", local_id=f"SYNTHETIC-H-{number:07d}",
            attributes={
                "name": f"SYNTHETIC area {number}", "area_type": "CHA" if confirmed[number] else "SHA", "status": "open",
                "contamination": ["AP" if number % 3 else "CMR"], "identified_on": _day(days[number]),
                "required_depth_cm": "15", "area_reported_m2": str(round(area_m2[number])),
                "district": DISTRICTS[number % 4], "organisation": OPERATORS[number % 3],
            },
            geometry=shapes[number],
        )
        for number in range(count)
    ]  # fmt: skip


def write_sheet(count: int, path: Path) -> None:
    """The finds as a CSV file in the words of a field office: devices by name, days first, points in two columns."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(_COLUMNS)
        for draft in each_find(count):
            said, point = draft.attributes, draft.geometry
            assert isinstance(point, shapely.Point)
            rows.writerow((
                draft.local_id, CATEGORIES[said["category"]], said["quantity"], _as_written(said["found_on"]),
                _as_written(said["destroyed_on"]), said["fate"], said["depth_found_cm"], said["district"],
                said["organisation"], f"{point.x:.7f}", f"{point.y:.7f}",
            ))  # fmt: skip


def _day(days: int) -> str:
    return (_FIRST_DAY + timedelta(days=int(days))).isoformat()


def _as_written(day: str) -> str:
    return ".".join(reversed(day.split("-")))
