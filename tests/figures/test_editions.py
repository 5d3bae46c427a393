"""A frozen balance stays what it was: late arrivals are adjustments, and a restatement names what made them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely.geometry import box
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.figures.editions import edition_named, editions
from clearland.figures.land import ground, ground_of, land_balance
from clearland.figures.restatement import explain
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import record
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.verify import verify
from clearland.ledger.write import write
from clearland.work.editions import freeze

ACTOR = system_actor("cli")
SIDE = 0.0018
HAZARD, REDUCED, CLEARED = (record_id("case-4", name) for name in "HTK")
Y2024: dict[str, Any] = {"period_from": date(2024, 1, 1), "period_to": date(2024, 12, 31)}
Y2025: dict[str, Any] = {"period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31)}


def put(day: datetime, *drafts: Draft) -> None:
    write(drafts, actor=ACTOR, reason="As it came", clock=fixed_clock(day))


def release(name, product_type, ended, **more):
    return Draft(
        record=record_id("case-4", name), kind="land_release", local_id=name, geometry=box(0, 0, SIDE, SIDE),
        attributes={"product_type": product_type, "release_date": ended, "targets": ["AP"], "qc_state": "passed", **more},
        links={"hazards": (HAZARD,)},
    )


def known_in_january():
    """Land case 4: a hazard of two squares; the clearance of one is known when the year is closed."""
    hazard = Draft(
        record=HAZARD, kind="hazard", local_id="H", geometry=box(0, 0, 2 * SIDE, SIDE),
        attributes={"area_type": "CHA", "contamination": ["AP"], "identified_on": "2019"},
    )
    put(datetime(2025, 1, 20, tzinfo=UTC), hazard, release("K", "cleared", "2024-08-31", depth_cm="20"))


def late_survey():
    put(datetime(2025, 3, 15, tzinfo=UTC), release("T", "reduced", "2024-06-30"))


def closed(name="land-2024", day=datetime(2025, 1, 31, tzinfo=UTC), **words):
    return freeze(name, actor=ACTOR, clock=fixed_clock(day), **{**Y2024, **words})


def whole(result):
    row = result.row(type="AP")
    return {line: round(value) for line, value in (
        ("opening", row.opening_m2), ("closing", row.closing_m2), ("reduced", row["reduced"]), ("cleared", row["cleared"]),
        ("adj.reduced", row.as_json()["adjustments"]["reduced_m2"]),
        ("adj.cleared", row.as_json()["adjustments"]["cleared_m2"]),
    )}  # fmt: skip


def test_a_late_arrival_is_an_adjustment_and_last_years_closing_this_years_opening(programme):
    known_in_january()
    edition = closed()
    published = next(row for row in edition.rows if row["type"] == "AP")
    late_survey()
    shot = snapshot()
    square = published["cleared_m2"]
    result = land_balance(shot, by=("type",), **Y2025)
    assert result.closes
    assert result.row(type="AP").opening_m2 == pytest.approx(published["closing_m2"], abs=0.01)
    assert whole(result) == {
        "opening": round(published["closing_m2"]), "closing": round(published["closing_m2"]), "reduced": 0, "cleared": 0,
        "adj.reduced": round(square), "adj.cleared": -round(square),
    }
    assert whole(land_balance(shot, by=("type",), **Y2024))["reduced"] == round(square)
    in_january = land_balance(snapshot(as_known=date(2025, 1, 31)), by=("type",), **Y2024)
    assert whole(in_january)["cleared"] == round(square)
    assert verify().ok


def test_an_edition_is_cut_again_from_its_own_entries(sqlite_programme):
    known_in_january()
    edition = closed()
    before = [piece.tolist() for piece in (ground(snapshot()).moves.area_m2,)]
    late_survey()
    standing: Any = record(scope(ACTOR, "tests"), HAZARD)
    hazard = Draft(
        record=HAZARD, kind="hazard", local_id="H", geometry=box(0, 0, 3 * SIDE, SIDE), based_on=standing.entry_uuid,
        attributes={"area_type": "CHA", "contamination": ["AP"], "identified_on": "2019", "changed_on": "2024-11",
                    "change_reason": "nts"},
    )  # fmt: skip
    put(datetime(2025, 4, 1, tzinfo=UTC), hazard)
    shot = snapshot()
    assert [ground_of(shot, edition_named(shot, edition.name)).moves.area_m2.tolist()] == before
    adjusted = land_balance(shot, by=("type",), **Y2025)
    assert adjusted.closes
    assert adjusted.row(type="AP").as_json()["adjustments"]["extended_m2"] > 0
    alone = land_balance(shot, by=("type",), as_published=False, **Y2025)
    assert alone.row(type="AP").as_json()["adjustments"]["extended_m2"] == 0


def test_an_edition_is_not_known_before_it_was_frozen(sqlite_programme):
    known_in_january()
    closed()
    assert editions(snapshot(as_known=date(2025, 1, 30))) == []
    assert [one.name for one in editions(snapshot(as_known=date(2025, 1, 31)))] == ["land-2024"]


def test_the_next_period_starts_where_the_last_ended(sqlite_programme):
    known_in_january()
    closed()
    late_survey()
    second = freeze("land-2025", period_to=date(2025, 12, 31), actor=ACTOR, clock=fixed_clock(datetime(2026, 2, 1, tzinfo=UTC)))
    assert second.period_from == date(2025, 1, 1)
    rows = {(row["place"], row["type"], row["class"]): row for row in second.rows}
    for row in edition_named(snapshot(), "land-2024").rows:
        key = row["place"], row["type"], row["class"]
        assert rows[key]["opening_m2"] == pytest.approx(row["closing_m2"], abs=0.01)
        assert abs(rows[key]["gap_m2"]) <= 1
    third = land_balance(snapshot(), period_from=date(2026, 1, 1), period_to=date(2026, 12, 31), by=("type",))
    assert whole(third)["adj.reduced"] == 0


def test_a_restatement_names_the_entry_that_made_each_line(sqlite_programme):
    known_in_january()
    first = closed()
    late_survey()
    second = closed("land-2024 corrected", datetime(2025, 4, 1, tzinfo=UTC))
    shot = snapshot()
    told = explain(shot, first, second)
    assert [(change.local_id, change.what) for change in told.changes] == [("T", "added")]
    made_by = f"entry:{told.changes[0].entry}"
    lines = {(line["type"], line["line"]): line for line in told.lines}
    assert set(lines) == {("AP", "reduced"), ("AP", "cleared"), ("all", "reduced"), ("all", "cleared")}
    for line in lines.values():
        moved = sum(one["moved_m2"] for one in line["records"])
        assert line["after_m2"] - line["before_m2"] == pytest.approx(moved, abs=0.01)
        assert {ref for one in line["records"] for ref in one["entries"]} == {made_by}
    assert explain(shot, second, None).lines == []
    assert explain(shot, first, None).lines == told.lines


def test_a_withdrawn_product_is_named(sqlite_programme):
    known_in_january()
    first = closed()
    standing: Any = record(scope(ACTOR, "tests"), CLEARED)
    gone = replace(release("K", "cleared", "2024-08-31", depth_cm="20"), state="withdrawn", based_on=standing.entry_uuid)
    put(datetime(2025, 5, 1, tzinfo=UTC), gone)
    told = explain(snapshot(), first, None)
    assert [(change.local_id, change.what) for change in told.changes] == [("K", "withdrawn")]
    assert {line["after_m2"] for line in told.lines} == {0.0}


def test_what_cannot_be_frozen_or_compared_is_refused(sqlite_programme):
    known_in_january()
    with pytest.raises(ClearlandError, match="where the period starts"):
        freeze("x", period_to=date(2024, 12, 31), actor=ACTOR, clock=fixed_clock(datetime(2025, 1, 31, tzinfo=UTC)))
    closed()
    with pytest.raises(ClearlandError, match="already"):
        closed()
    with pytest.raises(ClearlandError, match="not over"):
        closed("open", datetime(2024, 12, 31, 8, tzinfo=UTC))
    other = closed("half", period_from=date(2024, 7, 1))
    with pytest.raises(ClearlandError, match="different periods"):
        explain(snapshot(), edition_named(snapshot(), "land-2024"), other)
    with pytest.raises(ClearlandError, match="no edition"):
        edition_named(snapshot(), "never")


def test_the_commands(sqlite_programme, monkeypatch):
    known_in_january()
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    run = CliRunner()
    made = run.invoke(app, ["freeze", "land-2024", "--from", "2024-01-01", "--to", "2024-12-31"])
    assert made.exit_code == 0, made.output
    assert "Edition land-2024" in made.stdout
    late_survey_now = release("T", "reduced", "2024-06-30")
    write([late_survey_now], actor=ACTOR, reason="Late")
    told = run.invoke(app, ["restate", "land-2024", "--json"])
    assert {line["line"] for line in json.loads(told.stdout)["lines"]} == {"reduced", "cleared"}
    spoken = run.invoke(app, ["restate", "land-2024"])
    assert "Both balances close" in spoken.stdout
    adjusted = run.invoke(app, ["balance", "--from", "2025-01-01", "--to", "2025-12-31", "--by", "type", "--json"])
    row = next(row for row in json.loads(adjusted.stdout)["rows"] if row["type"] == "AP")
    assert row["adjustments"]["reduced_m2"] > 0
