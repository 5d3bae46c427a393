"""An IMSMA NG database moved end to end."""

import os
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.core.sealing import SealingKey, new_secret
from clearland.intake.imsma.reading import hand_database
from clearland.intake.imsma.rules import load_rules
from clearland.ledger import sealed
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import head, history, links, rows, sources
from clearland.ledger.scope import Actor
from clearland.ledger.sources import read_source
from clearland.ledger.write import write
from clearland.work import moving_plan
from clearland.work.parity import explain, report
from tests.conftest import TestProgramme
from tests.moving.conftest import MOVED_AT, MOVER, NG, moved, reader
from tests.moving.synthetic import MARKS, Report, square

pytestmark = pytest.mark.postgis


def standing(kind: str, as_known: date | None = None) -> dict[str, Any]:
    return {each.local_id: each for each in rows(reader(), kind, as_known=as_known)}


def test_everything_arrives_with_every_version_at_its_date(ng: NG, programme: TestProgramme) -> None:
    done = moved(ng.handed())
    assert done.planned.errors == []
    hazards = standing("hazard")
    assert {*hazards} == {"SYN-H1", "SYN-H1#2", "SYN-H2", "SYN-H4", "SYN-H5", "SYN-H7"}  # H3's outline waits for a person
    first = hazards["SYN-H1"].attributes
    assert (first["area_type"], first["status"], first["area_reported_m2"]) == ("CHA", "in_progress", "999000")
    assert (first["imsma_report"], first["imsma_reported_on"], first["district"]) == ("R-H1c", "2019-09-20", "SYNTHETIC district")
    assert (first["imsma_told_by"], first["imsma_height"]) == ("told by the harbour", "12.5")
    assert first["contamination"] == ["AP"]
    reports = [(entry.attributes["imsma_report"], entry.known_at.date().isoformat(), entry.state)
               for entry in history(reader(), hazards["SYN-H1"].record_uuid)]
    assert [name for name, _, _ in reports] == ["R-H1a", "R-H1b", "R-H1c"]
    then = standing("hazard", date(2013, 1, 1))
    assert (then["SYN-H1"].attributes["area_type"], len(then)) == ("SHA", 1)
    assert then["SYN-H1"].geometry.area > standing("hazard", date(2016, 1, 1))["SYN-H1"].geometry.area
    assert standing("hazard", date(2012, 2, 28)) == {}
    assert hazards["SYN-H4"].geometry is None
    assert "status" not in hazards["SYN-H5"].attributes  # “Expired” is no status here: a legacy gap
    assert rows(reader(), "legacy_gap").filter(local_id__contains="E-VALUE-CODE").exists()
    submitted = rows(reader(), "hazard", states={"submitted"}).values_list("local_id", flat=True)
    assert {*submitted} == {"SYN-H3", "SYN-H7"}


def test_links_kinds_and_what_waits(ng: NG, sqlite_programme: TestProgramme) -> None:
    moved(ng.handed())
    hazards, products = standing("hazard"), standing("land_release")
    assert {*products} == {"SYN-A1", "SYN-A2"}
    assert products["SYN-A1"].attributes["product_type"] == "cleared"
    assert products["SYN-A1"].attributes["release_date"] == "2019-11-28"
    assert [(each.role, each.record) for each in links(reader(), products["SYN-A1"].record_uuid) if each.outgoing] == [
        ("hazards", hazards["SYN-H1"].record_uuid)
    ]
    assert standing("survey")["SYN-A3"].attributes["activity_type"] == "nts"
    assert {*rows(reader(), "land_release", states={"draft"}).values_list("local_id", flat=True)} == {"SYN-A4"}
    accident = standing("accident")["SYN-C1"]
    assert (accident.attributes["date"], accident.geometry.geom_type) == ("2017-08-07", "Point")
    victims = standing("victim")
    assert victims["SYN-V1"].attributes["outcome"] == "injured"
    ends = [each.record for each in links(reader(), victims["SYN-V1"].record_uuid) if each.role == "accident"]
    assert ends == [accident.record_uuid]


