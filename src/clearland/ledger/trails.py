"""The trail of one record: every entry of it, what each changed, and its links in both directions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from shapely.geometry.base import BaseGeometry

from clearland.ledger.fields import to_wkb
from clearland.ledger.models import Entry, Link, Record, Version
from clearland.ledger.opening import moment_of
from clearland.ledger.scope import Scope
from clearland.ledger.store import ALIAS


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One entry as a person reads it. `revision` counts from 1 in the order of knowing; `changed` names what differs
    from the entry before: attribute and role names, `geometry`, `state`, `local_id`, `sensitivity`."""

    id: UUID
    record: UUID
    revision: int
    digest: str
    commit: int
    known_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    source: str | None
    origin: str
    kind: str
    local_id: str
    state: str
    sensitivity: str
    attributes: Mapping[str, Any]
    links: Mapping[str, tuple[UUID, ...]]
    geometry: BaseGeometry | None
    changed: tuple[str, ...]
    reconstructed: bool


@dataclass(frozen=True)
class LinkView:
    """A link seen from one record: outgoing (`record` states it) or incoming; the other end with its kind and local
    id."""

    role: str
    outgoing: bool
    record: UUID
    kind: str
    local_id: str
    entry: UUID


def history(scope: Scope, record_id: UUID) -> list[EntryView]:
    """Every entry of a record within the scope's classes and kinds, oldest first; empty for what the scope may not
    see."""
    return histories(scope, [record_id]).get(record_id, [])


def histories(scope: Scope, record_ids: Sequence[UUID]) -> dict[UUID, list[EntryView]]:
    """The same for some records at once; a record of which the scope may see nothing is not among them."""
    # Through `version`, which has a row per entry: an index over the records of all entries would slow every write.
    written = Version.objects.using(ALIAS).filter(record__id__in=record_ids).values("entry_id")
    found = Entry.objects.using(ALIAS).filter(sequence__in=written).select_related("commit")
    views: dict[UUID, list[EntryView]] = {}
    for entry in found.order_by("known_at", "digest"):
        before = views.get(entry.record_id, [])
        view = _view(entry, len(before) + 1, before[-1] if before else None)
        if view.sensitivity in scope.classes and (scope.kinds is None or view.kind in scope.kinds):
            views.setdefault(entry.record_id, []).append(view)
    return views


def entry(scope: Scope, entry_id: UUID) -> EntryView | None:
    """One entry by its id, with its place in the history of its record."""
    record_id = Entry.objects.using(ALIAS).filter(id=entry_id).values_list("record_id", flat=True).first()
    if record_id is None:
        return None
    return next((view for view in history(scope, record_id) if view.id == entry_id), None)


def _view(entry: Entry, revision: int, before: EntryView | None) -> EntryView:
    body = json.loads(bytes(entry.body))
    view = EntryView(
        id=entry.id,
        record=entry.record_id,
        revision=revision,
        digest=entry.digest,
        commit=entry.commit_id,
        known_at=entry.known_at,
        recorded_at=entry.commit.recorded_at,
        actor=entry.commit.actor,
        reason=entry.commit.reason,
        source=entry.commit.source_id,
        origin=entry.origin,
        kind=body["kind"],
        local_id=body["local_id"],
        state=body["state"],
        sensitivity=body["sensitivity"],
        attributes=body["attributes"],
        links={role: tuple(UUID(target) for target in targets) for role, targets in body["links"].items()},
        geometry=entry.geometry,
        changed=(),
        # A free millisecond may put an entry just after its commit; only what is known before it was recorded is told.
        reconstructed=entry.known_at < entry.commit.recorded_at,
    )
    return _with_changes(view, before)


def _with_changes(view: EntryView, before: EntryView | None) -> EntryView:
    if before is None:
        return view
    names = [name for name in ("state", "local_id", "sensitivity") if getattr(view, name) != getattr(before, name)]
    for now, then in ((view.attributes, before.attributes), (view.links, before.links)):
        names += sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if _wkb(view.geometry) != _wkb(before.geometry):
        names.append("geometry")
    return EntryView(**{**vars(view), "changed": tuple(names)})


def _wkb(geometry: BaseGeometry | None) -> bytes | None:
    return to_wkb(geometry) if geometry is not None else None


def links(scope: Scope, record_id: UUID, as_known: date | None = None) -> list[LinkView]:
    """Links of a record as known at the end of D, in both directions, both ends approved and within the scope."""
    moment = moment_of(as_known)
    holding = Q(known_to__isnull=True)
    if moment is not None:
        holding = Q(known_from__lt=moment) & (holding | Q(known_to__gte=moment))
    visible = Version.objects.using(ALIAS).filter(holding, state="approved", sensitivity__in=tuple(scope.classes))
    if scope.kinds is not None:
        visible = visible.filter(kind__in=tuple(scope.kinds))
    # From the record outward: its few links are found first, then whether the entry that states each one holds.
    fid = Record.objects.using(ALIAS).filter(id=record_id).values_list("fid", flat=True).first()
    stated = Link.objects.using(ALIAS).filter(Q(record_id=fid) | Q(target_id=fid))
    found = stated.filter(Exists(visible.filter(record_id=OuterRef("record_id"), entry_id=OuterRef("entry_id"))))
    lines = list(found.values_list("role", "record__id", "target__id", "entry__id").order_by("role", "id"))
    ends = {end for _, source, target, _ in lines for end in (source, target)}
    named = visible.filter(record__id__in=ends).annotate(uuid=F("record__id")).values_list("uuid", "kind", "local_id")
    names = {uuid: (kind, local_id) for uuid, kind, local_id in named}
    views = []
    for role, source, target, entry_uuid in lines:
        other = target if source == record_id else source
        if other in names and record_id in names:
            views.append(LinkView(role, source == record_id, other, *names[other], entry_uuid))
    return views
