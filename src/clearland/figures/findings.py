"""Findings of the rules over a snapshot: read, checked once, kept beside the snapshot as a table `finding`.

    finding   number, code, severity, rule, sentence, remedy, kind, record, local_id, others (records), values (JSON text),
              sensitivity (the highest class of the records it shows)

The reader's scope decides who sees a finding: by its `sensitivity`, never by what it says.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import shapely

from clearland.checks.everything import SEVERITIES, findings
from clearland.checks.model import Accident, Find, Known, Noted, Work
from clearland.core.errors import Finding
from clearland.core.partial_dates import PartialDate
from clearland.figures.land import ground, land_balance
from clearland.figures.lifecycle import status_findings
from clearland.ledger.snapshot import Snapshot

CLASSES = ("public", "partner", "programme", "restricted", "sealed")
ALWAYS = (date(1900, 1, 1), date(2199, 12, 31))
_SCHEMA = pa.schema([
    ("number", pa.int64()), ("code", pa.string()), ("severity", pa.string()), ("rule", pa.int64()), ("sentence", pa.string()),
    ("remedy", pa.string()), ("kind", pa.string()), ("record", pa.string()), ("local_id", pa.string()),
    ("others", pa.list_(pa.string())), ("values", pa.string()), ("sensitivity", pa.string()),
])  # fmt: skip
Row = dict[str, Any]


def _partial(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def _shape(wkb: bytes | None) -> Any:
    return shapely.from_wkb(wkb) if wkb is not None else None


def finds(snapshot: Snapshot) -> list[Find]:
    """Every item of ordnance that counts on the snapshot's date."""
    return [
        Find(
            record=row["record"], local_id=row["local_id"], category=row["category"], quantity=row["quantity"] or 0,
            found_on=_partial(row["found_on"]), point=_shape(row["geometry"]), depth_found_cm=row["depth_found_cm"],
            fate=row["fate"], model=row["model"], organisation=row["organisation"], hazard=row["hazard"],
            product=row["product"], activity=row["activity"],
        )
        for row in snapshot.sql("SELECT * FROM ordnance ORDER BY record").to_pylist()
    ]  # fmt: skip


def works(snapshot: Snapshot) -> list[Work]:
    """Every survey and clearance that counts."""
    return [
        _work(kind, row)
        for kind in ("survey", "clearance")
        for row in snapshot.sql(f"SELECT * FROM {kind} ORDER BY record").to_pylist()
    ]


def _work(kind: Any, row: Row) -> Work:
    return Work(
        record=row["record"], local_id=row["local_id"], kind=kind, activity_type=row["activity_type"], status=row["status"],
        started=_partial(row["start_date"]), ended=_partial(row["end_date"]), days_worked=row["days_worked"],
        items_found=row.get("items_found"), specified_depth_cm=row.get("specified_depth_cm"),
        achieved_depth_cm=row.get("achieved_depth_cm", row.get("depth_cm")), hazards=frozenset(row["hazards"] or ()),
    )  # fmt: skip


def accidents(snapshot: Snapshot) -> list[Accident]:
    """Every accident that counts."""
    return [
        Accident(
            record=row["record"], local_id=row["local_id"], category=row["device_category"],
            happened_on=_partial(row["date"]), point=_shape(row["geometry"]),
        )
        for row in snapshot.sql("SELECT * FROM accident ORDER BY record").to_pylist()
    ]  # fmt: skip


def known(snapshot: Snapshot) -> Known:
    """What the rules read, with the partition of the snapshot."""
    return Known(
        cut=ground(snapshot), finds=finds(snapshot), works=works(snapshot), accidents=accidents(snapshot)
    )


def prepare_findings(snapshot: Snapshot) -> None:
    """Make the table `finding` known to the snapshot's SQL; the rules run on first use."""
    snapshot.derive("finding", lambda: _table(snapshot))


def found(
    snapshot: Snapshot, *, classes: Iterable[str] = CLASSES, rule: int | None = None, severity: str = "",
    start: int = 0, most: int | None = None,
) -> list[Row]:
    """Rows of the table, of one rule or severity where asked, that show nothing above the classes given.

    `start` and `most` cut one page out of them."""
    prepare_findings(snapshot)
    conditions, params = ["list_contains(?, sensitivity)"], [list(classes)]  # type: list[str], list[Any]
    if rule is not None:
        conditions.append("rule = ?")
        params.append(rule)
    if severity:
        conditions.append("severity = ?")
        params.append(severity)
    query = f"SELECT * FROM finding WHERE {' AND '.join(conditions)} ORDER BY number LIMIT ? OFFSET ?"
    rows: list[Row] = snapshot.sql(query, [*params, most, start]).to_pylist()
    return rows


def counts(snapshot: Snapshot, *, classes: Iterable[str] = CLASSES) -> list[Row]:
    """`rule`, `severity`, `n` for each pair that occurs."""
    prepare_findings(snapshot)
    rows: list[Row] = snapshot.sql(
        "SELECT rule, severity, count(*) AS n FROM finding WHERE list_contains(?, sensitivity) GROUP BY ALL ORDER BY ALL",
        [list(classes)],
    ).to_pylist()
    return rows


def _table(snapshot: Snapshot) -> pa.Table:
    of_records = findings(known(snapshot))
    of_balance = land_balance(snapshot, period_from=ALWAYS[0], period_to=ALWAYS[1], by=("type",)).findings
    made = [*of_records, *status_findings(snapshot), *map(_without_record, of_balance)]
    made.sort(key=lambda one: (one.finding.rule or 0, SEVERITIES.index(one.finding.severity), one.local_id, one.finding.code))
    classes = _classes(snapshot)
    return pa.Table.from_pylist([_row(number, one, classes) for number, one in enumerate(made, start=1)], schema=_SCHEMA)


def _without_record(finding: Finding) -> Noted:
    """Findings of geometry and balance name their record in words; they may name any, so they count as restricted."""
    return Noted(finding=finding, record="", kind="", local_id="")


def _classes(snapshot: Snapshot) -> dict[str, str]:
    return {
        row["record"]: row["sensitivity"]
        for kind in ("hazard", "land_release", "ordnance", "accident", "survey", "clearance")
        for row in snapshot.sql(f"SELECT record, sensitivity FROM {kind}").to_pylist()
    }


def _row(number: int, one: Noted, classes: dict[str, str]) -> Row:
    return {
        "number": number, "code": one.finding.code, "severity": one.finding.severity, "rule": one.finding.rule,
        "sentence": one.finding.sentence, "remedy": one.finding.remedy, "kind": one.kind, "record": one.record,
        "local_id": one.local_id, "others": list(one.others),
        "values": json.dumps(dict(one.finding.values), ensure_ascii=False, sort_keys=True),
        "sensitivity": _highest([one.record, *one.others], classes),
    }


def _highest(records: Sequence[str], classes: dict[str, str]) -> str:
    """The highest class among the records; what names none in particular is restricted."""
    return max((classes.get(record, "restricted") for record in records), key=CLASSES.index)
