"""Land: products on hazards cut into disjoint, attributed pieces, against DuckDB's mere union per hazard.

Both start from the same table in memory, as a snapshot holds it: one row per polygon, WKB in degrees. Both read it,
project it to the same plane and answer, in turns, several times; the best time of each counts. The peer answers less:
it joins nothing in space, and it knows neither who released a square metre nor whose it was. A second line gives it
polygons that are read and projected already.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow as pa
import shapely

from clearland.figures.land_columns import hazards_from, products_from
from clearland.land.partition import Partition, partition
from clearland.land.register import Register
from clearland.work.bench.measure import SEED, Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.nation import nation
from clearland.work.bench.nation_rows import hazard_rows, product_rows

MOST_OF_DUCKDB = 1.25
MOST_MIB = 2_048
TURNS = 3
_THREADS = 2
PEER = "DuckDB spatial, mere union per hazard"
_NO_PEER = "peer skipped: duckdb-extension-spatial is not installed"
_UNION = "CREATE OR REPLACE TABLE gross AS SELECT hazard, ST_Union_Agg({geometry}) AS geom FROM {table} GROUP BY hazard"


def measure(job: Job) -> list[Measure]:
    """Ours in two threads, the peer in two, ours in one, the peer with less to do; in turns."""
    country = nation(job.products, SEED)
    hazards, products = hazard_rows(country.hazards), product_rows(country.products)
    size = f"{job.products:,} products on {len(country.hazards):,} hazards"
    del country
    cut = cut_of(hazards, products)
    memory = peak_memory_mib()
    runs: dict[str, Callable[[], object]] = {
        "two": lambda: cut_of(hazards, products), "one": lambda: cut_of(hazards, products, threads=1),
        **_duckdb_unions(products, cut.register),
    }  # fmt: skip
    best = in_turns(runs)
    note = size if "same" in best else f"{size}; {_NO_PEER}"
    return [
        Measure(
            work="land, two threads", unit="s", value=best["two"], peer=f"{PEER}, from the same table",
            peer_value=best.get("same"), least_ratio=1 / MOST_OF_DUCKDB, note=note,
        ),
        Measure(work="land, one thread", unit="s", value=best["one"], peer=f"{PEER}, from the same table",
                peer_value=best.get("same")),
        Measure(work="land, two threads, peer ahead", unit="s", value=best["two"], peer=f"{PEER}, read and projected before",
                peer_value=best.get("projected")),
        Measure(work="land: peak memory", unit="MiB", value=memory, budget=MOST_MIB, note="the generated nation included"),
    ]  # fmt: skip


def cut_of(hazards: pa.Table, products: pa.Table, threads: int = _THREADS) -> Partition:
    """The partition of two tables, reading included."""
    return partition(hazards_from(hazards), products_from(products), threads=threads)


def in_turns(runs: dict[str, Callable[[], object]], turns: int = TURNS) -> dict[str, float]:
    """The best seconds of each. One after the other in each turn, so that a busy machine disturbs all alike."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(turns):
        for name, run in runs.items():
            best[name] = min(best[name], seconds(run))
    return best


def _duckdb_unions(products: pa.Table, book: Register) -> dict[str, Callable[[], object]]:
    """The union of each hazard's products in two threads: from the table itself, and from polygons in the plane."""
    extension = spatial_extension()
    if extension is None:
        return {}
    duck = duckdb.connect(":memory:", config={"threads": _THREADS, "autoinstall_known_extensions": "false"})
    duck.execute(f"LOAD '{extension}'")
    duck.register("given", products.select(["hazards", "geometry"]))
    duck.register("plane", pa.table({
        "hazard": pa.array([next(iter(book.products.hazards[row])) for row in range(len(book.products))]),
        "wkb": pa.array(shapely.to_wkb(book.product_shape), type=pa.binary()),
    }))  # fmt: skip
    duck.execute("CREATE TABLE product AS SELECT hazard, ST_GeomFromWKB(wkb) AS geom FROM plane")
    projected = f"ST_Transform(ST_GeomFromWKB(geometry), 'EPSG:4326', '{book.projection.definition}', always_xy := true)"
    same = _UNION.format(geometry=projected, table="(SELECT hazards[1] AS hazard, geometry FROM given)")
    ahead = _UNION.format(geometry="geom", table="product")
    return {"same": lambda: duck.execute(same), "projected": lambda: duck.execute(ahead)}


def spatial_extension() -> Path | None:
    """The extension file inside its wheel (extra `bench`); nothing is fetched."""
    wheel = find_spec("duckdb_extension_spatial")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
        if found.is_file():
            return found
    return None
