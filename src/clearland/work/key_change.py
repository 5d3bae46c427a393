"""Another sealing key: every identity and every sealed source is sealed anew under it, and the programme says which it is.

First the new key is kept and printed, then sources are written beside the old ones, then all rows change in one transaction,
then the programme's record names the new key. A change that broke off goes on where it was: what opens under the new key
already stays as it is.
"""

from dataclasses import dataclass, replace

from django.db import connections, transaction

from clearland.core.clock import Clock, system_clock
from clearland.core.errors import ClearlandError
from clearland.core.sealing import SealingKey
from clearland.ledger.rows import sources
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.sealed import SealedRow, exchange_rows, rows_of
from clearland.ledger.sealed_sources import fingerprint_of, open_sealed, write_sealed
from clearland.ledger.sealing_keys import needed_key
from clearland.ledger.sources import source_path
from clearland.ledger.store import ALIAS
from clearland.work.programme import change_sealing_key


@dataclass(frozen=True)
class Changed:
    """How many values and sources were sealed anew."""

    values: int
    sources: int


def change(actor: Actor, secret: bytes, *, clock: Clock = system_clock) -> Changed:
    """Seal everything anew under the key of these 32 bytes. Raises RefusedInput (E-SEALED-KEY), ClearlandError
    (E-SEALED-DAMAGED) where something opens under neither key: nothing is changed then."""
    old, new = needed_key(), SealingKey.from_secret(secret)
    kept = _sources_anew(scope(actor, "change the sealing key"), old, new)
    wrapped: dict[str, bytes] = {}
    changed: list[SealedRow] = []
    for row in rows_of():
        if not _opens(row, new):
            person = str(row.record)
            again = wrapped.setdefault(person, new.new_person(person))
            changed.append(_anew(row, old, new, again))
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        exchange_rows(cursor, changed, clock())
    change_sealing_key(new.fingerprint, clock)
    return Changed(len(changed), kept)


def _opens(row: SealedRow, key: SealingKey) -> bool:
    try:
        row.opened(key)
    except ClearlandError:
        return False
    return True


def _anew(row: SealedRow, old: SealingKey, new: SealingKey, wrapped: bytes) -> SealedRow:
    person = str(row.record)
    envelope = old.sealed_anew(row.wrapped_key, person, row.field, row.envelope, row.commitment, new, wrapped)
    moved = replace(row, wrapped_key=wrapped, envelope=envelope)
    return replace(moved, blind_index=new.blind_index(row.field, moved.content(new)))


def _sources_anew(seen: Scope, old: SealingKey, new: SealingKey) -> int:
    """Each sealed source under the new key, put in place of the old one when it is whole."""
    count = 0
    for sha256 in sources(seen).filter(sensitivity="sealed").values_list("sha256", flat=True):
        path = source_path(sha256)
        if not path.is_file() or fingerprint_of(path) == new.fingerprint:
            continue
        beside = path.with_suffix(".next")
        with beside.open("wb") as stream:
            write_sealed(new, sha256, open_sealed(old, sha256, path), stream)
        beside.replace(path)
        count += 1
    return count
