"""Several states of one record in one commit: in order, all or nothing, and proved like any other."""

from datetime import UTC, date, datetime

import pytest
import shapely

from clearland.core.clock import fixed_clock
from clearland.core.errors import RefusedInput
from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.history import StaleWrite
from clearland.ledger.rows import head, history, rows, within
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.verify import verify
from clearland.ledger.write import write, write_in_turn
from tests.conftest import TestProgramme

ACTOR = system_actor("import")
RECORD = record_id("tests", "turns")
NOW = fixed_clock(datetime(2024, 5, 1, tzinfo=UTC))


def said(name: str, year: int, west: float, **more: object) -> Draft:
    """A hazard on open ocean as known in a year."""
    values = {"name": name, "area_type": "SHA", "contamination": ["AP"]}
    outline = shapely.box(west, 20, west + 0.01, 20.01)
    return Draft(record=RECORD, kind="hazard", local_id="SYN-T", attributes=values, geometry=outline,
                 known_at=datetime(year, 1, 1, tzinfo=UTC), **more)  # type: ignore[arg-type]


def source() -> NewSource:
    return NewSource(data=b"SYNTHETIC", filename="turns.txt", media_type="text/plain", received=date(2024, 5, 1))


def test_states_of_turns_hold_each_in_its_time(programme: TestProgramme) -> None:
    turns = [[said("first", 2010, -30)], [said("second", 2012, -31)], [said("third", 2014, -32)]]
    receipt = write_in_turn(turns, actor=ACTOR, reason="SYNTHETIC", source=source(), clock=NOW)
    assert (receipt.new, receipt.changed) == (1, 2)
    seen = scope(ACTOR, "tests")
    assert [entry.attributes["name"] for entry in history(seen, RECORD)] == ["first", "second", "third"]
    for day, name, west in ((date(2011, 6, 1), "first", -30), (date(2013, 6, 1), "second", -31), (None, "third", -32)):
        box = (west, 20.0, west + 0.01, 20.01)
        found = within(rows(seen, "hazard", as_known=day), box, "hazard")
        assert [each.attributes["name"] for each in found] == [name]
    assert verify().ok
    end = head()
    again = write_in_turn(turns, actor=ACTOR, reason="SYNTHETIC", source=source(), clock=NOW)
    assert (again.new, again.changed, head()) == (0, 0, end)


def test_nothing_of_any_turn_stays_when_the_last_is_refused(programme: TestProgramme) -> None:
    before = head()
    wrong = Draft(record=RECORD, kind="hazard", local_id="SYN-T", attributes={"no such field": "x"})
    with pytest.raises(RefusedInput):
        write_in_turn([[said("first", 2010, -30)], [wrong]], actor=ACTOR, reason="SYNTHETIC", source=source(), clock=NOW)
    assert head() == before
    write([said("ours", 2010, -30)], actor=ACTOR, reason="SYNTHETIC", source=source(), clock=NOW)
    with pytest.raises(StaleWrite):
        write_in_turn([[said("late", 2011, -30)], [said("later", 2012, -30)]], actor=ACTOR, reason="SYNTHETIC", source=source(),
                      clock=NOW)
    assert [entry.attributes["name"] for entry in history(scope(ACTOR, "tests"), RECORD)] == ["ours"]
