"""The coordinate systems that field papers use, and the way from their numbers to WGS 84 (EPSG:4326).

One set of numbers means places a hundred metres apart in two systems, so nothing is converted without naming the
system, the operation of the EPSG register that was used, and its stated accuracy.
"""

import threading
from dataclasses import dataclass
from typing import Any, Literal

from pyproj import CRS
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion, UTMConversion
from pyproj.transformer import AreaOfInterest, Transformer, TransformerGroup

from clearland.core.errors import ClearlandError

Grid = Literal["degrees", "UTM", "Gauss-Krüger"]

ZONE_WIDTH_DEGREES = 6
_METRES_PER_ZONE_PREFIX = 1_000_000
_WGS84 = 4326
_cache = threading.local()  # PROJ objects must not be shared between threads


@dataclass(frozen=True)
class System:
    """A datum (EPSG code of its geographic system) and how positions on it are written."""

    code: str
    datum_epsg: int
    grid: Grid

    @property
    def is_projected(self) -> bool:
        """Whether its numbers are metres of a grid."""
        return self.grid != "degrees"


SYSTEMS = {
    each.code: each
    for each in (
        System("WGS84_GEO", _WGS84, "degrees"), System("WGS84_UTM", _WGS84, "UTM"),
        System("SK42_GEO", 4284, "degrees"), System("SK42_GK", 4284, "Gauss-Krüger"),
        System("SK95_GEO", 4200, "degrees"), System("SK95_GK", 4200, "Gauss-Krüger"),
        System("ED50_GEO", 4230, "degrees"), System("ED50_UTM", 4230, "UTM"),
    )
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A place on WGS 84 in degrees, and how it was reached.

    `operation` is the name in the EPSG register, empty where nothing was shifted; `accuracy_m` as that register states
    it, None where it does not. `in_area_of_use`: whether the register means the operation for this part of the Earth.
    """

    lon: float
    lat: float
    operation: str = ""
    accuracy_m: float | None = None
    in_area_of_use: bool = True
    convergence_degrees: float = 0.0


def system(code: str) -> System:
    """The system of a code of the list `coordinate_reading`. Raises ClearlandError E-COORD-SYSTEM for another."""
    found = SYSTEMS.get(code)
    if found is None:
        raise ClearlandError("E-COORD-SYSTEM", f"There is no coordinate system {code!r} here.",
                             remedy=f"Use one of {', '.join(SYSTEMS)}.")
    return found


def place(code: str, north: float, east: float, *, zone: int | None = None, southern: bool = False) -> Placed:
    """Where a pair of numbers lies when it is read in the system `code`.

    `north` and `east` are latitude and longitude in degrees, or metres of the grid; the easting of Gauss-Krüger may
    begin with its zone. `southern` tells the hemisphere of UTM metres. `convergence_degrees` is the angle from true
    north to grid north there, east positive; for degrees that of the grid printed on maps of the datum.
    Raises ClearlandError E-COORD-RANGE where no such place is, E-COORD-ZONE where the zone is missing or two are given.
    """
    read = system(code)
    if not read.is_projected:
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            raise ClearlandError("E-COORD-RANGE", f"{north} and {east} are no latitude and longitude.",
                                 remedy="Read the numbers as metres of a grid, or correct them.")
        grid = next(each for each in SYSTEMS.values() if each.is_projected and each.datum_epsg == read.datum_epsg)
        return _shifted(read.datum_epsg, east, north, _convergence(grid, zone or zone_of(grid, east), north < 0, east, north))
    number, false_east = _zone(read, east, zone)
    lon, lat = _from_grid(read, number, southern).transform(false_east, north)
    if not (-90 <= lat <= 90 and abs(_from_meridian(lon, number, read)) <= ZONE_WIDTH_DEGREES):
        raise ClearlandError("E-COORD-RANGE", f"{north} north and {east} east lie outside zone {number} of {code}.",
                             remedy="Check the digits and the zone, or read the numbers in another system.")
    return _shifted(read.datum_epsg, lon, lat, _convergence(read, number, southern, lon, lat))


def written(code: str, lon: float, lat: float, *, zone: int | None = None) -> tuple[float, float]:
    """The pair (north, east) that the system `code` writes for a place on WGS 84: the inverse of `place`.

    Metres are those of `zone`, or of the zone the place lies in; the easting of Gauss-Krüger begins with it.
    """
    read = system(code)
    if read.datum_epsg != _WGS84:
        near = _shift(read.datum_epsg, lon, lat)[0].transform(lon, lat, direction="INVERSE")
        # The operation is chosen by where the point lies on its own datum: at a border that may be another one.
        lon, lat = _shift(read.datum_epsg, *near)[0].transform(lon, lat, direction="INVERSE")
    if not read.is_projected:
        return lat, lon
    number = zone or zone_of(read, lon)
    east, north = _from_grid(read, number, lat < 0).transform(lon, lat, direction="INVERSE")
    return north, east + (number * _METRES_PER_ZONE_PREFIX if read.grid == "Gauss-Krüger" else 0)


def zone_of(read: System, lon: float) -> int:
    """The zone of six degrees in which a longitude lies: UTM counts from 180° west, Gauss-Krüger from Greenwich."""
    if read.grid == "UTM":
        return int((lon + 180) // ZONE_WIDTH_DEGREES) % 60 + 1
    return int((lon % 360) // ZONE_WIDTH_DEGREES) + 1


def _zone(read: System, east: float, zone: int | None) -> tuple[int, float]:
    prefix = int(east // _METRES_PER_ZONE_PREFIX) if read.grid == "Gauss-Krüger" else 0
    if prefix and zone and prefix != zone:
        raise ClearlandError("E-COORD-ZONE", f"The easting {east:.0f} begins with zone {prefix}, the record says {zone}.",
                             remedy="Find out which of the two is right.")
    number = prefix or zone
    if not number or not 1 <= number <= 60:
        raise ClearlandError("E-COORD-ZONE", f"Nothing tells in which zone {east:.0f} east lies.", remedy="Give the zone.")
    return number, east - prefix * _METRES_PER_ZONE_PREFIX


def _meridian(read: System, number: int) -> float:
    central = number * ZONE_WIDTH_DEGREES - 3 - (180 if read.grid == "UTM" else 0)
    return central - 360 if central > 180 else float(central)


def _from_meridian(lon: float, number: int, read: System) -> float:
    return (lon - _meridian(read, number) + 180) % 360 - 180


def _grid_crs(read: System, number: int, southern: bool) -> CRS:
    conversion: Any
    if read.grid == "UTM":
        conversion = UTMConversion(str(number), "S" if southern else "N")
    else:
        conversion = TransverseMercatorConversion(
            latitude_natural_origin=0, longitude_natural_origin=_meridian(read, number), false_easting=500_000,
            false_northing=0, scale_factor_natural_origin=1,
        )  # fmt: skip
    return ProjectedCRS(conversion=conversion, geodetic_crs=CRS.from_epsg(read.datum_epsg))


def _from_grid(read: System, number: int, southern: bool) -> Transformer:
    """From metres of a zone (east, north) to longitude and latitude on the same datum."""
    known: dict[Any, Transformer] = _cache.__dict__.setdefault("grids", {})
    key = (read, number, southern)
    if key not in known:
        known[key] = Transformer.from_crs(
            _grid_crs(read, number, southern), CRS.from_epsg(read.datum_epsg), always_xy=True
        )
    return known[key]


def _convergence(read: System, number: int, southern: bool, lon: float, lat: float) -> float:
    """From true to grid north by a small step along the grid: it needs no second description of the projection."""
    back = _from_grid(read, number, southern)
    east, north = back.transform(lon, lat, direction="INVERSE")
    ahead_lon, ahead_lat = back.transform(east, north + 1000)
    azimuth, _, _ = CRS.from_epsg(read.datum_epsg).get_geod().inv(lon, lat, ahead_lon, ahead_lat)  # type: ignore[union-attr]
    return float(azimuth)


def _shifted(datum_epsg: int, lon: float, lat: float, convergence: float) -> Placed:
    if datum_epsg == _WGS84:
        return Placed(lon=lon, lat=lat, convergence_degrees=convergence)
    transformer, inside = _shift(datum_epsg, lon, lat)
    there_lon, there_lat = transformer.transform(lon, lat)
    return Placed(
        lon=there_lon, lat=there_lat, operation=_named(transformer), in_area_of_use=inside,
        accuracy_m=transformer.accuracy if transformer.accuracy >= 0 else None, convergence_degrees=convergence,
    )  # fmt: skip


def _named(transformer: Transformer) -> str:
    """The datum shift of an operation, without the changes of axis order around it."""
    parts = [part for part in transformer.description.split(" + ") if "axis order change" not in part]
    return " + ".join(parts)


def _shift(datum_epsg: int, lon: float, lat: float) -> tuple[Transformer, bool]:
    """The operation that the register puts first there, else the first anywhere; and whether it is meant for there."""
    key = (datum_epsg, round(lon), round(lat))
    known: dict[Any, tuple[Transformer, bool]] = _cache.__dict__.setdefault("shifts", {})
    if key not in known:
        spot = AreaOfInterest(lon - 0.1, max(lat - 0.1, -90), lon + 0.1, min(lat + 0.1, 90))
        datum, wgs84 = CRS.from_epsg(datum_epsg), CRS.from_epsg(_WGS84)
        here = TransformerGroup(datum, wgs84, always_xy=True, allow_ballpark=False, area_of_interest=spot).transformers
        anywhere = here or TransformerGroup(datum, wgs84, always_xy=True, allow_ballpark=False).transformers
        known[key] = anywhere[0], bool(here)
    return known[key]
