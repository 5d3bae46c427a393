"""A claim refuses what cannot be one, tells itself in the agreed keys, and keeps its name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.claims.model import Claim, Scope, Voice, from_json
from clearland.core.errors import ClearlandError

KEYS = (
    "file start end subject attribute value value_status unit qualifier base scope period as_of polarity modality claimant "
    "chain stance quoted evidence question table_cell footnote in_footnote cited_source"
).split()


def a_claim(**rest):
    given_: dict[str, Any] = {
        "file": "a.txt",
        "start": 3,
        "end": 9,
        "subject": "Varenia",
        "attribute": "release.cleared",
        "value": 12,
    }
    return Claim(**(given_ | rest))


def test_json_has_exactly_the_agreed_keys():
    plain = a_claim(
        scope=Scope(place=("AZ-LA",), device="AP"), chain=(Voice(agent="VMAC", role="asserts", mode="quoted"),)
    ).as_json()
    assert set(plain) == set(KEYS)
    assert plain["scope"] == {
        "place": ["AZ-LA"],
        "device": "AP",
        "actor": None,
        "activity": None,
        "method": None,
        "population": None,
        "outcome": None,
        "definition": None,
    }
    assert plain["chain"] == [{"agent": "VMAC", "role": "asserts", "mode": "quoted"}]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"start": 9, "end": 9}, "E-CLAIM-SPAN"),
        ({"start": -1}, "E-CLAIM-SPAN"),
        ({"polarity": "maybe"}, "E-CLAIM-CODE"),
        ({"stance": "believed"}, "E-CLAIM-CODE"),
        ({"modality": "hoped"}, "E-CLAIM-CODE"),
        ({"value": None}, "E-CLAIM-VALUE"),
        ({"value": float("nan")}, "E-CLAIM-VALUE"),
    ],
)
def test_what_is_no_claim_is_refused(wrong, code):
    with pytest.raises(ClearlandError) as refusal:
        a_claim(**wrong)
    assert refusal.value.code == code


def test_unknown_is_a_value_status_of_its_own():
    assert a_claim(value=None, value_status="unknown").as_json()["value"] is None


def test_a_claim_beyond_its_text_is_refused():
    claim = a_claim(start=2, end=5)
    assert claim.resolve("abcdef") == "cde"
    with pytest.raises(ClearlandError, match="points at"):
        claim.resolve("abcd")
    with pytest.raises(ClearlandError):
        a_claim(start=0, end=1, evidence=((2, 90),)).resolve("abcdef")


@given(
    value=st.one_of(
        st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.text(max_size=40)
    ),
    start=st.integers(0, 10**6),
    length=st.integers(1, 500),
    footnote=st.one_of(st.none(), st.integers(1, 99), st.just("i")),
    places=st.lists(st.text(max_size=8), max_size=3),
)
def test_round_trip_keeps_the_claim_and_its_name(value, start, length, footnote, places):
    claim = a_claim(value=value, start=start, end=start + length, footnote=footnote, scope=Scope(place=tuple(places)))
    again = from_json(claim.as_json())
    assert again.ref == claim.ref
    assert again.as_json() == claim.as_json()


def test_the_name_does_not_depend_on_what_a_reviewer_may_change():
    assert a_claim().ref == a_claim(claimant="VMAC", period="2020", footnote=3).ref
    assert a_claim().ref != a_claim(value=13).ref
