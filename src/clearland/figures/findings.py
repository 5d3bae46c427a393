"""Findings of the rules over a snapshot: read, checked once, kept beside the snapshot as a table `finding`.

    finding   number, code, severity, rule, sentence, remedy, kind, record, local_id, others (records), values (JSON text),
              sensitivity (the highest class of the records it shows), mark (hash of what it says: answers hold by it),
              source (of its record), legacy (a refusal in a source declared legacy: counted, blocking nothing)

The reader's scope decides who sees a finding: by its `sensitivity`, never by what it says.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import shapely

from clearland.checks.catalogue import rule_of
from clearland.checks.everything import SEVERITIES, findings
from clearland.checks.model import Accident, Find, Known, Noted, Work
from clearland.core.errors import Finding
from clearland.core.partial_dates import PartialDate
from clearland.figures.duplicates import undecided
from clearland.figures.findings_records import limits_of, record_findings
from clearland.figures.land import ground, land_balance
from clearland.figures.lifecycle import status_findings
from clearland.ledger.snapshot import Snapshot

CLASSES = ("public", "partner", "programme", "restricted", "sealed")
_ANSWER = "finding_answer"
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
ALWAYS = (date(1900, 1, 1), date(2199, 12, 31))
_SCHEMA = pa.schema([
    ("number", pa.int64()), ("code", pa.string()), ("severity", pa.string()), ("rule", pa.int64()), ("sentence", pa.string()),
    ("remedy", pa.string()), ("kind", pa.string()), ("record", pa.string()), ("local_id", pa.string()),
    ("others", pa.list_(pa.string())), ("values", pa.string()), ("sensitivity", pa.string()), ("mark", pa.string()),
    ("source", pa.string()), ("legacy", pa.bool_()),
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
        cut=ground(snapshot), finds=finds(snapshot), works=works(snapshot), accidents=accidents(snapshot),
        limits=limits_of(snapshot),
    )  # fmt: skip


def prepare_findings(snapshot: Snapshot) -> None:
    """Make the table `finding` known to the snapshot's SQL; the rules run on first use, and not again for an answer to one."""
    rests_on = [*(kind for kind in snapshot.dictionary.kinds if kind != _ANSWER), "source"]
    snapshot.derive("finding", lambda: _table(snapshot), rests_on=rests_on)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which findings are asked for; what is empty or None asks nothing. `answered`: marks of findings with an answer."""

    classes: Collection[str] = CLASSES
    rule: int | None = None
    severity: str = ""
    kind: str = ""
    record: str = ""
    answered: Collection[str] = ()
    only_answered: bool = False

    def condition(self) -> tuple[str, list[Any]]:
        """As SQL over the table, with its parameters."""
        parts: list[tuple[str, Any]] = [("list_contains(?, sensitivity)", sorted(self.classes))]
        parts += [(f"{name} = ?", value) for name in ("rule", "severity", "kind", "record") if (value := getattr(self, name))]
        if self.only_answered or self.answered:
            parts.append((f"{'' if self.only_answered else 'NOT '}list_contains(?::VARCHAR[], mark)", sorted(self.answered)))
        return " AND ".join(text for text, _ in parts), [value for _, value in parts]


def found(
    snapshot: Snapshot, *, classes: Iterable[str] = CLASSES, rule: int | None = None, severity: str = "",
    start: int = 0, most: int | None = None,
) -> list[Row]:
    """Rows of the table, of one rule or severity where asked, that show nothing above the classes given; answered ones too.

    `start` and `most` cut one page out of them."""
    return asked_for(snapshot, Asked(classes=tuple(classes), rule=rule, severity=severity), start=start, most=most)


def asked_for(snapshot: Snapshot, asked: Asked, *, start: int = 0, most: int | None = None) -> list[Row]:
    """The rows asked for, in the order of their numbers; `start` and `most` cut one page out of them."""
    prepare_findings(snapshot)
    condition, params = asked.condition()
    query = f"SELECT * FROM finding WHERE {condition} ORDER BY number LIMIT ? OFFSET ?"
    rows: list[Row] = snapshot.sql(query, [*params, most, start]).to_pylist()
    return rows


def counts(snapshot: Snapshot, *, classes: Iterable[str] = CLASSES) -> list[Row]:
    """`rule`, `severity`, `n` for each pair that occurs."""
    return counted(snapshot, Asked(classes=tuple(classes)), ("rule", "severity"))


def counted(snapshot: Snapshot, asked: Asked, by: Sequence[str]) -> list[Row]:
    """The columns of `by`, and `n` for each combination that occurs among the findings asked for."""
    prepare_findings(snapshot)
    condition, params = asked.condition()
    columns = ", ".join(by)
    query = f"SELECT {columns}, count(*) AS n FROM finding WHERE {condition} GROUP BY ALL ORDER BY ALL"
    rows: list[Row] = snapshot.sql(query, params).to_pylist()
    return rows


def _table(snapshot: Snapshot) -> pa.Table:
    of_records = findings(known(snapshot))
    of_balance = land_balance(snapshot, period_from=ALWAYS[0], period_to=ALWAYS[1], by=("type",)).findings
    of_pairs = undecided(snapshot, record_findings(snapshot))
    made = [*of_records, *status_findings(snapshot), *of_pairs, *map(_without_record, of_balance)]
    made.sort(key=lambda one: (one.finding.rule or 0, SEVERITIES.index(one.finding.severity), one.local_id, one.finding.code))
    named = _named(snapshot, {record for one in made for record in (one.record, *one.others)})
    legacy = _legacy_sources(snapshot)
    return pa.Table.from_pylist([_row(number, one, named, legacy) for number, one in enumerate(made, start=1)], schema=_SCHEMA)


def _without_record(finding: Finding) -> Noted:
    """Findings of geometry and balance name their record in words; they may name any, so they count as restricted."""
    return Noted(finding=finding, record="", kind="", local_id="")


def _named(snapshot: Snapshot, records: set[str]) -> dict[str, Row]:
    """Class and source of the records that findings name."""
    named: dict[str, Row] = {}
    for kind in snapshot.dictionary.layers():
        for row in snapshot.sql(f'SELECT record, sensitivity, source FROM "{kind.name}"').to_pylist():
            if row["record"] in records:
                named[row["record"]] = row
    return named


def _legacy_sources(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(row["file_sha256"] for row in snapshot.sql("SELECT DISTINCT file_sha256 FROM legacy_gap").to_pylist())


def _row(number: int, one: Noted, named: Mapping[str, Row], legacy: Collection[str]) -> Row:
    values = _as_json(dict(one.finding.values))
    source = named.get(one.record, {}).get("source")
    rule = rule_of(one.finding.code)
    forgiven = source in legacy and one.finding.severity == "error" and rule is not None and not rule.kept
    return {
        "number": number, "code": one.finding.code, "severity": one.finding.severity, "rule": one.finding.rule,
        "sentence": one.finding.sentence, "remedy": one.finding.remedy, "kind": one.kind, "record": one.record,
        "local_id": one.local_id, "others": list(one.others), "values": values, "mark": _mark(one),
        "sensitivity": _highest([one.record, *one.others], named), "source": source, "legacy": forgiven,
    }  # fmt: skip


def _mark(one: Noted) -> str:
    """The same as long as the finding says the same; measures count whole, since the ground is cut anew with each report."""
    said = {name: round(value) if isinstance(value, float) else value for name, value in one.finding.values.items()}
    what = [one.finding.code, one.record, sorted(one.others), said, "" if one.record else one.finding.sentence]
    return hashlib.sha256(_as_json(what).encode()).hexdigest()


def _highest(records: Sequence[str], named: Mapping[str, Row]) -> str:
    """The highest class among the records; what names none in particular is restricted."""
    return max((named[record]["sensitivity"] if record in named else "restricted" for record in records), key=CLASSES.index)
