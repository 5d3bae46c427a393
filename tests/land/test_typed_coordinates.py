"""What people type for a place is read as they meant it, or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from clearland.core.errors import ClearlandError
from clearland.land.coordinates.mgrs import BANDS, COLUMNS, ROWS
from clearland.land.coordinates.mgrs import read as read_mgrs
from clearland.land.coordinates.systems import place, system, written, zone_of
from clearland.land.coordinates.typed import read

WGS84 = Geod(ellps="WGS84")


def grid_reference(lon, lat, digits):
    """The reference of a place, put together from metres: the way opposite to `mgrs.read`."""
    zone = zone_of(system("WGS84_UTM"), lon)
    north, east = written("WGS84_UTM", lon, lat)
    column = COLUMNS[(zone - 1) % 3][int(east // 100_000) - 1]
    row = ROWS[(int(north // 100_000) + (0 if zone % 2 else 5)) % 20]
    cell = 10 ** (5 - digits)
    numbers = f"{int(east % 100_000 // cell):0{digits}d} {int(north % 100_000 // cell):0{digits}d}" if digits else ""
    return f"{zone}{BANDS[min(int((lat + 80) // 8), 19)]} {column}{row} {numbers}".strip()


@settings(max_examples=200, deadline=None)
@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-79.9, 83.9), digits=st.integers(1, 5))
def test_a_grid_reference_leads_back_to_its_cell(lon, lat, digits):
    cell = read_mgrs(grid_reference(lon, lat, digits))
    there = place("WGS84_UTM", cell.north, cell.east, zone=cell.zone, southern=cell.southern)
    assert cell.cell_m == 10 ** (5 - digits)
    assert WGS84.inv(lon, lat, there.lon, there.lat)[2] <= 0.72 * cell.cell_m + 0.01


def test_a_grid_reference_of_a_known_place():
    cell = read_mgrs("18SUJ2348306479")
    there = place("WGS84_UTM", cell.north, cell.east, zone=cell.zone, southern=cell.southern)
    assert (round(there.lon, 3), round(there.lat, 3)) == (-77.035, 38.889)


@pytest.mark.parametrize(("text", "code", "north", "east"), [
    ("39°45'12.5\"N 46°00'30\"E", "WGS84_GEO", 39.753472, 46.008333),
    ("39 45 12.5 N, 46 00 30 E", "WGS84_GEO", 39.753472, 46.008333),
    ("39°45,5′ 46°0,5′", "SK42_GEO", 39.758333, 46.008333),
    ("39.7535, 46.0083", "WGS84_GEO", 39.7535, 46.0083),
    ("39,7535; 46,0083", "WGS84_GEO", 39.7535, 46.0083),
    ("46.0083E 39.7535N", "WGS84_GEO", 39.7535, 46.0083),
    ("E46.0083 N39.7535", "WGS84_GEO", 39.7535, 46.0083),
    ("38° 30' 0\" S 128° 15' 0\" W", "WGS84_GEO", -38.5, -128.25),
    ("\N{MINUS SIGN}38.5 -128.25", "WGS84_GEO", -38.5, -128.25),
    ("39°30' с.ш. 46°15' в.д.".replace("с.ш.", "С").replace("в.д.", "В"), "SK42_GEO", 39.5, 46.25),
    ("X=4402301,9 Y=8586401,8", "SK42_GK", 4402301.9, 8586401.8),
    ("Х 4402301 м, У 8586401 м", "SK42_GK", 4402301, 8586401),
    ("4402301 8586401", "SK95_GK", 4402301, 8586401),
])  # fmt: skip
def test_texts_are_read_as_they_are_written_in_the_field(text, code, north, east):
    found = read(text, code)
    assert found.north == pytest.approx(north, abs=1e-6)
    assert found.east == pytest.approx(east, abs=1e-6)
    assert found.zone is None


def test_a_utm_text_tells_its_zone_and_perhaps_its_half_of_the_earth():
    assert read("38S 586401 4402301", "WGS84_UTM") == read("38S 586401E 4402301N", "WGS84_UTM")
    found = read("38S 586401 4402301", "WGS84_UTM")
    assert (found.zone, found.north, found.east) == (38, 4402301, 586401)
    assert found.southern is None  # band S lies north, and many write S for south
    assert read("38T 586401 4702301", "WGS84_UTM").southern is False
    assert read("9H 500000 5800000", "WGS84_UTM").southern is True
    assert read("38 586401 4402301", "WGS84_UTM").southern is None


@pytest.mark.parametrize(("text", "code"), [
    ("near the bridge", "WGS84_GEO"), ("39.5", "WGS84_GEO"), ("39.5N 46.1N", "WGS84_GEO"), ("39.5N 46.1", "WGS84_GEO"),
    ("1 2 3 4", "SK42_GK"), ("38S ZZ 1 1", "WGS84_UTM"), ("38S MJ 123 12", "WGS84_UTM"), ("61S MJ 12 12", "WGS84_UTM"),
    ("39 45 46 00 30", "WGS84_GEO"),
])  # fmt: skip
def test_what_is_no_place_is_refused(text, code):
    with pytest.raises(ClearlandError, match="E-COORD-TEXT"):
        read(text, code)
