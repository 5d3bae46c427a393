"""Every measured job runs at a small size, in its own process as at full size, and returns sane numbers."""

import math
from dataclasses import replace

import pytest

from clearland.core.errors import ClearlandError
from clearland.work.bench import land, run
from clearland.work.bench.child import JOBS
from clearland.work.bench.measure import Measure

SIZE = 300
WITHOUT_POSTGRES = [name for name in JOBS if name != "land_postgis.measure"]


@pytest.fixture(scope="module")
def measures():
    found = run.run(SIZE, jobs=WITHOUT_POSTGRES, with_postgres=False)
    return {measure.work: measure for measure in found}


def test_what_was_measured_is_a_number_and_what_was_not_says_why(measures):
    skipped = {work for work, measure in measures.items() if measure.value is None}
    assert skipped == {
        "write path, points, PostGIS", "intake with all checks, PostGIS", "land: odd outlines against PostGIS on the spheroid",
    }
    assert all(measures[work].note == "no PostGIS" for work in skipped)
    for work in measures.keys() - skipped:
        value = measures[work].value
        assert math.isfinite(value), work
        assert value > 0, work


def test_each_work_of_the_design_is_there(measures):
    for work in (
        "write path, points, SQLite", "intake with all checks, SQLite", "snapshot built", "GeoPackage layer, one window",
        "list page, p95", "record page, p95", "map tile z8, p95", "map tile z14, p95", "list pages flat out",
        "land, two threads", "land: peak memory", "documents to claims",
    ):  # fmt: skip
        assert measures[work].budget is not None or measures[work].least_ratio is not None, work


def test_peers_did_the_same_work(measures):
    for work in ("write path, points, SQLite", "write path against bulk_create", "GeoPackage layer, one window"):
        assert measures[work].peer_value > 0
        assert measures[work].ratio > 0
    if land.spatial_extension():
        assert measures["land, two threads"].peer.startswith(land.PEER)
        assert measures["land, two threads"].ratio > 0


def test_a_window_is_read_through_the_index(measures):
    note = measures["GeoPackage layer, one window"].note
    assert "fast_spatial_filter True" in note
    assert not note.startswith("0 features")


@pytest.mark.postgis
@pytest.mark.usefixtures("postgres_server")
def test_postgis_attributes_the_same_square_metres():
    found = {measure.work: measure for measure in run.run(SIZE, 2_000, jobs=["land_postgis.measure"])}
    assert (found["land against PostGIS"].peer_value or 0) > 0
    assert (difference := found["land: largest difference to PostGIS"].value) is not None
    assert difference < 1e-3


def test_a_job_that_fails_says_so():
    with pytest.raises(ClearlandError, match=r"snapshots\.build failed"):
        run.run(SIZE, jobs=["snapshots.build"], with_postgres=False)


def test_verdicts():
    rate = Measure(work="x", unit="rows/s", value=10.0, budget=8.0, peer="y", peer_value=5.0, least_ratio=2.0)
    assert (rate.ratio, rate.verdict) == (2.0, "ok")
    assert replace(rate, budget=11.0).verdict == "over"
    assert replace(rate, least_ratio=2.1).verdict == "over"
    duration = Measure(work="x", unit="ms", value=10.0, budget=8.0, peer="y", peer_value=5.0)
    assert (duration.ratio, duration.verdict) == (0.5, "over")
    assert replace(duration, budget=10.0).verdict == "ok"
    assert replace(duration, value=None).verdict == "skipped"
    assert replace(duration, budget=None).verdict == ""
