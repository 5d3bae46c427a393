"""The write path alone: ready drafts through `ledger.write`, with chain, projections and map index."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from django.db import connections, models, transaction

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.ids import entry_id
from clearland.ledger.drafts import Draft
from clearland.ledger.fields import GeometryField, gpkg_from_wkb
from clearland.ledger.write import write
from clearland.work import programme
from clearland.work.bench import postgres, programmes
from clearland.work.bench.measure import Job, Measure, seconds
from clearland.work.bench.records import finds, hazards

LEAST_PER_S = 20_000
_BATCH = 1_000
_NOW = programmes.OPENED


class _PeerColumns(models.Model):
    kind = models.TextField()
    local_id = models.TextField()
    attributes = models.JSONField()
    geometry = GeometryField(null=True)
    min_x = models.FloatField()
    min_y = models.FloatField()
    max_x = models.FloatField()
    max_y = models.FloatField()
    state = models.TextField()
    sensitivity = models.TextField()

    class Meta:
        abstract = True


class PeerEntry(models.Model):
    """The columns of an entry, in a table of the peer."""

    id = models.UUIDField(primary_key=True)
    record = models.UUIDField(db_index=True)
    body = models.BinaryField()
    geometry = GeometryField(null=True)
    state = models.TextField()
    known_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "bench"


class PeerRecord(_PeerColumns):
    """The columns of a record."""

    id = models.UUIDField(primary_key=True)

    class Meta(_PeerColumns.Meta):
        abstract = False
        app_label = "bench"
        indexes = (models.Index(fields=["kind", "local_id"], name="peer_record_kind"),)


class PeerVersion(_PeerColumns):
    """The columns of a version."""

    record = models.UUIDField(db_index=True)
    known_from = models.DateTimeField()

    class Meta(_PeerColumns.Meta):
        abstract = False
        app_label = "bench"
        indexes = (models.Index(fields=["kind", "local_id"], name="peer_version_kind"),)


def measure(job: Job) -> list[Measure]:
    """Finds into a new programme on each database, beside bare inserts of the same."""
    drafts = finds(job.size)
    bare = job.size / _bare_insert(drafts, job.folder / "bare.sqlite3")
    bulk = job.size / _bulk_create(drafts, job.folder / "bulk")
    programmes.make(job.folder / "finds")
    ours = job.size / seconds(lambda: _write(drafts))
    measures = [
        Measure(
            work="write path, points, SQLite", unit="entries/s", value=ours, budget=LEAST_PER_S,
            peer="executemany into one bare table", peer_value=bare,
            note="ours: entry, record, version, R-tree and hash chain; the peer: one table, nothing checked",
        ),
        Measure(
            work="write path against bulk_create", unit="entries/s", value=ours, peer="Django bulk_create, the same three tables",
            peer_value=bulk, least_ratio=1.0, note="the peer gets digests, bodies and model instances ready made",
        ),
    ]  # fmt: skip
    return [*measures, _on_postgres(job, drafts)]


def make_hazards(job: Job) -> list[Measure]:
    """Hazardous areas into the programme that the jobs on snapshot, layers and pages read."""
    drafts = hazards(job.size)
    programmes.make(job.folder / "hazards")
    taken = seconds(lambda: _write(drafts))
    return [Measure(work="write path, polygons, SQLite", unit="entries/s", value=job.size / taken, budget=LEAST_PER_S)]


def _write(drafts: Sequence[Draft]) -> None:
    write(drafts, actor=programmes.WRITER, reason="bench")


def _on_postgres(job: Job, drafts: Sequence[Draft]) -> Measure:
    work = "write path, points, PostGIS"
    if not job.postgres:
        return Measure(work=work, unit="entries/s", note="no PostGIS")
    programmes.make(job.folder / "finds-postgis", postgres.new_database(job.postgres, "bench_write"))
    taken = seconds(lambda: _write(drafts))
    return Measure(work=work, unit="entries/s", value=len(drafts) / taken, budget=LEAST_PER_S)


def _peer_rows(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """What every peer is handed, with digests and geometry ready."""
    shapes = [draft.geometry for draft in drafts]
    rows = []
    for draft, wkb, box in zip(drafts, shapely.to_wkb(shapes, byte_order=1), shapely.bounds(shapes).tolist(), strict=True):
        body = canonical_bytes({"record": str(draft.record), "kind": draft.kind, "attributes": dict(draft.attributes)})
        rows.append({"draft": draft, "wkb": wkb, "box": box, "body": body, "digest": sha256_hex(body + wkb)})
    return rows


def _bare_insert(drafts: Sequence[Draft], path: Path) -> float:
    rows = [
        (
            row["draft"].record.hex, row["draft"].kind, row["draft"].local_id, row["body"].decode(),
            gpkg_from_wkb(row["wkb"], row["box"]), *row["box"], "approved",
        )
        for row in _peer_rows(drafts)
    ]  # fmt: skip
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE bare (fid INTEGER PRIMARY KEY, id, kind, local_id, body, geometry, a, b, c, d, state)")
        insert = "INSERT INTO bare (id, kind, local_id, body, geometry, a, b, c, d, state) VALUES (?,?,?,?,?,?,?,?,?,?)"

        def run() -> None:
            connection.executemany(insert, rows)
            connection.commit()

        taken = seconds(run)
    connection.close()
    return taken


def _bulk_create(drafts: Sequence[Draft], folder: Path) -> float:
    folder.mkdir()
    programme.point(folder)
    connection = connections["programme"]
    with connection.schema_editor() as editor:
        for model in (PeerEntry, PeerRecord, PeerVersion):
            editor.create_model(model)
    entries, records, versions = _instances(drafts)

    def run() -> None:
        with transaction.atomic(using="programme"):
            PeerEntry._default_manager.using("programme").bulk_create(entries, batch_size=_BATCH)
            PeerRecord._default_manager.using("programme").bulk_create(records, batch_size=_BATCH)
            PeerVersion._default_manager.using("programme").bulk_create(versions, batch_size=_BATCH)

    return seconds(run)


def _instances(drafts: Sequence[Draft]) -> tuple[list[PeerEntry], list[PeerRecord], list[PeerVersion]]:
    entries, records, versions = [], [], []
    for row in _peer_rows(drafts):
        draft, (min_x, min_y, max_x, max_y) = row["draft"], row["box"]
        shared = {
            "kind": draft.kind, "local_id": draft.local_id, "attributes": dict(draft.attributes), "geometry": draft.geometry,
            "min_x": min_x, "min_y": min_y, "max_x": max_x, "max_y": max_y, "state": "approved", "sensitivity": "programme",
        }  # fmt: skip
        entries.append(PeerEntry(
            id=entry_id(row["digest"]), record=draft.record, body=row["body"], geometry=draft.geometry, state="approved",
            known_at=_NOW, digest=row["digest"],
        ))  # fmt: skip
        records.append(PeerRecord(id=draft.record, **shared))
        versions.append(PeerVersion(record=draft.record, known_from=_NOW, **shared))
    return entries, records, versions
