"""One block of ground from its files to sums: what a worker does, on this machine or another.

It knows neither ledger nor Django. The files are GeoParquet with the columns of `land_columns` and `own`: whether the
block answers for the row.
"""

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearland.core.errors import ClearlandError
from clearland.figures.land_columns import hazards_from, products_from
from clearland.land.blocks import cut_block
from clearland.land.columns import Texts
from clearland.land.given import Hazards, Products
from clearland.land.model import Settings
from clearland.land.records import Flags
from clearland.land.summary import Question, Summary, summarise

OWN = "own"
_GEO = {
    "version": "1.1.0", "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": None}},
}  # fmt: skip


@dataclass(frozen=True)
class BlockSums:
    """The sums of a block, and the ids of its own hazards and products that have no polygon."""

    summary: Summary
    undrawn: list[str]
    without_polygon: list[str]


def write_block(folder: Path, number: int, hazards: pa.Table, products: pa.Table) -> None:
    """The files of one block; both tables have the column `own`."""
    for name, rows in (("hazard", hazards), ("land_release", products)):
        stated = rows.replace_schema_metadata({"geo": json.dumps(_GEO)})
        pq.write_table(stated, folder / f"{name}-{number:05d}.parquet", compression="zstd")


def with_own(rows: pa.Table, own: Texts) -> pa.Table:
    """The rows with the column that says for which records the block answers."""
    return rows.append_column(OWN, pc.is_in(rows["record"], pa.array(own, type=pa.string())))


def sums_of_block(number: int, asked: tuple[str, Settings, Question, str]) -> BlockSums:
    """Cut one block and sum it up. `asked`: the folder of the blocks, settings, question, and the asker's version.

    Raises ClearlandError E-CLUSTER-VERSION where another version of Clearland asks, E-CLUSTER-FILE where this host does
    not see the programme's folder.
    """
    folder, settings, question, made_by = asked
    if made_by != version("clearland"):
        raise ClearlandError(
            "E-CLUSTER-VERSION", f"A worker runs Clearland {version('clearland')}, the programme {made_by}.",
            remedy="Install the same version on every host.",
        )
    paths = [Path(folder) / f"{name}-{number:05d}.parquet" for name in ("hazard", "land_release")]
    if not all(path.is_file() for path in paths):
        raise ClearlandError(
            "E-CLUSTER-FILE", f"A worker cannot see {paths[0].name} in the programme's folder.",
            remedy="Mount the programme's folder under the same path on every host.",
        )
    hazard_rows, product_rows = (pq.read_table(path) for path in paths)
    own = _own(hazard_rows), _own(product_rows)
    return block_sums(hazards_from(hazard_rows), products_from(product_rows), own, settings, question)


def block_sums(
    hazards: Hazards, products: Products, own: tuple[Texts, Texts], settings: Settings, question: Question
) -> BlockSums:
    """The sums of one block; `own` are the ids of the hazards and of the products that it answers for."""
    cut = cut_block(hazards, products, *own, settings)
    book = cut.register
    return BlockSums(
        summarise(cut, question), _both(book.hazards.id, ~book.drawn, own[0]),
        _both(book.products.id, book.product_m2 == 0, own[1]),
    )


def _own(rows: pa.Table) -> Texts:
    found: Texts = rows.filter(rows[OWN])["record"].combine_chunks().to_numpy(zero_copy_only=False)
    return found


def _both(ids: Texts, chosen: Flags, own: Texts) -> list[str]:
    mine = set(own.tolist())
    return [name for name in ids[chosen].tolist() if name in mine]
