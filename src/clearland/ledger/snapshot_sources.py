"""The tables `source` and `claim` of a snapshot.

`claim` has one row per claim of each source's newest rendition (those of a model only once a person accepted them),
as people decided about it (`ledger.carrying`): `judgement`
is proposed, accepted, corrected, rejected or added, and a correction's values stand in the place of the proposed ones.
The scope's parts are columns; a null part means *not said*, no code.
`start` and `end` count Unicode code points of the rendition, end exclusive; `page` is that of the passage it starts in;
`quote` are the characters themselves, `before` and `after` up to AROUND characters on either side of them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clearland.claims.corrections import AROUND
from clearland.ledger.readings import MODEL
from clearland.ledger.snapshot_judged import decided_until
from clearland.ledger.store import store_of

CHUNK_ROWS = 25_000
SOURCE_COLUMNS = (
    ("sha256", "VARCHAR"),
    ("filename", "VARCHAR"),
    ("media_type", "VARCHAR"),
    ("size_bytes", "BIGINT"),
    ("title", "VARCHAR"),
    ("publisher", "VARCHAR"),
    ("author", "VARCHAR"),
    ("transmitter", "VARCHAR"),
    ("circulator", "VARCHAR"),
    ("symbol", "VARCHAR"),
    ("published", "VARCHAR"),
    ("circulated", "VARCHAR"),
    ("received", "DATE"),
    ("language", "VARCHAR"),
    ("series", "VARCHAR"),
    ("full_edition", "BOOLEAN"),
    ("sensitivity", "VARCHAR"),
    ("may_pass_on", "BOOLEAN"),
    ("recorded_at", "TIMESTAMP"),
)
_CLAIM_RAW = (
    "ref",
    "source",
    "rendition",
    "file",
    "start",
    "end",
    "subject",
    "attribute",
    "unit",
    "period",
    "claimant",
    "stance",
    "value_number",
    "body",
    "publisher",
    "published",
    "title",
    "sensitivity",
    "near",
    "judgement",
)
_SCOPE_CODES = ("device", "activity", "method", "population", "outcome", "definition")
_BODY_SHAPE = json.dumps(
    {
        "value": "VARCHAR",
        "value_status": "VARCHAR",
        "qualifier": "VARCHAR",
        "base": "VARCHAR",
        "as_of": "VARCHAR",
        "polarity": "VARCHAR",
        "modality": "VARCHAR",
        "quoted": "BOOLEAN",
        "question": "VARCHAR",
        "table_cell": "VARCHAR",
        "footnote": "VARCHAR",
        "in_footnote": "VARCHAR",
        "cited_source": "VARCHAR",
        "scope": {"place": ["VARCHAR"], "actor": ["VARCHAR"], **dict.fromkeys(_SCOPE_CODES, "VARCHAR")},
    }
)
_CLAIMS = f"""
    WITH parsed AS (SELECT * REPLACE (CAST(start AS INTEGER) AS start,
                                              from_json(body, '{_BODY_SHAPE}') AS body) FROM raw)
    SELECT ref, source, rendition, file, c.start, CAST("end" AS INTEGER) AS "end", subject,
           attribute, body.value AS value_text, CAST(value_number AS DOUBLE) AS value_number,
           coalesce(body.value_status, 'known') AS value_status, unit, nullif(period, '') AS period,
           nullif(claimant, '') AS claimant, stance, coalesce(body.polarity, 'affirmed') AS polarity,
           coalesce(body.modality, 'asserted') AS modality, body.scope.place AS place, body.scope.actor AS actor,
           {", ".join(f"body.scope.{name} AS {name}" for name in _SCOPE_CODES)},
           body.qualifier AS qualifier, body.base AS base, body.as_of AS as_of, coalesce(body.quoted, false) AS quoted,
           body.question AS question, body.table_cell AS table_cell, body.footnote AS footnote,
           body.in_footnote AS in_footnote, body.cited_source AS cited_source, CAST(p.page AS INTEGER) AS page,
           nullif(publisher, '') AS publisher, nullif(published, '') AS published, title, sensitivity,
           substr(near, least(c.start, {AROUND}) + 1, CAST("end" AS INTEGER) - c.start) AS quote, judgement,
           substr(near, 1, least(c.start, {AROUND})) AS before,
           substr(near, least(c.start, {AROUND}) + CAST("end" AS INTEGER) - c.start + 1) AS after
    FROM parsed c ASOF LEFT JOIN pages p ON c.rendition = p.rendition_id AND c.start >= p.start"""  # constants only


_SELECT_CLAIMS = f"""
    SELECT c.ref, r.source_id, c.rendition_id, s.filename, c.start, c."end", c.subject, c.attribute, c.unit, c.period,
           c.claimant, c.stance, c.value_number, {{body}}, s.publisher, s.published, s.title, s.sensitivity,
           CASE WHEN c.start > {AROUND} THEN substr(r.text, c.start - {AROUND} + 1, c."end" - c.start + {2 * AROUND})
                ELSE substr(r.text, 1, c."end" + {AROUND}) END, 'proposed'
    FROM claim c JOIN rendition r ON r.sha256 = c.rendition_id JOIN source s ON s.sha256 = r.source_id
    WHERE {{known}} AND r.sha256 = ({{newest}})
          AND c.extractor_version NOT LIKE '{MODEL}%%' ORDER BY c.rendition_id, c.start, c."end", c.ref"""
# Recorded before the cut, or handed in before the programme was opened and declared so (ledger.opening).
_KNOWN = "(s.recorded_at < %s OR s.received < %s)"
# A source may be read anew; what is known of it is its newest reading by then, or by now for one that was back-loaded.
_NEWEST = """
    SELECT n.sha256 FROM rendition n JOIN "commit" k ON k.sequence = n.commit_id
    WHERE n.source_id = s.sha256 AND (k.recorded_at < %s OR s.received < %s)
    ORDER BY n.commit_id DESC, n.sha256 DESC LIMIT 1"""


@dataclass(frozen=True)
class Cut:
    """What a snapshot may contain: what was recorded before `until`, and sources received before `received_before`."""

    until: datetime
    received_before: date


def write_files(connection: Any, folder: Path, cut: Cut, duck: duckdb.DuckDBPyConnection) -> int:
    """Writes `source.parquet` and `claim.parquet`; the number of claims."""
    _write_sources(connection, folder, cut, duck)
    return _write_claims(connection, folder, cut, duck)


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Rows as a table of text, whatever the driver made of them; DuckDB gives the types."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table(
        {
            name: pa.array([None if value is None else str(value) for value in column], pa.string())
            for name, column in zip(names, columns, strict=True)
        }
    )


def _write_sources(connection: Any, folder: Path, cut: Cut, duck: duckdb.DuckDBPyConnection) -> None:
    in_utc = {} if connection.vendor == "sqlite" else {"recorded_at": "(s.recorded_at AT TIME ZONE 'UTC')::text"}
    listed = ", ".join(in_utc.get(name, f"s.{name}") for name, _ in SOURCE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM source s WHERE {_KNOWN} ORDER BY s.sha256", _parameters(cursor, cut))
        duck.register("raw", _table([name for name, _ in SOURCE_COLUMNS], cursor.fetchall()))
    casts = ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in SOURCE_COLUMNS)
    typed = duck.execute(f"SELECT {casts} FROM raw").to_arrow_table()
    pq.write_table(typed, folder / "source.parquet", compression="zstd")


def _write_claims(connection: Any, folder: Path, cut: Cut, duck: duckdb.DuckDBPyConnection) -> int:
    body = "c.body" if connection.vendor == "sqlite" else "c.body::text"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rendition_id, start, page FROM passage WHERE page IS NOT NULL")
        pages = _table(("rendition_id", "start", "page"), cursor.fetchall())
        duck.register("pages_raw", pages)
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE pages AS"
            " SELECT rendition_id, CAST(start AS INTEGER) AS start, CAST(page AS INTEGER) AS page FROM pages_raw"
        )
        decided = decided_until(cut.until, cut.received_before)
        cursor.execute(_SELECT_CLAIMS.format(body=body, known=_KNOWN, newest=_NEWEST), _parameters(cursor, cut) * 2)
        read = iter(lambda: cursor.fetchmany(CHUNK_ROWS), [])
        writer: pq.ParquetWriter | None = None
        rows = 0
        # The last chunk is written even when empty: without claims the file still has its columns.
        for chunk in chain(([decided.apply(row) for row in found] for found in read), [decided.rows]):
            duck.register("raw", _table(_CLAIM_RAW, chunk))
            typed = duck.execute(_CLAIMS).to_arrow_table()
            writer = writer or pq.ParquetWriter(folder / "claim.parquet", typed.schema, compression="zstd")
            writer.write_table(typed)
            rows += typed.num_rows
        if writer:
            writer.close()
    return rows


def _parameters(cursor: Any, cut: Cut) -> list[Any]:
    store = store_of(cursor)
    return [store.moment(cut.until), store.day(cut.received_before)]
