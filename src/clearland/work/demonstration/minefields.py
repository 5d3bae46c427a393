"""SYNTHETIC minefield records of Talmere: papers drawn up from invented fields, each wrong in a way papers are.

One was written in another datum and from magnetic north, one is right in all, one lies sixty metres off with mines of
another type, and two are only spoken of.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pyproj import Geod
from shapely.geometry import Point, Polygon

from clearland.land.coordinates.systems import place, written
from clearland.land.minefields.angles import FULL_CIRCLE
from clearland.work.demonstration.nation import MODELS, Nation

KNOWN = date(2025, 6, 10)
CLEARED = date(2026, 5, 20)
DECLINATION = 19.5  # degrees east: invented, as the country is
PACE_M = 0.75
_WGS84 = Geod(ellps="WGS84")
LonLat = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """How one record was written: its reading, its units, and what is wrong with it."""

    number: str
    system: str
    readings: tuple[str, ...]
    category: str
    north: str = "true"
    unit: str = "degree"
    length_unit: str = "metre"
    front_m: float = 200.0
    spacing_m: float = 6.0
    off_m: float = 0.0  # how far east of the real field the paper places it
    found_share: float = 1.0
    found_category: str | None = None
    attributes: tuple[tuple[str, Any], ...] = ()


PAPERS = (
    _Paper(
        number="SYN-F-17", system="SK42_GEO", readings=("SK42_GEO", "WGS84_GEO"), category="AP", north="magnetic",
        found_share=0.7, attributes=(
            ("accuracy_claimed_percent", 25), ("accuracy_claimed_by", "Talmere Mine Action Office (SYNTHETIC)"),
            ("terms", "SYNTHETIC: handed over without conditions"), ("doubts", ["lifted"]),
        ),
    ),
    _Paper(
        number="SYN-F-18", system="SK42_GK", readings=("SK42_GK",), category="AV", north="grid", unit="mil_6000",
        front_m=280.0, spacing_m=10.0,
    ),
    _Paper(
        number="SYN-F-21", system="WGS84_GEO", readings=("WGS84_GEO",), category="AP", length_unit="pace", front_m=150.0,
        off_m=60.0, found_share=0.5, found_category="AV",
    ),
)  # fmt: skip


def add_minefields(nation: Nation) -> None:
    """Records with their fields, clearance and finds; and two records that the programme has only heard of."""
    rng = random.Random(nation.seed + 1)  # noqa: S311 - shapes, not secrets; apart from the nation's own, which stays as it was
    for number, paper in enumerate(PAPERS):
        district, shape = nation.districts[number]
        middle = shape.representative_point()
        _field(nation, rng, paper, district, (round(middle.x, 4), round(middle.y, 4)))
    for heard_of, custody, claimed in (("SYN-F-30", "promised", 350), ("SYN-F-31", "classified", None)):
        attributes = {"record_number": f"{heard_of} (SYNTHETIC)", "custody": custody, "district": nation.districts[3][0],
                      "custody_as_of": str(KNOWN), "organisation": "SYN-TMAO"}  # fmt: skip
        if claimed:
            attributes["mines_claimed"] = str(claimed)
        nation.add(KNOWN, "minefield_record", attributes, local_id=heard_of)


def _field(nation: Nation, rng: random.Random, paper: _Paper, district: str, anchor: LonLat) -> None:
    corner = _ahead(anchor, 35, 70)
    far = _ahead(corner, 95, paper.front_m)
    corners = [corner, far, _ahead(far, 185, 75), _ahead(corner, 185, 75)]
    rows = [(_ahead(_ahead(corner, 95, 15), 185, 12 + 24 * number), 95.0, paper.front_m - 30) for number in range(3)]
    mines = [_ahead(start, azimuth, paper.spacing_m * step) for start, azimuth, length in rows
             for step in range(int(length / paper.spacing_m) + 1)]  # fmt: skip
    hazard = _cleared_field(nation, paper, district, corners, [rng.random() < paper.found_share for _ in mines], mines)
    record = nation.add(
        KNOWN, "minefield_record", _attributes(paper, district, len(mines)), local_id=paper.number, links={"hazards": (hazard,)}
    )
    links: dict[str, tuple[UUID, ...]] = {"minefield": (record,)}
    west = _ahead(anchor, 90, paper.off_m) if paper.off_m else anchor
    north_value, east_value = written(paper.system, *west)
    nation.add(
        KNOWN, "minefield_reference",
        {"point_label": "RP1", "described_as": "SYNTHETIC: north end of a culvert", "written_north": f"{north_value:.7f}",
         "written_east": f"{east_value:.7f}", "coordinates_as_written": f"{north_value:.5f} {east_value:.5f}",
         "identified": "yes", "identified_on": str(KNOWN), "organisation": "SYN-HF"},
        geometry=Point(anchor), links=links,
    )  # fmt: skip
    turn = {"true": 0.0, "magnetic": DECLINATION, "grid": _grid_turn(paper.system, anchor)}[paper.north]
    _legs(nation, paper, links, anchor, corners, rows, turn)
    counted = {"category": paper.category, "model": MODELS[paper.category], "claimed": str(len(mines))}
    nation.add(KNOWN, "minefield_count", counted, links=links)


def _attributes(paper: _Paper, district: str, claimed: int) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "record_number": f"{paper.number} (SYNTHETIC)", "custody": "held", "document_form": "laying_record",
        "giver": "Talmere Ministry of Defence (SYNTHETIC)", "handed_over_on": "2025-05-30", "received_on": "2025-06-02",
        "laid_from": "1994", "laid_to": "1994", "pattern": "pattern", "rows_claimed": "3", "mines_claimed": str(claimed),
        "angle_unit": paper.unit, "north": paper.north, "length_unit": paper.length_unit,
        "coordinate_readings": list(paper.readings), "transcribed_twice": True, "district": district, "organisation": "SYN-TMAO",
        **dict(paper.attributes),
    }  # fmt: skip
    if paper.length_unit == "pace":
        attributes["pace_m"] = str(PACE_M)
    if paper.north == "magnetic":
        attributes["declination_candidates"] = ["14.0", str(DECLINATION)]
        attributes["declination_basis"] = "SYNTHETIC: map margin of 1988, almanac of 1994"
    return attributes


def _legs(
    nation: Nation, paper: _Paper, links: dict[str, tuple[UUID, ...]], anchor: LonLat, corners: Sequence[LonLat],
    rows: Sequence[tuple[LonLat, float, float]], turn: float,
) -> None:
    """Legs and rows as a sapper would have measured them: to a tenth of a unit."""
    metres = PACE_M if paper.length_unit == "pace" else 1.0

    def angle(azimuth: float) -> str:
        return str(round((azimuth - turn) % 360 * FULL_CIRCLE[paper.unit] / 360, 1))

    def leg(sequence: int, part: str, start: LonLat, end: LonLat, origin: str, target: str) -> None:
        azimuth, _, distance = _WGS84.inv(*start, *end)
        nation.add(
            KNOWN, "minefield_leg",
            {"sequence": sequence, "part": part, "from_label": origin, "to_label": target, "azimuth": angle(azimuth),
             "distance": str(round(distance / metres, 1))}, links=links,
        )  # fmt: skip

    leg(1, "approach", anchor, corners[0], "RP1", "1")
    for number, corner in enumerate(corners):
        after = (number + 1) % len(corners)
        leg(number + 2, "perimeter", corner, corners[after], str(number + 1), str(after + 1))
    for number, (start, azimuth, length) in enumerate(rows, start=1):
        leg(10 + number, "to_row", anchor, start, "RP1", f"R{number}")
        nation.add(
            KNOWN, "minefield_row",
            {"row_number": number, "from_label": f"R{number}", "azimuth": angle(azimuth),
             "length": str(round(length / metres, 1)), "spacing": str(round(paper.spacing_m / metres, 2)),
             "mines": int(length / paper.spacing_m) + 1, "device_category": paper.category}, links=links,
        )  # fmt: skip


def _cleared_field(
    nation: Nation, paper: _Paper, district: str, corners: Sequence[LonLat], found: Sequence[bool], mines: Sequence[LonLat]
) -> UUID:
    """The field as the ground showed it: a confirmed area, its clearance, and the mines that were still there."""
    category = paper.found_category or paper.category
    shape = Polygon([(round(lon, 6), round(lat, 6)) for lon, lat in corners])
    hazard = nation.add(
        KNOWN, "hazard",
        {"name": f"Field of record {paper.number} (SYNTHETIC)", "area_type": "CHA", "contamination": [category],
         "identified_on": str(KNOWN), "required_depth_cm": 20, "district": district, "organisation": "SYN-HF",
         "evidence_class": "direct"}, geometry=shape,
    )  # fmt: skip
    activity = nation.add(
        CLEARED, "clearance",
        {"activity_type": "clearance", "operational_method": ["manual"], "start_date": "2026-03-02", "end_date": str(CLEARED),
         "status": "completed", "district": district, "organisation": "SYN-HF", "items_found": sum(found)},
        geometry=shape.centroid, links={"hazards": (hazard,)},
    )  # fmt: skip
    product = nation.add(
        CLEARED, "land_release",
        {"product_type": "cleared", "release_date": str(CLEARED), "district": district, "organisation": "SYN-HF",
         "targets": [category], "qc_state": "passed", "method": "manual", "depth_cm": 20}, geometry=shape,
        links={"activity": (activity,), "hazards": (hazard,)},
    )  # fmt: skip
    for (lon, lat), there in zip(mines, found, strict=True):
        if there:
            nation.add(
                CLEARED, "ordnance",
                {"category": category, "model": MODELS[category], "quantity": 1, "found_on": "2026-04-15", "fate": "destroyed",
                 "destroyed_on": "2026-04-15", "disposal_method": "in_situ", "condition": "corroded", "depth_found_cm": 8,
                 "district": district, "organisation": "SYN-HF"}, geometry=Point(round(lon, 6), round(lat, 6)),
                links={"activity": (activity,), "hazard": (hazard,), "product": (product,)},
            )  # fmt: skip
    return hazard


def _grid_turn(system: str, anchor: LonLat) -> float:
    """From true to grid north, as the margin of the invented map gave it."""
    north, east = written(system, *anchor)
    return place(system, north, east).convergence_degrees


def _ahead(start: LonLat, azimuth: float, metres: float) -> LonLat:
    lon, lat, _ = _WGS84.fwd(*start, azimuth, metres)
    return float(lon), float(lat)
