"""After any sequence of changes the partition is what a full run gives: pieces and balance."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.core.partial_dates import PartialDate
from clearland.land.balance import balance
from clearland.land.incremental import revise
from clearland.land.model import Settings
from clearland.land.partition import partition
from clearland.land.pieces import pieces
from tests.land.nation import nation
from tests.land.test_laws import SETTINGS, numbers, of_cut, same, stories


def shown(cut):
    """The map of a partition: per kind of piece its ground."""
    kinds: dict[tuple[object, ...], list[object]] = {}
    for piece in pieces(cut):
        key = (piece.state, piece.shown_as, piece.type, piece.area_class, piece.hazard, piece.product)
        kinds.setdefault(key, []).append(piece.geometry)
    return {key: shapely.union_all(shapes) for key, shapes in kinds.items()}


def same_ground(left, right):
    left, right = shown(left), shown(right)
    for key in left.keys() | right.keys():
        one, other = left.get(key, shapely.Polygon()), right.get(key, shapely.Polygon())
        assert shapely.area(shapely.symmetric_difference(one, other, grid_size=1e-9)) < 1e-12, key  # square degrees


def same_in_all(left, right):
    assert [hazard.id for hazard in left.register.hazards] == [hazard.id for hazard in right.register.hazards]
    assert [product.id for product in left.register.products] == [product.id for product in right.register.products]
    same(numbers(of_cut(left)), numbers(of_cut(right)))
    assert left.residual_m2 == pytest.approx(right.residual_m2, abs=1e-3)
    assert left.outside_m2 == pytest.approx(right.outside_m2, abs=1e-3)
    same_ground(left, right)


def shuffled_in(old, new, chosen):
    """The old records with some of the new ones in their place; new ones that are not there yet are added."""
    by_id = {record.id: record for record in old}
    for record in new:
        if record.id in chosen:
            by_id[record.id] = record
    return [record for record in by_id.values() if f"-{record.id}" not in chosen]


@settings(max_examples=60, deadline=None)
@given(stories(), stories(), st.data())
def test_what_is_revised_is_what_a_full_run_gives(story, other, data):
    cut = partition(story.hazards, story.products, SETTINGS)
    hazards, products = story.hazards, story.products
    names = sorted({record.id for one in (story, other) for record in (*one.hazards, *one.products)})
    for turn in range(2):
        chosen = data.draw(st.sets(st.sampled_from([*names, *(f"-{name}" for name in names)]), max_size=3))
        hazards = shuffled_in(hazards, other.hazards, chosen)
        products = shuffled_in(products, other.products, chosen)
        if turn:
            assert len(cut.pieces.view) >= 0  # drawn pieces are kept too
        cut = revise(cut, hazards, products, SETTINGS)
        same_in_all(cut, partition(hazards, products, SETTINGS))


def test_one_new_report_in_a_nation():
    made = nation(600)
    cut = partition(made.hazards, made.products)
    left = next(piece for piece in pieces(cut) if piece.state == "remaining" and piece.area_m2 > 100)
    new = replace(
        made.products[7], id="new", local_id="SYNTHETIC-NEW", ended=PartialDate(2024, 1, 2), product_type="cleared",
        geometry=left.geometry, hazards=frozenset({left.hazard}), depth_cm=20.0, qc_state="passed",
    )
    products = [*made.products, new]
    revised = revise(cut, made.hazards, products)
    same_in_all(revised, partition(made.hazards, products))
    assert new.id in {revised.register.products[place].id for place in np.unique(revised.moves.product) if place >= 0}
    same_in_all(revise(revised, made.hazards, made.products), cut)


def test_other_settings_are_a_full_run():
    made = nation(200)
    cut = partition(made.hazards, made.products)
    for changed in (Settings(survey_lanes="reduced"), SETTINGS):
        same_in_all(revise(cut, made.hazards, made.products, changed), partition(made.hazards, made.products, changed))


def test_findings_about_unchanged_products_stay():
    made = nation(100)
    bow_tie = shapely.Polygon([(-28, 41), (-27.99, 41.01), (-27.99, 41), (-28, 41.01)])
    products = [replace(made.products[0], geometry=bow_tie), *made.products[1:]]
    cut = partition(made.hazards, products)
    found = [finding.code for finding in cut.register.findings]
    again = revise(cut, made.hazards, products[:-1])
    assert found
    assert [finding.code for finding in again.register.findings] == found


def test_nothing_changes_nothing():
    made = nation(200)
    cut = partition(made.hazards, made.products)
    again = revise(cut, made.hazards, made.products)
    start, end = date(2015, 1, 1), date(2020, 12, 31)
    now, then = (balance([], [], cut=one, period_from=start, period_to=end).as_json() for one in (again, cut))
    assert now == then
