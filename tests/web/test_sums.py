"""Sums are shown at once from the newest finished count, and counted again by another process."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.figures.land_tables import LAND_TABLES
from clearland.ledger import search_index
from clearland.ledger.rows import head, rows
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.ledger.write import write
from clearland.web import count_board, counter, sums
from clearland.web.count_board import Board, Question
from clearland.web.counter_process import CounterProcess, take_lock
from clearland.web.tiles import layers
from clearland.work import serving
from clearland.work.demonstration.nation import synthetic_nation
from tests.conftest import ADMIN, TestProgramme
from tests.web.conftest import DEMO, RECORDED, reader

LATER = datetime(2026, 2, 1, tzinfo=UTC)


class Counting:
    """A counter in the test's own process, that counts when the test says so."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.counter = counter.Counter(Board(Path(settings.PROGRAMME_DIR)), clock=lambda: self.clock)

    def settle(self) -> None:
        """Count everything that is wanted, with pages as a server's counter makes them."""
        settings.SUMS_IN_BACKGROUND = False
        try:
            while self.counter.answer_questions() or self.counter.count_next(hurry=True):
                pass
        finally:
            settings.SUMS_IN_BACKGROUND = True


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> sums.Desk:
    """A desk that starts no process and waits for nothing."""
    made = sums.Desk(lambda board: None, first_patience_s=0.0, page_patience_s=0.0)
    monkeypatch.setattr(sums, "desk", made)
    monkeypatch.setattr(settings, "SUMS_IN_BACKGROUND", True)
    monkeypatch.setattr(sums, "_ASK_AGAIN_S", 0.0)
    return made


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


def counted(client: Client) -> Counting:
    """A counter that has made the first count."""
    made = Counting()
    assert "Figures are being computed" in client.get("/").content.decode()
    made.settle()
    return made


def test_after_a_write_the_older_count_is_shown_at_once_and_then_the_newer_one(client_on_both: Client, desk: sums.Desk) -> None:
    client = client_on_both
    counting = counted(client)
    before = head()
    page = client.get("/").content.decode()
    assert "being counted" not in page
    after = add_hazard(1)
    page = client.get("/").content.decode()
    assert f"Computed at ledger head {before[:12]}" in page
    assert "1 newer commit is being counted" in page
    assert client.get(f"/sums/?head={before}").status_code == 204
    assert "SYN-HAZARD-90001" in client.get("/records/hazard/").content.decode(), "lists stay exact"
    counting.settle()
    ready = client.get(f"/sums/?head={before}")
    assert ready.status_code == 286
    assert ready.headers["HX-Trigger"] == "sums-ready"
    assert "being counted" not in client.get("/").content.decode()
    client.get("/figure/CONT-1/")
    counting.settle()
    assert f"{after[:24]}…" in client.get("/figure/CONT-1/").content.decode()


def test_two_writes_are_one_count_and_counts_rest(client: Client, desk: sums.Desk) -> None:
    counting = counted(client)
    assert counting.counter.builds == 1
    for number in (1, 2):
        add_hazard(number)
        client.get("/")
    assert "2 newer commits are being counted" in client.get("/").content.decode()
    assert not counting.counter.count_next(), "the clock stands still, so the counter rests"
    counting.clock += counter.LONGEST_REST_S
    assert counting.counter.count_next()
    assert counting.counter.builds == 2
    client.get("/")
    counting.settle()
    assert counting.counter.builds == 2, "nothing was written meanwhile"


def test_the_very_first_count_shows_how_far_it_is(client: Client, desk: sums.Desk) -> None:
    page = client.get("/figure/CONT-1/")
    assert page.status_code == 200
    assert "Figures are being computed" in page.content.decode()
    assert 'hx-get="/sums/"' in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()
    part = client.get("/sums/", headers={"HX-Request": "true", "HX-Target": "counting"})
    assert part.status_code == 200
    assert part.content.startswith(b"<progress")
    assert client.get("/records/hazard/").status_code == 200
    assert client.get("/map/").status_code == 200
    Counting().settle()
    assert client.get("/sums/").status_code == 286
    assert "Figures are being computed" not in client.get("/").content.decode()


def test_sums_that_nobody_computed_yet_are_asked_for_and_ready_in_the_next_count(client: Client, desk: sums.Desk) -> None:
    counting = counted(client)
    address = "/figure/CONT-1/?device=AP"
    assert "Figures are being computed" in client.get(address).content.decode()
    counting.settle()
    assert "CONT-1" in client.get(address).content.decode()
    add_hazard(1)
    client.get("/")
    counting.settle()
    page = client.get(address).content.decode()
    assert "Figures are being computed" not in page, "what was asked lately is counted with the rest"


