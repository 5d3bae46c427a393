"""Sums of blocks of ground, kept on disk: a new process works out again only the blocks that a change touches.

Each block has a file in `derived/pieces` of the programme, named by a digest of all that its sums follow from: the
states of its records, what it answers for, settings, question and version. So a file is never out of date, only unused.
It gets its name when it is whole; several processes may write the same one. One that cannot be read is made again.
"""

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from clearland.core.errors import Finding, Place
from clearland.figures.land_block import BlockSums, block_sums
from clearland.land.blocks import Members
from clearland.land.columns import Ints
from clearland.land.given import Hazards, Products
from clearland.land.model import Settings
from clearland.land.rows import RowKey
from clearland.land.summary import Question, Summary

MOST_IN_A_BLOCK = 5_000  # products: what a change of one of them works out again
_MOST_FILES = 10_000
_FLOWS = ("flows", "not_said", "until", "between")
_AREAS = ("closing", "opening", "held_then", "outside", "ever_held")


def kept_sums(
    folder: Path, hazards: Hazards, products: Products, members: Sequence[Members], asked: tuple[Settings, Question]
) -> list[BlockSums]:
    """The sums of every block, those in `folder` read and the others worked out and written there."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = _digest_of(*asked)
    found: list[BlockSums] = []
    for one in members:
        path = folder / f"{_digest(whole, hazards, products, one)}.json"
        sums = _read(path)
        if sums is None:
            own = hazards.id[one.own_hazards], products.id[one.own_products]
            sums = block_sums(hazards.take(one.hazards), products.take(one.products), own, *asked)
            _write(path, sums)
        found.append(sums)
    _prune(folder)
    return found


def _digest_of(settings: Settings, question: Question) -> bytes:
    """Of everything that all blocks follow from."""
    made = hashlib.sha256(f"{version('clearland')} {settings.projection} {settings.survey_lanes}".encode())
    made.update(f"{question.first_day} {question.last_day} {question.published} {sorted(question.dimensions.by)}".encode())
    for district in settings.districts:
        made.update(f"{district.code} {district.official_from} {district.official_to}".encode() + district.geometry.wkb)
    return made.digest()


def _digest(whole: bytes, hazards: Hazards, products: Products, members: Members) -> str:
    made = hashlib.sha256(whole)
    for table, rows, own in (
        (hazards, members.hazards, members.own_hazards), (products, members.products, members.own_products),
    ):  # fmt: skip
        made.update("\n".join(sorted(_states(table, rows))).encode() + b"\0")
        made.update("\n".join(sorted(_states(table, own))).encode() + b"\0")
    return made.hexdigest()


def _states(table: Hazards | Products, rows: Ints) -> list[str]:
    assert table.stamp is not None  # every record of a ledger has a state
    stamps: list[str] = table.stamp[rows].tolist()
    if isinstance(table, Products):
        return stamps
    named = table.named_first[rows].tolist(), table.named[rows].tolist()  # from the source, not from an entry
    return [f"{stamp} {first} {last}" for stamp, first, last in zip(stamps, *named, strict=True)]


def _read(path: Path) -> BlockSums | None:
    try:
        sums = _from_json(json.loads(path.read_bytes()))
        os.utime(path)  # used: the last to go
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return sums


def _write(path: Path, sums: BlockSums) -> None:
    made = path.with_name(f".{path.stem}-{uuid.uuid4().hex}")
    made.write_text(json.dumps(_as_json(sums), separators=(",", ":")), encoding="utf-8")
    made.replace(path)


def _prune(folder: Path) -> None:
    """The files longest unused go, and what a process left that was ended while it wrote."""
    files = list(_dated(folder))
    for _, path in sorted(files)[: max(len(files) - _MOST_FILES, 0)]:
        path.unlink(missing_ok=True)


def _dated(folder: Path) -> Iterator[tuple[float, Path]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                yield entry.stat().st_mtime, Path(entry.path)
            except FileNotFoundError:  # another process was first
                continue


def _as_json(sums: BlockSums) -> dict[str, Any]:
    one = sums.summary
    return {
        **{name: [[*key, values.tolist()] for key, values in getattr(one, name).items()] for name in _FLOWS},
        **{name: [[*key, value] for key, value in getattr(one, name).items()] for name in _AREAS},
        "gross": [[*key, columns] for key, columns in one.gross.items()], "undated": dict(one.undated),
        "largest_residual_m2": one.largest_residual_m2, "findings": [finding.as_json() for finding in one.findings],
        "undrawn": sums.undrawn, "without_polygon": sums.without_polygon,
    }  # fmt: skip


def _from_json(told: dict[str, Any]) -> BlockSums:
    """The same sums: JSON keeps every digit of a number. Raises KeyError, TypeError, ValueError for anything else."""
    flows: dict[str, Any] = {
        name: {RowKey(*key): np.array(values, dtype=float) for *key, values in told[name]} for name in _FLOWS
    }
    areas: dict[str, Any] = {name: Counter({RowKey(*key): value for *key, value in told[name]}) for name in _AREAS}
    summary = Summary(
        **flows, **areas, gross={RowKey(*key): columns for *key, columns in told["gross"]},
        undated=Counter(told["undated"]), largest_residual_m2=told["largest_residual_m2"],
        findings=[Finding(**{**finding, "place": Place(**finding["place"])}) for finding in told["findings"]],
    )
    return BlockSums(summary, told["undrawn"], told["without_polygon"])
