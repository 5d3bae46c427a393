"""A record drawn up from known ground gives that ground back, under the reading it was written in and no other."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from clearland.land.minefields.angles import METRES, degrees, turn_between
from clearland.land.minefields.model import Leg, Reading
from clearland.land.minefields.readings import readings, rebuild, rebuild_all
from clearland.land.projection import Projection
from tests.land.minefields.papers import ahead, field_at, measured, mines_of, paper, polygon
from tests.told import told

CAUCASUS = (47.25, 39.75)
SYSTEMS = ("WGS84_GEO", "WGS84_UTM", "SK42_GEO", "SK42_GK", "SK95_GK")
places = st.tuples(st.floats(45.2, 49.8), st.floats(38.6, 41.6))


def apart_m(first, second):
    return measured((first.x, first.y), (second.x, second.y))[1]


@settings(max_examples=40, deadline=None)
@given(
    anchor=places, system=st.sampled_from(SYSTEMS), unit=st.sampled_from(["degree", "grad", "mil_6000", "mil_6400"]),
    north=st.sampled_from(["true", "grid", "magnetic"]), declination=st.floats(-20, 20),
    length=st.sampled_from(list(METRES.values())),
)  # fmt: skip
def test_a_record_of_known_ground_gives_the_ground_back(anchor, system, unit, north, declination, length):
    corners, rows = field_at(anchor)
    sheet = paper(anchor, corners, rows, system=system, unit=unit, north=north, declination=declination, metres_per_unit=length)
    (reading,) = readings(sheet)
    made = rebuild(sheet, reading)
    assert [problem for problem in made.problems if problem.severity == "error"] == []
    assert made.outline_from == "perimeter"
    assert all(apart_m(made.points[str(number)], Point(corner)) < 0.05 for number, corner in enumerate(corners, start=1))
    assert told(made.outline).hausdorff_distance(polygon(corners)) < 1e-6
    assert all(apart_m(mine, Point(there)) < 0.05 for mine, there in zip(made.mines, mines_of(rows), strict=True))
    assert [closing.label for closing in made.closings] == ["1"]
    assert made.closings[0].error_m < 0.05


@settings(max_examples=30, deadline=None)
@given(turn=st.floats(-30, 30))
def test_another_declination_turns_the_record_around_its_fixed_point(turn):
    corners, rows = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners, rows, north="magnetic", declination=6.0)
    right = rebuild(sheet, Reading(system="WGS84_GEO", north="magnetic", declination_degrees=6.0))
    turned = rebuild(sheet, Reading(system="WGS84_GEO", north="magnetic", declination_degrees=6.0 + turn))
    for label in ("1", "2", "3", "4"):
        before, after = (measured(CAUCASUS, (made.points[label].x, made.points[label].y)) for made in (right, turned))
        assert after[1] == pytest.approx(before[1], abs=0.01)
        assert turn_between(after[0], before[0] + turn) < 0.01


def test_the_same_numbers_in_another_datum_lie_a_hundred_metres_away():
    corners, _ = field_at(CAUCASUS)
    sheet = replace(paper(CAUCASUS, corners, system="SK42_GEO"), systems=("SK42_GEO", "WGS84_GEO"))
    right, other = rebuild_all(sheet)
    assert right.operation.startswith("Pulkovo 1942 to WGS 84")
    assert right.accuracy_m
    assert right.in_area_of_use
    assert other.operation == ""
    assert 50 < apart_m(right.points["1"], other.points["1"]) < 200


@settings(max_examples=30, deadline=None)
@given(azimuth=st.floats(0, 359), metres=st.floats(0.5, 60))
def test_the_closing_error_is_what_one_leg_is_wrong_by(azimuth, metres):
    corners, _ = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners)
    last = sheet.legs[-1]
    end = ahead(corners[0], azimuth, metres)
    wrong_azimuth, wrong_metres = measured(corners[-1], end)
    wrong = replace(sheet, legs=(*sheet.legs[:-1], replace(last, azimuth=wrong_azimuth, distance=wrong_metres)))
    closing = rebuild(wrong, readings(wrong)[0]).closings[0]
    assert closing.error_m == pytest.approx(metres, abs=0.05)
    way = sum(leg.distance for leg in wrong.legs if leg.part == "perimeter")
    assert closing.way_m == pytest.approx(way)
    assert closing.within_rule == (closing.error_m <= max(0.01 * way, 2.0))


def test_a_second_reference_point_checks_the_first():
    corners, _ = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners)
    second = ahead(CAUCASUS, 90, 500)
    extra = Leg(sequence=99, part="approach", azimuth=90.0, distance=530.0, origin="RP1", target="RP2")
    both = replace(
        sheet, legs=(*sheet.legs, extra),
        references=(*sheet.references, replace(sheet.references[0], label="RP2", north=second[1], east=second[0])),
    )  # fmt: skip
    closing = next(each for each in rebuild(both, readings(both)[0]).closings if each.label == "RP2")
    assert closing.error_m == pytest.approx(30, abs=0.1)


def test_a_north_that_is_not_said_is_tried_in_every_way():
    corners, _ = field_at(CAUCASUS)
    sheet = replace(paper(CAUCASUS, corners), north="not_said", declinations=(5.0, 6.5), systems=("WGS84_GEO", "SK42_GEO"))
    assert [reading.name for reading in readings(sheet)] == [
        "WGS84_GEO true", "WGS84_GEO grid", "WGS84_GEO magnetic +5", "WGS84_GEO magnetic +6.5",
        "SK42_GEO true", "SK42_GEO grid", "SK42_GEO magnetic +5", "SK42_GEO magnetic +6.5",
    ]  # fmt: skip


def test_without_a_perimeter_the_hull_of_the_rows_stands_for_it():
    corners, rows = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners, rows)
    only_rows = replace(sheet, legs=tuple(leg for leg in sheet.legs if leg.part == "to_row"))
    made = rebuild(only_rows, readings(only_rows)[0])
    assert made.outline_from == "rows"
    assert all(told(made.outline).buffer(1e-7).covers(mine) for mine in made.mines)


def test_what_cannot_be_laid_out_is_told_and_the_rest_stands():
    corners, rows = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners, rows)
    lost = replace(
        sheet, legs=(*sheet.legs, Leg(sequence=500, part="lane", azimuth=10, distance=5, origin="X9"),
                     Leg(sequence=501, part="lane", azimuth=361, distance=5, origin="1")),
        rows=(*sheet.rows, replace(sheet.rows[0], number=9, origin="nowhere")),
    )  # fmt: skip
    made = rebuild(lost, readings(lost)[0])
    assert sorted(problem.code for problem in made.problems) == ["E-MINEFIELD-ANGLE", "E-MINEFIELD-POINT", "E-MINEFIELD-POINT"]
    assert made.outline_from == "perimeter"
    assert len(made.rows) == 3


def test_a_point_without_numbers_is_read_from_its_text_as_each_system_reads_it():
    corners, _ = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, corners)
    texts = {"WGS84_GEO": "39°45'00\"N 47°15'00\"E", "WGS84_UTM": "38S PK 92767 02431"}
    for system, text in texts.items():
        typed = replace(sheet, systems=(system,), references=(replace(sheet.references[0], north=None, east=None, text=text),))
        (made,) = rebuild_all(typed)
        assert made.outline is not None, made.problems
        assert apart_m(made.points["RP1"], Point(CAUCASUS)) < 1.5
    unread = replace(sheet, references=(replace(sheet.references[0], north=None, east=None, text="by the bridge"),))
    assert [problem.code for problem in rebuild_all(unread)[0].problems] == ["E-COORD-TEXT"]


def test_numbers_that_are_no_place_leave_the_reading_empty_with_the_reason():
    corners, _ = field_at(CAUCASUS)
    sheet = replace(paper(CAUCASUS, corners, system="SK42_GK"), systems=("SK42_GK", "WGS84_GEO"), zone=8)
    right, wrong = rebuild_all(sheet)
    assert right.outline is not None
    assert wrong.outline is None
    assert [problem.code for problem in wrong.problems] == ["E-COORD-RANGE"]
    other_zone = replace(sheet, zone=7, systems=("SK42_GK",))
    assert [problem.code for problem in rebuild_all(other_zone)[0].problems] == ["E-COORD-ZONE"]


def test_a_perimeter_that_crosses_itself_is_told():
    corners, _ = field_at(CAUCASUS)
    sheet = paper(CAUCASUS, [corners[0], corners[2], corners[1], corners[3]])
    made = rebuild(sheet, readings(sheet)[0])
    assert [problem.code for problem in made.problems] == ["W-MINEFIELD-CROSSES"]
    assert told(made.outline).is_valid


def test_a_system_not_meant_for_the_place_is_used_and_told():
    ocean = (-128.0, -38.0)
    corners, _ = field_at(ocean)
    made = rebuild_all(paper(ocean, corners, system="SK42_GEO"))[0]
    assert [problem.code for problem in made.problems] == ["W-MINEFIELD-AREA"]
    assert told(made.outline).hausdorff_distance(polygon(corners)) < 1e-6


def test_the_outline_a_person_accepted_stands_first():
    corners, _ = field_at(CAUCASUS)
    sheet = replace(paper(CAUCASUS, corners), accepted=polygon(corners))
    assert [made.outline_from for made in rebuild_all(sheet)] == ["accepted", "perimeter"]
    assert [made.outline_from for made in rebuild_all(replace(sheet, references=(), legs=()))] == ["accepted"]


def test_units_of_angle_divide_the_same_circle():
    quarter = {"degree": 90, "grad": 100, "mil_6000": 1500, "mil_6400": 1600}
    assert {degrees(angle, unit) for unit, angle in quarter.items()} == {90.0}


def test_the_plane_around_the_fixed_point_keeps_lengths():
    plane = Projection(*CAUCASUS)
    for azimuth in range(0, 360, 30):
        there = plane.to_plane([Point(ahead(CAUCASUS, azimuth, 5_000))])[0]
        assert math.hypot(there.x, there.y) == pytest.approx(5_000, abs=0.01)
        assert math.degrees(math.atan2(there.x, there.y)) % 360 == pytest.approx(azimuth, abs=1e-4)
