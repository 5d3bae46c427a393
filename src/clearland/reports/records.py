"""Slots that list records: one row each with the form's columns, and a footnote that leads to the record.

Records above the audience's class are counted, not listed; columns above it are left out and named. Of a sample such a
reader gets the sealed references, to choose among what the programme then opens.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clearland.core import formats
from clearland.dictionary.forms import RecordChoice, Slot
from clearland.dictionary.model import Field, Kind
from clearland.figures.paid_by import prepare_paid_by
from clearland.ledger.snapshot_columns import quoted
from clearland.reports.audience import reference, told_day
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import phrases, say

MOST_ROWS = 500
Row = Mapping[str, Any]


def records_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """A table of records. Not known where the programme holds none; unchanged since, where all are older than the period."""
    assert slot.records is not None  # the form's loader requires it of slots that list records
    kind = draft.snapshot.dictionary.kinds.get(slot.records.kind)
    if kind is None or not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    found = chosen(draft, slot.records)
    if slot.records.sample:
        found = sampled(draft, found, slot.records.sample)
    if not found:
        empty = "nothing_in_scope" if slot.records.dated == "period" and _any(draft, kind) else "not_known"
        return ("filled" if empty != "not_known" else empty), [f"{escape(title)}: *{say(draft.language, empty)}*."]
    listed = [row for row in found if draft.reads(row["sensitivity"])]
    if not listed and slot.records.sample:
        refs = ", ".join(escape(reference(draft, _ref(row))) for row in found)
        return "filled", [f"{escape(title)}: {say(draft.language, 'sealed_sample', count=len(found), refs=refs)}"]
    if not listed:
        return "withheld", [f"{escape(title)}: *{say(draft.language, 'withheld')}*."]
    columns = [kind.field(name) for name in slot.records.fields if draft.reads(kind.field(name).sensitivity)]
    lines = _lines(draft, kind, columns, listed[:MOST_ROWS])
    lines += ["", f": {escape(title)}"]
    if left_out := len(found) - min(len(listed), MOST_ROWS):
        lines += ["", say(draft.language, "left_out", count=formats.number(left_out, draft.language))]
    since = _unchanged(draft, slot.records, found)
    told = [f"*{say(draft.language, 'unchanged_since')} {since}.*"] if since else []
    return ("unchanged_since" if since else "filled"), [*told, "\n".join(lines)]


def chosen(draft: Draft, choice: RecordChoice) -> list[Row]:
    """The rows of the snapshot that a choice takes, oldest first."""
    kind = draft.snapshot.dictionary.kinds[choice.kind]
    conditions: list[str] = ["true"]
    params: list[Any] = []
    for name, value in choice.where.items():
        wanted = [str(each) for each in value] if isinstance(value, tuple) else [str(value)]
        many = kind.field(name).type in ("codes", "links")
        test = "list_has_any({}, ?)" if many else "list_contains(?, CAST({} AS VARCHAR))"
        conditions.append(test.format(quoted(name)))
        params.append(wanted)
    if choice.of and draft.subject is not None:
        conditions.append(_of_subject(draft, kind, choice.of))
        params.append(draft.subject.record)
    if not choice.of or choice.of == "paid_by" or draft.subject is None or draft.subject.kind == "place":
        for condition, values in _dated(draft, choice):
            conditions.append(condition)
            params += values
    found: list[Row] = draft.snapshot.sql(
        f"SELECT * FROM {quoted(kind.name)} WHERE {' AND '.join(conditions)} ORDER BY valid_from NULLS FIRST, local_id", params
    ).to_pylist()
    return found


def sampled(draft: Draft, found: Sequence[Row], most: int) -> list[Row]:
    """At most so many of the rows, drawn by digest: who makes the report cannot choose them, and a second draw is the first."""
    about = draft.subject.record if draft.subject else draft.form.name
    drawn = sorted(found, key=lambda row: hashlib.sha256(f"{about} {row['record']}".encode()).digest())
    return sorted(drawn[:most], key=lambda row: (row["valid_from"] is not None, row["valid_from"], row["local_id"]))


def _ref(row: Row) -> str:
    return f"record:{row['record']}@{row['entry']}"


def _dated(draft: Draft, choice: RecordChoice) -> Iterator[tuple[str, list[Any]]]:
    """The conditions on time; what hangs on the one record of a report is told whenever it was."""
    first, last = draft.scope.period_from, draft.scope.period_to
    if choice.dated == "period":
        yield "valid_from BETWEEN ? AND ?", [first, last]
    else:
        yield "(valid_from IS NULL OR valid_from <= ?)", [last]
    if choice.dated == "standing":
        yield "(valid_to IS NULL OR valid_to > ?)", [last]


def _of_subject(draft: Draft, kind: Kind, link: str) -> str:
    """The condition under which a record hangs on the report's subject, whose id is its one parameter."""
    assert draft.subject is not None  # its caller has looked
    if link == "self":
        return "record = ?"
    if draft.subject.kind == "place":  # a place's records are those that lie in it or in what lies in it
        return (
            "place IN (WITH RECURSIVE below(record, code) AS (SELECT record, code FROM place WHERE record = ? UNION "
            "SELECT p.record, p.code FROM place p JOIN below ON p.parent = below.record) SELECT code FROM below)"
        )
    if link == "paid_by":
        prepare_paid_by(draft.snapshot)
        return "entry IN (SELECT entry FROM paid_by WHERE contribution = (SELECT local_id FROM contribution WHERE record = ?))"
    if kind.name == draft.subject.kind:
        table, earlier = quoted(kind.name), quoted(link)
        return (
            f"record IN (WITH RECURSIVE linked(record, earlier) AS (SELECT record, {earlier} FROM {table} WHERE record = ? "
            f"UNION SELECT k.record, k.{earlier} FROM {table} k JOIN linked ON k.record = linked.earlier "
            f"OR k.{earlier} = linked.record) SELECT record FROM linked)"
        )
    if kind.field(link).type == "links":
        return f"list_contains({quoted(link)}, ?)"
    return f"{quoted(link)} = ?"


