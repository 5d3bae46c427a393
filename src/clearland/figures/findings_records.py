"""Rules over records of a snapshot: rows of each kind read as the rules take them, checked alone and with each other."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from clearland.checks.across.everything import found_across
from clearland.checks.across.model import Book
from clearland.checks.limits import Limits, limits_said
from clearland.checks.model import Noted
from clearland.checks.records.everything import check_records
from clearland.checks.records.findings import finding
from clearland.checks.records.model import Setting
from clearland.dictionary.model import Kind
from clearland.ledger.snapshot import Snapshot
from clearland.ledger.snapshot_columns import column_name, quoted

Row = dict[str, Any]
_OWN = ("record", "local_id", "source")


def limits_of(snapshot: Snapshot) -> Limits:
    """The thresholds that the programme's record sets."""
    rows = snapshot.sql("SELECT check_limits FROM programme LIMIT 1").to_pylist()
    return limits_said((rows[0]["check_limits"] or ()) if rows else ())


def record_findings(snapshot: Snapshot) -> list[Noted]:
    """What the rules over records find, as known on the snapshot's date."""
    limits = limits_of(snapshot)
    today = snapshot.as_known or _newest_day(snapshot)
    found: list[Noted] = []
    book = Book(partial(_rows_by_name, snapshot), today=today, limits=limits)
    # Received up to today in any time zone: a report of the last day is not from the future.
    setting = Setting(today=today + timedelta(days=1), limits=limits)
    for kind in snapshot.dictionary.layers():
        found += _alone(kind, book.rows(kind.name), setting)
    return [*found, *found_across(book)]


def _newest_day(snapshot: Snapshot) -> date:
    """The day of the newest entry: what is late or in the future follows from the book, not from the clock."""
    kinds = [quoted(kind.name) for kind in snapshot.dictionary.layers()]
    union = " UNION ALL ".join(f"SELECT max(known_from) AS newest FROM {name}" for name in kinds)
    newest = snapshot.sql(f"SELECT max(newest) AS newest FROM ({union})").to_pylist()[0]["newest"]
    return newest.date() if newest is not None else date.min


def _alone(kind: Kind, rows: Any, setting: Setting) -> Iterator[Noted]:
    if not rows:
        return
    shapes = np.array([row.get("geometry") for row in rows], dtype=object)
    for place, said in check_records(kind, rows, shapes, setting):
        row = rows[place]
        yield Noted(finding=finding(said), record=row["record"], kind=kind.name, local_id=row["local_id"])


def _rows_by_name(snapshot: Snapshot, name: str) -> list[Row]:
    return rows_of(snapshot, snapshot.dictionary.kind(name)) if name in snapshot.dictionary.kinds else []


def rows_of(snapshot: Snapshot, kind: Kind) -> list[Row]:
    """Every row of a kind that counts: identity, what it says under the names of its fields, and its shape."""
    table = snapshot.sql(f"SELECT * FROM {quoted(kind.name)} ORDER BY record")
    names = {column_name(field): field.name for field in kind.fields if field.sensitivity != "sealed"}
    for field in kind.fields:  # one that is the ledger's own column has no other
        if column_name(field) not in table.column_names and field.name in table.column_names:
            names[field.name] = field.name
    columns = {}
    for name in (*_OWN, *names):
        if name in table.column_names and table[name].null_count < len(table):
            column = table[name]
            columns[names.get(name, name)] = (column.cast(pa.string()) if pa.types.is_date(column.type) else column).to_pylist()
    columns["geometry"] = _shapes(table)
    keys = tuple(columns)
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _shapes(table: pa.Table) -> list[Any]:
    if "geometry" not in table.column_names:
        return [None] * len(table)
    shapes: list[Any] = shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object)).tolist()
    return shapes
