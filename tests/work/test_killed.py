"""Killed in the middle of its work, a programme stands as before or as after: never between."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from clearland.ledger.rows import rows, sources
from clearland.ledger.scope import scope, system_actor
from tests.conftest import TestProgramme
from tests.work.conftest import standing

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")

ROWS = 2_000
KILLS = 4
SEED = 20261121


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "clearland.cli.main", *map(str, arguments)]


def finished(arguments: Sequence[str]) -> float:
    """Run to the end; returns the seconds it took."""
    started = time.monotonic()
    ran = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return time.monotonic() - started


def killed_after(arguments: Sequence[str], seconds: float, begun: Callable[[], bool] = lambda: True) -> bool:
    """Start, and kill -9 a while after the work has `begun`; whether it was still at work then."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not begun() and process.poll() is None:
        time.sleep(0.002)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    assert process.returncode == 0
    return False


def moments(first_s: float, last_s: float) -> list[float]:
    """Seeded moments in seconds, one in each of as many equal parts of the time between."""
    chance = random.Random(SEED)
    width_s = (last_s - first_s) / KILLS
    return [first_s + (number + chance.random()) * width_s for number in range(KILLS)]


def many_places(folder: Path, name: str, first: int) -> Path:
    path = folder / name
    lines = (f"{number},P-{number},Settlement {number},settlement" for number in range(first, first + ROWS))
    path.write_text("\n".join(["local_id,code,name,place_type", *lines]) + "\n", encoding="utf-8")
    return path


def settled(programme: TestProgramme) -> None:
    """On a server, wait until it has seen that its client is gone: what that one had not committed is undone then."""
    if not programme.database_url:
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + 20
    with psycopg.connect(programme.database_url, autocommit=True) as watching:
        while watching.execute(others).fetchone() != (0,):
            assert time.monotonic() < until, "the server still works for a client that was killed"
            time.sleep(0.01)


def test_a_killed_add_leaves_all_rows_or_none(
    programme: TestProgramme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARLAND_DATABASE_URL", programme.database_url)  # for the commands, which are processes of their own
    folder = programme.folder
    reader = scope(system_actor("import"), "tests")

    def adding(path: Path) -> list[str]:
        return command("--programme", folder, "add", path, "--kind", "place")

    def kept() -> set[Path]:
        return set((folder / "sources").rglob("*"))

    connections.close_all()
    finished(adding(many_places(tmp_path, "first.csv", 0)))
    there, struck = ROWS, 0
    for number, moment in enumerate(moments(0.0, 0.3), start=1):
        before = standing(folder)
        connections.close_all()
        path = many_places(tmp_path, f"file-{number}.csv", number * ROWS)
        old = kept()
        # The bytes of a source are kept first: from then on it writes, however long the start took on a busy machine.
        struck += killed_after(adding(path), moment, begun=lambda old=old: kept() != old)  # type: ignore[misc]
        settled(programme)
        after = standing(folder)
        found = rows(reader, "place").count()
        assert (found, after == before) in ((there, True), (there + ROWS, False))
        assert sources(reader).filter(filename=path.name).exists() == (found > there)
        there = found
    assert struck
    connections.close_all()
    last = many_places(tmp_path, "last.csv", (KILLS + 1) * ROWS)
    finished(adding(last))
    standing(folder)
    assert rows(reader, "place").count() == there + ROWS


def test_a_killed_demonstration_leaves_nothing_or_a_whole_one(sqlite_programme: TestProgramme, tmp_path: Path) -> None:
    """What a killed build leaves beside the folder is removed by the next one, however deep it was in its work."""
    place = tmp_path / "demos"
    place.mkdir()
    building = command("demo", place / "demo")
    connections.close_all()
    finished(building)
    head = standing(place / "demo")
    connections.close_all()
    (place / "demo").rename(tmp_path / "whole")
    half_built = 0
    for moment in moments(0.01, 1.0):
        old = set(place.iterdir())
        killed_after(building, moment, begun=lambda old=old: bool(set(place.iterdir()) - old))  # type: ignore[misc]
        left = {path for path in place.iterdir() if path.name.startswith(".")}
        half_built += bool(left)
        assert len(left) <= 2, "the leavings of an earlier build were not removed"
        if (place / "demo").exists():
            assert standing(place / "demo") == head
            connections.close_all()
            (place / "demo").rename(tmp_path / f"whole at {moment}")
    assert half_built
    finished(building)
    assert standing(place / "demo") == head
    assert [path.name for path in place.iterdir()] == ["demo"]
    connections.close_all()
