"""Papers drawn up from known ground: what a careful sapper would have written for a polygon with rows inside it."""

from collections.abc import Sequence

from pyproj import Geod
from shapely.geometry import Point, Polygon

from clearland.land.coordinates.systems import place, written, zone_of
from clearland.land.coordinates.systems import system as system_of
from clearland.land.minefields.angles import FULL_CIRCLE
from clearland.land.minefields.model import Count, Find, Leg, Reference, Row, Sheet

WGS84 = Geod(ellps="WGS84")
LonLat = tuple[float, float]


def ahead(start: LonLat, azimuth: float, metres: float) -> LonLat:
    """The point so many metres from a point in a direction from true north."""
    lon, lat, _ = WGS84.fwd(*start, azimuth, metres)
    return float(lon), float(lat)


def measured(start: LonLat, end: LonLat) -> tuple[float, float]:
    """Azimuth from true north (degrees, 0 to 360) and metres between two points."""
    azimuth, _, metres = WGS84.inv(*start, *end)
    return float(azimuth) % 360, float(metres)


def paper(
    anchor: LonLat, corners: Sequence[LonLat], rows: Sequence[tuple[LonLat, float, float, float]] = (), *,
    system: str = "WGS84_GEO", unit: str = "degree", north: str = "true", declination: float = 0.0, metres_per_unit: float = 1.0,
    counts: Sequence[Count] = (), identified: bool = False,
) -> Sheet:  # fmt: skip
    """A record of the ground `corners`, measured from `anchor`; rows as (start, azimuth, length in m, spacing in m)."""
    north_value, east_value = written(system, *anchor)
    zone = zone_of(system_of(system), anchor[0]) if system.endswith("UTM") else None
    there = place(system, north_value, east_value, zone=zone, southern=anchor[1] < 0)
    turn = {"true": 0.0, "magnetic": declination, "grid": there.convergence_degrees}[north]

    def leg(sequence: int, part: str, start: LonLat, end: LonLat, origin: str, target: str) -> Leg:
        azimuth, metres = measured(start, end)
        angle = (azimuth - turn) % 360 * FULL_CIRCLE[unit] / 360
        return Leg(sequence=sequence, part=part, azimuth=angle, distance=metres / metres_per_unit, origin=origin, target=target)

    legs = [leg(1, "approach", anchor, corners[0], "RP1", "1")]
    for number, corner in enumerate(corners):
        following = (number + 1) % len(corners)
        legs.append(leg(number + 2, "perimeter", corner, corners[following], str(number + 1), str(following + 1)))
    made_rows = []
    for number, (start, azimuth, length, spacing) in enumerate(rows, start=1):
        legs.append(leg(100 + number, "to_row", anchor, start, "RP1", f"R{number}"))
        made_rows.append(Row(
            number=number, origin=f"R{number}", azimuth=(azimuth - turn) % 360 * FULL_CIRCLE[unit] / 360,
            length=length / metres_per_unit, spacing=spacing / metres_per_unit, category="AP",
        ))  # fmt: skip
    return Sheet(
        record="r", local_id="SYN-1", number="SYNTHETIC 1", angle_unit=unit, north=north, metres_per_unit=metres_per_unit,
        declinations=(declination,) if north == "magnetic" else (), systems=(system,), zone=zone, southern=anchor[1] < 0,
        references=(Reference(label="RP1", north=north_value, east=east_value,
                              identified=Point(anchor) if identified else None),),
        legs=tuple(legs), rows=tuple(made_rows), counts=tuple(counts),
    )  # fmt: skip


def mines_of(rows: Sequence[tuple[LonLat, float, float, float]]) -> list[LonLat]:
    """Where the mines of such rows lie."""
    return [
        ahead(start, azimuth, spacing * number) for start, azimuth, length, spacing in rows
        for number in range(int(length / spacing + 1e-9) + 1)
    ]  # fmt: skip


def finds_at(places: Sequence[LonLat], category: str = "AP", model: str = "") -> list[Find]:
    """One mine found at each place."""
    return [Find(record=f"f{number}", point=Point(place), category=category, model=model) for number, place in enumerate(places)]


Line = tuple[LonLat, float, float, float]


def field_at(anchor: LonLat, front_m: float = 240.0, depth_m: float = 80.0) -> tuple[list[LonLat], list[Line]]:
    """Corners of a field 60 m from the anchor and three rows inside it, 25 m apart, a mine each 8 m."""
    first = ahead(anchor, 40, 60)
    corners = [first, ahead(first, 100, front_m)]
    corners += [ahead(corners[1], 190, depth_m), ahead(first, 190, depth_m)]
    rows = [(ahead(ahead(first, 100, 20), 190, 15 + 25 * number), 100.0, front_m - 40, 8.0) for number in range(3)]
    return corners, rows


def polygon(corners: Sequence[LonLat]) -> Polygon:
    """The field as a polygon in EPSG:4326."""
    return Polygon(corners)
