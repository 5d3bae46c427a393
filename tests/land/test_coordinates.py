"""Numbers of a field paper to WGS 84 and back, with the datum said."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from clearland.core.errors import ClearlandError
from clearland.land.coordinates.systems import SYSTEMS, place, system, written, zone_of

WGS84 = Geod(ellps="WGS84")
codes = st.sampled_from(sorted(SYSTEMS))


@settings(max_examples=60, deadline=None)
@given(code=codes, lon=st.floats(20, 80).filter(lambda lon: 0.01 < lon % 6 < 5.99), lat=st.floats(-60, 70))
def test_what_a_system_writes_it_reads_back(code, lon, lat):
    north, east = written(code, lon, lat)
    read = system(code)
    zone = zone_of(read, lon) if read.grid == "UTM" else None
    there = place(code, north, east, zone=zone, southern=lat < 0)
    assert WGS84.inv(lon, lat, there.lon, there.lat)[2] < 0.01


def test_the_datums_of_the_soviet_and_european_nets_lie_off_by_about_a_hundred_metres():
    for code in ("SK42_GEO", "SK95_GEO", "ED50_GEO"):
        there = place(code, 40.0, 47.0)
        assert 60 < WGS84.inv(47.0, 40.0, there.lon, there.lat)[2] < 200
        assert there.operation
    assert place("WGS84_GEO", 40.0, 47.0).operation == ""


def test_a_gauss_kruger_easting_begins_with_its_zone():
    north, east = written("SK42_GK", 47.0, 40.0)
    assert 8_000_000 < east < 9_000_000
    assert place("SK42_GK", north, east) == place("SK42_GK", north, east - 8_000_000, zone=8)
    with pytest.raises(ClearlandError, match="E-COORD-ZONE"):
        place("SK42_GK", north, east, zone=7)
    with pytest.raises(ClearlandError, match="E-COORD-ZONE"):
        place("SK42_GK", north, east - 8_000_000)


@pytest.mark.parametrize(("code", "zone"), [("WGS84_UTM", 38), ("SK42_GK", 8)])
def test_the_middle_of_a_zone_is_half_a_million_east_and_has_no_convergence(code, zone):
    there = place(code, written(code, 45.0, 40.0, zone=zone)[0], 500_000.0, zone=zone)
    assert abs(there.convergence_degrees) < 0.01
    assert abs(there.lon - 45.0) < 0.01


@settings(max_examples=40, deadline=None)
@given(lon=st.floats(42.1, 47.9), lat=st.floats(-60, 60))
def test_grid_north_turns_away_from_true_north_with_distance_from_the_middle_of_the_zone(lon, lat):
    north, east = written("WGS84_UTM", lon, lat, zone=38)
    there = place("WGS84_UTM", north, east, zone=38, southern=lat < 0)
    assert there.convergence_degrees == pytest.approx((lon - 45.0) * math.sin(math.radians(lat)), abs=0.01)
    assert place("WGS84_GEO", lat, lon).convergence_degrees == pytest.approx(there.convergence_degrees, abs=1e-6)


@pytest.mark.parametrize(("code", "north", "east", "zone"), [
    ("WGS84_GEO", 91.0, 10.0, None), ("WGS84_GEO", 4_400_000.0, 500_000.0, None), ("WGS84_UTM", 4_400_000.0, 9_500_000.0, 38),
])  # fmt: skip
def test_numbers_that_are_no_place_are_refused(code, north, east, zone):
    with pytest.raises(ClearlandError, match="E-COORD-RANGE"):
        place(code, north, east, zone=zone)


def test_an_unknown_system_is_refused_with_those_there_are():
    with pytest.raises(ClearlandError, match="E-COORD-SYSTEM"):
        place("NAD27", 1, 1)


def test_outside_its_area_of_use_an_operation_is_used_and_said():
    assert place("SK42_GEO", 40.0, 47.0).in_area_of_use
    assert not place("SK42_GEO", -38.0, -128.0).in_area_of_use
