"""Map tiles of a programme of a million hazardous areas, none from a cache: from zoom 11 on their shapes, below it cells.

Tiles are made in this process, as a page's process makes them; HTTP and signing in, which cost every page the same, are not
in it (the bench measures tiles of a smaller programme over HTTP).
"""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from django.db import connections

from clearland.ledger.write import write
from clearland.web.access import Reading
from clearland.web.tiles.layers import tile
from clearland.work.bench import programmes
from clearland.work.bench.measure import SEED, Measure, percentile, seconds
from clearland.work.bench.nation import PLANE, SPACING_M
from clearland.work.bench.pages import square
from clearland.work.bench.records import hazards

ZOOMS = (8, 11, 12, 14)
MOST_TILE_MS = 100.0
_TILES = 60


def measures(size: int) -> list[Measure]:
    """p95 of distinct tiles over the country, for each of the zooms, in a new programme of so many hazardous areas."""
    with tempfile.TemporaryDirectory(prefix="clearland-proof-", ignore_cleanup_errors=True) as folder:
        programmes.make(Path(folder) / "programme")
        write(hazards(size), actor=programmes.WRITER, reason="tiles")
        try:
            return [_measured(zoom, size) for zoom in ZOOMS]
        finally:
            connections.close_all()


def _measured(zoom: int, size: int) -> Measure:
    squares = list(dict.fromkeys(_squares(zoom, size)))[:_TILES]
    first, *taken = [seconds(lambda x=x, y=y: _tile(zoom, x, y)) for x, y in squares]  # type: ignore[misc]
    note = f"{len(taken)} tiles, p50 {percentile(taken, 0.5) * 1e3:.0f} ms, first {first * 1e3:.0f} ms"
    work = f"map tile z{zoom}, {size:,} features, p95"
    return Measure(work=work, unit="ms", value=percentile(taken, 0.95) * 1e3, budget=MOST_TILE_MS, note=note)


def _tile(zoom: int, x: int, y: int) -> bytes:
    return tile(Reading(programmes.WRITER, None), "hazard", zoom, x, y)


def _squares(zoom: int, size: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the web map's tiles at random points of the country."""
    half_m = math.sqrt(size) * SPACING_M / 2
    points = np.random.default_rng(SEED).uniform(-half_m, half_m, (_TILES * 4, 2))
    for lon, lat in shapely.get_coordinates(PLANE.to_earth(shapely.points(points))).tolist():
        yield square(lon, lat, zoom)
