"""What of a model's answer is taken: quotations that are there, codes that exist, numbers that are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearland.claims.model import Claim
from clearland.evidence.suggestions.suggested import Refused, claims_in_answer

TEXT = "Nothing here.\nIn 2022 the Mine Office cleared  3.5 million\nsquare metres. Nine people were hurt."
START = TEXT.index("In 2022")
ATTRIBUTES = frozenset({"release.cleared", "casualty.injured"})
GOOD = {
    "quote": "cleared 3.5 million square metres", "subject": "Varenia", "attribute": "release.cleared", "value": 3500000,
    "unit": "m2", "period": "2022", "claimant": "Mine Office", "stance": "reported", "polarity": "affirmed",
}  # fmt: skip


def taken(answer):
    return list(claims_in_answer(answer, TEXT, START, len(TEXT), "a.txt", ATTRIBUTES))


def test_a_claim_that_quotes_is_taken_with_the_characters_of_the_source():
    (claim,) = taken({"claims": [GOOD]})
    assert isinstance(claim, Claim)
    assert claim.resolve(TEXT) == "cleared  3.5 million\nsquare metres"
    assert (claim.value, claim.period, claim.claimant) == (3500000, "2022", "Mine Office")


@pytest.mark.parametrize(
    ("change", "why"),
    [({"quote": "cleared 35 million square metres"}, "quote"), ({"quote": "Nothing here."}, "quote"), ({"quote": ""}, "shape"),
     ({"attribute": "release.invented"}, "attribute"), ({"value": 350000}, "number"), ({"stance": "certain"}, "claim"),
     ({"value": ["list"]}, "claim")],
)  # fmt: skip
def test_what_does_not_hold_is_refused_with_the_reason(change, why):
    (refused,) = taken({"claims": [GOOD | change]})
    assert isinstance(refused, Refused)
    assert refused.why == why


def test_numbers_in_words_count_as_told():
    said = {"quote": "Nine people were hurt", "attribute": "casualty.injured", "value": 9, "unit": "people"}
    (claim,) = taken({"claims": [said]})
    assert isinstance(claim, Claim)
    assert claim.subject == "document"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["claims", "quote", "value", "attribute"]), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_answered_by_claims_or_refusals(answer):
    for each in taken(answer):
        assert isinstance(each, Claim | Refused)
        if isinstance(each, Claim):
            assert each.resolve(TEXT)
