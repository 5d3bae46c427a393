"""Findings of a snapshot lead to records that exist, are kept beside it, and are shown to those who may see them."""

import json
from datetime import UTC, date, datetime, timedelta

from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.figures.findings import counts, found
from clearland.figures.lifecycle import standings
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.work.demonstration.nation import synthetic_nation

DEMO = system_actor("demo")
RECORDED = datetime(2026, 1, 31, tzinfo=UTC)


def fill():
    drafts = [draft for _, draft in synthetic_nation(seed=7, hazards=40).drafts]
    write(drafts, actor=DEMO, reason="SYNTHETIC", clock=fixed_clock(RECORDED))
    return snapshot()


def test_findings_on_both_databases(programme):
    shot = fill()
    made = found(shot)
    assert {row["rule"] for row in made} >= {28, 31, 32, 33, 34, 44}
    assert sum(row["n"] for row in counts(shot)) == len(made)
    assert [row["number"] for row in made] == sorted(row["number"] for row in made)
    known = {str(row.record_uuid): row.local_id for row in rows(scope(DEMO, "tests"))}  # type: ignore[attr-defined]
    for row in made:
        assert not row["record"] or known[row["record"]] == row["local_id"]
        assert all(other in known for other in row["others"])
    assert len(found(shot, rule=34)) == sum(row["rule"] == 34 for row in made)
    assert {row["severity"] for row in found(shot, severity="query")} == {"query"}


def test_a_finding_about_restricted_records_is_not_shown_below(sqlite_programme):
    shot = fill()
    open_to_members = found(shot, classes=("public", "partner", "programme"))
    assert open_to_members
    assert {row["kind"] for row in open_to_members}.isdisjoint({"hazard", "ordnance", "accident"})
    assert len(open_to_members) < len(found(shot))


def test_a_finding_is_as_known_on_the_date(sqlite_programme):
    fill()
    assert found(snapshot(as_known=date(2026, 1, 30))) == []


def test_the_command_lists_them_and_fails_on_an_error(sqlite_programme, monkeypatch):
    fill()
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    listed = CliRunner().invoke(app, ["findings", "--rule", "34", "--json"])
    assert listed.exit_code == 0
    first = json.loads(listed.stdout)[0]
    assert first["code"] == "L-PRODUCT-OVERLAP"
    assert first["record"].startswith("record:")
    assert first["values"]["net_m2"] < first["values"]["gross_m2"]
    depthless = next(draft for _, draft in synthetic_nation(seed=7, hazards=40).drafts
                     if draft.kind == "land_release" and draft.attributes["product_type"] == "cleared")  # fmt: skip
    standing = rows(scope(DEMO, "tests"), "land_release").get(local_id=depthless.local_id)
    changed = {**depthless.attributes, "depth_cm": "0"}
    draft = type(depthless)(
        record=depthless.record, kind="land_release", local_id=depthless.local_id, attributes=changed, links=depthless.links,
        geometry=depthless.geometry, based_on=standing.entry_uuid,  # type: ignore[attr-defined]
    )  # fmt: skip
    write([draft], actor=DEMO, reason="No depth", clock=fixed_clock(RECORDED + timedelta(days=1)))
    refused = CliRunner().invoke(app, ["findings", "--severity", "error"])
    assert refused.exit_code == 1
    assert "L-DEPTH-NOT-SAID" in refused.stdout


def test_status_follows_from_the_ground(sqlite_programme):
    made = standings(fill())
    for standing in made.values():
        closed = standing.status.startswith("closed") or standing.status == "released"
        assert closed == (not standing.hindrances)
        assert closed or standing.remaining_m2 is None or standing.remaining_m2 > 1 or any(
            one.code == "L-CLOSE-QC" for one in standing.hindrances
        )
    assert {"open", "closed_cancelled", "closed_completed"} <= {standing.status for standing in made.values()}


def test_a_hazard_without_an_outline_stays_open(sqlite_programme):
    without = [one for one in standings(fill()).values() if one.remaining_m2 is None]
    assert without
    assert {one.status for one in without} <= {"open", "in_progress", "suspended"}
