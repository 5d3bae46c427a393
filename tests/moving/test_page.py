"""The page of a move, and its commands, as people use them."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.intake.imsma.reading import hand_path
from clearland.intake.imsma.rules import load_rules
from clearland.ledger.rows import head
from tests.conftest import ADMIN, PASSWORD, TestProgramme
from tests.moving.conftest import moved
from tests.moving.maxml_file import document
from tests.moving.synthetic import nation
from tests.moving.test_files import as_csv


@pytest.fixture
def client(sqlite_programme: TestProgramme) -> Client:
    """The administrator, signed in."""
    cache.clear()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    made = Client()
    assert made.post("/login/", {"username": ADMIN, "password": PASSWORD}).status_code == 302
    return made


def test_the_page_shows_each_difference_until_a_person_explains_it(client: Client, tmp_path: Path) -> None:
    assert "Nothing has been moved yet" in client.get("/exchange/moving/").content.decode()
    moved(hand_path(as_csv(tmp_path / "export"), load_rules()))
    page = client.get("/exchange/moving/").content.decode()
    assert "Ground under two records counts once" in page
    assert "hazard_poly_2" in page
    marks = [part.split('"')[0] for part in page.split('name="mark" value="')[1:]]
    assert f"{len(marks)} differences wait" in page
    refused = client.post("/exchange/moving/decide", {"series": "IMSMA", "mark": "0" * 64, "reason": "None"})
    assert refused.status_code == 400
    for mark in marks:
        answer = client.post("/exchange/moving/decide", {"series": "IMSMA", "mark": mark, "reason": "Looked at it"})
        assert answer.status_code == 302
    page = client.get("/exchange/moving/").content.decode()
    assert "Every difference is explained." in page
    assert "Looked at it" in page
    client.post("/exchange/moving/decide", {"series": "IMSMA", "mark": marks[0]})
    assert "1 difference waits" in client.get("/exchange/moving/").content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/exchange/moving/parity.xlsx").getvalue()))
    assert book.sheet_names == ["Totals", "Differences", "Records"]
    assert len(book.get_sheet_by_name("Differences").to_python()) == len(marks) + 1


def test_an_export_is_looked_at_and_moved_on_the_page(client: Client) -> None:
    land = nation()
    land.items = [each for each in land.items if each.sort != "victim" and each.name != "H1-twin"]
    land.links = [pair for pair in land.links if not {*pair} & {"V1", "V2"}]
    file = SimpleUploadedFile("SYNTHETIC.xml", document(land), "application/xml")
    before = head()
    page = client.post("/exchange/moving/bring", {"file": file, "series": "IMSMA"}).content.decode()
    assert "states would be written" in page
    assert head() == before
    token = page.split('name="token" value="')[1].split('"')[0]
    answer = client.post("/exchange/moving/bring", {"token": token, "series": "IMSMA", "action": "move"})
    assert (answer.status_code, head() != before) == (200, True)
    assert "new records" in answer.content.decode()
    wrong = client.post("/exchange/moving/bring", {"file": SimpleUploadedFile("wrong.xml", b"<html/>"), "series": "IMSMA"})
    assert (wrong.status_code, "E-MOVE-XML" in wrong.content.decode()) == (400, True)


def test_nobody_without_the_right_sees_it(sqlite_programme: TestProgramme) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    assert Client().get("/exchange/moving/").status_code in (302, 403)


def test_the_commands(sqlite_programme: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    run = CliRunner()
    export = str(as_csv(tmp_path / "export"))
    before = head()
    checked = run.invoke(app, ["move", "files", export, "--identities", "leave-out", "--check", "--json"])
    assert checked.exit_code == 0, checked.output
    assert (json.loads(checked.stdout)["items"], head()) == (5, before)
    done = run.invoke(app, ["move", "files", export, "--identities", "leave-out", "--json"])
    assert json.loads(done.stdout)["new"] >= 5
    book = tmp_path / "parity.xlsx"
    compared = run.invoke(app, ["move", "parity", "--json", "--xlsx", str(book)])
    assert compared.exit_code == 1
    told = json.loads(compared.stdout)
    assert told["open"] == len(told["differences"])
    assert book.exists()
    again = run.invoke(app, ["move", "files", export, "--identities", "leave-out", "--json"])
    assert (json.loads(again.stdout)["new"], json.loads(again.stdout)["changed"]) == (0, 0)
    assert run.invoke(app, ["move", "imsma-ng"]).exit_code != 0
    assert run.invoke(app, ["move", "files", export, "--identities", "perhaps"]).exit_code == 2
