"""Backup and restore: everything comes back, proved; made while people write; nobody reads it without the printed key."""

import hashlib
import json
import tarfile
import threading
from contextlib import closing
from datetime import date
from io import BytesIO

import psycopg
import pyrage
import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db import connections
from django.http import HttpRequest
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.errors import ClearlandError
from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft, NewSource
from clearland.ledger.rows import head, rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.sources import read_source
from clearland.ledger.write import write
from clearland.work import backing_up, backup_keys, backup_stream
from clearland.work import programme as programmes
from clearland.work.bundling import key_ring
from tests import postgres
from tests.conftest import OPENED

WRITER = system_actor("import")
PASSWORD = "a long enough word"


def districts(first, last):
    return [
        Draft(
            record=record_id("drill", str(number)), kind="place", local_id=f"SYN-{number}",
            attributes={"name": f"SYNTHETIC {number}", "place_type": "district"},
        )
        for number in range(first, last)
    ]  # fmt: skip


def places():
    return rows(scope(WRITER, "test"), "place").count()


@pytest.fixture
def secret(programme):
    """A backup key made for the programme, as it was printed."""
    key, recipient = backup_keys.new()
    backup_keys.keep(key_ring().folder, recipient)
    return key


@pytest.fixture
def elsewhere(programme, monkeypatch, request):
    """Another machine: on PostgreSQL an empty database there, whose URL the restoring person gives."""
    if not programme.database_url:
        monkeypatch.setenv("CLEARLAND_DATABASE_URL", "")
        yield
        return
    server = request.getfixturevalue("postgres_server")
    postgres.execute(server, "CREATE DATABASE come_back")
    monkeypatch.setenv("CLEARLAND_DATABASE_URL", postgres.database_url(server, "come_back"))
    yield
    connections.close_all()
    postgres.execute(server, "DROP DATABASE come_back WITH (FORCE)")


@pytest.mark.usefixtures("elsewhere")
def test_the_drill_everything_comes_back_and_a_person_signs_in(programme, secret, tmp_path):
    document = NewSource(data=b"All of a document.", filename="a.txt", media_type="text/plain", received=date(2024, 1, 1))
    write(districts(0, 20), actor=WRITER, reason="drill", source=document)
    get_user_model().objects.create_user("officer", password=PASSWORD)
    (programme.folder / "quarantine").mkdir()
    (programme.folder / "quarantine" / "kept.bin").write_bytes(b"refused")
    (programme.folder / "derived").mkdir(exist_ok=True)
    (programme.folder / "derived" / "made.again").write_bytes(b"x")
    before, identity = head(), key_ring().identity
    made = backing_up.back_up(tmp_path / "out.backup")
    write(districts(20, 30), actor=WRITER, reason="after the backup")

    restored = backing_up.restore(made.path, tmp_path / "again", secret)

    assert restored.complete, restored.report.findings
    assert (head(), made.manifest.head, restored.manifest) == (before, before, made.manifest)
    assert places() == 20
    assert read_source(hashlib.sha256(b"All of a document.").hexdigest()) == b"All of a document."
    assert (restored.folder / "quarantine" / "kept.bin").read_bytes() == b"refused"
    assert not (restored.folder / "derived" / "made.again").exists()
    assert authenticate(HttpRequest(), username="officer", password=PASSWORD) is not None
    assert key_ring().identity == identity
    write(districts(20, 21), actor=WRITER, reason="work goes on")
    assert places() == 21


@pytest.mark.usefixtures("elsewhere")
def test_a_backup_made_while_others_write_is_of_one_moment(programme, secret, tmp_path):
    stop = threading.Event()

    def writing():
        number = 0
        while not stop.is_set():
            write(districts(number, number + 5), actor=WRITER, reason="meanwhile")
            number += 5
        connections.close_all()

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        made = backing_up.back_up(tmp_path / "out.backup")
    finally:
        stop.set()
        thread.join()
    assert backing_up.restore(made.path, tmp_path / "again", secret).complete
    assert places() % 5 == 0


