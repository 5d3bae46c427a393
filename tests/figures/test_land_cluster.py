"""Two worker processes on loopback give the balance that one process gives, also when one of them dies."""

import builtins
import os
import signal
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.errors import ClearlandError
from clearland.figures import land, land_cluster
from clearland.figures.land import land_balance, land_balance_on
from clearland.ledger.snapshot import snapshot
from clearland.work.bench import land_on_spheroid, odd_outlines
from clearland.work.bench.programmes import WRITER
from clearland.work.editions import freeze

distributed = pytest.importorskip("distributed")
BY = ("place", "type", "class")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50,
    ) as started:  # fmt: skip
        yield started


@pytest.fixture
def shot(sqlite_programme, tmp_path):
    land_on_spheroid.take_in(odd_outlines.write(tmp_path, 300), WRITER)
    freeze("first", period_to=date(2013, 12, 31), period_from=date(2000, 1, 1), reason="", audience="programme", actor=WRITER)
    return snapshot()


def rows(result):
    return [
        [round(value, 1) if isinstance(value, float) else value for value in flat(row)] for row in result.as_json()
    ]


def flat(row):
    for value in row.values():
        yield from flat(value) if isinstance(value, dict) else [value]


@pytest.mark.filterwarnings("ignore")  # of the library's own sockets and loops
@pytest.mark.parametrize("killed", [False, True])
def test_workers_give_the_balance_of_one_process(shot, cluster, killed):
    period: dict[str, Any] = {"period_from": date(2014, 1, 1), "period_to": date(2030, 1, 1)}
    if killed:
        cluster.scale(2)
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
    apart = land_balance_on(cluster.scheduler_address, shot, **period, by=BY, most=60)
    whole = land_balance(shot, **period, by=BY)
    assert rows(apart) == rows(whole)
    assert whole.row(type="all", place=apart.rows[0].key.place).opening_m2
    assert sorted(finding.code for finding in apart.findings) == sorted(finding.code for finding in whole.findings)
    assert len(list((shot.folder.parent.parent / "blocks").glob("*/hazard-*.parquet"))) > 3


def test_many_products_are_cut_in_blocks_here(shot, monkeypatch):
    period: dict[str, Any] = {"period_from": date(2014, 1, 1), "period_to": date(2030, 1, 1), "by": BY}
    whole = rows(land_balance(shot, **period))
    monkeypatch.setattr(land, "MOST_AT_ONCE", 100)
    monkeypatch.setattr(land, "MOST_IN_A_BLOCK", 60)
    assert rows(land_balance(shot, **period)) == whole
    assert len(list((shot.folder.parent.parent / "pieces").glob("*.json"))) > 3


@pytest.mark.filterwarnings("ignore")
def test_the_command_takes_the_address(shot, cluster, sqlite_programme, monkeypatch):
    monkeypatch.setenv("CLEARLAND_PROGRAMME", str(sqlite_programme.folder))
    asked = ["balance", "--from", "2014-01-01", "--to", "2030-01-01", "--json"]
    alone = CliRunner().invoke(app, asked)
    spread = CliRunner().invoke(app, [*asked, "--cluster", cluster.scheduler_address])
    assert (alone.exit_code, spread.exit_code) == (0, 0)
    assert spread.stdout == alone.stdout


@pytest.mark.filterwarnings("ignore")
def test_where_nobody_answers_it_is_said(monkeypatch):
    monkeypatch.setattr(land_cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(ClearlandError, match="No scheduler answers"), land_cluster.workers("tcp://127.0.0.1:9"):
        pass


def test_without_the_extra_it_is_said(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ClearlandError, match="not installed"), land_cluster.workers("tcp://127.0.0.1:9"):
        pass
