"""Tables computed from a snapshot: made once, taken over by later snapshots in which nothing they rest on was written."""

from datetime import date

import pyarrow as pa
import pytest

from clearland.figures import findings
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import Actor
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.work import answering
from tests.conftest import TestProgramme
from tests.ledger import book

MADE = "made_of_hazards"


class Maker:
    """Makes the table and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def known_to(self, made: Snapshot) -> int:
        """How many hazards the table tells, as the snapshot's SQL finds it."""
        made.derive(MADE, lambda: self.table(made), rests_on=("hazard", "source"))
        return int(made.sql(f"SELECT n FROM {MADE}")["n"][0].as_py())

    def table(self, made: Snapshot) -> pa.Table:
        self.times += 1
        return made.sql("SELECT count(*) AS n FROM hazard")


def place(key: str) -> Draft:
    attributes = {"code": key, "name": f"SYNTHETIC {key}", "place_type": "settlement"}
    return Draft(record=book.hazard(f"place {key}").record, kind="place", local_id=key, attributes=attributes)


@pytest.fixture
def maker(programme: TestProgramme) -> Maker:
    book.put([book.hazard("1"), book.hazard("2")])
    made = Maker()
    assert made.known_to(snapshot()) == 2
    return made


def test_a_commit_that_touches_nothing_of_it_leaves_a_table_as_it_is(maker: Maker) -> None:
    for number in range(3):
        book.put(place(f"P{number}"))
        assert maker.known_to(snapshot()) == 2
    assert maker.times == 1


@pytest.mark.parametrize("state", ["approved", "draft"])
def test_a_commit_to_what_it_rests_on_makes_it_anew(maker: Maker, state: str) -> None:
    book.put(place("P"))
    book.put(book.hazard("3", state=state))
    assert maker.known_to(snapshot()) == (3 if state == "approved" else 2)
    assert maker.times == 2


def test_what_another_day_knew_is_not_taken(maker: Maker) -> None:
    assert maker.known_to(snapshot(as_known=date(2024, 2, 1))) == 0
    assert maker.times == 2


def test_an_answer_to_a_finding_makes_no_rule_run_again(programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    book.put([book.hazard("1", district="D1"), place("D1")])
    before = snapshot()
    found = [row for row in findings.found(before) if row["record"]]
    assert found
    answering.answer(before, found[0]["mark"], "as_is", "SYNTHETIC: looked at", actor=Actor("user:9", "Somebody", is_admin=True))
    after = snapshot()
    assert after.head != before.head
    monkeypatch.setattr(findings, "_table", lambda made: pytest.fail("the rules ran again"))
    assert findings.found(after) == findings.found(before)
