"""What tells who a person is: sealed before it reaches an entry, kept in the table `sealed_person`, deleted on demand.

An entry holds a commitment, never the value. Each sealed value is a row with its envelope; the rows of one person share a
data key. Deleting rows is the redaction: entries and chain stay as they are, the commitment then stands for nothing.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.core.sealing import SealingKey, is_commitment
from clearland.dictionary.model import Dictionary
from clearland.ledger.drafts import Draft
from clearland.ledger.sealing_keys import needed_key
from clearland.ledger.store import ALIAS, Store, store_of
from clearland.ledger.vocabulary import columns_of

_AT_ONCE = 1_000
COLUMNS = ("record_id", "field", "commitment", "wrapped_key", "envelope", "blind_index", "recorded_at")


@dataclass(frozen=True)
class SealedRow:
    """One sealed value: bytes that only the programme's sealing key opens, and the commitment that entries hold for it."""

    record: UUID
    field: str
    commitment: str
    wrapped_key: bytes
    envelope: bytes
    blind_index: str

    def opened(self, key: SealingKey) -> Any:
        """The value, of the type it had. Raises ClearlandError (E-SEALED-KEY, E-SEALED-DAMAGED)."""
        return json.loads(self.content(key))

    def content(self, key: SealingKey) -> str:
        """The value as it was sealed: JSON. Raises as `opened`."""
        return key.open(self.wrapped_key, str(self.record), self.field, self.envelope, self.commitment)


class Sealing:
    """The sealed values of one write: taken out of its drafts before anything else sees them, inserted with its entries."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._fields: dict[str, frozenset[str]] = {}
        self._key: SealingKey | None = None
        self._rows: dict[UUID, list[SealedRow]] = {}

    def of(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """The drafts with commitments in place of what is sealed. Raises RefusedInput (E-SEALED-KEY) without the key."""
        remaining = iter(drafts)
        while portion := list(islice(remaining, _AT_ONCE)):
            plain = {draft.record for draft in portion if self._plain(draft)}
            held: dict[UUID, list[SealedRow]] = {record: [] for record in plain}
            for row in rows_of(list(plain)) if plain else ():
                held[row.record].append(row)
            for draft in portion:
                said = self._plain(draft)
                sealed = self._sealed(draft.record, said, held[draft.record]) if said else {}
                yield replace(draft, attributes={**draft.attributes, **sealed}) if sealed else draft

    def insert(self, store: Store, now: datetime) -> None:
        """The rows of what was sealed, in the transaction of the entries."""
        if self._rows:
            made = [_values(store, each, now) for rows in self._rows.values() for each in rows]
            store.insert("sealed_person", COLUMNS, made)

    def _plain(self, draft: Draft) -> dict[str, Any]:
        """What of a draft is to be sealed."""
        fields = self._fields_of(draft.kind).intersection(draft.attributes)
        return {name: draft.attributes[name] for name in fields if not is_commitment(draft.attributes[name])}

    def _fields_of(self, kind: str) -> frozenset[str]:
        if kind not in self._fields:
            self._fields[kind] = columns_of(self._dictionary.kind(kind)).sealed
        return self._fields[kind]

    def _sealed(self, record: UUID, plain: Mapping[str, Any], before: Sequence[SealedRow]) -> dict[str, str]:
        key = self._key = self._key or needed_key()
        held = [*before, *self._rows.get(record, ())]
        wrapped = held[0].wrapped_key if held else key.new_person(str(record))
        commitments: dict[str, str] = {}
        for name, value in plain.items():
            content, index = _content(value), key.blind_index(name, _content(value))
            known = next((each for each in held if _holds(each, name, index, value, key)), None)
            if known is None:
                commitment, envelope = key.seal(wrapped, str(record), name, content)
                known = SealedRow(record, name, commitment, wrapped, envelope, index)
                self._rows.setdefault(record, []).append(known)
            commitments[name] = known.commitment
        return commitments


def known_commitments(plain: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, dict[str, str]]:
    """Record -> field -> commitment, for those of these values that are sealed for their record already.

    Raises RefusedInput (E-SEALED-KEY) without the key."""
    key = needed_key()
    found: dict[UUID, dict[str, str]] = {}
    for row in rows_of(list(plain)):
        value = plain[row.record].get(row.field)
        if value is not None and _holds(row, row.field, key.blind_index(row.field, _content(value)), value, key):
            found.setdefault(row.record, {})[row.field] = row.commitment
    return found


def _content(value: Any) -> str:
    """A value as it is sealed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def refuse_plain(bodies: Iterable[bytes], dictionary: Dictionary) -> None:
    """For entries written elsewhere: raises RefusedInput (E-LEDGER-SEALED) where one says in plain text who a person is."""
    sealed = {kind.name: columns_of(kind).sealed for kind in dictionary.kinds.values()}
    for body in bodies:
        values = json.loads(body)
        attributes = values["attributes"]
        fields = sealed.get(values["kind"], frozenset()).intersection(attributes)
        if plain := sorted(name for name in fields if not is_commitment(attributes[name])):
            raise RefusedInput(
                "E-LEDGER-SEALED",
                f"{values['kind']} {values['local_id']} says in plain text who a person is: {', '.join(plain)}.",
                remedy="Nothing was taken over. Tell the sender to make the record anew, with these fields sealed.",
            )  # fmt: skip


