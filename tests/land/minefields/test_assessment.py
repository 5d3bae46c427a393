"""Scores are 1 on perfect finds, say None where nothing can be compared, and tell apart what is wrong."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from clearland.land.minefields.assessment import assess, best, mines_of
from clearland.land.minefields.matching import best_shift
from clearland.land.minefields.model import Blast, Count, Find
from clearland.land.minefields.scores import SCORES
from clearland.land.minefields.totals import totals
from tests.land.minefields import papers
from tests.told import told

ANCHOR = (47.25, 39.75)
CORNERS, ROWS = papers.field_at(ANCHOR)
PLACES = papers.mines_of(ROWS)
CLAIM = (Count(category="AP", claimed=len(PLACES), model="PMN"),)


def perfect():
    return papers.paper(ANCHOR, CORNERS, ROWS, counts=CLAIM, identified=True)


def ground(finds, blasts=(), searched=()):
    return mines_of(finds, blasts, searched)


def values(assessment):
    return {name: score.value for name, score in assessment.scores.items()}


def test_a_record_that_the_ground_bears_out_scores_one_throughout():
    finds = papers.finds_at(PLACES, model="pmn")
    (made,) = assess(perfect(), ground(finds, searched=(papers.polygon(CORNERS).buffer(0.001),)))
    assert tuple(made.scores) == SCORES
    for name, score in made.scores.items():
        assert score.value == pytest.approx(1, abs=1e-3), name
    assert {name: score.n for name, score in made.scores.items()} == {
        "position": len(PLACES) + 1, "geometry": len(PLACES), "count": len(PLACES), "type": len(PLACES), "coverage": len(PLACES),
    }  # fmt: skip
    assert made.searched_share == pytest.approx(1)
    assert (made.whole.claimed, made.whole.found, made.whole.missing, made.whole.surplus) == (len(PLACES), len(PLACES), 0, 0)


def test_without_finds_or_points_nothing_is_known():
    sheet = replace(perfect(), references=(replace(perfect().references[0], identified=None),))
    (made,) = assess(sheet, ground(()))
    assert set(values(made).values()) == {None}
    assert made.searched_share == 0.0
    assert made.whole.missing == len(PLACES)


def test_ground_that_was_searched_without_a_find_counts_against_the_record():
    (made,) = assess(perfect(), ground((), searched=(papers.polygon(CORNERS).buffer(0.001),)))
    assert made.scores["count"].value == 0
    assert made.scores["count"].n == len(PLACES)


@settings(max_examples=25, deadline=None)
@given(azimuth=st.floats(0, 360), metres=st.floats(0, 95), seed=st.randoms(use_true_random=False))
def test_a_shift_of_the_whole_field_is_found_from_two_thirds_of_its_mines(azimuth, metres, seed):
    kept = [PLACES[0], PLACES[-1], *seed.sample(PLACES[1:-1], len(PLACES) * 2 // 3)]  # both ends: else a row may go unseen
    there = [papers.ahead(place, azimuth, metres) for place in kept]
    (made,) = assess(replace(perfect(), references=(replace(perfect().references[0], identified=None),)),
                     ground(papers.finds_at(there)))
    assert made.shift is not None
    assert made.shift.metres == pytest.approx(metres, abs=0.1)
    assert made.shift.matched == len(there)
    assert made.scores["position"].value == pytest.approx(1 - metres / 100, abs=0.01)
    assert made.whole.found == len(there)


def test_mines_lie_where_the_better_reading_says():
    sheet = replace(papers.paper(ANCHOR, CORNERS, ROWS, system="SK42_GEO", counts=CLAIM), systems=("WGS84_GEO", "SK42_GEO"))
    wrong, right = assess(sheet, ground(papers.finds_at(PLACES)))
    assert told(wrong.scores["coverage"].value) < told(right.scores["coverage"].value) == 1
    assert told(wrong.scores["position"].value) < 0.2
    assert best((wrong, right)) is right


def test_a_wrong_declination_shows_in_the_geometry_of_the_rows():
    sheet = papers.paper(ANCHOR, CORNERS, ROWS, north="magnetic", declination=6.0, counts=CLAIM)
    both = replace(sheet, declinations=(0.0, 6.0))
    turned, right = assess(both, ground(papers.finds_at(PLACES)))
    assert right.scores["geometry"].value == pytest.approx(1, abs=1e-3)
    assert told(turned.scores["geometry"].value) < 0.95
    assert best((turned, right)) is right


def test_rows_spaced_otherwise_lose_their_geometry():
    wider = [(start, azimuth, length, 11.0) for start, azimuth, length, _ in ROWS]
    (made,) = assess(perfect(), ground(papers.finds_at(papers.mines_of(wider))))
    (right,) = assess(perfect(), ground(papers.finds_at(PLACES)))
    assert told(made.scores["geometry"].value) < 0.85 < told(right.scores["geometry"].value)


def test_other_types_and_other_models_are_told_apart():
    half = len(PLACES) // 2
    finds = [replace(find, category="AV" if number < half else "AP") for number, find in enumerate(papers.finds_at(PLACES))]
    (made,) = assess(perfect(), ground(finds))
    assert made.scores["type"].value == pytest.approx(1 - half / len(PLACES))
    assert [(account.category, account.claimed, account.found) for account in made.accounts] == [
        ("AP", len(PLACES), len(PLACES) - half), ("AV", 0, half)
    ]
    other = [replace(find, model="PMN-2") for find in papers.finds_at(PLACES)]
    assert assess(perfect(), ground(other))[0].scores["type"].value == 0
    unsaid = [replace(find, model="") for find in papers.finds_at(PLACES)]
    assert assess(perfect(), ground(unsaid))[0].scores["type"].value == 1


def test_without_a_count_by_type_the_rows_tell_what_was_claimed():
    held = zip(perfect().rows, ("AP", "AP", "AV"), strict=True)
    rows = tuple(replace(row, mines=26, category=category) for row, category in held)
    (made,) = assess(replace(perfect(), counts=(), rows=rows), ground(papers.finds_at(PLACES)))
    assert [(account.category, account.claimed) for account in made.accounts] == [("AP", 52), ("AV", 26)]
    assert made.whole.claimed == 78


def test_finds_beside_the_field_lower_its_coverage():
    outside = [papers.ahead(ANCHOR, 300, 150 + 10 * number) for number in range(10)]
    (made,) = assess(perfect(), ground(papers.finds_at([*PLACES, *outside])))
    assert made.scores["coverage"].value == pytest.approx(len(PLACES) / (len(PLACES) + 10))
    assert made.scores["coverage"].n == len(PLACES) + 10
    far = [papers.ahead(ANCHOR, 300, 5_000)]
    assert assess(perfect(), ground(papers.finds_at([*PLACES, *far])))[0].scores["coverage"].value == 1


@settings(max_examples=40, deadline=None)
@given(found=st.integers(0, 78), blown=st.integers(0, 5), removed=st.integers(0, 40), on_paper=st.integers(0, 10))
def test_every_claimed_mine_is_found_gone_or_missing(found, blown, removed, on_paper):
    counts = (Count(category="AP", claimed=len(PLACES), removed=removed, detonated=on_paper),)
    inside = papers.polygon(CORNERS).centroid
    blasts = [Blast(record=f"b{number}", point=inside, category="AP") for number in range(blown)]
    (made,) = assess(replace(perfect(), counts=counts), ground(papers.finds_at(PLACES[:found]), blasts))
    whole = made.whole
    claimed, surplus, missing = told(whole.claimed), told(whole.surplus), told(whole.missing)
    assert claimed + surplus == told(whole.found) + told(whole.detonated) + told(whole.removed) + missing
    assert (whole.found, whole.detonated, whole.removed) == (min(found, len(PLACES)), blown + on_paper, removed)
    assert min(missing, surplus) == 0


def test_shells_on_the_field_are_no_mines_of_the_record():
    shells = papers.finds_at(PLACES, category="UXO")
    (made,) = assess(perfect(), ground(shells, [Blast(record="b", point=Point(PLACES[0]), category="CMR")]))
    assert made.whole.accounted == 0
    assert made.scores["coverage"].value is None


def test_the_share_searched_is_the_ground_not_the_sum_of_polygons():
    field = papers.polygon(CORNERS)
    west, south, east, north = field.bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    (made,) = assess(perfect(), ground((), searched=(half, half)))
    assert made.searched_share == pytest.approx(shapely.intersection(field, half).area / field.area, rel=1e-3)


@settings(max_examples=30, deadline=None)
@given(east=st.integers(-150, 150), north=st.integers(-150, 150), kept=st.integers(6, 40))
def test_the_best_shift_of_a_lattice_is_the_one_most_finds_agree_on(east, north, kept):
    mines = [(6.0 * column, 21.0 * line) for line in range(4) for column in range(10)]
    everything = kept >= 36
    finds = [(x + east, y + north) for x, y in (mines if everything else mines[:kept])]
    shift = told(best_shift(mines, finds))
    assert shift.matched == len(finds)
    if everything:
        assert (shift.east_m, shift.north_m) == pytest.approx((east, north), abs=0.01)


def test_two_finds_fit_anywhere_and_so_tell_no_shift():
    assert best_shift([(0, 0), (5, 0), (10, 0)], [(100, 50), (105, 50)]) is None
    assert best_shift([], [(1, 1)]) is None


def test_totals_count_each_mine_and_each_square_metre_once():
    field = papers.polygon(CORNERS)
    beside = Find(record="beside", point=Point(papers.ahead(ANCHOR, 300, 900)), category="AV", quantity=2)
    finds = [*papers.finds_at(PLACES), beside]
    blasts = [Blast(record="in", point=field.centroid, category="AP"), Blast(record="out", point=Point(ANCHOR), category="AP")]
    known = ground(finds, blasts)
    sheets = (perfect(), replace(perfect(), record="again", custody="promised"),
              replace(perfect(), record="blank", references=(), legs=(), rows=(), counts=(), custody="promised"))
    made = totals([(sheet, assess(sheet, known)) for sheet in sheets], known, [field, field])
    assert (made.records, made.drawn, made.by_custody) == (3, 2, {"held": 1, "promised": 2})
    assert (made.claimed, made.without_claim) == (2 * len(PLACES), 1)
    assert made.located == len(PLACES) + 1
    assert (made.accidents, made.accidents_outside, made.accidents_outside_share) == (2, 1, 0.5)
    assert (made.mines_found, made.mines_outside) == (len(PLACES) + 2, 2)
    assert made.covered_share == pytest.approx(1, abs=1e-3)
    assert made.outlines_m2 == pytest.approx(made.hazard_m2, rel=1e-3)


def test_a_programme_without_records_has_no_shares():
    made = totals([], ground(()), [Polygon()])
    assert (made.records, made.claimed, made.located_share, made.covered_share) == (0, 0, None, None)
    assert made.accidents_outside_share is None
