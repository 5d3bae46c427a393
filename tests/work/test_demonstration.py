"""The demonstration: the same each time, synthetic where it is operational, and far from anywhere people walk."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from clearland.dictionary.loader import builtin
from clearland.ledger.rows import claims, rows
from clearland.ledger.scope import Scope, scope, system_actor
from clearland.work import programme as programmes
from clearland.work.demonstration import build
from tests.work.conftest import standing

OPERATIONAL = ("hazard", "land_release", "ordnance", "accident", "clearance", "survey", "evidence")
EARTH_RADIUS_KM = 6371.0
LEAST_DISTANCE_KM = 1000
LONGEST_BUILD_S = 60


@dataclass(frozen=True)
class Demonstration:
    """A small demonstration, its head and how long it took."""

    folder: Path
    head: str
    seconds: float


def make(folder: Path) -> Demonstration:
    started = time.monotonic()
    head = build.build(folder, hazards=24)
    connections.close_all()
    return Demonstration(folder, head, time.monotonic() - started)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Demonstration:
    with django_db_blocker.unblock():
        return make(tmp_path_factory.mktemp("demonstration") / "demo")


@pytest.fixture
def demonstration(built: Demonstration, django_db_blocker: DjangoDbBlocker) -> Iterator[Demonstration]:
    """The demonstration in use; no test writes to it."""
    with django_db_blocker.unblock():
        programmes.use(built.folder)
        yield built
        connections.close_all()


def reader() -> Scope:
    return scope(system_actor("demo"), "tests")


def test_two_builds_have_the_same_head_and_both_hold(demonstration: Demonstration, tmp_path: Path) -> None:
    """The second in a process whose sets and dictionaries hash in another order."""
    folder = tmp_path / "other name"
    order = "import sys, pathlib, clearland.cli.main; from clearland.work.demonstration.build import build"
    ran = subprocess.run(
        [sys.executable, "-c", f"{order}; print(build(pathlib.Path(sys.argv[1]), hazards=24))", folder],
        env={**os.environ, "PYTHONHASHSEED": "20261121", "TZ": "Pacific/Auckland"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert not [path.name for path in folder.iterdir() if path.name.endswith("-wal")]
    assert standing(folder) == standing(demonstration.folder) == demonstration.head == ran.stdout.strip()


def test_a_build_leaves_nothing_beside_its_folder(demonstration: Demonstration) -> None:
    assert [path.name for path in demonstration.folder.parent.iterdir()] == ["demo"]


@pytest.mark.parametrize("kind", OPERATIONAL)
def test_every_operational_record_is_marked_synthetic(demonstration: Demonstration, kind: str) -> None:
    names = list(rows(reader(), kind).values_list("local_id", flat=True))
    assert names
    assert all(name.startswith("SYN") for name in names)


def test_every_record_of_the_invented_nation_is_marked(demonstration: Demonstration) -> None:
    """Whatever came from no file was made here; the places of the world came from credited files."""
    made = rows(reader()).exclude(kind="programme")
    unmarked = [v for v in made if not v.local_id.startswith("SYN") and v.source_sha is None]  # type: ignore[attr-defined]
    assert not unmarked
    assert {version.kind for version in made if not version.local_id.startswith("SYN")} == {"place"}


def corners(geometry: shapely.Geometry) -> np.ndarray:
    """The vertices of a geometry as (lon, lat) in degrees."""
    return np.asarray(shapely.get_coordinates(geometry))


def distances_km(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Great-circle distances on a sphere, rows of `first` against rows of `second`; good to half a per cent."""
    lon1, lat1 = np.radians(first).T[:, :, None]
    lon2, lat2 = np.radians(second).T[:, None, :]
    chord = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))


def test_no_invented_record_lies_near_real_ground(demonstration: Demonstration) -> None:
    real = np.concatenate([
        corners(version.geometry) for version in rows(reader(), "place")
        if version.geometry is not None and not version.local_id.startswith("SYN")
    ])  # fmt: skip
    assert len(real) > 1000
    invented = [
        version.geometry for version in rows(reader())
        if version.geometry is not None and version.local_id.startswith("SYN")
    ]  # fmt: skip
    hull = corners(shapely.convex_hull(shapely.union_all([shapely.envelope(each) for each in invented])))
    assert distances_km(hull, real).min() > LEAST_DISTANCE_KM


def test_the_distance_that_the_law_uses_can_fail() -> None:
    baku, tbilisi = np.array([[49.87, 40.41]]), np.array([[44.83, 41.72]])
    assert distances_km(baku, tbilisi)[0, 0] == pytest.approx(450, rel=0.02)


def test_a_map_program_sees_the_kinds_and_nothing_else(demonstration: Demonstration) -> None:
    layers = {str(name) for name, _ in pyogrio.list_layers(demonstration.folder / "programme.gpkg")}
    assert layers == {kind.name for kind in builtin().layers()}
    assert len(layers) > 10


def test_published_figures_stand_as_claims_with_their_sentence(demonstration: Demonstration) -> None:
    every = list(claims(reader()).select_related("rendition"))
    assert len(every) > 20
    assert all(0 <= claim.start < claim.end <= len(claim.rendition.text) for claim in every)
    assert len({claim.rendition.source_id for claim in every}) >= 3


def test_it_is_built_within_a_minute(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    """At its real size: what `make demo` waits for."""
    with django_db_blocker.unblock():
        started = time.monotonic()
        build.build(tmp_path / "demo")
        connections.close_all()
    assert time.monotonic() - started < LONGEST_BUILD_S
