"""The programme file as a GeoPackage: what QGIS does when a person pans, through GDAL, in a process of its own."""

import warnings
from functools import partial

import numpy as np
import pyogrio
import shapely

from clearland.work.bench.measure import SEED, Job, Measure, best_seconds, seconds
from clearland.work.bench.nation import PLANE, SPACING_M

_MOST_MS = 20
_WINDOW_M = 7_000.0  # about a hundred hazardous areas
_WINDOWS = 9
_RUNS = 3


def measure(job: Job) -> list[Measure]:
    """Windows read through the layer's R-tree, and by asking each geometry for its bounds."""
    path = job.folder / "hazards" / "programme.gpkg"
    boxes = _windows(job.size)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast = pyogrio.read_info(path, layer="hazard")["capabilities"]["fast_spatial_filter"]
        features = [len(pyogrio.raw.read(path, layer="hazard", bbox=box)[2]) for box in boxes]
        ours = [best_seconds(partial(pyogrio.raw.read, path, layer="hazard", bbox=box), _RUNS) for box in boxes]
        scan = [seconds(partial(pyogrio.raw.read, path, layer="hazard", where=_where(box))) for box in boxes[:3]]
    return [
        Measure(
            work="GeoPackage layer, one window", unit="ms", value=float(np.median(ours)) * 1e3, budget=_MOST_MS,
            peer="the same window without the R-tree", peer_value=float(np.median(scan)) * 1e3,
            note=f"{int(np.median(features))} features a window, file opened each time, fast_spatial_filter {fast}",
        )
    ]  # fmt: skip


def _windows(size: int) -> list[tuple[float, float, float, float]]:
    random = np.random.default_rng(SEED)
    half = max(np.sqrt(size) * SPACING_M / 2 - _WINDOW_M, 1)
    west, south = random.uniform(-half, half, (2, _WINDOWS))
    boxes = PLANE.to_earth(shapely.box(west, south, west + _WINDOW_M, south + _WINDOW_M))
    return [(box[0], box[1], box[2], box[3]) for box in shapely.bounds(boxes).tolist()]


def _where(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = box
    return f"ST_MaxX(geom) >= {west} AND ST_MinX(geom) <= {east} AND ST_MaxY(geom) >= {south} AND ST_MinY(geom) <= {north}"