def test_a_second_run_writes_nothing_and_a_later_one_only_what_changed(ng: NG, programme: TestProgramme) -> None:
    moved(ng.handed())
    before, kept = head(), sources(reader()).count()
    again = moved(ng.handed(), fixed_clock(MOVED_AT + timedelta(days=1)))
    assert (head(), again.receipt.new, again.receipt.changed, sources(reader()).count()) == (before, 0, 0, kept)
    ng.nation.item("H2").reports.append(Report("R-H2b", "2024-03-20", {"status_guid": "Closed"}))
    ng.nation.item("H5").reports.insert(0, Report("R-H5old", "2014-01-01", {"hazardname": "SYNTHETIC before"}, square(8, 0)))
    ng.fill()
    later = moved(ng.handed(), fixed_clock(MOVED_AT + timedelta(days=30)))
    # H2's new report, H5's old one, and H5 as it stands: it was identified earlier than was known.
    assert (later.receipt.new, later.receipt.changed) == (0, 3)
    assert standing("hazard")["SYN-H2"].attributes["status"] == "closed_completed"
    assert standing("hazard", date(2024, 3, 15))["SYN-H2"].attributes["status"] == "open"
    assert standing("hazard", date(2015, 1, 1))["SYN-H5"].attributes["name"] == "SYNTHETIC before"
    assert standing("hazard")["SYN-H5"].attributes["name"] == "SYNTHETIC H5"
    end = head()
    moved(ng.handed(), fixed_clock(MOVED_AT + timedelta(days=31)))
    assert head() == end


def test_nothing_that_names_a_person_is_kept(ng: NG, sqlite_programme: TestProgramme) -> None:
    done = moved(ng.handed())
    kept = [read_source(each.sha256) for each in sources(reader())]
    bodies = [str(each.attributes) for each in rows(reader(), "victim")]
    for mark in MARKS:
        assert not any(mark.encode() in data for data in kept)
        assert not any(mark in body for body in bodies)
    assert standing("victim")["SYN-V1"].attributes["identity_missing"] == "elsewhere"
    assert any(finding.code == "I-MOVE-WITHHELD" and "remarks" in finding.sentence for finding in done.planned.findings)


def test_a_person_here_is_not_overwritten(ng: NG, sqlite_programme: TestProgramme) -> None:
    moved(ng.handed())
    now = standing("hazard")["SYN-H2"]
    draft = Draft(record=now.record_uuid, kind="hazard", local_id="SYN-H2", attributes={**now.attributes, "name": "Ours"},
                  geometry=now.geometry, based_on=now.entry_uuid)
    write([draft], actor=MOVER, reason="A correction", clock=fixed_clock(MOVED_AT + timedelta(days=1)))
    at = fixed_clock(MOVED_AT + timedelta(days=2))
    moved(ng.handed(), at)
    assert standing("hazard")["SYN-H2"].attributes["name"] == "Ours"  # IMSMA says what it said before
    ng.nation.item("H2").reports.append(Report("R-H2b", "2024-03-02", {"status_guid": "Closed"}))
    ng.fill()
    with pytest.raises(RefusedInput) as refused:
        moved(ng.handed(), at)
    assert refused.value.code == "E-PLAN-CONFLICT"
    moved(ng.handed(), at, on_conflict="keep")
    assert standing("hazard")["SYN-H2"].attributes["name"] == "Ours"
    moved(ng.handed(), at, on_conflict="take")
    assert standing("hazard")["SYN-H2"].attributes["status"] == "closed_completed"


def test_one_item_that_cannot_be_refuses_all_unless_it_is_left_behind(ng: NG, sqlite_programme: TestProgramme) -> None:
    ng.nation.item("H2").reports[0].columns["areasize"] = "5"
    ng.fill()
    before = head()
    with pytest.raises(RefusedInput) as refused:
        moved(ng.handed())
    assert (refused.value.code, head()) == ("E-AREA-STATED", before)
    place = refused.value.place
    assert (place.sheet, place.row, place.column) == ("hazard (hazard)", 3, "area_reported_m2")
    assert refused.value.remedy
    done = moved(ng.handed(), leave_out_refused=True)
    assert [item.local_id for item in done.planned.left_behind] == ["SYN-H2"]
    assert "SYN-H2" not in standing("hazard")
    causes = {(each.difference.kind, each.difference.cause): each for each in report(load_rules(), actor=MOVER).differences}
    assert [line.name for line in causes["hazard", "not_here"].difference.lines] == ["SYN-H2"]


