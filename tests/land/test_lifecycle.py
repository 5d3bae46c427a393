"""A status follows from ground, work and handover; what does not follow is refused with a reason."""

from dataclasses import replace

import pytest

from clearland.core.partial_dates import PartialDate
from clearland.land.lifecycle import ALLOWED, State, class_change, hindrances, status_of, transition
from clearland.land.model import Product

CLEARED = Product(id="p", local_id="P", product_type="cleared", ended=None, geometry=None, qc_state="passed")
CANCELLED = replace(CLEARED, product_type="cancelled", qc_state="not_inspected")
SIGNED = PartialDate(2023)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State(remaining_m2=500), "open"),
        (State(remaining_m2=500, work="ongoing"), "in_progress"),
        (State(remaining_m2=500, work="suspended", products=[CLEARED]), "suspended"),
        (State(remaining_m2=0, products=[CANCELLED]), "closed_cancelled"),
        (State(remaining_m2=0, products=[CANCELLED], handover=SIGNED), "closed_cancelled"),
        (State(remaining_m2=0.4, products=[CANCELLED, CLEARED]), "closed_completed"),
        (State(remaining_m2=0, products=[CLEARED], handover=SIGNED), "released"),
        (State(remaining_m2=0, products=[replace(CLEARED, qc_state="not_inspected")]), "open"),
        (State(remaining_m2=0, products=[replace(CLEARED, approved=False)], work="ongoing"), "in_progress"),
    ],
)
def test_status_is_derived(state, status):
    assert status_of(state) == status


def test_hindrances_are_all_named():
    waiting = [replace(CLEARED, approved=False, qc_state="failed")]
    codes = [finding.code for finding in hindrances(State(remaining_m2=2, products=waiting))]
    assert codes == ["L-CLOSE-REMAINING", "L-CLOSE-UNAPPROVED", "L-CLOSE-QC"]


@pytest.mark.parametrize("before", ["closed_cancelled", "closed_completed", "released"])
@pytest.mark.parametrize("after", ["open", "in_progress", "suspended"])
def test_a_closed_hazard_never_reopens(before, after):
    refused = transition(before, after, State(remaining_m2=10))
    assert [finding.code for finding in refused] == ["L-STATUS-REFUSED"]
    assert "parent" in refused[0].remedy


def test_transitions_that_follow_are_allowed_and_others_say_why():
    done = State(remaining_m2=0, products=[CLEARED])
    assert transition("open", "in_progress", State(remaining_m2=9, work="ongoing")) == []
    assert transition("in_progress", "closed_completed", done) == []
    assert [one.code for one in transition("closed_completed", "released", done)] == ["L-STATUS-HANDOVER"]
    assert transition("closed_completed", "released", replace(done, handover=SIGNED)) == []
    assert [one.code for one in transition("open", "closed_cancelled", done)] == ["L-STATUS-CANCELLED"]
    assert [one.code for one in transition("open", "released", done)] == ["L-STATUS-REFUSED"]
    assert transition("released", "released", done) == []


def test_every_derived_status_can_be_reached_from_open_work():
    assert set(ALLOWED["open"]) | {"open", *ALLOWED["closed_completed"]} == set(ALLOWED)


def test_a_downgrade_needs_a_reason():
    assert [one.code for one in class_change("CHA", "SHA", None)] == ["L-CLASS-DOWNGRADE"]
    assert class_change("CHA", "SHA", "evidence withdrawn") == []
    assert class_change("SHA", "CHA", None) == []
