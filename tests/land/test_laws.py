"""Laws that hold for any hazards, products and order of events (design section 6; model codebases 4).

Ground is a small grid, so that polygons meet, overlap and touch in every way; dates are few, so that days coincide.
"""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.core.partial_dates import PartialDate
from clearland.land.balance import balance
from clearland.land.columns import NOBODY
from clearland.land.days import days_of
from clearland.land.model import District, Hazard, HazardVersion, Product, Settings
from clearland.land.ownership import ALL
from clearland.land.partition import partition
from clearland.land.projection import Projection
from clearland.land.rows import EVERY, FLOWS
from tests.land.nation import nation

PLANE = Projection(-28, 41)
SIDE_M = 100.0
SETTINGS = Settings(projection=PLANE)
CELL_M2 = SIDE_M**2
COLUMNS, ROWS = 4, 3

squares = st.frozensets(st.integers(0, COLUMNS * ROWS - 1), min_size=1, max_size=6)
dates = st.one_of(
    st.builds(PartialDate, st.integers(2018, 2023)),
    st.builds(PartialDate, st.integers(2018, 2023), st.sampled_from([3, 12]), st.sampled_from([None, 31])),
)
codes = st.sampled_from([frozenset({"AP"}), frozenset({"CMR"}), frozenset({"AP", "AV"})])
depths = st.sampled_from([None, 13.0, 20.0])
kinds: st.SearchStrategy[Any] = st.sampled_from(["cancelled", "reduced", "cleared"])
classes: st.SearchStrategy[Any] = st.sampled_from(["SHA", "CHA"])


def ground(cells):
    boxes = [
        shapely.box(x * SIDE_M, y * SIDE_M, (x + 1) * SIDE_M, (y + 1) * SIDE_M)
        for y, x in (divmod(cell, COLUMNS) for cell in sorted(cells))
    ]
    return PLANE.to_earth([shapely.union_all(boxes)])[0]


versions = st.builds(
    lambda cells, area_type, contamination, when, depth, place, reason: HazardVersion(
        geometry=ground(cells), area_type=area_type, contamination=contamination, valid_from=when,
        required_depth_cm=depth, place=place, change_reason=reason,
    ),
    squares, classes, codes, dates, depths, st.sampled_from([None, "P", "Q"]),
    st.sampled_from([None, "nts", "ts", "mapping_error", "split", "fade_out", "clearance", "residual"]),
)