def test_identities_are_sealed_with_the_key_and_refused_without(
    ng: NG, sqlite_programme: TestProgramme, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RefusedInput) as refused:
        moved(ng.handed(), identities="seal")
    assert refused.value.code == "E-SEALED-KEY"
    key = SealingKey.from_secret(new_secret())
    for module in (sealed, moving_plan):
        monkeypatch.setattr(module, "needed_key", lambda: key)
    moved(ng.handed(), identities="seal")
    record = standing("victim")["SYN-V1"].record_uuid
    told = {row.field: row.opened(key) for row in sealed.rows_of([record])}
    assert told == {"full_name": "Ünikal-Given Ünikal-Family", "address": "Ünikal-Street", "imsma_story": "Ünikal-Own"}
    bytes_on_disk = b"".join(path.read_bytes() for path in sqlite_programme.folder.rglob("*") if path.is_file())
    assert not any(mark.encode() in bytes_on_disk for mark in MARKS)
    end = head()
    moved(ng.handed(), fixed_clock(MOVED_AT + timedelta(days=1)), identities="seal")
    assert head() == end


def test_the_database_is_only_read(ng: NG) -> None:
    role = f"clearland_reader_{os.getpid()}"
    with psycopg.connect(ng.url, autocommit=True) as connection:
        for statement in (f"CREATE ROLE {role} LOGIN", f"GRANT USAGE ON SCHEMA public TO {role}",
                          f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"):
            connection.execute(statement.encode())
    reading = ng.url.replace("postgres@", f"{role}@")
    assert hand_database(reading, load_rules()).kept == ng.handed().kept
    with psycopg.connect(ng.url, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
    with pytest.raises(ClearlandError) as refused:
        hand_database(ng.url.replace("imsma", "nowhere"), load_rules())
    assert refused.value.code == "E-MOVE-CONNECT"
    with pytest.raises(RefusedInput) as other:
        hand_database(ng.url, load_rules(), schema="elsewhere")
    assert other.value.code == "E-MOVE-SCHEMA"


def test_parity_has_a_cause_for_each_difference_and_answers_hold(ng: NG, sqlite_programme: TestProgramme) -> None:
    moved(ng.handed())
    rules, person = load_rules(), Actor(id="user:1", name="SYNTHETIC officer")
    made = report(rules, actor=MOVER)
    causes = {(each.difference.kind, each.difference.cause): each.difference for each in made.differences}
    names = {key: [line.name for line in one.lines] for key, one in causes.items()}
    assert names["hazard", "overlap"] == ["SYN-H2"]
    assert causes["hazard", "overlap"].area_m2 == pytest.approx(-417_043, abs=2)
    assert names["hazard", "waits"] == ["SYN-H3"]
    assert names["hazard", "word"] == ["SYN-H5"]
    assert names["hazard", "no_kind"] == ["SYN-H6"]
    assert names["land_release", "draft"] == ["SYN-A4"]
    assert names["link", "link_no_role"] == ["SYN-V1"]
    assert names["table", "table_not_moved"] == ["mre"]
    assert ("hazard", "read_otherwise") not in causes
    whole = {(row.kind, row.dimension, row.value): row for row in made.parity.rows}
    for (kind, dimension, _), row in whole.items():
        if dimension == "all":
            told = [one for (of_kind, _), one in causes.items() if of_kind == kind]
            assert row.here - row.imsma == sum(one.count for one in told)
            assert row.here_m2 - row.imsma_m2 == pytest.approx(sum(one.area_m2 for one in told), abs=1)
    assert whole["hazard", "type", "CHA"].imsma == 2
    with pytest.raises(NotPermitted):
        explain(made, causes["hazard", "overlap"].mark, "Once", actor=MOVER)
    with pytest.raises(RefusedInput):
        explain(made, causes["hazard", "overlap"].mark, "  ", actor=person)
    for each in made.differences:
        explain(made, each.difference.mark, "Looked at", actor=person, clock=fixed_clock(MOVED_AT))
    assert report(rules, actor=MOVER).open == []
    ng.nation.item("H7").reports[0].columns["areasize"] = "1100000"
    ng.fill()
    moved(ng.handed(), fixed_clock(MOVED_AT + timedelta(days=9)))
    assert {each.difference.cause for each in report(rules, actor=MOVER).open} == {"outline"}
