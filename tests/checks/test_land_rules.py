"""Each rule speaks on the ground it is about, and is silent beside it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from clearland.checks import land, ordnance
from clearland.checks.everything import findings
from clearland.checks.limits import Limits
from tests.checks.ground import accident, find, ground, hazard, known, point, product, square, when, work

WHOLE = square(0, 0, 4, 4)
H = hazard("H", WHOLE)
ALL_RULES = {rule.__name__: rule for rule in (*land.RULES, *ordnance.RULES)}


def codes(rule, *things, limits=None):
    return [(one.finding.code, one.local_id, one.finding.severity) for one in ALL_RULES[rule](ground(*things, limits=limits))]


SPEAKS: dict[str, tuple[str, list[Any], list[tuple[str, str, str]]]] = {
    "28 two hazards of one type": (
        "hazards_overlap",
        [H, hazard("I", square(3, 0, 4, 4), identified="2021")],
        [("L-HAZARDS-OVERLAP", "I", "warning")],
    ),
    "28 the SHA under an uncut CHA": (
        "hazards_overlap",
        [hazard("S", square(0, 0, 9, 9), area_type="SHA", identified="2010"), H],
        [("L-HAZARDS-OVERLAP", "H", "warning")],
    ),
    "31 no hazard": ("product_belongs", [H, product("P", WHOLE, hazards=frozenset())], [("L-PRODUCT-NO-HAZARD", "P", "error")]),
    "31 targets only": (
        "product_belongs",
        [H, product("P", WHOLE, hazards=frozenset(), targets=frozenset({"AP"}))],
        [("L-PRODUCT-NO-HAZARD", "P", "warning")],
    ),
    "31 another method": (
        "product_belongs",
        [H, product("P", WHOLE, activity="W"), work("W", "survey", "nts")],
        [("L-PRODUCT-METHOD", "P", "warning")],
    ),
    "32 beyond the hazard": ("product_outside", [H, product("P", square(3, 0, 4, 1))], [("L-PRODUCT-OUTSIDE", "P", "warning")]),
    "33 more than was open": (
        "product_exceeds",
        [H, product("P", WHOLE), product("Q", square(0, 0, 2, 2), ended=when("2023-01-05"))],
        [("L-PRODUCT-SURPLUS", "Q", "warning")],
    ),
    "34 over earlier work": (
        "products_overlap",
        [H, product("P", square(0, 0, 2, 2)), product("Q", square(1, 0, 2, 2), ended=when("2023-01-05"))],
        [("L-PRODUCT-OVERLAP", "Q", "warning")],
    ),
    "35 no depth": ("depth", [H, product("P", WHOLE, depth_cm=None)], [("L-DEPTH-NOT-SAID", "P", "error")]),
    "35 depth nought": ("depth", [H, product("P", WHOLE, depth_cm=0.0)], [("L-DEPTH-NOT-SAID", "P", "error")]),
    "35 below the task": (
        "depth",
        [H, product("P", WHOLE, activity="W"), work("W", specified_depth_cm=30.0)],
        [("L-DEPTH-BELOW-TASK", "P", "warning")],
    ),
    "37 over a find": (
        "released_over_find",
        [H, product("P", WHOLE, product_type="cancelled"), find("F", point(1, 1), found_on=when("2021"))],
        [("L-RELEASED-OVER-EVIDENCE", "P", "warning")],
    ),
    "37 over an accident": (
        "released_over_find",
        [H, product("P", WHOLE, product_type="reduced"), accident("A", point(1, 1), "2019-05")],
        [("L-RELEASED-OVER-EVIDENCE", "P", "warning")],
    ),
    "38 silent clearance": ("finds_said", [H, work("W", status="completed")], [("L-FINDS-NOT-SAID", "W", "error")]),
    "39 more gone than found": (
        "more_gone_than_found",
        [H, work("W", items_found=1), find("F", quantity=2, fate="destroyed", activity="W")],
        [("L-MORE-GONE-THAN-FOUND", "W", "error")],
    ),
    "40 away from its hazard": ("find_outside", [H, find("F", point(9, 9), hazard="H")], [("L-FIND-OUTSIDE", "F", "warning")]),
    "40 outside every hazard": ("find_outside", [H, find("F", point(9, 9))], [("L-FIND-NO-HAZARD", "F", "warning")]),
    "41 deeper than searched": (
        "find_below",
        [H, product("P", WHOLE), find("F", product="P", depth_found_cm=30.0)],
        [("L-FIND-BELOW", "F", "warning")],
    ),
    "41 deeper than the work": (
        "find_below",
        [H, work("W", achieved_depth_cm=13.0), find("F", activity="W", depth_found_cm=15.0)],
        [("L-FIND-BELOW", "F", "warning")],
    ),
    "42 a model in two categories": (
        "models",
        [find("F", model="M"), find("G", model="m"), find("I", model="M", category="AV")],
        [("L-MODEL-CATEGORY", "I", "warning")],
    ),
    "42 models unknown": (
        "models",
        [find("F", organisation="O", quantity=4), find("G", organisation="O", model="M", quantity=6)],
        [("L-MODEL-UNKNOWN", "F", "warning")],
    ),
    "43 another category": (
        "find_of_other_type",
        [H, find("F", point(1, 1), category="CMR", hazard="H")],
        [("L-FIND-OTHER-TYPE", "H", "warning")],
    ),
    "44 large and empty": ("no_finds", [H, product("P", WHOLE)], [("L-CLEARED-NO-FIND", "P", "query")]),
    "44 long and empty": (
        "no_finds",
        [H, product("P", square(0, 0), activity="W"), work("W", days_worked=11.0)],
        [("L-CLEARED-NO-FIND", "P", "query")],
    ),
    "44 only scrap": (
        "no_finds",
        [H, product("P", WHOLE), find("F", point(1, 1), category="SAA")],
        [("L-CLEARED-NO-FIND", "P", "query")],
    ),
}
SILENT: dict[str, tuple[str, list[Any]]] = {
    "28 two types": ("hazards_overlap", [H, hazard("I", square(3, 0, 4, 4), "CMR")]),
    "28 neighbours": ("hazards_overlap", [H, hazard("I", square(4, 0, 4, 4))]),
    "28 released": (
        "hazards_overlap",
        [H, hazard("I", square(3, 0, 4, 4)), product("P", square(-1, -1, 9, 9), hazards=frozenset({"H", "I"}))],
    ),
    "31 survey lanes may be cleared": ("product_belongs", [H, product("P", WHOLE, activity="W"), work("W", "survey", "ts")]),
    "32 within the buffer": ("product_outside", [H, product("P", square(0, 0, 4.03, 4))]),
    "33 all that was open": ("product_exceeds", [H, product("P", WHOLE)]),
    "33 other parts of one hazard": ("product_exceeds", [H, product("P", square(0, 0, 2, 4)), product("Q", square(2, 0, 2, 4))]),
    "34 beside each other": ("products_overlap", [H, product("P", square(0, 0, 2, 4)), product("Q", square(2, 0, 2, 4))]),
    "34 mined again": (
        "products_overlap",
        [
            H,
            product("P", WHOLE),
            hazard("I", WHOLE, identified="2024-01-01"),
            product("Q", WHOLE, hazards=frozenset({"I"}), ended=when("2025-01-01")),
        ],
    ),
    "35 survey needs no depth": ("depth", [H, product("P", WHOLE, product_type="reduced", depth_cm=None)]),
    "37 found afterwards": (
        "released_over_find",
        [H, product("P", WHOLE, product_type="cancelled"), find("F", point(1, 1), found_on=when("2023"))],
    ),
    "37 cleared": ("released_over_find", [H, product("P", WHOLE), find("F", point(1, 1), found_on=when("2021"))]),
    "38 nought is an answer": ("finds_said", [work("W", status="completed", items_found=0)]),
    "38 its items are here": ("finds_said", [work("W", status="completed"), find("F", activity="W")]),
    "39 components do not count": (
        "more_gone_than_found",
        [work("W", items_found=0), find("F", category="COMP", fate="destroyed", activity="W")],
    ),
    "40 at the edge": ("find_outside", [H, find("F", point(4.15, 1), hazard="H")]),
    "41 as deep as searched": ("find_below", [H, product("P", WHOLE), find("F", product="P", depth_found_cm=20.0)]),
    "42 one model, one category": ("models", [find("F", model="M"), find("G", model="m")]),
    "43 expected there": ("find_of_other_type", [H, find("F", hazard="H")]),
    "44 a mine by its position": ("no_finds", [H, product("P", WHOLE), find("F", point(1, 1))]),
    "44 a mine by its task": ("no_finds", [H, product("P", WHOLE, activity="W"), work("W"), find("F", activity="W")]),
    "44 ten days on little ground": ("no_finds", [H, product("P", square(0, 0), activity="W"), work("W", days_worked=10.0)]),
}


@pytest.mark.parametrize("case", SPEAKS)
def test_a_rule_speaks(case):
    rule, things, expected = SPEAKS[case]
    assert codes(rule, *things) == expected


@pytest.mark.parametrize("case", SILENT)
def test_a_rule_is_silent(case):
    rule, things = SILENT[case]
    assert codes(rule, *things) == []


def test_every_finding_says_its_rule_a_remedy_and_a_record_that_exists():
    things = [thing for _, case, _ in SPEAKS.values() for thing in case]
    records = {getattr(thing, "record", getattr(thing, "id", None)) for thing in things}
    for rule, case, _ in SPEAKS.values():
        for one in ALL_RULES[rule](ground(*case)):
            assert one.record in records
            assert one.finding.rule in {28, *range(31, 45)}
            assert one.finding.remedy.endswith(".")


def test_a_mine_of_the_target_type_within_the_age_of_evidence_is_an_error():
    things = [H, product("P", WHOLE, product_type="cancelled"), find("F", point(1, 1), found_on=when("2021-06-30"))]
    assert codes("released_over_find", *things, limits=Limits(evidence_age_years=2))[0][2] == "error"
    assert codes("released_over_find", *things, limits=Limits(evidence_age_years=0.5))[0][2] == "warning"


def test_gross_net_and_overlap_are_shown():
    things = [H, product("P", square(0, 0, 2, 2)), product("Q", square(1, 0, 2, 2), ended=when("2023-01-05"))]
    values: Any = next(iter(land.products_overlap(ground(*things)))).finding.values
    assert values["gross_m2"] == pytest.approx(2 * values["overlap_m2"], rel=1e-4)
    assert values["net_m2"] == pytest.approx(values["gross_m2"] - values["overlap_m2"], abs=1)


def test_a_point_beyond_the_earth_silences_nobody():
    things = [H, find("F", Point(1000, 95)), find("G", point(9, 9)), find("I", Point(180, 0))]
    assert {local_id for _, local_id, _ in codes("find_outside", *things)} >= {"G"}


def test_days_to_the_first_find():
    things = [H, product("P", WHOLE, activity="W"), work("W", started=when("2022-05-20")), find("F", activity="W")]
    assert ordnance.days_to_first_find(ground(*things), 0) == 12
    assert ordnance.days_to_first_find(ground(H, product("P", WHOLE)), 0) is None


squares = st.builds(square, st.integers(0, 5), st.integers(0, 5), st.integers(1, 4), st.integers(1, 4))
days = st.dates(date(2018, 1, 1), date(2024, 12, 31)).map(lambda day: when(str(day)))


@st.composite
def nations(draw):
    """Up to four hazards, six products and four finds that name each other at random."""
    hazards = [
        hazard(f"H{n}", draw(squares), draw(st.sampled_from(["AP", "CMR"])), identified=str(draw(days)),
               area_type=draw(st.sampled_from(["SHA", "CHA"])))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    names = st.frozensets(st.sampled_from([one.id for one in hazards]), max_size=2)
    products = [
        product(f"P{n}", draw(squares), hazards=draw(names), ended=draw(days),
                product_type=draw(st.sampled_from(["cancelled", "reduced", "cleared"])))
        for n in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    finds = [
        find(f"F{n}", point(draw(st.integers(-1, 9)), draw(st.integers(-1, 9))), found_on=draw(days),
             category=draw(st.sampled_from(["AP", "CMR", "SAA"])))
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    return [*hazards, *products, *finds]


@settings(deadline=None, max_examples=40)
@given(nations(), st.randoms(use_true_random=False))
def test_order_of_arrival_changes_no_finding(things, random):
    shuffled = random.sample(things, len(things))
    assert findings(known(*things)) == findings(known(*shuffled))


@settings(deadline=None, max_examples=40)
@given(nations())
def test_credit_is_never_more_than_the_polygon(things):
    place = ground(*things)
    for net, shape in zip(land.net_m2(place), place.book.product_shape, strict=True):
        assert -0.1 <= net <= shape.area + 0.1
