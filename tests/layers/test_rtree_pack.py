"""An R-tree made at once is one that SQLite itself finds whole, and it finds what comparing every box finds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from clearland.ledger import rtree, rtree_pack
from tests.layers.records import draft, put

_MEETS = "SELECT id FROM tree WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?"


class _Cursor:
    """Django's way of writing parameters over a bare SQLite cursor."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.fetchone = cursor.fetchone

    def execute(self, sql: str, parameters: Any = ()) -> None:
        self.cursor.execute(sql.replace("%s", "?"), parameters)

    def executemany(self, sql: str, rows: Any) -> None:
        self.cursor.executemany(sql.replace("%s", "?"), rows)


@contextmanager
def tree() -> Iterator[Any]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE tree USING rtree(id, minx, maxx, miny, maxy)")
        yield connection


def boxes(count: int, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    random = np.random.default_rng(seed)
    low = random.uniform(-170, 170, (count, 2)) * (1, 0.5)
    high = low + random.exponential(0.01, (count, 2)) * random.integers(0, 2, (count, 1))
    return np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]])


@settings(max_examples=40, deadline=None)
@given(count=st.one_of(st.integers(0, 130), st.sampled_from([1_444, 1_939, 2_602, 6_000])), seed=st.integers(0, 2**32 - 1))
def test_a_packed_tree_is_whole_and_finds_every_box(count: int, seed: int) -> None:
    found = boxes(count, seed)
    keys = np.random.default_rng(seed).permutation(count * 3)[:count] + 2**40
    with tree() as connection:
        connection.execute("INSERT INTO tree VALUES (1, 0, 1, 0, 1)")  # replaced
        rtree_pack.fill(_Cursor(connection.cursor()), "tree", keys, found)
        assert connection.execute("SELECT rtreecheck('tree')").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM tree").fetchone() == (count,)
        for min_x, max_x, min_y, max_y in [*boxes(5, seed + 1), *found[:5]]:
            meets = (found[:, 0] <= max_x) & (found[:, 1] >= min_x) & (found[:, 2] <= max_y) & (found[:, 3] >= min_y)
            answer = {row[0] for row in connection.execute(_MEETS, (max_x, min_x, max_y, min_y))}
            assert set(keys[meets].tolist()) <= answer


def test_a_packed_tree_takes_and_loses_boxes_as_any_other() -> None:
    found = boxes(3_000, 7)
    keys = np.arange(1, 3_001)
    with tree() as connection:
        rtree_pack.fill(_Cursor(connection.cursor()), "tree", keys, found)
        more = [(n, 1, 2, 3, 4) for n in range(2_500, 4_000)]
        connection.executemany("INSERT OR REPLACE INTO tree VALUES (?, ?, ?, ?, ?)", more)
        connection.execute("DELETE FROM tree WHERE id <= 2400")
        assert connection.execute("SELECT rtreecheck('tree')").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM tree").fetchone() == (1_599,)


def test_rounding_is_that_of_sqlite() -> None:
    found = boxes(2_000, 11)
    rows = [(n, *box) for n, box in enumerate(found.tolist(), 1)]
    with tree() as connection:
        connection.executemany("INSERT INTO tree VALUES (?, ?, ?, ?, ?)", rows)
        stored = np.array(connection.execute("SELECT minx, maxx, miny, maxy FROM tree ORDER BY id").fetchall())
    ours = rtree_pack.rounded(found).astype(float)
    outward = np.array([1, -1, 1, -1])
    assert ((ours - stored) * outward >= 0).all()  # never wider than SQLite's own
    assert ((found - ours) * outward >= 0).all()  # and never narrower than the box


@pytest.mark.usefixtures("sqlite_programme")
def test_a_large_write_makes_the_layers_tree_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    put(draft("hazard", "H-0", geometry=shapely.Point(1, 1)))
    monkeypatch.setattr(rtree, "_LEAST_PACKED", 40)
    put(*(draft("hazard", f"N-{n}", geometry=shapely.Point(2 + n / 100, 3)) for n in range(60)))
    put(draft("hazard", "H-1", geometry=shapely.Point(1, 1)))
    with connections["programme"].cursor() as cursor:
        cursor.execute("SELECT rtreecheck('rtree_hazard_geom'), (SELECT count(*) FROM rtree_hazard_geom)")
        assert cursor.fetchone() == ("ok", 62)
        cursor.execute("SELECT count(*) FROM rtree_hazard_geom WHERE minx <= 1 AND maxx >= 1 AND miny <= 1 AND maxy >= 1")
        assert cursor.fetchone() == (2,)
        cursor.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'hazard'")
        assert cursor.fetchone() == (1, 1, 2.59, 3)