def _any(draft: Draft, kind: Kind) -> bool:
    return bool(draft.snapshot.sql(f"SELECT 1 FROM {quoted(kind.name)} LIMIT 1").num_rows)


def _unchanged(draft: Draft, choice: RecordChoice, found: Sequence[Row]) -> str:
    """The year of the newest record, where all are dated and none lies in the period reported on."""
    days = [row["valid_from"] for row in found]
    first = draft.scope.period_from
    if choice.dated == "period" or choice.of or first is None or not all(days) or max(days) >= first:
        return ""
    return str(max(days).year)


def _lines(draft: Draft, kind: Kind, columns: Sequence[Field], found: Sequence[Row]) -> list[str]:
    """The table: a column that no row fills is left out, so that what is known has room."""
    cells = [[_cell(draft, field, row) for field in columns] for row in found]
    filled = [place for place in range(len(columns)) if any(row[place] for row in cells)] or [0]
    heads = [escape(_head(columns[place], draft.language)) for place in filled]
    numeric = [columns[place].type in ("integer", "decimal") for place in filled]
    lines = ["| " + " | ".join(heads) + " |", "|" + "".join(" ---: |" if right else " --- |" for right in numeric)]
    for row, texts in zip(found, cells, strict=True):
        shown = [escape(texts[place]) or "–" for place in filled]
        shown[0] += draft.notes.marker(_note(draft, kind, row))
        lines.append("| " + " | ".join(shown) + " |")
    return lines


def _head(field: Field, language: str) -> str:
    label = field.label(language)
    sign = phrases(language).get(f"unit_{field.unit}", formats.unit_sign(field.unit, language)) if field.unit else ""
    return f"{label}, {sign}" if sign else label


def _note(draft: Draft, kind: Kind, row: Row) -> str:
    """Who, kind of record and its name, place in its source, date, as known on, state, and the reference."""
    open_to_audience = draft.audience == "programme"
    place = f", {row['origin'].replace('!', ' ')}" if row["origin"] and open_to_audience else ""
    return say(
        draft.language, "footnote_record", who=f"{escape(row['organisation'])}, " if row["organisation"] else "",
        kind=escape(kind.label(draft.language).lower()), name=escape(f"{row['local_id']}{place}" if open_to_audience else ""),
        date=f", {escape(told_day(draft, row['valid_from']))}" if row["valid_from"] else "",
        known=escape(told_day(draft, row["known_from"].date())), state=escape(_state(draft, row)),
        ref=escape(reference(draft, _ref(row))),
    )  # fmt: skip


def _state(draft: Draft, row: Row) -> str:
    return phrases(draft.language).get(f"state_{row['state']}") or str(row["state"])


def _cell(draft: Draft, field: Field, row: Row) -> str:
    """The value of a column in the reader's words."""
    value = row.get(field.name, row.get(f"{field.name}_field"))
    if value is None or value in ([], ""):
        return ""
    if isinstance(value, list):
        return ", ".join(_one(draft, field, each) for each in value)
    return _one(draft, field, value)


def _one(draft: Draft, field: Field, value: Any) -> str:
    language = draft.language
    if field.code_list:
        listed = draft.snapshot.dictionary.lists[field.code_list].get(str(value))
        return listed.label(language) if listed else str(value)
    if field.target_kinds:
        return _linked(draft, field, str(value))
    if isinstance(value, bool):
        return say(language, "said_yes" if value else "said_no")
    if isinstance(value, int | float):
        return formats.number(round(value, 6), language)
    if field.type in ("date", "partial_date", "datetime"):
        return told_day(draft, value)
    return str(value)


def _linked(draft: Draft, field: Field, record: str) -> str:
    """The name of a linked record: its title field where its kind has one the audience may read."""
    for target in field.target_kinds:
        kind = draft.snapshot.dictionary.kinds.get(target)
        if kind is None:
            continue
        title = quoted(kind.title_field) if kind.title_field else "local_id"
        rows = draft.snapshot.sql(
            f"SELECT CAST({title} AS VARCHAR) AS title, local_id, sensitivity FROM {quoted(target)} "
            f"WHERE record = ?{f' OR {quoted(kind.key_field)} = ?' if kind.key_field else ''} LIMIT 1",
            [record] * (2 if kind.key_field else 1),
        ).to_pylist()  # fmt: skip
        if rows:
            return str(rows[0]["title"] or rows[0]["local_id"]) if draft.reads(rows[0]["sensitivity"]) else "–"
    return "–" if field.is_link else record
