"""Programmes are made whole or not at all, opened checked, and keep people apart from the book."""

import ast
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db import connections
from django.http import HttpRequest

from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.ledger import guards
from clearland.ledger.rows import head, rows
from clearland.ledger.scope import system_actor
from clearland.ledger.sources import sources_folder
from clearland.ledger.verify import verify
from clearland.work import programme as programmes
from tests.conftest import ADMIN, OPENED, PASSWORD
from tests.ledger.book import day, everything, execute, hazard, put

ROOT = Path(__file__).parents[2]


def test_a_new_programme_is_complete(sqlite_programme):
    names = {path.name.split(".gpkg")[0] for path in sqlite_programme.folder.iterdir()}
    assert {"NOTE.txt", "programme", "site.secret", "site.sqlite3", "sources"} <= names
    assert "RESTRICTED" in (sqlite_programme.folder / "NOTE.txt").read_text(encoding="utf-8")
    assert stat.S_IMODE((sqlite_programme.folder / "site.secret").stat().st_mode) == 0o600
    assert verify().ok


def test_people_do_not_travel_with_the_book(programme):
    assert get_user_model().objects.get().username == ADMIN
    assert authenticate(HttpRequest(), username=ADMIN, password=PASSWORD) is not None
    with connections["programme"].cursor() as cursor:
        tables = {table.name for table in connections["programme"].introspection.get_table_list(cursor)}
    if programme.vendor == "sqlite":
        assert not {table for table in tables if table.startswith(("auth_", "django_session"))}
        assert "entry" not in connections["default"].introspection.table_names()
    else:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename IN ('auth_user', 'django_session')")
            assert {row[0] for row in cursor.fetchall()} == {"site"}
            cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'entry'")
            assert cursor.fetchall() == [("public",)]


def test_two_programmes_made_alike_have_one_head(sqlite_programme, tmp_path):
    heads = []
    for name in ("a", "b"):
        programmes.init(tmp_path / name, name="Twin", opened_on=OPENED.date(), clock=fixed_clock(OPENED))
        heads.append(head())
    assert heads[0] == heads[1]


def test_a_programme_is_not_made_over_another(programme):
    before = head()
    with pytest.raises(ClearlandError, match="E-PROGRAMME-EXISTS"):
        programmes.init(programme.folder, name="Another", database_url=programme.database_url)
    programmes.use(programme.folder, programme.database_url)
    assert head() == before


def test_a_failure_leaves_nothing(sqlite_programme, tmp_path):
    def half(target):
        with programmes.building(target) as draft:
            (draft / "half").write_text("half")
            raise ClearlandError("E-TEST", "stopped")

    with pytest.raises(ClearlandError, match="E-TEST"):
        half(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["programme"]


def test_a_folder_with_anything_in_it_is_not_taken(sqlite_programme, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    with pytest.raises(ClearlandError, match="E-PROGRAMME-EXISTS"):
        programmes.init(tmp_path / "taken", name="Another")
    assert (tmp_path / "taken" / "letter.txt").read_text() == "mine"


@pytest.mark.parametrize("content", [None, b"not a database, but long enough to be looked at as one" * 40])
def test_a_folder_without_a_programme_is_refused(sqlite_programme, tmp_path, content):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if content is not None:
        (folder / "programme.gpkg").write_bytes(content)
    with pytest.raises(ClearlandError, match="E-PROGRAMME-NONE"):
        programmes.use(folder)


def test_an_old_sqlite_is_refused_in_words(sqlite_programme, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(ClearlandError, match=r"lacks SQLite 3\.38"):
        guards.check_abilities(connections["programme"])


CHILD = """
import sys
from pathlib import Path
from clearland.work import programme
programme.use(Path(sys.argv[1]))
from tests.ledger.book import day, hazard, put, source
import datetime
for turn in range(1000):
    drafts = [hazard(f"{turn}-{number}") for number in range(400)]
    put(drafts, clock=day(turn + 1), source=source(f"turn {turn}", datetime.date(2024, 3, 1)))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("wait_s", [0.0, 0.03, 0.08, 0.15])
def test_a_writer_that_is_killed_leaves_the_book_whole(sqlite_programme, wait_s):
    connections.close_all()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CHILD, str(sqlite_programme.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"0\n"
        time.sleep(wait_s)
        child.send_signal(signal.SIGKILL)
    programmes.use(sqlite_programme.folder)
    report = verify()
    assert (report.ok, report.findings) == (True, ())
    assert rows(everything(), "hazard").count() % 400 == 0
    assert put(hazard("after"), clock=day(2000)).new == 1
    assert verify().ok


def test_leftovers_of_a_killed_writer_are_removed(sqlite_programme):
    leftover = sources_folder() / "tmp-of-a-killed-process"
    leftover.write_bytes(b"half")
    os.utime(leftover, (0, 0))
    programmes.use(sqlite_programme.folder)
    assert not leftover.exists()


INIT = """
import sys, time
from pathlib import Path
from clearland.work import programme
with programme.building(Path(sys.argv[1])) as draft:
    programme.init(draft, name="Half")
    print("there", flush=True)
    time.sleep(60)
"""


def test_a_programme_whose_making_was_killed_is_not_there(sqlite_programme, tmp_path):
    folder = tmp_path / "new"
    with subprocess.Popen([sys.executable, "-c", INIT, str(folder)], stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"there\n"
        child.send_signal(signal.SIGKILL)
    assert not folder.exists()
    assert len(list(tmp_path.glob(".new.new-*"))) == 1
    programmes.init(folder, name="Whole")
    assert list(tmp_path.glob(".new.new-*")) == []
    assert verify().ok


def test_nobody_outside_the_ledger_imports_its_models():
    offenders = []
    for path in (ROOT / "src" / "clearland").rglob("*.py"):
        if path.parts[-2] in {"ledger", "migrations"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if any("clearland.ledger.models" in f"{module}.{name}" for name in names):
                offenders.append(f"{path.name}: {module}")
    assert offenders == []


def test_the_scan_for_imports_of_models_sees_one():
    (node,) = ast.parse("from clearland.ledger import models").body
    assert isinstance(node, ast.ImportFrom)
    assert "clearland.ledger.models" in f"{node.module}.{node.names[0].name}"


def test_system_actors_are_named():
    with pytest.raises(ClearlandError, match="E-SCOPE-ACTOR"):
        system_actor("somebody")


def test_a_programme_without_guards_is_opened_to_be_verified_and_repaired(sqlite_programme):
    put(hazard("1"))
    execute("DROP TRIGGER entry_no_delete")
    execute("UPDATE record SET local_id = 'HA-X' WHERE fid = 2")
    programmes.use(sqlite_programme.folder, guarded=False)
    assert {finding.code for finding in verify().findings} == {"E-VERIFY-GUARD", "E-VERIFY-PROJECTION"}
    programmes.repair()
    assert verify().ok
    assert programmes.use(sqlite_programme.folder) == sqlite_programme.folder