def test_nothing_can_be_read_without_the_key_and_with_it_by_any_tool(sqlite_programme, tmp_path):
    key, recipient = backup_keys.new()
    write(districts(0, 3), actor=WRITER, reason="drill")
    made = backing_up.back_up(tmp_path, recipients=(recipient,))
    data = made.path.read_bytes()
    assert made.path.name.startswith("programme-for-tests-")
    assert b"SYNTHETIC" not in data
    assert data.startswith(b"age-encryption.org/v1")
    plain = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key)])
    with closing(tarfile.open(fileobj=BytesIO(plain))) as archive:
        assert {"MANIFEST.json", "programme.gpkg", "site.sqlite3", "site.secret", "NOTE.txt"} <= set(archive.getnames())
    other, _ = backup_keys.new()
    with pytest.raises(ClearlandError, match="another key") as refused:
        backing_up.restore(made.path, tmp_path / "again", other)
    assert refused.value.code == "E-BACKUP-OTHER-KEY"


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-100], lambda data: data[: len(data) // 2], lambda data: data[:-5000] + b"x" * 5000]
)
def test_a_damaged_backup_puts_nothing_in_place(sqlite_programme, tmp_path, spoil):
    key, recipient = backup_keys.new()
    made = backing_up.back_up(tmp_path / "out.backup", recipients=(recipient,))
    made.path.write_bytes(spoil(made.path.read_bytes()))
    with pytest.raises(ClearlandError) as refused:
        backing_up.restore(made.path, tmp_path / "again", key)
    assert refused.value.code == "E-BACKUP-DAMAGED"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.backup", "programme"]


def test_what_was_changed_inside_is_told_by_the_proof(sqlite_programme, tmp_path):
    key, recipient = backup_keys.new()
    write(districts(0, 3), actor=WRITER, reason="drill")
    made = backing_up.back_up(tmp_path / "out.backup", recipients=(recipient,))
    folder = tmp_path / "opened"
    folder.mkdir()
    backup_stream.extracted(made.path, backup_keys.secret_key(key), folder)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    (folder / "MANIFEST.json").write_text(json.dumps(manifest | {"entries": manifest["entries"] + 1}))
    to = backup_keys.parsed_recipients((recipient,))
    with (tmp_path / "other.backup").open("wb") as stream, backup_stream.written(stream, to) as archive:
        archive.add(folder, "")
    assert not backing_up.restore(tmp_path / "other.backup", tmp_path / "again", key).complete


def test_refusals(sqlite_programme, tmp_path):
    def code(work, *given):
        with pytest.raises(ClearlandError) as refused:
            work(*given)
        return refused.value.code

    key, recipient = backup_keys.new()
    assert code(backing_up.back_up, tmp_path / "a") == "E-BACKUP-NOBODY"
    assert code(backup_keys.keep, tmp_path, "age1nobody") == "E-BACKUP-KEY"
    assert code(backup_keys.secret_key, "AGE-SECRET-KEY-1NOTHING") == "E-BACKUP-KEY"
    assert code(backing_up.restore, tmp_path / "none", tmp_path / "again", key) == "E-BACKUP-NONE"
    made = backing_up.back_up(tmp_path / "a", recipients=(recipient,))
    assert code(backing_up.back_up, tmp_path / "a") == "E-BACKUP-NOBODY"
    assert code(backing_up.restore, made.path, sqlite_programme.folder, key) == "E-PROGRAMME-EXISTS"
    backup_keys.keep(key_ring().folder, recipient)
    assert code(backing_up.back_up, tmp_path / "a") == "E-BACKUP-EXISTS"


def test_a_backup_of_sqlite_is_not_restored_to_a_server(sqlite_programme, postgres_server, tmp_path, monkeypatch):
    key, recipient = backup_keys.new()
    made = backing_up.back_up(tmp_path / "a", recipients=(recipient,))
    monkeypatch.setenv("CLEARLAND_DATABASE_URL", postgres_server)
    with pytest.raises(ClearlandError) as refused:
        backing_up.restore(made.path, tmp_path / "again", key)
    assert refused.value.code == "E-BACKUP-DATABASE"
    with psycopg.connect(postgres_server) as connection:
        assert connection.execute("SELECT to_regclass('entry')").fetchone() == (None,)


def test_the_commands(sqlite_programme, tmp_path, monkeypatch):
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    runner = CliRunner()
    said = runner.invoke(app, ["backup-key", "new"]).output
    key = next(line.strip() for line in said.splitlines() if "AGE-SECRET-KEY-1" in line)
    assert said.count(key) == 2
    assert runner.invoke(app, ["backup-key", "show"]).output.strip() in said
    assert key not in "".join(path.read_text(errors="ignore") for path in tmp_path.rglob("*") if path.is_file())
    made = json.loads(runner.invoke(app, ["backup", "-o", str(tmp_path), "--json"]).stdout)
    (tmp_path / "key.txt").write_text(f"# typed in\n{key.lower()}\n")
    back = ["restore", made["file"], str(tmp_path / "again"), "--key-file", str(tmp_path / "key.txt")]
    done = runner.invoke(app, back)
    assert done.exit_code == 0, done.output
    assert "proved" in done.output
    programmes.use(tmp_path / "again")
    assert head() == made["head"]
    assert OPENED.year == 2024
