"""Land: products on hazards cut into disjoint, attributed pieces, against DuckDB's mere union per hazard.

The peer is given less to do: its polygons are projected already, it joins nothing in space, and it knows neither who
released a square metre nor whose it was.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import shapely

from clearland.land.model import Settings
from clearland.land.partition import partition
from clearland.land.register import Register, register
from clearland.work.bench.measure import SEED, Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.nation import nation

MOST_OF_DUCKDB = 1.25
_MOST_MIB = 2_048
_THREADS = 2
PEER = "DuckDB spatial, mere union per hazard"


def measure(job: Job) -> list[Measure]:
    """Two threads, then one, then the peer in two."""
    country = nation(job.products, SEED)
    two = seconds(lambda: partition(country.hazards, country.products, threads=2))
    memory = peak_memory_mib()
    one = seconds(lambda: partition(country.hazards, country.products))
    book = register(country.hazards, country.products, Settings())
    union, reason = _duckdb_union(book)
    size = f"{job.products:,} products on {len(country.hazards):,} hazards"
    least = 1 / MOST_OF_DUCKDB
    peer: dict[str, Any] = {"peer": PEER, "peer_value": union}
    return [
        Measure(work="land, two threads", unit="s", value=two, least_ratio=least, note=_joined(size, reason), **peer),
        Measure(work="land, one thread", unit="s", value=one, **peer),
        Measure(work="land: peak memory", unit="MiB", value=memory, budget=_MOST_MIB, note="the generated nation included"),
    ]


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _duckdb_union(book: Register) -> tuple[float | None, str]:
    """Seconds for the union of each hazard's products, in two threads; or None and the reason."""
    extension = spatial_extension()
    if extension is None:
        return None, "peer skipped: duckdb-extension-spatial is not installed"
    position = {hazard.id: place for place, hazard in enumerate(book.hazards)}
    owner = np.array([position[next(iter(product.hazards))] for product in book.products])
    duck = duckdb.connect(":memory:", config={"threads": _THREADS, "autoinstall_known_extensions": "false"})
    duck.execute(f"LOAD '{extension}'")
    duck.register("given", {"hazard": owner, "wkb": shapely.to_wkb(book.product_shape)})
    duck.execute("CREATE TABLE product AS SELECT hazard, ST_GeomFromWKB(wkb) AS geom FROM given")
    query = "CREATE TABLE gross AS SELECT hazard, ST_Union_Agg(geom) AS geom FROM product GROUP BY hazard"
    return seconds(lambda: duck.execute(query)), ""


def spatial_extension() -> Path | None:
    """The extension file inside its wheel (extra `bench`); nothing is fetched."""
    wheel = find_spec("duckdb_extension_spatial")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
        if found.is_file():
            return found
    return None
