"""Entries as they travel between programmes: byte for byte, with the commit and the source they came with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clearland.core.canonical import entry_digest
from clearland.core.ids import entry_id
from clearland.ledger.contested import CONFLICT_KIND
from clearland.ledger.fields import to_wkb
from clearland.ledger.models import Entry, Record, Source
from clearland.ledger.sources import SOURCE_COLUMNS
from clearland.ledger.store import ALIAS

_AT_ONCE = 2_000


@dataclass(frozen=True)
class Origin:
    """The commit an entry was first written in: who, why, when, from which source (SHA-256)."""

    actor: str
    reason: str
    recorded_at: datetime
    source: str | None


@dataclass(frozen=True)
class Carried:
    """One entry: the bytes of its body, its geometry as little-endian WKB, its record, where it came from."""

    record: UUID
    body: bytes
    wkb: bytes | None
    origin: Origin

    @property
    def digest(self) -> str:
        """What names it everywhere."""
        return entry_digest(self.body, self.wkb)

    @property
    def id(self) -> UUID:
        """The entry's id."""
        return entry_id(self.digest)


def entries_of(records: Collection[UUID]) -> Iterator[Carried]:
    """Every entry of these records, in the order of arrival. The caller decides what of it may leave."""
    listed: Sequence[UUID] = sorted(records, key=str)
    for start in range(0, len(listed), _AT_ONCE):
        part = listed[start : start + _AT_ONCE]
        found = Entry.objects.using(ALIAS).filter(record_id__in=part).select_related("commit").order_by("sequence")
        for entry in found.iterator(chunk_size=_AT_ONCE):
            commit = entry.commit
            origin = Origin(commit.actor, commit.reason, commit.recorded_at, commit.source_id)
            wkb = to_wkb(entry.geometry) if entry.geometry is not None else None
            yield Carried(entry.record_id, bytes(entry.body), wkb, origin)


def conflicts_about(records: Collection[UUID]) -> set[UUID]:
    """The records of conflicts in which these records are contested."""
    wanted = {str(record) for record in records}
    found = Record.objects.using(ALIAS).filter(kind=CONFLICT_KIND).values_list("id", "attributes")
    return {record for record, attributes in found if attributes["contested"] in wanted}


def sources_of(wanted: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """SHA-256 -> every column of the descriptions of these sources but the digest."""
    columns = [name for name in SOURCE_COLUMNS if name != "digest"]
    found = Source.objects.using(ALIAS).filter(sha256__in=list(wanted)).values(*columns)
    return {row["sha256"]: row for row in found}
