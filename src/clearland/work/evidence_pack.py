"""The evidence pack of an edition: its files, the ledger's proof that they are those frozen, and a script that checks both.

A stranger needs nothing of ours: `python verify.py` of the pack. For the programme it also lists the records behind each
figure; for others it holds what their audience reads and no more.
"""

import csv
import io
import json
from importlib import resources
from typing import Any
from uuid import UUID

from clearland.core.canonical import sha256_hex
from clearland.core.errors import ClearlandError
from clearland.figures.report_editions import ANNEX, ReportEdition
from clearland.ledger.bodies import moment_text
from clearland.ledger.rows import record
from clearland.ledger.scope import scope, system_actor
from clearland.reports.keeping import zipped

_LINEAGE_SHEET, _REFERENCE, _AMOUNT, _DIGEST = "Lineage", 0, 2, 6


def evidence_pack(edition: ReportEdition) -> bytes:
    """The pack as a ZIP. Raises ClearlandError E-EDITION-BYTES where a file is not what was frozen."""
    members = {each.name: edition.data(each.format) for each in edition.files}
    frozen = sorted(members)
    if edition.audience == "programme":
        members["lineage.csv"] = _lineage(edition)
    script = resources.files("clearland.reports").joinpath("verify_pack.py").read_bytes()
    manifest = {
        "edition": edition.name, "audience": edition.audience, "frozen": frozen, "figures": edition.file("json").name,
        "files": {name: sha256_hex(data) for name, data in sorted(members.items())}, **_proof(edition),
    }  # fmt: skip
    members["verify.py"] = script
    members["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    return zipped(members)


def _lineage(edition: ReportEdition) -> bytes:
    """Reference of the figure, amount and digest of each contribution, as far as the annex lists them."""
    sheet = next(each for each in edition.kept(ANNEX) if each["name"] == _LINEAGE_SHEET)
    buffer = io.StringIO(newline="")
    written = csv.writer(buffer, lineterminator="\n")
    written.writerow(["reference", "amount", "digest"])
    written.writerows([row[_REFERENCE], repr(row[_AMOUNT]), row[_DIGEST]] for row in sheet["rows"])
    return buffer.getvalue().encode()


def _proof(edition: ReportEdition) -> dict[str, Any]:
    """The newest entry of the edition as the ledger wrote it, and the commit that holds it."""
    seen = scope(system_actor("export"), "prove an edition")
    version: Any = record(seen, UUID(edition.record))
    if version is None:
        raise ClearlandError("E-EDITION-NONE", f"There is no edition {edition.name}.", remedy="Run clearland verify.")
    entry, commit = version.entry, version.entry.commit
    renditions = list(commit.renditions.order_by("sha256").values_list("sha256", flat=True))
    digests = [*renditions, *commit.entries.order_by("sequence").values_list("digest", flat=True)]
    told = {
        "sequence": commit.sequence, "source": commit.source_id, "source_digest": commit.source.digest if commit.source else None,
        "actor": commit.actor, "reason": commit.reason, "recorded_at": moment_text(commit.recorded_at),
        "entry_count": commit.entry_count, "rendition_count": commit.rendition_count, "root": commit.root,
        "previous_hash": commit.previous_hash, "hash": commit.hash,
    }  # fmt: skip
    return {"entry": {"digest": entry.digest, "body": bytes(entry.body).decode()}, "commit": told, "digests": digests}
