"""Frozen reports: what was published, byte for byte, and the contributions its figures rested on.

An edition keeps one package (a ZIP, by its SHA-256 among the sources): the files as rendered, what they were rendered from,
and per figure the entries behind it with their amounts. What the package holds is never computed again.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearland.core.canonical import sha256_hex
from clearland.core.errors import ClearlandError
from clearland.figures.editions import REPORT as LAND_BALANCE
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.sources import read_source

LINEAGE = "kept/lineage.parquet"
COMPILED = "kept/compiled.json"
ANNEX = "kept/annex.json"
SEALED = "kept/sealed.json"
VALUES = "kept/values.json"


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file of an edition: what it is called, what it is, and the SHA-256 of its bytes."""

    name: str
    media_type: str
    sha256: str

    @property
    def format(self) -> str:
        """The end of its name: `pdf`, `docx`, …"""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class ReportEdition:
    """One frozen report. `package` is the SHA-256 of what it keeps; `as_known` the date of knowledge of its figures."""

    name: str
    record: str
    entry: str
    report: str
    covers: str
    about: str
    country: str
    language: str
    audience: str
    period_from: date
    period_to: date
    as_known: date
    head: str
    dictionary: str
    tools: dict[str, str]
    files: tuple[KeptFile, ...]
    package: str
    frozen_by: str
    signed_by: str
    signed_on: date | None
    published_on: date | None
    attributes: dict[str, Any] = field(repr=False, compare=False)

    @property
    def step(self) -> str:
        """How far it has come: frozen, signed or published."""
        return "published" if self.published_on else "signed" if self.signed_by else "frozen"

    def file(self, target: str) -> KeptFile:
        """The file in a format. Raises ClearlandError E-EDITION-FILE."""
        found = next((each for each in self.files if each.format == target), None)
        if found is None:
            have = ", ".join(each.format for each in self.files)
            raise ClearlandError("E-EDITION-FILE", f"Edition {self.name} has no {target} file.", remedy=f"It has: {have}.")
        return found

    def data(self, target: str) -> bytes:
        """The bytes as frozen. Raises ClearlandError E-EDITION-FILE, E-EDITION-BYTES where they are not what was frozen."""
        kept = self.file(target)
        found = member(self.package, kept.name)
        if sha256_hex(found) != kept.sha256:
            raise ClearlandError(
                "E-EDITION-BYTES", f"{kept.name} of edition {self.name} is not what was frozen.",
                remedy="Restore the folder `sources` from a backup, then run clearland verify.",
            )
        return found

    def kept(self, name: str) -> Any:
        """What was kept beside the files, as plain data."""
        return json.loads(member(self.package, name))

    def lineage(self) -> pa.Table:
        """The contributions its figures rested on: figure, entry, amount, record, kind, local_id, first, last."""
        return pq.read_table(io.BytesIO(member(self.package, LINEAGE)))


def report_editions(snapshot: Snapshot, report: str = "") -> list[ReportEdition]:
    """Frozen reports known on the snapshot's date, the newest frozen first; of one form where it is named."""
    rows = snapshot.sql("SELECT * FROM edition WHERE report <> ? ORDER BY known_from DESC, name", [LAND_BALANCE]).to_pylist()
    return [_edition(row) for row in rows if report in ("", row["report"])]


def report_edition(snapshot: Snapshot, name: str) -> ReportEdition:
    """A frozen report by its name. Raises ClearlandError E-EDITION-NONE."""
    found = report_editions(snapshot)
    for each in found:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in found) or "none yet"
    raise ClearlandError("E-EDITION-NONE", f"There is no edition {name} of a report.", remedy=f"Known are: {names}.")


def _edition(row: dict[str, Any]) -> ReportEdition:
    files = json.loads(row["files"])
    named = [KeptFile(name=each["name"], media_type=each["media_type"], sha256=each["sha256"]) for each in files]
    package = next(each for each in named if each.name.endswith(".zip"))
    return ReportEdition(
        name=row["name"], record=row["record"], entry=row["entry"], report=row["report"], covers=row["covers"] or "",
        about=row["about"] or "", country=row["country"] or "", language=row["language"] or "en", audience=row["audience"],
        period_from=row["period_from"], period_to=row["period_to"], as_known=row["as_known"], head=row["ledger_head"],
        dictionary=row["dictionary_version"], tools=json.loads(row["tools"] or "{}"),
        files=tuple(each for each in named if each is not package), package=package.sha256, frozen_by=row["frozen_by"] or "",
        signed_by=row["signed_by"] or "", signed_on=row["signed_on"], published_on=row["published_on"], attributes=row,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _package(sha256: str) -> bytes:
    return read_source(sha256)


def member(package: str, name: str) -> bytes:
    """One file of a package. Raises ClearlandError E-SOURCE-MISSING, E-EDITION-BYTES."""
    try:
        with zipfile.ZipFile(io.BytesIO(_package(package))) as archive:
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ClearlandError(
            "E-EDITION-BYTES", f"The package {package[:12]} does not hold {name} as it was written.",
            remedy="Restore the folder `sources` from a backup, then run clearland verify.",
        ) from error
