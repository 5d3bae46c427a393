"""Candidates of matching over a snapshot: compared once for the same records, kept beside the snapshots.

A file in `derived/matches` is named by a digest of the records that were compared, so a decision about a pair, which
changes no record of them, costs no new comparison.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from clearland.checks.matching.incidents import accidents, victims
from clearland.checks.matching.model import Pair, Reason
from clearland.checks.matching.registers import hazards, organisations
from clearland.checks.matching.scoring import Compared
from clearland.core.release import release
from clearland.figures.findings_records import rows_of
from clearland.ledger.sealed import blind_indexes
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.snapshot_columns import quoted

KINDS = ("accident", "victim", "hazard", "organisation")
_READ = {"accident": ("accident",), "victim": ("victim", "accident"), "hazard": ("hazard",), "organisation": ("organisation",)}
_SEALED = ("full_name", "identification_number", "birth_date")
_MOST_FILES = 40
_SCHEMA = pa.schema(
    [("first", pa.string()), ("second", pa.string()), ("score", pa.float64()), ("reasons", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may tell of one thing; `said` are the grounds as JSON text, read when somebody looks."""

    kind: str
    first: str
    second: str
    score: float
    said: str

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The grounds, the heaviest first."""
        return tuple(Reason(code, weight, values) for code, weight, values in json.loads(self.said))


@dataclass(frozen=True)
class Candidates:
    """The candidates of a kind from the likeliest down, among how many records, and how many comparisons were left out.

    `source` is the source of each record that is part of a candidate; None for one told by hand."""

    pairs: tuple[Candidate, ...]
    records: int
    comparisons: int
    left_out: int
    source: dict[str, str | None]


def candidates(snapshot: Snapshot, kind: str) -> Candidates:
    """What may be told twice of a kind (one of KINDS), as known on the snapshot's date."""
    path = snapshot.folder.parent.parent / "matches" / f"{kind}-{_digest(snapshot, kind)}.parquet"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, _compared(snapshot, kind))
        _prune(path.parent)
    return _read(snapshot, kind, path)


def _digest(snapshot: Snapshot, kind: str) -> str:
    made = hashlib.sha256(f"{release()} {snapshot.dictionary.version}".encode())
    for each in _READ[kind]:
        row = snapshot.sql(f"SELECT count(*) AS n, bit_xor(hash(entry)) AS entries FROM {quoted(each)}").to_pylist()[0]
        made.update(f" {each} {row['n']} {row['entries']}".encode())
    if kind == "victim":
        made.update("".join(sorted(index for held in blind_indexes(_SEALED).values() for index in held.values())).encode())
    return made.hexdigest()[:24]


def _compared(snapshot: Snapshot, kind: str) -> Compared:
    read = partial(_rows, snapshot)
    if kind == "accident":
        return accidents(read("accident"))
    if kind == "victim":
        likely = [Pair(kind="accident", first=each.first, second=each.second, score=each.score, reasons=())
                  for each in candidates(snapshot, "accident").pairs]  # fmt: skip
        return victims(read("victim"), read("accident"), likely, blind_indexes(_SEALED))
    return organisations(read("organisation")) if kind == "organisation" else hazards(read("hazard"))


def _rows(snapshot: Snapshot, kind: str) -> Sequence[dict[str, object]]:
    return rows_of(snapshot, snapshot.dictionary.kind(kind))


def _write(path: Path, made: Compared) -> None:
    table = pa.Table.from_pylist([
        {"first": pair.first, "second": pair.second, "score": pair.score,
         "reasons": json.dumps([[one.code, one.weight, dict(one.values)] for one in pair.reasons], ensure_ascii=False)}
        for pair in made.pairs
    ], schema=_SCHEMA)  # fmt: skip
    counts = {name: str(getattr(made, name)) for name in ("records", "comparisons", "left_out")}
    temporary = path.with_name(f".{path.name}-{uuid4().hex}")
    pq.write_table(table.replace_schema_metadata(counts), temporary, compression="zstd")
    temporary.rename(path)


def _read(snapshot: Snapshot, kind: str, path: Path) -> Candidates:
    table = pq.read_table(path)
    counts = {name.decode(): int(value) for name, value in table.schema.metadata.items() if value.isdigit()}
    pairs = tuple(Candidate(kind, row["first"], row["second"], row["score"], row["reasons"]) for row in table.to_pylist())
    named = sorted({record for pair in pairs for record in (pair.first, pair.second)})
    found = snapshot.sql(f"SELECT record, source FROM {quoted(kind)} WHERE list_contains(?, record)", [named]).to_pylist() \
        if named else []  # fmt: skip
    source = {row["record"]: row["source"] for row in found}
    return Candidates(pairs, counts["records"], counts["comparisons"], counts["left_out"], source)


def _prune(folder: Path) -> None:
    """The files read least lately beyond the bound; another process that reads one has it open."""
    files = sorted(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_MOST_FILES:]:
        path.unlink(missing_ok=True)
