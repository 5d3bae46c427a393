"""The ledger's side of a plan: states, local ids and the records of a series, read through the ledger's one door."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from clearland.intake.existing import Content, Existing, ExistingState, Linked
from clearland.ledger.fields import to_wkb
from clearland.ledger.rows import history, rows, sources
from clearland.ledger.scope import Scope

_EVERY_STATE = ("draft", "submitted", "verified", "approved", "returned", "superseded", "withdrawn")
_AT_ONCE = 2_000  # names in one query; both databases take it


def existing_in_ledger(scope: Scope, series: str | None, as_known: date | None = None) -> Existing:
    """States as known on a day (the day of receipt for a back-load, else None for today), for `plan`."""
    of_series = frozenset(sources(scope).filter(series=series).values_list("sha256", flat=True)) if series else frozenset()

    def states(records: Collection[UUID]) -> Mapping[UUID, ExistingState]:
        found: dict[UUID, ExistingState] = {}
        for part in _parts(sorted(records, key=attrgetter("int"))):  # as UUIDs sort, without asking each pair
            versions = rows(scope, as_known=as_known, states=_EVERY_STATE).filter(record__id__in=part)
            # Oldest first, so that the newest of a record is the one that stays.
            source_column = "entry__commit__source_id"
            columns = ("record__id", "entry__id", "state", "sensitivity", source_column, "entry__body", "geometry")
            for record, entry, state, sensitivity, source, body, geometry in (
                versions.order_by("known_from", "id").values_list(*columns).iterator()
            ):
                content = _content(json.loads(bytes(body)), geometry)
                by_another = bool(of_series) and source not in of_series
                found[record] = ExistingState(
                    content=content,
                    head=entry,
                    state=state,
                    sensitivity=sensitivity,
                    imported=_last_imported(scope, record, of_series) if by_another else None,
                )
        return found

    return states


def linked_in_ledger(scope: Scope, as_known: date | None = None) -> Linked:
    """How local ids become records, for `plan`."""

    def find(kind: str, local_ids: Collection[str]) -> Mapping[str, UUID]:
        found: dict[str, UUID] = {}
        for part in _parts(sorted(local_ids)):
            versions = rows(scope, kind, as_known=as_known, states=_EVERY_STATE).filter(local_id__in=part)
            found.update(versions.order_by("known_from", "id").values_list("local_id", "record__id"))
        return found

    return find


def records_in_series(scope: Scope, series: str, as_known: date | None = None) -> frozenset[UUID]:
    """The approved records whose standing state came from a source of the series."""
    versions = rows(scope, as_known=as_known).filter(entry__commit__source__series=series)
    return frozenset(versions.values_list("record__id", flat=True))


def _last_imported(scope: Scope, record: UUID, of_series: frozenset[str]) -> Content | None:
    """What the series last said of a record that somebody else has changed since."""
    said = [entry for entry in history(scope, record) if entry.source in of_series]
    if not said:
        return None
    newest = said[-1]
    return Content(
        kind=newest.kind,
        local_id=newest.local_id,
        attributes=newest.attributes,
        links={role: frozenset(targets) for role, targets in newest.links.items()},
        wkb=to_wkb(newest.geometry) if newest.geometry is not None else None,
    )


def _content(body: Mapping[str, Any], geometry: Any) -> Content:
    return Content(
        kind=body["kind"],
        local_id=body["local_id"],
        attributes=body["attributes"],
        links={role: frozenset(UUID(target) for target in targets) for role, targets in body["links"].items()},
        wkb=to_wkb(geometry) if geometry is not None else None,
    )


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
