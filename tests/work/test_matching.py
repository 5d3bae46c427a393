"""A person says that two records are one thing: figures count it once and say so, nothing is merged, undoing restores all."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import shapely
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.core.errors import NotPermitted, RefusedInput
from clearland.core.ids import record_id
from clearland.figures.findings import found as findings_found
from clearland.figures.indicators import contributions, figures
from clearland.figures.land import land_balance
from clearland.figures.matches import candidates
from clearland.figures.model import Scope
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import links, rows
from clearland.ledger.scope import Actor, scope
from clearland.ledger.snapshot import snapshot
from clearland.ledger.verify import verify
from clearland.ledger.write import write
from clearland.work.matching import decide, decisions, open_candidates, take_back
from tests.figures.told import ACTOR

PERSON = Actor(id="user:7", name="Somebody", is_admin=True)
AT, LATER = (fixed_clock(datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 20))
FIRST, SECOND, THIRD = (record_id("accident", name) for name in ("police", "hospital", "press"))


def accident(record: UUID, name: str, injured: int, day: str = "2024-05-10") -> Draft:
    return Draft(
        record=record, kind="accident", local_id=f"SYNTHETIC-{name}", geometry=shapely.Point(-30, 10),
        attributes={"date": day, "device_category": "AP", "killed": 0, "injured": injured, "demining": False,
                    "location_accuracy": "exact"},
    )  # fmt: skip


def three_accounts_of_one() -> None:
    drafts = [accident(FIRST, "police", 2), accident(SECOND, "hospital", 3), accident(THIRD, "press", 2, "2024-05-11")]
    write(drafts, actor=ACTOR, reason="SYNTHETIC", clock=AT)


def casualties(as_known: date | None = None) -> tuple[float | None, int]:
    [figure] = figures(snapshot(as_known=as_known), ["CAS-1"], scope=Scope())
    return figure.value, figure.told_again


def test_one_thing_counts_once_and_taking_back_restores_exactly(programme):
    three_accounts_of_one()
    before = snapshot()
    unchanged = [figure.as_json() | {"lineage": figure.lineage.digest} for figure in figures(before, ["CAS-1", "CAS-2"])]
    assert casualties() == (7, 0)
    asked = open_candidates(candidates(before, "accident"), decisions(scope(PERSON, "tests")))
    assert {pair.kind for pair in asked} == {"accident"}
    match = decide(FIRST, SECOND, "same", actor=PERSON, counted=SECOND, reason="One case file", clock=LATER)
    assert casualties() == (5, 1)
    assert len(contributions(snapshot(), "CAS-2", Scope())) == 2
    assert figures(snapshot(), ["CAS-2"])[0].as_json()["told_again"] == 1
    decide(THIRD, FIRST, "same", actor=PERSON, counted=FIRST, reason="The same again", clock=LATER)
    assert casualties() == (3, 2)
    assert casualties(date(2026, 3, 10)) == (7, 0)  # nobody had said so yet
    assert rows(scope(PERSON, "tests"), "accident").count() == 3
    assert "counted_record" in {link.role for link in links(scope(PERSON, "tests"), SECOND)}
    for each in decisions(scope(PERSON, "tests")):
        take_back(each.record, actor=PERSON, clock=fixed_clock(datetime(2026, 3, 25, tzinfo=UTC)))
    now = [figure.as_json() | {"lineage": figure.lineage.digest} for figure in figures(snapshot(), ["CAS-1", "CAS-2"])]
    assert now == unchanged
    assert decisions(scope(PERSON, "tests")) == []
    assert verify().ok
    decide(FIRST, SECOND, "different", actor=PERSON, clock=fixed_clock(datetime(2026, 3, 26, tzinfo=UTC)))
    [standing] = decisions(scope(PERSON, "tests"), "accident")
    assert (standing.record, standing.verdict, standing.counted) == (match, "different", "")


def test_a_pair_that_was_decided_is_not_asked_again(sqlite_programme):
    three_accounts_of_one()
    seen = scope(PERSON, "tests")
    asked = open_candidates(candidates(snapshot(), "accident"), decisions(seen))
    decide(UUID(asked[0].first), UUID(asked[0].second), "not_sure", actor=PERSON, reason="No paper", candidate=asked[0])
    assert decisions(seen)[0].score == asked[0].score
    left = open_candidates(candidates(snapshot(), "accident"), decisions(seen))
    assert frozenset((asked[0].first, asked[0].second)) not in {frozenset((each.first, each.second)) for each in left}
    assert casualties() == (7, 0)


def test_a_decision_costs_no_new_comparison(sqlite_programme, monkeypatch):
    three_accounts_of_one()
    first = candidates(snapshot(), "accident")
    decide(FIRST, SECOND, "different", actor=PERSON)
    monkeypatch.setattr("clearland.figures.matches.accidents", None)
    assert candidates(snapshot(), "accident").pairs == first.pairs


def test_what_was_decided_is_no_finding_any_more(sqlite_programme):
    three_accounts_of_one()
    assert [row["local_id"] for row in findings_found(snapshot()) if row["code"] == "R-NEAR-DUPLICATE"]
    decide(FIRST, SECOND, "different", actor=PERSON)
    assert not [row["local_id"] for row in findings_found(snapshot()) if row["code"] == "R-NEAR-DUPLICATE"]


@pytest.mark.parametrize(("one", "other", "verdict", "reason", "code"), [
    (FIRST, SECOND, "merge", "x", "E-MATCH-VERDICT"), (FIRST, SECOND, "same", " ", "E-MATCH-REASON"),
    (FIRST, FIRST, "different", "", "E-MATCH-RECORD"), (FIRST, record_id("accident", "none"), "different", "", "E-MATCH-RECORD"),
])  # fmt: skip
def test_what_is_no_decision_is_refused(sqlite_programme, one, other, verdict, reason, code):
    three_accounts_of_one()
    with pytest.raises(RefusedInput) as refused:
        decide(one, other, verdict, actor=PERSON, reason=reason)
    assert refused.value.code == code


def test_only_a_person_decides(sqlite_programme):
    three_accounts_of_one()
    for nobody in (None, ACTOR):
        with pytest.raises(NotPermitted):
            decide(FIRST, SECOND, "different", actor=nobody)
    with pytest.raises(RefusedInput):
        take_back(FIRST, actor=PERSON)


def hazard(name: str, shape: shapely.Geometry | None, identified: str, **values: object) -> Draft:
    return Draft(
        record=record_id("hazard", name), kind="hazard", local_id=f"SYNTHETIC-{name}", geometry=shape,
        attributes={"area_type": "CHA", "contamination": ["AP"], "identified_on": identified, **values},
    )  # fmt: skip


def test_a_hazard_drawn_twice_is_released_under_either_name_and_counts_once(sqlite_programme):
    ground = shapely.box(-30, 10, -29.99, 10.01)
    first, second = hazard("north", ground, "2023-01-01"), hazard("south", ground, "2023-06-01")
    released = Draft(
        record=record_id("land_release", "p"), kind="land_release", local_id="SYNTHETIC-P", geometry=ground,
        attributes={"product_type": "cleared", "release_date": "2024-02-01", "depth_cm": 20, "qc_state": "passed"},
        links={"hazards": [second.record]},
    )  # fmt: skip
    write([first, second], actor=ACTOR, reason="SYNTHETIC", clock=AT)
    assert figures(snapshot(), ["CONT-1N"])[0].value == 1  # the ground has one owner
    write([released], actor=ACTOR, reason="SYNTHETIC", clock=AT)
    assert closing() > 1e6
    match = decide(first.record, second.record, "same", actor=PERSON, counted=second.record, reason="One field", clock=LATER)
    assert closing() < 1
    assert figures(snapshot(), ["CONT-1N"])[0].value in (0, None)
    take_back(match, actor=PERSON, clock=LATER)
    assert closing() > 1e6


def test_two_hazards_that_are_one_with_ground_left_in_both(sqlite_programme):
    first, second = hazard("north", shapely.box(-30, 10, -29.99, 10.01), "2023-01-01"), hazard(
        "south", shapely.box(-30, 10.005, -29.99, 10.015), "2023-06-01")  # fmt: skip
    write([first, second], actor=ACTOR, reason="SYNTHETIC", clock=AT)
    before = figures(snapshot(), ["CONT-1", "CONT-1N"])
    decide(first.record, second.record, "same", actor=PERSON, counted=second.record, reason="One field", clock=LATER)
    after = figures(snapshot(), ["CONT-1", "CONT-1N"])
    assert after[0].value == before[0].value  # what both outlines cover, each square metre once
    assert [(figure.value, figure.told_again) for figure in (before[1], after[1])] == [(2, 0), (1, 1)]


def test_reported_only_twice_counts_once(sqlite_programme):
    first, second = (hazard(name, None, "2023-01-01", area_reported_m2="1000") for name in ("east", "west"))
    write([first, second], actor=ACTOR, reason="SYNTHETIC", clock=AT)
    assert [figure.value for figure in figures(snapshot(), ["CONT-1R", "CONT-1N"])] == [2000, 2]
    decide(first.record, second.record, "same", actor=PERSON, reason="One field", clock=LATER)
    assert [figure.value for figure in figures(snapshot(), ["CONT-1R", "CONT-1N"])] == [1000, 1]


def closing() -> float:
    made = land_balance(snapshot(), period_from=date(2023, 1, 1), period_to=date(2025, 12, 31), by=())
    return float(made.rows[0].closing_m2 or 0)


def test_the_command_lists_decides_and_takes_back(sqlite_programme, monkeypatch):
    three_accounts_of_one()
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["matches", *words])
        return done.exit_code, done.stdout

    asked = json.loads(run("list", "--kind", "accident", "--json")[1])
    assert asked[0]["local_ids"][0].startswith("SYNTHETIC-")
    assert {"code", "weight", "values", "said"} == set(asked[0]["reasons"][0])
    assert "from each other" in run("list")[1]
    assert run("decide", "SYNTHETIC-police", "SYNTHETIC-hospital", "same", "--reason", "One case file")[0] == 0
    assert casualties() == (4, 1)
    assert run("undo", "SYNTHETIC-police", "SYNTHETIC-hospital")[0] == 0
    assert casualties() == (7, 0)
    for wrong in (("undo", "SYNTHETIC-police", "SYNTHETIC-press"), ("decide", "SYNTHETIC-police", "NOBODY", "different"),
                  ("list", "--kind", "survey")):  # fmt: skip
        assert run(*wrong)[0] == 1
