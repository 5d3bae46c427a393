"""Land at ten thousand, a hundred thousand and a million products; beside it GeoPandas, and Dask workers.

Each size runs in this process alone, so that its memory is the peak of that size and those before it.
"""

import warnings
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from clearland.figures.land_cluster import Spread, balance_sums, workers
from clearland.land.balance import question_of
from clearland.land.model import Settings
from clearland.land.partition import Partition
from clearland.work.bench.land import MOST_MIB, cut_of
from clearland.work.bench.land_postgis import hazards_alone, released_m2
from clearland.work.bench.measure import SEED, Job, Measure, peak_memory_mib, seconds
from clearland.work.bench.nation import nation
from clearland.work.bench.nation_rows import hazard_rows, product_rows

LEAST_OF_TWO_WORKERS = 1.7
_TIMES_SMALLER = (10, 1)
_MILLION = ("nation-hazards.parquet", "nation-products.parquet")
_QUESTION = question_of(date(2015, 1, 1), date(2020, 12, 31), ("type", "class"))


def measure(job: Job) -> list[Measure]:
    """A tenth of the asked size and the size itself, GeoPandas on the smaller one."""
    measures: list[Measure] = []
    for times in _TIMES_SMALLER:
        count = max(job.products // times, 10)
        hazards, products = _rows(count)
        made: list[Partition] = []
        value = seconds(lambda tables=(hazards, products), into=made: into.append(cut_of(*tables)))  # type: ignore[misc]
        peer: dict[str, Any] = {}
        if times > 1 and (found := _geopandas(made[0])) is not None:
            took, difference = found
            peer = {"peer": "GeoPandas overlay and dissolve", "peer_value": took}
            measures.append(Measure(
                work=f"land at {count:,}: largest difference to GeoPandas", unit="m² per hazard", value=difference, budget=1.0,
            ))  # fmt: skip
        measures.append(Measure(work=f"land at {count:,} products", unit="s", value=value, **peer))
        measures.append(Measure(
            work=f"land at {count:,} products: peak memory", unit="MiB", value=peak_memory_mib(), budget=MOST_MIB,
        ))  # fmt: skip
    return measures


def make_million(job: Job) -> list[Measure]:
    """The tables of `million`, made by a process of their own: generating them takes more memory than cutting them."""
    for name, rows in zip(_MILLION, _rows(job.products * 10), strict=True):
        pq.write_table(rows, Path(job.folder) / name)
    return []


def million(job: Job) -> list[Measure]:
    """Ten times the asked size: a million products where the bench runs at full size, in blocks and one process.

    As a balance of so many is made: the tables are read, blocks written as GeoParquet, cut one by one, and summed.
    """
    count = job.products * 10

    def balanced() -> None:
        hazards, products = (pq.read_table(Path(job.folder) / name) for name in _MILLION)
        balance_sums(Spread(Path(job.folder) / "blocks-of-million", hazards, products, Settings()), None, _QUESTION)

    value = seconds(balanced)
    return [
        Measure(work=f"land at {count:,} products, in blocks", unit="s", value=value),
        Measure(work=f"land at {count:,} products: peak memory", unit="MiB", value=peak_memory_mib(), budget=MOST_MIB),
    ]


def two_workers(job: Job) -> list[Measure]:
    """The same blocks by one Dask worker and by two, each a process with one thread."""
    work = "land: two Dask workers"
    try:
        from distributed import LocalCluster  # noqa: PLC0415 - an extra
    except ImportError:
        return [Measure(work=work, unit="s", note="Dask distributed is not installed")]
    hazards, products = _rows(job.products)
    spread = Spread(Path(job.folder) / "blocks", hazards, products, Settings(), most=max(job.products // 16, 1))
    took = {}
    for count in (1, 2):
        with (
            warnings.catch_warnings(),
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=50
            ) as cluster,
            workers(cluster.scheduler_address) as client,
        ):
            warnings.simplefilter("ignore")
            client.wait_for_workers(count, timeout=60)
            spread.sums(client, _QUESTION)  # libraries are loaded
            took[count] = seconds(lambda client=client: spread.sums(client, _QUESTION))  # type: ignore[misc]
    return [Measure(
        work=work, unit="s", value=took[2], peer="one Dask worker", peer_value=took[1], least_ratio=LEAST_OF_TWO_WORKERS,
        note=f"{job.products:,} products in {len(spread.members)} blocks read from GeoParquet",
    )]  # fmt: skip


def _rows(count: int) -> tuple[pa.Table, pa.Table]:
    """The generated nation as tables; the records themselves are let go, so that they are no part of the memory."""
    country = nation(count, SEED)
    return hazard_rows(country.hazards), product_rows(country.products)


def _geopandas(cut: Partition) -> tuple[float, float] | None:
    """Seconds for the released ground per hazard, and the largest difference on hazards that stand alone; None without it.

    Every product that may release its hazard is cut by it (overlay) and united (dissolve): who released what is not asked.
    """
    try:
        import geopandas  # noqa: PLC0415 - of the bench alone
    except ImportError:
        return None
    book = cut.register
    named = book.named
    product, hazard = np.divmod(named, len(book.hazards))
    may = book.verdicts(product, book.start[hazard]) == 0
    plane = book.projection.definition
    work = geopandas.GeoDataFrame({"of": hazard[may]}, geometry=book.product_shape[product[may]], crs=plane)
    ground = geopandas.GeoDataFrame({"hazard": np.arange(len(book.hazards))}, geometry=book.extent, crs=plane)
    found: list[Any] = []

    def union() -> None:
        cover = geopandas.overlay(work, ground, how="intersection", keep_geom_type=True)
        mine = cover[cover["of"] == cover["hazard"]]
        found.append(mine.dissolve(by="hazard").area)

    took = seconds(union)
    theirs = np.zeros(len(book.hazards))
    theirs[found[0].index.to_numpy()] = found[0].to_numpy()
    alone = hazards_alone(book) & _by_their_own(cut)
    return took, float(np.abs(released_m2(cut) - theirs)[alone].max(initial=0))


def _by_their_own(cut: Partition) -> Any:
    """Hazards of which only products that name them released ground."""
    book, moves = cut.register, cut.moves
    rows = np.nonzero((moves.product >= 0) & (moves.giver >= 0))[0]
    pair = moves.product[rows] * len(book.hazards) + moves.giver[rows]
    others = rows[~np.isin(pair, book.named)]
    alone = np.ones(len(book.hazards), dtype=bool)
    alone[moves.giver[others]] = False
    return alone