def _holds(row: SealedRow, name: str, index: str, value: Any, key: SealingKey) -> bool:
    """Whether a row holds exactly this value: the blind index folds case and accents, so the row is opened too."""
    if row.field != name or row.blind_index != index:
        return False
    opened = row.opened(key)
    return type(opened) is type(value) and bool(opened == value)


def _values(store: Store, row: SealedRow, now: datetime) -> tuple[Any, ...]:
    return (
        store.uuid(row.record), row.field, row.commitment, store.blob(row.wrapped_key), store.blob(row.envelope), row.blind_index,
        store.moment(now),
    )  # fmt: skip


def rows_of(records: Sequence[UUID] | None = None) -> list[SealedRow]:
    """The sealed values of some records, or all, oldest first; nothing is opened."""
    sql = "SELECT record_id, field, commitment, wrapped_key, envelope, blind_index FROM sealed_person"
    with connections[ALIAS].cursor() as cursor:
        store = store_of(cursor)
        if records is None:
            cursor.execute(f"{sql} ORDER BY id")
            found: Iterable[tuple[Any, ...]] = cursor.fetchall()
        else:
            found = list(store.fetch(f"{sql} WHERE {store.among('record_id')} ORDER BY id", records))
        return [
            SealedRow(store.read_uuid(record), field, commitment, bytes(wrapped), bytes(envelope), index)
            for record, field, commitment, wrapped, envelope, index in found
        ]


def delete_rows(record: UUID, fields: Sequence[str]) -> int:
    """Delete every sealed value of some fields of one record, from the file's free pages and write-ahead log too.

    Returns the number of values that are gone. Copies of the database made before still hold them."""
    connection = connections[ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = ON")
        marks = ", ".join(["%s"] * len(fields))
        identity = record.hex if connection.vendor == "sqlite" else record
        cursor.execute(f"DELETE FROM sealed_person WHERE record_id = %s AND field IN ({marks})", [identity, *fields])
        gone: int = cursor.rowcount
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone


def exchange_rows(cursor: Any, rows: Sequence[SealedRow], now: datetime) -> None:
    """Put rows in the place of those with the same commitments: nothing that stands here is ever altered."""
    store = store_of(cursor)
    if connections[ALIAS].vendor == "sqlite":
        cursor.execute("PRAGMA secure_delete = ON")
    cursor.executemany("DELETE FROM sealed_person WHERE commitment = %s", [(row.commitment,) for row in rows])
    if rows:
        store.insert("sealed_person", COLUMNS, [_values(store, row, now) for row in rows])


@dataclass(frozen=True)
class SealedState:
    """What `verify` found: faults, the `kind local_id: field` whose values are not here, and how many were opened."""

    faults: tuple[str, ...]
    redacted: tuple[str, ...]
    opened: int


def proof(store: Store, dictionary: Dictionary, key: SealingKey | None) -> SealedState:
    """Each sealed row against the entries that committed to it, and with the key against its content."""
    committed = _committed(store, dictionary)
    faults: list[str] = []
    opened = 0
    held = set()
    for row in rows_of():
        place = (row.record, row.field, row.commitment)
        held.add(place)
        if place not in committed:
            faults.append(f"A sealed {row.field} of record {row.record} is what no entry committed to.")
        elif key is not None:
            try:
                row.opened(key)
                opened += 1
            except (ClearlandError, ValueError):
                faults.append(f"The sealed {row.field} of {committed[place]} is not what its entry committed to.")
    gone = {f"{name}: {place[1]}" for place, name in committed.items() if place not in held}
    return SealedState(tuple(faults), tuple(sorted(gone)), opened)


def _committed(store: Store, dictionary: Dictionary) -> dict[tuple[UUID, str, str], str]:
    """Record, field and commitment of everything that entries stand for, with the record's name."""
    found: dict[tuple[UUID, str, str], str] = {}
    for kind in dictionary.kinds.values():
        if sealed := columns_of(kind).sealed:
            store.cursor.execute(
                """SELECT r.id, r.local_id, v.attributes FROM version v JOIN record r ON r.fid = v.record_id
                   WHERE r.kind = %s""",
                [kind.name],
            )
            for record, local_id, attributes in store.cursor.fetchall():
                values = json.loads(attributes) if isinstance(attributes, str) else attributes
                for name in sealed.intersection(values):
                    if is_commitment(values[name]):
                        found[store.read_uuid(record), name, values[name]] = f"{kind.name} {local_id or record}"
    return found


def blind_indexes(fields: Collection[str]) -> dict[str, dict[str, str]]:
    """Field -> record -> blind index of the value it was given last: two records with one index say the same, unread."""
    found: dict[str, dict[str, str]] = {name: {} for name in fields}
    with connections[ALIAS].cursor() as cursor:
        store = store_of(cursor)
        cursor.execute("SELECT record_id, field, blind_index FROM sealed_person ORDER BY id")
        for record, field, index in cursor.fetchall():
            if field in found:
                found[field][str(store.read_uuid(record))] = index
    return found
