"""`clearland bench` prints what the jobs measured, for people and for machines."""

import json

import pytest
from typer.testing import CliRunner

from clearland.cli.bench import cells
from clearland.cli.main import app
from clearland.work.bench import run
from clearland.work.bench.measure import Measure

FOUND = [
    Measure(work="write path", unit="entries/s", value=21_437.0, budget=20_000, peer="bulk", peer_value=3_000.0, note="seeded"),
    Measure(work="land against PostGIS", unit="s", note="no PostGIS"),
]


@pytest.fixture
def runner(monkeypatch):
    monkeypatch.setattr(run, "run", lambda size, products, starting: FOUND)
    return CliRunner()


def test_a_table_with_units_ratios_and_notes(runner):
    printed = runner.invoke(app, ["bench", "--size", "1000"]).output
    assert "seeded" in printed
    assert "skipped" in printed
    assert "ST_Union(q.geom)" in printed
    assert list(cells(FOUND[0])) == [
        "write path", "21,437 entries/s", "≥ 20,000 entries/s", "bulk", "3,000 entries/s", "7.15", "", "ok"
    ]  # fmt: skip


def test_json_holds_every_measure(runner):
    result = runner.invoke(app, ["bench", "--json"])
    assert [measure["verdict"] for measure in json.loads(result.stdout)] == ["ok", "skipped"]
