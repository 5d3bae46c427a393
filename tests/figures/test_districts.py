"""Boundaries split ground only while they are marked official; otherwise the stored district stands."""

from datetime import UTC, date, datetime

import pytest
from shapely.geometry import box

from clearland.core.clock import fixed_clock
from clearland.core.ids import record_id
from clearland.figures.indicators import figures
from clearland.figures.land import land_balance
from clearland.figures.model import Scope
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write

SIDE = 0.002
PERIOD = {"period_from": date(2024, 1, 1), "period_to": date(2024, 12, 31)}


def place(code, shape, **official):
    return Draft(
        record=record_id("places", code), kind="place", local_id=code, geometry=shape,
        attributes={"name": code, "place_type": "admin1", "code": code, **official},
    )


def fill(**official):
    """A hazard across the border of West and East, reported in West, half of it cleared in the East."""
    hazard = record_id("hazards", "H")
    drafts = [
        place("W", box(-1, -1, 0, 1), **official), place("E", box(0, -1, 1, 1), **official),
        Draft(record=hazard, kind="hazard", local_id="H", geometry=box(-3 * SIDE, 0, SIDE, SIDE), attributes={
            "area_type": "CHA", "contamination": ["AP"], "identified_on": "2020-05-01", "district": "W"}),
        Draft(record=record_id("products", "P"), kind="land_release", local_id="P", geometry=box(0, 0, SIDE / 2, SIDE),
              attributes={"product_type": "cleared", "release_date": "2024-06-01", "depth_cm": "20", "qc_state": "passed"},
              links={"hazards": (hazard,)}),
    ]  # fmt: skip
    write(drafts, actor=system_actor("import"), reason="Two districts", clock=fixed_clock(datetime(2025, 1, 1, tzinfo=UTC)))
    return snapshot()


def by_place(shot):
    result = land_balance(shot, by=("place", "type"), **PERIOD)  # type: ignore[arg-type]
    assert result.closes
    return {row["place"]: row for row in result.as_json() if row["type"] == "AP"}


def test_official_boundaries_split_ground_and_rows_add_up(programme):
    shot = fill(official_from="2019")
    rows = by_place(shot)
    assert rows["W"]["opening_m2"] == pytest.approx(3 * rows["E"]["opening_m2"], rel=1e-4)
    assert rows["W"]["cleared_m2"] == 0
    assert rows["E"]["cleared_m2"] == pytest.approx(rows["E"]["opening_m2"] / 2, rel=1e-4)
    whole = land_balance(shot, by=("type",), **PERIOD).row(type="AP")  # type: ignore[arg-type]
    assert sum(row["closing_m2"] for row in rows.values()) == pytest.approx(whole.closing_m2, abs=0.01)
    scope = Scope(**PERIOD)  # type: ignore[arg-type]
    split = {one.scope.place: one.value for one in figures(shot, ["CONT-1"], scope=scope, by=["place"])}
    assert split == {code: pytest.approx(row["closing_m2"], abs=0.01) for code, row in rows.items() if row["closing_m2"]}


@pytest.mark.parametrize("official", [{}, {"official_from": "2019", "official_to": "2021"}])
def test_boundaries_that_are_not_official_split_nothing(sqlite_programme, official):
    rows = by_place(fill(**official))
    assert rows["W"]["cleared_m2"] > 0
    assert "E" not in rows
