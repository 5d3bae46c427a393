"""A balance worked in blocks: here, with sums kept on disk (`pieces.py`), or on a cluster (Dask) from GeoParquet.

A worker that dies is replaced by another, up to three times a block; what cannot be finished is an error, never a part
of a balance. Its blocks lie in `derived/blocks` of the programme, which every host must see under the same path.
"""

import hashlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from clearland.core.errors import ClearlandError
from clearland.figures.land_block import BlockSums, sums_of_block, with_own, write_block
from clearland.figures.land_columns import hazards_from, products_from
from clearland.figures.pieces import kept_sums
from clearland.land.blocks import MOST_PRODUCTS, Members, members_of
from clearland.land.columns import Ints, Texts
from clearland.land.given import Hazards, Products
from clearland.land.model import ReportedReturn, Settings
from clearland.land.outlines import around, bounds_of_each
from clearland.land.partition import partition
from clearland.land.projection import Projection
from clearland.land.reported import ReportedFlows, reported_flows
from clearland.land.summary import Question, Summary, added

_RETRIES = 3
_KEPT = 4
_CONNECT_SECONDS = 15
_WORKER_SECONDS = 60


@contextmanager
def workers(address: str) -> Iterator[Any]:
    """A client of the scheduler at `tcp://host:port`, with at least one worker.

    Raises ClearlandError E-CLUSTER-MISSING, E-CLUSTER-ADDRESS, E-CLUSTER-WORKERS.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra that most programmes do without
    except ImportError as error:
        raise ClearlandError(
            "E-CLUSTER-MISSING", "Dask distributed is not installed.", remedy="Install the extra: clearland[cluster]."
        ) from error
    try:
        client: Any = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClearlandError(
            "E-CLUSTER-ADDRESS", f"No scheduler answers at {address}.",
            remedy="Start one with `dask scheduler`, and give its address: tcp://host:8786.",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKER_SECONDS)
        except TimeoutError as error:
            raise ClearlandError(
                "E-CLUSTER-WORKERS", "The scheduler has no workers.", remedy=f"Start some: `dask worker {address}`."
            ) from error
        yield client


class Spread:
    """Hazards and products of one date of knowledge, in blocks; `derived` is the programme's folder of derived files."""

    def __init__(
        self, derived: Path, hazard_rows: pa.Table, product_rows: pa.Table, settings: Settings, most: int = MOST_PRODUCTS
    ) -> None:
        self.hazards, self.products = hazards_from(hazard_rows), products_from(product_rows)
        bounds = bounds_of_each(self.hazards.geometry)
        plane = settings.projection or Projection.amid(around(bounds))
        self.settings = Settings(projection=plane, survey_lanes=settings.survey_lanes, districts=settings.districts)
        self.members = members_of(self.hazards, self.products, most, bounds)
        self.pieces = derived / "pieces"
        self.folder = derived / "blocks" / _digest(self.hazards.stamp, self.products.stamp, most)
        self.rows = hazard_rows, product_rows

    def _write(self, hazard_rows: pa.Table, product_rows: pa.Table) -> None:
        """All files, or none: the folder gets its name when it is whole."""
        made = self.folder.with_name(f".{self.folder.name}-{uuid.uuid4().hex}")
        made.mkdir(parents=True)
        _prune(self.folder.parent)
        record = hazard_rows["record"].combine_chunks().to_numpy(zero_copy_only=False)
        start = np.searchsorted(record, self.hazards.id), np.searchsorted(record, self.hazards.id, "right")
        for number, members in enumerate(self.members):
            rows = np.concatenate([np.empty(0, dtype=np.int64), *(
                np.arange(start[0][hazard], start[1][hazard]) for hazard in members.hazards.tolist()
            )])  # fmt: skip
            write_block(
                made, number, with_own(hazard_rows.take(pa.array(rows)), self.hazards.id[members.own_hazards]),
                with_own(product_rows.take(pa.array(members.products)), self.products.id[members.own_products]),
            )  # fmt: skip
        try:
            made.rename(self.folder)
        except OSError:  # another process was first
            shutil.rmtree(made, ignore_errors=True)

    def sums(self, client: Any | None, question: Question) -> list[BlockSums]:
        """The sums of every block, by the workers of a client, or here where those that are kept are not worked again.

        Raises ClearlandError E-CLUSTER-FAILED, or what a worker raised.
        """
        if client is None:
            return kept_sums(self.pieces, self.hazards, self.products, self.members, (self.settings, question))
        if not self.folder.is_dir():
            self._write(*self.rows)
        asked = (str(self.folder), self.settings, question, version("clearland"))
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - an extra; `workers` has found it
        from distributed.comm.core import CommClosedError  # noqa: PLC0415

        futures = client.map(sums_of_block, range(len(self.members)), asked=asked, retries=_RETRIES, pure=False)
        try:
            gathered: list[BlockSums] = client.gather(futures)
        except (KilledWorker, CancelledError, CommClosedError, MemoryError, OSError) as error:
            raise ClearlandError(
                "E-CLUSTER-FAILED", f"A block could not be finished: {type(error).__name__}.",
                remedy="Look at the workers' logs, mostly for memory, and ask again; nothing was written.",
            ) from error
        finally:
            client.cancel(futures)
        return gathered

    def reported(self, sums: Sequence[BlockSums], returns: Sequence[ReportedReturn]) -> ReportedFlows:
        """Area without polygons: few records, worked here."""
        undrawn = {name for one in sums for name in one.undrawn}
        without = {name for one in sums for name in one.without_polygon}
        told = _told(self.hazards, self.products, undrawn, without, returns)
        near = _near(self.members, told, self.hazards, self.products, undrawn)
        return reported_flows(partition(self.hazards.take(near), self.products.take(told), self.settings), returns)


def _prune(folder: Path) -> None:
    """Old blocks go; those of the last balances stay, since another process may be reading them."""
    for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def balance_sums(spread: Spread, client: Any | None, question: Question) -> tuple[Summary, list[BlockSums]]:
    """All blocks together, and each."""
    sums = spread.sums(client, question)
    return added(one.summary for one in sums), sums


def _told(
    hazards: Hazards, products: Products, undrawn: set[str], without: set[str], returns: Sequence[ReportedReturn]
) -> Ints:
    """Products that a rule about reported area asks for."""
    wanted = undrawn | {report.hazard for report in returns if report.hazard}
    activities = {report.activity for report in returns if report.activity}
    chosen = np.isin(products.id, list(without))
    naming, _ = products.hazards.pairs(dict.fromkeys(wanted, 0))
    chosen[naming] = True
    chosen |= products.activity.numbered(dict.fromkeys(activities, 1), 0) == 1
    return np.nonzero(chosen)[0]


def _near(members: Sequence[Members], told: Ints, hazards: Hazards, products: Products, undrawn: set[str]) -> Ints:
    """Undrawn hazards, those the products name, and all that came along with a block that one of them is at home in."""
    homes = [one.hazards for one in members if np.isin(one.own_products, told).any()]
    _, named = products.take(told).hazards.pairs({name: row for row, name in enumerate(hazards.id.tolist())})
    own = np.nonzero(np.isin(hazards.id, list(undrawn)))[0]
    return np.unique(np.concatenate([own, named, *homes]).astype(np.int64))


def _digest(*parts: Texts | int | None) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(str(part if not isinstance(part, np.ndarray) else "\n".join(part.tolist())).encode())
    return made.hexdigest()[:24]
