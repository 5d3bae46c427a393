"""Whose a name is: known letter for letter, proposed by likeness, and models of ordnance never mixed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.dictionary.known_names import Bearer, NameBook, Spelling, alike, designations, listed

BOOK = NameBook(listed())


def bearer(name):
    found = BOOK.find(name)
    assert found is not None
    return found


def test_a_known_name_is_found_in_any_case_and_script():
    names = ("unmas", "ОБСЕ", "PMN-1", "ПМН-1", "Conference on Security and Co-operation in Europe", "PMN-2")
    assert [bearer(name).code for name in names] == ["UNMAS", "OSCE", "PMN", "PMN", "OSCE", "PMN-2"]
    assert BOOK.find("PMN-E") is None


@pytest.mark.parametrize("name", ["PMN-E", "PMN-3", "TM-62", "OZM-72A", "MON-5"])
def test_a_model_with_another_designation_is_not_even_proposed(name):
    assert BOOK.proposals([name], "ordnance") == []


@pytest.mark.parametrize(
    ("name", "code", "how"),
    [("Norwegian Peoples Aid", "NPA", "spelling"), ("UN Mine Aktion Service", "UNMAS", "spelling"),
     ("Halo Trust UK", "HALO", "part")],
)  # fmt: skip
def test_what_is_alike_is_proposed_with_its_score(name, code, how):
    (found,) = BOOK.proposals([name], "organisation")
    assert (found.bearer.code, found.how) == (code, how)
    assert 0.8 < found.score < 1


def test_initials_stand_for_a_name():
    book = NameBook((Bearer("organisation", "X", (Spelling("Office of Mine Clearance and Survey"),)),))
    assert [(one.score, one.how) for one in book.proposals(["MCS", "OMCS"], "organisation")] == [(0.9, "initials")]


def test_names_have_their_time():
    osce = bearer("OSCE")
    assert osce.name_on(date(1990, 1, 1)).startswith("Conference")
    assert osce.name_on(date(2020, 1, 1)).startswith("Organization")
    handicap = bearer("Handicap International")
    assert handicap.name_on(date(2017, 6, 1)) == "Handicap International"
    assert handicap.name_on(date(2019, 6, 1)) == "Humanity & Inclusion"


def test_no_two_bearers_of_a_sort_share_a_name_and_every_code_is_its_own():
    codes = [(each.sort, each.code) for each in listed()]
    assert len(codes) == len(set(codes))
    for each in listed():
        for name in each.names:
            assert BOOK.find(name.text, each.sort) == each, name.text


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_a_share_and_the_same_either_way_for_designations(one, other):
    score, _how = alike(one, other)
    assert 0 <= score <= 1
    if designations(one) != designations(other):
        assert score == 0
