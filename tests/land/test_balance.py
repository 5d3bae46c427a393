"""The shape of the answer and the questions that cannot be answered."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clearland.core.errors import ClearlandError
from clearland.land.balance import Published, balance
from clearland.land.model import Hazard, Product
from clearland.land.partition import partition
from clearland.land.rows import FLOWS, RowKey
from tests.stories.notation import parse

YEAR: dict[str, Any] = {"period_from": date(2022, 1, 1), "period_to": date(2022, 12, 31)}
STORY = """
cell 10000
map
AB

2018 hazard H CHA AP on AB place North
2022-05-01 cleared K on A targets AP depth 20 org Alpha
"""


@pytest.fixture(scope="module")
def told():
    story = parse(STORY)
    hazards, products, _ = story.known_at(date.max)
    return hazards, products, story.settings()


def ask(told, **options):
    return balance(told[0], told[1], settings=told[2], **{**YEAR, **options})


def test_rows_have_the_keys_of_the_command_line(told):
    row = ask(told, by=("place", "type", "class")).as_json()[0]
    lines = [f"{line}_m2" for line in FLOWS]
    assert list(row) == [
        "place", "type", "class", "opening_m2", *lines, "adjustments", "period_not_said", "closing_m2", "gap_m2",
        "stated_closing_m2", "failed_qc_m2", "too_shallow_m2", "other_type_m2", "overlap_between_types_m2",
        "outside_hazard_m2", "reported_only",
    ]
    assert list(row["adjustments"]) == lines
    assert list(row["reported_only"]) == ["opening_m2", *lines, "closing_m2", "released_method_not_said_m2"]
    assert (row["place"], row["type"], row["class"], row["cleared_m2"]) == ("North", "AP", "CHA", 10_000)


def test_by_operator_there_are_flows_only(told):
    rows = {row["operator"]: row for row in ask(told, by=("operator",)).as_json()}
    assert rows["Alpha"]["cleared_m2"] == 10_000
    assert all(row["opening_m2"] is row["closing_m2"] is row["gap_m2"] is None for row in rows.values())


def test_by_place_there_is_always_a_row_outside_any_district(told):
    places = {row.key.place: row for row in ask(told, by=("place",)).rows}
    assert set(places) == {"North", "outside any district"}
    assert places["outside any district"].closing_m2 == 0


def test_a_published_total_that_differs_is_a_question(told):
    key = RowKey("all", "AP", "all")
    right, wrong = (ask(told, by=("type",), stated={key: total}) for total in (10_000, 9_000))
    assert right.findings == []
    assert [finding.code for finding in wrong.findings] == ["L-STATED-CLOSING"]
    assert wrong.row(type="AP").as_json()["stated_closing_m2"] == 9_000


def test_what_cannot_be_asked_is_refused(told):
    with pytest.raises(ClearlandError, match="E-LAND-PERIOD"):
        ask(told, period_to=date(2021, 1, 1))
    with pytest.raises(ClearlandError, match="E-LAND-BY"):
        ask(told, by=("operator", "donor"))
    with pytest.raises(ClearlandError, match="E-LAND-BY"):
        ask(told, by=("colour",))
    with pytest.raises(ClearlandError, match="E-LAND-ROW"):
        ask(told).row(type="CMR")
    edition = Published(cut=partition(*told), period_to=date(2022, 6, 30))
    with pytest.raises(ClearlandError, match="E-LAND-PUBLISHED"):
        ask(told, published=edition)


def test_a_product_without_an_end_releases_nothing_and_is_told(told):
    hazards, products, settings = told
    undated = [replace(product, ended=None) for product in products]
    result = balance(hazards, undated, settings=settings, by=(), **YEAR)
    assert result.row(type="all").closing_m2 == pytest.approx(20_000, rel=1e-5)
    assert [finding.code for finding in result.findings] == ["L-PRODUCT-NO-DATE"]


def test_a_hazard_without_a_date_counts_from_ever_and_broken_ground_is_told(told):
    hazards, _, settings = told
    first = replace(hazards[0].versions[0], valid_from=None)
    undated = Hazard(id="u", local_id="U", versions=(first,))
    opening = balance([undated], [], settings=settings, by=(), **YEAR).row(type="all").opening_m2
    assert opening == pytest.approx(20_000, rel=1e-5)
    points = list(first.geometry.exterior.coords)
    bow_tie = type(first.geometry)([points[0], points[2], points[1], points[3]])
    broken = Product(id="b", local_id="B", product_type="cleared", ended=None, geometry=bow_tie)
    codes = [finding.code for finding in balance([undated], [broken], settings=settings, by=(), **YEAR).findings]
    assert "G-CROSSES-ITSELF" in codes
