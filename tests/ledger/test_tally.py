"""A tally that moved on with what was written says the same as one that counts everything."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from clearland.core.errors import RefusedInput
from clearland.ledger.rebuild import rebuild
from clearland.ledger.rows import head, rows
from clearland.ledger.scope import scope
from clearland.ledger.tally import covers, fitting, tally
from tests.ledger.book import GROUND, MEMBER, day, everything, hazard, put, source
from tests.ledger.test_laws import SLOW, STATES

_serial = iter(range(10**9))


def confirmed(found):
    """A filter of a list."""
    return found.filter(organisation="", attributes__area_type="CHA")


def agrees(held):
    """The tally and a filter's count against counts of the rows themselves; the filter's count for the next time."""
    whole, every = tally(head()), everything()
    for unverified in (False, True):
        told = whole.records(every, unverified=unverified)
        found = rows(every, unverified=unverified, bare=True)
        assert {kind: n for kind, n in told.items() if n} == {
            kind: found.filter(kind=kind).count() for kind in set(found.values_list("kind", flat=True))
        }
        drawn = whole.records(every, unverified=unverified, drawn=True).get("hazard", 0)
        assert drawn == found.filter(kind="hazard", min_x__isnull=False).count()
    member = scope(MEMBER, "test")
    assert whole.records(member).get("hazard", 0) == rows(member, "hazard", bare=True).count()
    fits = fitting(every, "hazard", confirmed, held, whole)
    assert fits.count == confirmed(rows(every, "hazard", unverified=True, bare=True)).count()
    return fits


STEP = st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.sampled_from(["CHA", "SHA"]), st.booleans(), st.booleans())


@SLOW
@given(steps=st.lists(STEP, max_size=10))
def test_moving_on_is_counting_again(sqlite_programme, steps):
    run = next(_serial)
    held = agrees(None)
    for number, (key, state, area_type, drawn, look) in enumerate(steps):
        draft = hazard(f"{run}-{key}", state=state, area_type=area_type, geometry=GROUND if drawn else None)
        with contextlib.suppress(RefusedInput):  # a step that the workflow does not have
            put(draft, clock=day(30 * run + number))
        if look:
            held = agrees(held)
    agrees(held)


def test_on_both_databases_with_a_state_declared_for_an_earlier_time(programme):
    put([hazard(str(number), area_type="CHA") for number in range(4)], source=source("first", date(2015, 4, 30)))
    held = agrees(None)
    put(hazard("1", area_type="SHA"), clock=day(1))
    put(replace(hazard("2"), state="withdrawn"), clock=day(2))
    put(hazard("9", area_type="CHA", state="submitted"), clock=day(3))
    held = agrees(held)
    era = held.era
    late = replace(hazard("0", area_type="SHA", name="Earlier"), known_at=datetime(2014, 1, 1, tzinfo=UTC))
    put(late, source=source("second", date(2016, 1, 1)), clock=day(4))
    held = agrees(held)
    assert held.era != era, "windows moved in the middle: all is counted again"
    rebuild()
    put(hazard("3", area_type="SHA"), clock=day(5))
    agrees(held)


def test_synthetic_records_are_seen_as_soon_as_they_are_written(programme):
    put(hazard("1"))
    assert not tally(head()).synthetic(everything())
    put(replace(hazard("2"), local_id="SYN-2"), clock=day(1))
    assert tally(head()).synthetic(everything())


def test_a_tally_speaks_only_for_scopes_of_classes_and_kinds():
    assert covers(everything())
    assert covers(scope(MEMBER, "test", kinds=["hazard"]))
