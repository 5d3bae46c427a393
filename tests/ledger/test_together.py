"""Several writers at once, sources as files, overlays, readings: the book stays one."""

import json
import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connections, transaction

from clearland.core.errors import Conflict, RefusedInput
from clearland.core.ids import captured_id
from clearland.ledger import store as ledger_store
from clearland.ledger.drafts import Draft, NewRendition, NewSource
from clearland.ledger.history import StaleWrite
from clearland.ledger.readings import store_reading
from clearland.ledger.rows import claims, commits, head_entries, notes, passages, rendition, rows
from clearland.ledger.scope import Actor, scope, system_actor
from clearland.ledger.sources import read_source
from clearland.ledger.store import store_of
from clearland.ledger.verify import verify
from clearland.ledger.vocabulary import current_dictionary
from clearland.ledger.write import write
from tests.ledger.book import MEMBER, day, everything, execute, hazard, put, source


def test_writers_at_once_make_one_chain(programme, django_db_blocker):
    failures = []

    def work(writer):
        try:
            for turn in range(4):
                put([hazard(f"{writer}-{turn}-{number}") for number in range(5)], clock=day(turn))
        except Exception as failure:  # noqa: BLE001 -- whatever it is, the test shall show it
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert rows(everything(), "hazard").count() == 80
    report = verify()
    assert (report.ok, report.commits) == (True, 17)


def test_of_two_changes_based_on_one_state_one_wins_and_one_is_told(programme):
    put(hazard("1"))
    seen = head_entries(everything(), "hazard")[hazard("1").record]
    outcomes = []
    barrier = threading.Barrier(2)

    def change(name):
        barrier.wait()
        try:
            write([replace(hazard("1", name=name), based_on=seen)], actor=MEMBER, reason="test", clock=day(1))
            outcomes.append("written")
        except StaleWrite:
            outcomes.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(name,)) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stale", "written"]


def test_a_file_is_kept_as_it_was(sqlite_programme, tmp_path):
    path = tmp_path / "return.csv"
    path.write_bytes(b"row\n" * 700_000)
    given = NewSource(data=path, filename=path.name, media_type="text/csv", received=date(2024, 3, 1))
    receipt = write([], actor=MEMBER, reason="test", source=given, clock=day(0))
    path.write_bytes(b"changed later")
    assert receipt.source is not None
    assert read_source(receipt.source) == b"row\n" * 700_000
    assert verify().ok


def test_an_unknown_source_cannot_be_named(sqlite_programme):
    with pytest.raises(RefusedInput, match="E-SOURCE-UNKNOWN"):
        put(hazard("1"), source="0" * 64)


def test_an_overlay_adds_a_field_at_once_without_migration(programme):
    field = {
        "name": "tape_colour", "type": "text", "labels": {"en": "Tape", "az": "Lent", "ru": "Лента"},
        "definition": "Colour of the marking tape.", "source": "[ADD]",
    }  # fmt: skip
    content = json.dumps({"kinds": [{"name": "hazard", "fields": [field]}]})
    with pytest.raises(RefusedInput, match="E-LEDGER-FIELD"):
        put(hazard("1", tape_colour="red"))
    put(Draft(record=captured_id(), kind="overlay", local_id="tape", attributes={"name": "tape", "content": content}))
    assert "tape_colour" in current_dictionary().kind("hazard").by_name
    put(hazard("1", tape_colour="red"), clock=day(1))
    assert rows(everything(), "hazard").get().attributes["tape_colour"] == "red"
    assert verify().ok


CLAIM = {"start": 0, "end": 9, "subject": "country", "attribute": "contamination.area", "value": "12.5", "unit": "km2"}


def test_a_reading_is_stored_with_its_source_and_can_be_read_again(programme):
    reading = NewRendition(
        text="12.5 km² ¹\n¹ A note.", extractor="text", extractor_version="1", claims=[CLAIM],
        passages=[{"number": 1, "kind": "paragraph", "start": 0, "end": 10, "section": "Areas"}],
        notes=[{"label": "1", "body_start": 13, "body_end": 20, "markers": [(9, 10)]}, {"label": "2"}],
    )  # fmt: skip
    receipt = put([], source=source("document", date(2024, 3, 1)), renditions=[reading])
    assert receipt.source is not None
    assert put([], source=source("document", date(2024, 3, 1)), renditions=[reading]).commit == receipt.commit
    found = rendition(everything(), receipt.source)
    assert found is not None
    (passage,) = passages(everything(), found)
    (claim,) = claims(everything())
    assert (passage.details, claim.value_number, claim.body["unit"]) == ({"section": "Areas"}, 12.5, "km2")
    assert [note.body_start for note in notes(everything(), found)] == [13, None]
    store_reading(found.sha256, [], [CLAIM])
    assert (passages(everything(), found).count(), claims(everything()).get().ref) == (0, claim.ref)
    with pytest.raises(RefusedInput, match="E-CLAIM-SPAN"):
        store_reading(found.sha256, [], [{**CLAIM, "end": 900}])
    assert claims(everything()).count() == 1
    assert verify().ok


def test_who_sees_what(programme):
    put([hazard("1", state="approved"), replace(hazard("2"), sensitivity="public")])
    put(hazard("3"), source=source("document", date(2024, 3, 1)))
    public = scope(system_actor("public"), "public view")
    member = scope(Actor("user:5", "Member"), "list")
    assert [row.local_id for row in rows(public, "hazard")] == ["HA-2"]
    assert rows(member, "hazard").count() == 1  # a hazard's own class is restricted
    assert rows(everything(), "hazard").count() == 3
    assert rows(scope(MEMBER, "list", kinds=["place"])).count() == 0
    assert (commits(public).count(), commits(member).count()) == (0, 3)


def test_a_writer_that_waits_too_long_is_told_that_another_is_running(programme, monkeypatch):
    monkeypatch.setattr(ledger_store, "PATIENCE", "100ms")
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic(using="programme"), connections["programme"].cursor() as cursor:
                store_of(cursor).lock()
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(30)
        if connections["programme"].vendor == "sqlite":
            execute("PRAGMA busy_timeout = 100")
        with pytest.raises(Conflict, match="E-LEDGER-BUSY"):
            put(hazard("1"))
    finally:
        done.set()
        other.join()
    assert put(hazard("1")).new == 1
    assert verify().ok