def test_who_sees_less_is_told_less_of_the_same_count(client: Client, desk: sums.Desk) -> None:
    counting = counted(client)
    member = Client()
    member.force_login(get_user_model().objects.create_user(username="member"))
    for asker in (client, member):
        asker.get("/findings/")
    counting.settle()
    pages = [asker.get("/findings/").content.decode() for asker in (client, member)]
    assert "RESTRICTED" in pages[0]
    assert "RESTRICTED" not in pages[1]


def test_each_date_of_knowledge_is_counted_apart(client: Client, desk: sums.Desk) -> None:
    client.get("/?known=2025-06-01")
    counting = Counting()
    counting.settle()
    assert "As known on 1 Jun 2025" in client.get("/").content.decode()
    assert counting.counter.builds == 1
    assert "Figures are being computed" in client.get("/?known=").content.decode()
    counting.settle()
    assert counting.counter.builds == 2


def test_cells_come_from_the_finished_count_and_shapes_from_the_book(
    client: Client, desk: sums.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "WHOLE_LAYER", 0)
    counting = counted(client)

    def in_cells() -> int:
        tile = client.get("/tiles/hazard/2/0/2.mvt")
        features = mapbox_vector_tile.decode(tile.content)["hazard_cells"]["features"]
        return sum(feature["properties"]["c"] for feature in features)

    drawn = rows(reader(), "hazard").filter(min_x__isnull=False)
    before = drawn.count()
    assert in_cells() == before
    add_hazard(1)
    assert drawn.count() == before + 1
    assert in_cells() == before
    client.get("/map/")
    counting.settle()
    page = client.get("/map/").content.decode()
    version = page.split("\\u0026v=")[1][:16]
    assert in_cells() == before + 1
    add_hazard(2)
    assert "no-store" in client.get(f"/tiles/hazard/2/0/2.mvt?at=&v={version}").headers["Cache-Control"]
    assert "being counted" in client.get("/map/").content.decode()


def test_a_count_that_fails_says_so_and_is_tried_again(client: Client, desk: sums.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_named: object) -> None:
        raise ClearlandError("E-TEST", "No room on the disk.")

    client.get("/")
    counting = Counting()
    monkeypatch.setattr(counter, "snapshot", fail)
    counting.settle()
    answer = client.get("/")
    assert answer.status_code == 400
    assert "No room on the disk." in answer.content.decode()
    monkeypatch.setattr(counter, "snapshot", snapshot)
    client.get("/")
    counting.settle()
    assert "No room" not in client.get("/").content.decode()


def test_an_answer_that_this_site_did_not_seal_is_not_opened(client: Client, desk: sums.Desk, tmp_path: Path) -> None:
    count_board.keep_answer(tmp_path, "one", {"a": 1})
    assert count_board.answer(tmp_path, "one") == {"a": 1}
    [path] = list(tmp_path.rglob("one"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert count_board.answer(tmp_path, "one") is None
    count_board.keep_answer(tmp_path, "two", {"a": 1})
    settings.SECRET_KEY = "another site's"
    assert count_board.answer(tmp_path, "two") is None


def test_one_process_counts_and_ends_with_the_one_that_started_it(client: Client, desk: sums.Desk) -> None:
    board = Board(Path(settings.PROGRAMME_DIR))
    server = CounterProcess()
    desk.start, desk.first_patience_s = server.run_for, 60.0
    try:
        assert "Figures are being computed" not in client.get("/").content.decode()
        [child] = server._children.values()
        assert take_lock(board) is None, "the child holds the right to count"
        CounterProcess().run_for(board)
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == 0
        held = take_lock(board)
        assert held is not None
        held.close()
    finally:
        for each in server._children.values():
            each.kill()
            each.wait()
    assert set(LAND_TABLES) <= {path.name.partition("-")[0] for path in Path(settings.PROGRAMME_DIR).rglob("derived/*.parquet")}


def test_questions_travel_whole(client: Client) -> None:
    board = Board(Path(settings.PROGRAMME_DIR))
    question = Question("/land/?year=2020", "az", system_actor("web"), count_board.NOW, "folder")
    board.ask(question)
    assert board.questions() == [question]
    assert board.questions() == []


def test_a_server_counts_in_the_background(sqlite_programme: TestProgramme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SUMS_IN_BACKGROUND", False)
    monkeypatch.setattr(settings, "SEARCH_INDEXED_APART", False)
    serving.application()
    assert settings.SUMS_IN_BACKGROUND
    assert settings.SEARCH_INDEXED_APART


def test_a_search_of_a_server_asks_for_the_index_and_writes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Board] = []
    monkeypatch.setattr(sums, "desk", sums.Desk(asked.append))
    monkeypatch.setattr(settings, "SEARCH_INDEXED_APART", True)
    hit = "SYN-HAZARD-00003"
    assert f">{hit}" not in client.get(f"/search/?q={hit}").content.decode()
    assert asked
    assert search_index.refresh()
    assert hit in client.get(f"/search/?q={hit}").content.decode().partition("<main")[2]
