"""Sums are shown at once from the newest finished count, and counted again behind the reader's back."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import mapbox_vector_tile
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.ledger.rows import head, rows
from clearland.ledger.write import write
from clearland.web import sums, warming
from clearland.web.tiles import layers
from clearland.work import serving
from clearland.work.demonstration.nation import synthetic_nation
from tests.conftest import ADMIN, TestProgramme
from tests.web.conftest import DEMO, RECORDED, reader

LATER = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[sums.Desk]:
    """A desk of the test's own that waits for its thread at the end."""
    made = sums.Desk(debounce_s=20.0)
    monkeypatch.setattr(sums, "desk", made)
    monkeypatch.setattr(settings, "SUMS_IN_BACKGROUND", True)
    yield made
    made.settle()
    assert "clearland-sums" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def client(sqlite_programme: TestProgramme) -> Client:
    """Somebody signed in to a programme with a few synthetic records."""
    return signed_in()


@pytest.fixture
def client_on_both(programme: TestProgramme) -> Client:
    """The same on each database in turn."""
    return signed_in()


def signed_in() -> Client:
    """Fill the programme in use and sign in."""
    cache.clear()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    write([draft for _, draft in synthetic_nation(hazards=10).drafts], actor=DEMO, reason="Records", clock=fixed_clock(RECORDED))
    made = Client()
    made.force_login(get_user_model().objects.get(username=ADMIN))
    return made


def add_hazard(number: int) -> str:
    """One more hazard beside the others; the new head."""
    like = next(draft for _, draft in synthetic_nation(hazards=10).drafts if draft.kind == "hazard" and draft.geometry)
    local_id = f"SYN-HAZARD-9{number:04}"
    fresh = replace(like, record=record_id("test", local_id), local_id=local_id, links={})
    write([fresh], actor=DEMO, reason="One more", clock=fixed_clock(LATER))
    return head()



def test_after_a_write_the_older_count_is_shown_at_once_and_then_the_newer_one(client_on_both: Client, desk: sums.Desk) -> None:
    client = client_on_both
    assert sums.warm_up(60)
    before = head()
    page = client.get("/").content.decode()
    assert "being counted" not in page
    after = add_hazard(1)
    page = client.get("/").content.decode()
    assert f"Computed at ledger head {before[:12]}" in page
    assert "1 newer commit is being counted" in page
    assert client.get(f"/sums/?head={before}").status_code == 204
    assert "SYN-HAZARD-90001" in client.get("/records/hazard/").content.decode(), "lists stay exact"
    desk.settle()
    ready = client.get(f"/sums/?head={before}")
    assert ready.status_code == 286
    assert ready.headers["HX-Trigger"] == "sums-ready"
    assert "being counted" not in client.get("/").content.decode()
    assert f"{after[:24]}…" in client.get("/figure/CONT-1/").content.decode()


def test_two_writes_are_one_count(client: Client, desk: sums.Desk) -> None:
    assert sums.warm_up(60)
    assert desk.builds == 1
    for number in (1, 2):
        add_hazard(number)
        client.get("/")
    assert "2 newer commits are being counted" in client.get("/land/").content.decode()
    desk.settle()
    assert desk.builds == 2
    client.get("/")
    desk.settle()
    assert desk.builds == 2, "nothing was written meanwhile"


def test_the_very_first_count_shows_how_far_it_is(client: Client, desk: sums.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()
    warm = warming.warm

    def slowly(*arguments: Any) -> None:
        go.wait(60)
        warm(*arguments)

    monkeypatch.setattr(warming, "warm", slowly)
    desk.first_patience_s = 0.05
    try:
        page = client.get("/figure/CONT-1/")
        assert page.status_code == 503
        assert "Figures are being computed" in page.content.decode()
        assert 'hx-get="/sums/"' in page.content.decode()
        part = client.get("/sums/", headers={"HX-Request": "true", "HX-Target": "counting"})
        assert part.status_code == 200
        assert part.content.startswith(b"<progress")
        assert client.get("/records/hazard/").status_code == 200
        assert client.get("/map/").status_code == 200
    finally:
        go.set()
    desk.settle()
    assert client.get("/sums/").status_code == 286
    assert client.get("/figure/CONT-1/").status_code == 200


def test_each_date_of_knowledge_is_counted_apart(client: Client, desk: sums.Desk) -> None:
    for _ in range(100):
        early = client.get("/figure/CONT-1/?known=2025-06-01")
        if early.status_code == 200:
            break
        time.sleep(0.1)
    assert "As known on 1 Jun 2025" in early.content.decode()
    desk.settle()
    assert desk.builds == 1
    client.get("/figure/CONT-1/?known=")
    desk.settle()
    assert desk.builds == 2


def test_cells_come_from_the_finished_count_and_shapes_from_the_book(
    client: Client, desk: sums.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "WHOLE_LAYER", 0)
    assert sums.warm_up(60)

    def counted() -> int:
        tile = client.get("/tiles/hazard/2/0/2.mvt")
        features = mapbox_vector_tile.decode(tile.content)["hazard_cells"]["features"]
        return sum(feature["properties"]["c"] for feature in features)

    drawn = rows(reader(), "hazard").filter(min_x__isnull=False)
    before = drawn.count()
    assert counted() == before
    add_hazard(1)
    assert drawn.count() == before + 1
    assert counted() == before
    version = client.get("/map/").content.decode().split("\\u0026v=")[1][:16]
    assert "no-store" in client.get(f"/tiles/hazard/2/0/2.mvt?at=&v={version}").headers["Cache-Control"]
    assert "being counted" in client.get("/map/").content.decode()
    desk.settle()
    assert counted() == before + 1


def test_a_count_that_fails_says_so_and_is_tried_again(client: Client, desk: sums.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_named: object) -> None:
        raise ClearlandError("E-TEST", "No room on the disk.")

    monkeypatch.setattr(sums, "snapshot", fail)
    answer = client.get("/")
    assert answer.status_code == 400
    assert "No room on the disk." in answer.content.decode()
    monkeypatch.undo()
    assert client.get("/").status_code == 200


def test_a_server_counts_in_the_background(sqlite_programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUMS_IN_BACKGROUND", False)
    serving.application()
    assert settings.SUMS_IN_BACKGROUND
