"""The type that carries the area, and the treaty views."""

import pytest

from clearland.land.contamination import in_view, type_of


@pytest.mark.parametrize(
    ("codes", "type_"),
    [
        ([], "UNK"), (["UNK"], "UNK"), (["AP"], "AP"), (["AP", "UNK"], "AP"), (["CMR", "SAA"], "CMR"), (["SAA"], "SAA"),
        (["AP", "AV"], "MIX_MINES"), (["AP", "AP_IMPRO"], "MIX_MINES"), (["AP", "CMR"], "MIX_ALL"),
        (["UXO", "AXO"], "MIX_ALL"), (["SAA", "COMP"], "MIX_ALL"),
    ],
)
def test_one_type_carries_the_area(codes, type_):
    assert type_of(codes) == type_
    assert type_of(frozenset(codes)) == type_


def test_views_overlap_and_mixed_ground_is_in_each():
    assert in_view(["AP", "CMR"], "APMBC")
    assert in_view(["AP", "CMR"], "CCM")
    assert in_view(["CMR"], "CCW_PV")
    assert not in_view(["AV"], "APMBC")
