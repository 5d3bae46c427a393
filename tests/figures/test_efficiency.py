"""Efficiency asks; it never renames ground. What is not recorded is not known."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely.geometry import Point, box
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.core.ids import record_id
from clearland.figures.efficiency import efficiency
from clearland.figures.land import land_balance
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write

SIDE = 0.0018  # degrees: about 200 m
PERIOD: dict[str, Any] = {"period_from": date(2024, 1, 1), "period_to": date(2024, 12, 31)}


def name(kind, text):
    return record_id(kind, text)


def draft(kind, local_id, attributes, shape=None, **links):
    return Draft(
        record=name(kind, local_id), kind=kind, local_id=local_id, attributes=attributes, geometry=shape,
        links={role: (target,) for role, target in links.items()},
    )


def cleared(number, days):
    """A task and its polygon, one square further east for each number."""
    shape = box(number * SIDE, 0, (number + 1) * SIDE, SIDE)
    attributes = {"activity_type": "clearance", "status": "completed", "start_date": "2024-03-01", "end_date": "2024-04-30",
                  "days_worked": str(days), "items_found": 0}
    release = {"product_type": "cleared", "release_date": "2024-04-30", "depth_cm": "20", "qc_state": "passed", "targets": ["AP"]}
    links = {"hazards": name("hazard", "H"), "activity": name("clearance", f"T{number}")}
    return [draft("clearance", f"T{number}", attributes), draft("land_release", f"P{number}", release, shape, **links)]


def fill():
    """A hazard of five squares: three cleared (one with a mine, one empty in 12 days, one in 9), one cancelled, one open."""
    hazard = {"area_type": "CHA", "contamination": ["AP"], "identified_on": "2020-01-01"}
    other = {"area_type": "SHA", "contamination": ["AP"], "identified_on": "2020-01-01"}
    mine = {"category": "AP", "quantity": 2, "found_on": "2024-03-11", "fate": "destroyed", "destroyed_on": "2024-03-11"}
    direct = {"evidence_kind": "direct", "direct_type": "accident", "observed_on": "2014"}
    indirect = {"evidence_kind": "indirect", "indirect_type": "interview", "observed_on": "2023-12-31"}
    write(
        [
            draft("hazard", "H", hazard, box(0, 0, 5 * SIDE, SIDE)),
            draft("hazard", "S", other, box(9 * SIDE, 0, 11 * SIDE, SIDE)),
            *cleared(0, 20), *cleared(1, 12), *cleared(2, 9),
            draft("land_release", "C", {"product_type": "cancelled", "release_date": "2024-06"},
                  box(3 * SIDE, 0, 4 * SIDE, SIDE), hazards=name("hazard", "H")),
            draft("ordnance", "M", mine, Point(SIDE / 2, SIDE / 2), activity=name("clearance", "T0")),
            draft("evidence", "E1", direct, Point(SIDE, SIDE / 2), hazard=name("hazard", "H")),
            draft("evidence", "E2", indirect, Point(SIDE, SIDE / 2), hazard=name("hazard", "H")),
        ],
        actor=system_actor("import"), reason="A year", clock=fixed_clock(datetime(2025, 1, 10, tzinfo=UTC)),
    )  # fmt: skip
    return snapshot()


def measured(shot):
    return {one.code: one for one in efficiency(shot, **PERIOD)}


def test_a_year_of_work(programme):
    shot = fill()
    made = measured(shot)
    row = land_balance(shot, by=("type",), **PERIOD).row(type="all")
    square = row["cancelled"]
    value = {code: one.value for code, one in made.items()}
    assert value["cleared"] == pytest.approx(row["cleared"], rel=1e-6)
    assert value["cleared_without_finds"] == pytest.approx(2 * square, rel=1e-4)
    assert (value["tasks"], value["tasks_without_finds"], value["tasks_ten_days_without_finds"]) == (3, 2, 1)
    assert [one.local_id for one in made["tasks_ten_days_without_finds"].records] == ["T1"]
    assert made["tasks_without_finds"].question
    assert value["days_to_first_find"] == 10
    assert value["finds_per_km2"] == pytest.approx(2 / (3 * square / 1e6), rel=1e-4)
    assert made["finds_per_km2"].question.startswith("Fewer than 20 items per km²")
    assert value["cha_to_sha"] == pytest.approx(0.5, rel=1e-4)
    assert value["released_by_survey"] == pytest.approx(25, rel=1e-4)
    assert "43" in made["released_by_survey"].question
    assert value["newest_indirect_evidence_age"] == 366
    assert value["newest_direct_evidence_age"] == 366 + 9 * 365 + 2
    assert [one.local_id for one in made["hazards_without_direct_evidence"].records] == ["S"]


def test_nothing_recorded_is_not_known(sqlite_programme):
    assert {one.value for one in measured(snapshot()).values()} == {None}


def test_the_command(sqlite_programme, monkeypatch):
    fill()
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    period = ["--from", "2024-01-01", "--to", "2024-12-31"]
    printed = CliRunner().invoke(app, ["efficiency", *period, "--json"])
    made = {one["code"]: one for one in json.loads(printed.stdout)["measures"]}
    assert made["tasks_ten_days_without_finds"]["records"][0]["record"].startswith("record:")
    spoken = CliRunner().invoke(app, ["efficiency", *period])
    assert "tasks ten days without finds: 1.0 tasks" in spoken.stdout
