"""What the map gets: disjoint polygons, the strongest effort shown, and the state of any day."""

from datetime import date

import numpy as np
import pytest
import shapely

from clearland.land.area import area_m2, areas_m2
from clearland.land.balance import balance
from clearland.land.ownership import ALL
from clearland.land.partition import partition
from clearland.land.pieces import pieces, until
from tests.land.nation import nation
from tests.stories.notation import parse

STORY = """
cell 10000
map
ABCD

2018 hazard H CHA AP on ABCD
2020-05-01 reduced R on AB targets AP
2021-05-01 cleared K on BC targets AP depth 20
2022-05-01 cleared F on D targets AP qc failed
"""


def cut_of(text, day=date.max):
    story = parse(text)
    hazards, products, _ = story.known_at(date.max)
    return partition(*until(hazards, products, day), story.settings())


def by(found, word):
    table: dict[str, float] = {}
    for piece in found:
        table[getattr(piece, word)] = table.get(getattr(piece, word), 0) + piece.area_m2
    return {name: pytest.approx(round(size, -2)) for name, size in table.items()}


def test_credit_by_date_and_the_strongest_effort_on_the_map():
    found = pieces(cut_of(STORY))
    assert by(found, "state") == {"remaining": 10_000, "reduced": 20_000, "cleared": 10_000}
    assert by(found, "shown_as") == {"remaining": 10_000, "reduced": 10_000, "cleared": 20_000}
    assert {piece.product for piece in found} == {None, "R", "K"}
    assert sum(area_m2(piece.geometry) for piece in found) == pytest.approx(40_000, rel=1e-5)


def test_the_map_of_an_earlier_day():
    assert by(pieces(cut_of(STORY, date(2020, 12, 31))), "state") == {"remaining": 20_000, "reduced": 20_000}
    assert pieces(cut_of(STORY, date(2017, 1, 1))) == []


def test_pieces_of_one_type_and_of_an_unknown_one():
    assert by(pieces(cut_of(STORY), contamination_type="AP"), "type") == {"AP": 40_000}
    assert pieces(cut_of(STORY), contamination_type="CMR") == []


def test_pieces_of_a_nation_are_disjoint_and_agree_with_the_balance():
    made = nation(600)
    cut = partition(made.hazards, made.products)
    found = pieces(cut)
    shapes = np.array([piece.geometry for piece in found])
    assert shapely.is_valid(shapes).all()
    plane = cut.pieces.shape[cut.pieces.view == ALL]
    assert shapely.union_all(plane).area == pytest.approx(shapely.area(plane).sum(), rel=1e-9)
    assert areas_m2(shapes) == pytest.approx([piece.area_m2 for piece in found], rel=1e-5, abs=1e-2)
    result = balance([], [], period_from=date(2000, 1, 1), period_to=date(2030, 1, 1), by=(), cut=cut)
    remaining = sum(piece.area_m2 for piece in found if piece.state == "remaining")
    assert remaining == pytest.approx(result.row(type="all").closing_m2, rel=1e-9)
