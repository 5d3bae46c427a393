"""What an extractor found in a rendition: passages, notes, proposed claims. Derived data, replaced as a whole.

A claim's `ref` names rendition, start, end, attribute and value, so it stays the same when a rendition is read again by
the same extractor, and judgements that name the characters still find it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections, transaction

from clearland.core.canonical import sha256_hex
from clearland.core.errors import RefusedInput
from clearland.ledger.drafts import NewRendition
from clearland.ledger.store import ALIAS, Store, store_of

MODEL = "model:"  # begins the author of a proposal that no reader of ours made
_PASSAGE = ("rendition_id", "number", "kind", "level", "label", "page", "start", "end", "details")
_NOTE = ("rendition_id", "label", "body_start", "body_end", "markers")
_CLAIM = (
    "rendition_id", "extractor_version", "ref", "start", "end", "subject", "attribute", "value", "value_number", "unit",
    "period", "claimant", "stance", "body",
)  # fmt: skip


def store_reading(
    rendition: str, passages: Sequence[Any], claims: Sequence[Mapping[str, Any]], notes: Sequence[Any] = ()
) -> None:
    """Replace passages, notes and claims of a stored rendition, in one transaction.

    Raises RefusedInput (E-RENDITION-UNKNOWN, E-CLAIM-SPAN) when there is no such rendition or a claim lies outside it.
    """
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        store = store_of(cursor)
        store.lock()
        cursor.execute('SELECT extractor, extractor_version, text FROM "rendition" WHERE sha256 = %s', [rendition])
        row = cursor.fetchone()
        if row is None:
            raise RefusedInput("E-RENDITION-UNKNOWN", f"No rendition {rendition} is stored.")
        for table in ("passage", "note", "claim"):
            cursor.execute(f'DELETE FROM "{table}" WHERE rendition_id = %s', [rendition])
        reading = NewRendition(
            text=row[2], extractor=row[0], extractor_version=row[1], passages=passages, claims=claims, notes=notes
        )
        insert_reading(store, rendition, reading)


def insert_reading(store: Store, rendition: str, reading: NewRendition) -> None:
    """Insert passages, notes and claims of a rendition that has none, inside the transaction of the caller."""
    length = len(reading.text)
    store.insert("passage", _PASSAGE, [_passage(rendition, each) for each in reading.passages])
    store.insert("note", _NOTE, [_note(rendition, each) for each in reading.notes])
    rows = {}
    for claim in reading.claims:
        row = claim_row(rendition, reading.extractor_version, claim, length)
        rows[row[2]] = row
    store.insert("claim", _CLAIM, list(rows.values()))


def add_proposals(rendition: str, author: str, claims: Sequence[Mapping[str, Any]]) -> int:
    """Put proposals of another author beside those of a stored reading; how many were new. `author` begins with MODEL.

    Raises RefusedInput (E-RENDITION-UNKNOWN, E-CLAIM-SPAN)."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        store = store_of(cursor)
        store.lock()
        cursor.execute('SELECT text FROM "rendition" WHERE sha256 = %s', [rendition])
        row = cursor.fetchone()
        if row is None:
            raise RefusedInput("E-RENDITION-UNKNOWN", f"No rendition {rendition} is stored.")
        rows = {made[2]: made for made in (claim_row(rendition, author, claim, len(row[0])) for claim in claims)}
        cursor.execute("SELECT ref FROM claim WHERE rendition_id = %s", [rendition])
        held = {ref for (ref,) in cursor.fetchall()}
        new = [made for ref, made in rows.items() if ref not in held]
        store.insert("claim", _CLAIM, new)
    return len(new)


def claim_ref(rendition: str, start: int, end: int, attribute: str, value: object) -> str:
    """The stable name of a claim: the first 32 hexadecimal digits of a SHA-256."""
    return sha256_hex(json.dumps([rendition, start, end, attribute, value], ensure_ascii=False).encode())[:32]


def _get(thing: Any, name: str, default: Any = None) -> Any:
    return thing.get(name, default) if isinstance(thing, Mapping) else getattr(thing, name, default)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _passage(rendition: str, passage: Any) -> tuple[Any, ...]:
    details = dict(_get(passage, "details") or {})
    for name in ("section", "question"):
        if value := _get(passage, name):
            details[name] = value
    return (
        rendition, _get(passage, "number"), _get(passage, "kind"), _get(passage, "level") or 0,
        _get(passage, "label") or "", _get(passage, "page"), _get(passage, "start"), _get(passage, "end"),
        _json(details),
    )  # fmt: skip


def _note(rendition: str, note: Any) -> tuple[Any, ...]:
    markers = [list(marker) for marker in _get(note, "markers") or ()]
    return rendition, _get(note, "label") or "", _get(note, "body_start"), _get(note, "body_end"), _json(markers)


def claim_row(rendition: str, version: str, claim: Mapping[str, Any], length: int) -> tuple[Any, ...]:
    """A claim of a text of `length` characters as the columns of its table. Raises RefusedInput (E-CLAIM-SPAN)."""
    start, end, value = claim["start"], claim["end"], claim.get("value")
    if not 0 <= start < end <= length:
        raise RefusedInput("E-CLAIM-SPAN", f"A claim at {start}–{end} lies outside its text of {length} characters.")
    return (
        rendition, version, claim_ref(rendition, start, end, claim["attribute"], value), start, end,
        _text(claim.get("subject")), claim["attribute"], None if value is None else _json(value), _number(value),
        claim.get("unit"), _text(claim.get("period")), _text(claim.get("claimant")), claim.get("stance") or "reported",
        _json(dict(claim)),
    )  # fmt: skip


def _text(value: Any) -> str:
    """Text for a filter column: codes as they are, structures as compact JSON, nothing as empty."""
    return "" if value is None else value if isinstance(value, str) else _json(value)


def _number(value: Any) -> float | None:
    """The number a value is, for comparisons and sorting; the exact text stays in `value`."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
