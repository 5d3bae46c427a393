"""Pages and map tiles of a programme of many hazardous areas, over HTTP, load generator on the same machine."""

import math

import numpy as np
import shapely

from clearland.core.ids import record_id
from clearland.work.bench.measure import SEED, Job, Measure, percentile
from clearland.work.bench.nation import PLANE, SPACING_M
from clearland.work.bench.site import Visitor, flat_out, served, times

ROWS_A_PAGE = 50
_MOST_PAGE_MS = 150
_MOST_TILE_MS = 100
_LEAST_PAGES_PER_S = 80
_PEOPLE = 4
_ASKED = 120
_FLAT_OUT = 400
_TILES = 60
_ZOOMS = (8, 11, 12, 14)


def measure(job: Job) -> list[Measure]:
    """List pages, record pages and tiles one by one, then list pages as fast as they come."""
    random = np.random.default_rng(SEED)
    asked = scaled(_ASKED, job.size)
    with served(job.folder / "hazards") as visitor:
        lists = _lists(random, job.size, asked)
        visitor.get(lists[0])
        measures = _spread("list page", times(visitor, lists), _MOST_PAGE_MS, f"{job.size:,} records")
        records = [f"/record/{record_id('bench', f'hazard {number}')}/" for number in random.integers(0, job.size, asked)]
        measures += _spread("record page", times(visitor, records), _MOST_PAGE_MS, "")
        for zoom in _ZOOMS:
            measures += _tiles(visitor, random, job.size, zoom)
        rate = flat_out(visitor, _lists(random, job.size, scaled(_FLAT_OUT, job.size)), _PEOPLE)
    note = f"{_PEOPLE} people without a pause"
    return [*measures, Measure(work="list pages flat out", unit="pages/s", value=rate, budget=_LEAST_PAGES_PER_S, note=note)]


def scaled(most: int, size: int) -> int:
    """How often to ask: less often of a small programme, so that a look at the bench is quick."""
    return max(min(most, size // 100), 8)


def _spread(work: str, taken: list[float], most_ms: float, note: str) -> list[Measure]:
    return [
        Measure(work=f"{work}, p50", unit="ms", value=percentile(taken, 0.5) * 1e3, note=note),
        Measure(work=f"{work}, p95", unit="ms", value=percentile(taken, 0.95) * 1e3, budget=most_ms),
    ]


def _lists(random: np.random.Generator, size: int, count: int) -> list[str]:
    """Two in three are one of the first ten pages, as people ask; the third lies anywhere."""
    last = max(size // ROWS_A_PAGE, 1)
    near, anywhere = random.integers(1, min(10, last) + 1, count), random.integers(1, last + 1, count)
    pages = np.where(random.random(count) < 2 / 3, near, anywhere)
    return [f"/records/hazard/?page={page}" for page in pages]


def _tiles(visitor: Visitor, random: np.random.Generator, size: int, zoom: int) -> list[Measure]:
    """Distinct tiles over the country, so that none comes from the cache; the first pays for what all share."""
    half = math.sqrt(size) * SPACING_M / 2
    points = shapely.get_coordinates(PLANE.to_earth(shapely.points(random.uniform(-half, half, (_TILES * 4, 2)))))
    squares = list(dict.fromkeys(square(lon, lat, zoom) for lon, lat in points.tolist()))[: scaled(_TILES, size)]
    addresses = [f"/tiles/hazard/{zoom}/{x}/{y}.mvt" for x, y in squares]
    first = visitor.get(addresses[0])[1]
    taken = times(visitor, addresses[1:]) or [first]
    return [
        Measure(
            work=f"map tile z{zoom}, p95", unit="ms", value=percentile(taken, 0.95) * 1e3, budget=_MOST_TILE_MS,
            note=f"{len(taken)} tiles, p50 {percentile(taken, 0.5) * 1e3:.0f} ms, first {first * 1e3:.0f} ms",
        )
    ]  # fmt: skip


def square(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the web map's tile at a point."""
    across = (lon + 180) / 360 * 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    return int(across), int(down)