@st.composite
def stories(draw, redrawn=True):
    hazards = []
    for number in range(draw(st.integers(1, 4))):
        made = draw(st.lists(versions, min_size=1, max_size=3 if redrawn else 1))
        made.sort(key=lambda version: days_of(version.valid_from)[1])
        parent = draw(st.sampled_from([None, *(f"h{other}" for other in range(number))]))
        hazards.append(Hazard(id=f"h{number}", local_id=f"H-{number}", versions=tuple(made), parent=parent))
    products = [
        Product(
            id=f"p{number}", local_id=f"P-{number}", product_type=draw(kinds), ended=draw(dates),
            geometry=ground(draw(squares)), depth_cm=draw(depths),
            hazards=draw(st.frozensets(st.sampled_from([hazard.id for hazard in hazards]), max_size=1)),
            targets=draw(st.one_of(st.just(frozenset()), codes)),
            qc_state=draw(st.sampled_from(["passed", "passed", "not_inspected", "failed"])),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    return SimpleNamespace(hazards=hazards, products=products)


def asked(story, start=2020, end=2021, by=("place", "type", "class"), **changed):
    return balance(
        changed.get("hazards", story.hazards), changed.get("products", story.products), period_from=date(start, 1, 1),
        period_to=date(end, 12, 31), by=by, settings=SETTINGS,
    )


def numbers(result, *, gross=True):
    """Every number of a balance by row, to a thousandth of a square metre; rows of nothing left out."""
    table = {}
    for row in result.rows:
        moved = [*row.flows, *row.period_not_said, row.opening_m2 or 0, row.closing_m2 or 0]
        if gross:
            moved += [row.failed_qc_m2, row.too_shallow_m2, row.other_type_m2, row.outside_hazard_m2]
        if np.abs(moved).max() > 0.5:
            table[row.key] = np.round(moved, 1)
    return table


@settings(max_examples=40, deadline=None)
@given(stories(), st.lists(squares, max_size=3))
def test_official_districts_and_the_row_outside_them_add_up(story, districts):
    taken: set[int] = set()
    official = []
    for number, cells in enumerate(districts):
        if cells - taken:
            official.append(District(code=f"D{number}", geometry=ground(cells - taken), official_from=PartialDate(2000)))
            taken |= cells
    split = Settings(projection=PLANE, districts=tuple(official))
    period: dict[str, Any] = {"period_from": date(2019, 1, 1), "period_to": date(2021, 12, 31)}
    cut = partition(story.hazards, story.products, split)
    by_place = balance([], [], by=("place", "type"), cut=cut, **period).rows
    for row in asked(story, 2019, 2021, by=("type",)).rows:
        parts = [part for part in by_place if part.key.type == row.key.type]
        assert sum(part.closing_m2 or 0 for part in parts) == pytest.approx(row.closing_m2, abs=1e-2)
        assert sum(part.opening_m2 or 0 for part in parts) == pytest.approx(row.opening_m2, abs=1e-2)
        assert sum(part.released_m2 for part in parts) == pytest.approx(row.released_m2, abs=1e-2)
    codes = {district.code for district in official} | {"outside any district"}
    drawn = {row.key.place for row in by_place if row.opening_m2 or row.closing_m2 or row.flows.any()}
    assert not official or drawn <= codes


def of_cut(cut):
    return balance(
        [], [], period_from=date(2019, 1, 1), period_to=date(2022, 12, 31), by=("place", "type", "class"), cut=cut
    )


def same(left, right):
    assert left.keys() == right.keys()
    for key, moved in left.items():
        assert moved == pytest.approx(right[key], abs=1), key


@settings(max_examples=60, deadline=None)
@given(stories(), st.integers(2017, 2024), st.integers(0, 4))
def test_the_balance_closes_and_nothing_is_negative(story, start, years):
    result = asked(story, start, start + years)
    assert result.gap_m2 <= 1e-3
    assert result.closes
    for row in result.rows:
        assert row.opening_m2 > -1e-3
        assert row.closing_m2 > -1e-3
        assert (row.flows > -1e-6).all()
        assert (row.period_not_said > -1e-6).all()
        parts = row["cancelled"] + row["reduced"] + row["cleared"]
        assert row.released_m2 == pytest.approx(parts)


@settings(max_examples=40, deadline=None)
@given(stories(), st.integers(2018, 2022))
def test_one_years_closing_is_the_next_years_opening(story, year):
    closing = {row.key: row.closing_m2 for row in asked(story, year, year).rows}
    opening = {row.key: row.opening_m2 for row in asked(story, year + 1, year + 1).rows}
    for key in closing.keys() | opening.keys():
        assert closing.get(key, 0) == pytest.approx(opening.get(key, 0), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(stories())
def test_pieces_are_disjoint_and_what_remains_is_the_closing(story):
    cut = partition(story.hazards, story.products, SETTINGS)
    result = asked(story, 2010, 2030, by=("type",))
    for view in set(cut.pieces.view.tolist()):
        rows = cut.pieces.view == view
        shapes = cut.pieces.shape[rows]
        assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), abs=1e-3)
        remaining = shapely.area(shapes[cut.pieces.state[rows] == 0]).sum()
        name = EVERY if view == ALL else cut.register.types[view]
        assert result.row(type=name).closing_m2 == pytest.approx(remaining, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(stories(redrawn=False))
def test_sum_of_pieces_is_the_union_of_hazards(story):
    cut = partition(story.hazards, story.products, SETTINGS)
    pieces = shapely.area(cut.pieces.shape[cut.pieces.view == ALL]).sum()
    assert pieces == pytest.approx(shapely.union_all(cut.register.extent).area, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(stories())
def test_types_less_their_overlap_are_all(story):
    for row in (result := asked(story, by=("place", "type", "class"))).rows:
        if row.key.type == EVERY:
            types = [other for other in result.rows if other.key._replace(type=EVERY) == row.key and other is not row]
            total = sum(other.closing_m2 for other in types)
            assert total - row.overlap_between_types_m2 == pytest.approx(row.closing_m2, abs=1e-3)
    cut = partition(story.hazards, story.products, SETTINGS)
    held = cut.pieces.state == 0
    per_type = [
        shapely.union_all(cut.pieces.shape[held & (cut.pieces.view == view)]) for view in range(len(cut.register.types))
    ]
    ever = asked(story, 2010, 2030, by=("type",)).row(type=EVERY)
    assert ever.closing_m2 == pytest.approx(shapely.area(shapely.union_all(per_type)), abs=1e-3)
    assert ever.overlap_between_types_m2 > -1e-3


@settings(max_examples=40, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_order_direction_start_of_rings_and_repetition_change_nothing(story, random):
    hazards, products = list(story.hazards), list(story.products)
    random.shuffle(hazards)
    random.shuffle(products)
    again = [
        replace(product, geometry=shapely.reverse(shapely.normalize(product.geometry))) for product in products
    ]
    same(numbers(asked(story)), numbers(asked(story, hazards=hazards + hazards[:1], products=again + products[:1])))


@settings(max_examples=60, deadline=None)
@given(stories())
def test_a_product_releases_only_what_it_may(story):
    cut = partition(story.hazards, story.products, SETTINGS)
    moves = cut.moves
    for product, hazard in zip(moves.product, moves.giver, strict=True):
        if product == NOBODY:
            continue
        done, held = cut.register.products[product], cut.register.hazards[hazard]
        assert days_of(done.ended)[1] >= days_of(held.identified_on)[1]
        assert done.qc_state != "failed"
        at_the_time = [one for one in held.versions if days_of(one.valid_from)[1] <= days_of(done.ended)[1]]
        types = frozenset().union(*(one.contamination for one in at_the_time))
        assert held.id in done.hazards or done.targets & types
        if done.product_type == "cleared":
            needed = [one.required_depth_cm for one in at_the_time]
            assert None in needed or (done.depth_cm or 0) >= min(depth for depth in needed if depth)


@settings(max_examples=40, deadline=None)
@given(stories(), st.data())
def test_failing_or_withdrawing_a_product_restores_exactly_what_it_released(story, data):
    if not story.products:
        return
    place = data.draw(st.integers(0, len(story.products) - 1))
    without = story.products[:place] + story.products[place + 1 :]
    failed = replace(story.products[place], qc_state="failed")
    same(
        numbers(asked(story, products=without), gross=False),
        numbers(asked(story, products=[*without, failed]), gross=False),
    )


@settings(max_examples=25, deadline=None)
@given(stories(redrawn=False))
def test_the_short_way_and_the_long_way_agree(story):
    short = partition(story.hazards, story.products, SETTINGS)
    long = partition(story.hazards, story.products, SETTINGS, everything_as_shared=True)
    same(numbers(of_cut(short)), numbers(of_cut(long)))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_nation_closes_both_ways_and_in_threads(seed):
    made = nation(400, seed)
    short, threaded, long = (
        of_cut(partition(made.hazards, made.products, threads=threads, everything_as_shared=shared))
        for threads, shared in ((1, False), (2, False), (1, True))
    )
    assert short.gap_m2 < 1e-3
    same(numbers(short), numbers(threaded))
    same(numbers(short), numbers(long))


def test_nothing_in_nothing_out():
    result = balance([], [], period_from=date(2022, 1, 1), period_to=date(2022, 12, 31))
    assert result.gap_m2 == 0
    assert [row.key.type for row in result.rows] == [EVERY]
    assert result.rows[0].flows.tolist() == [0] * len(FLOWS)
