"""The only way to rows: lists, counts, map, search and exports all read through these functions (design section 4).

*Today* and *on D* are one code: a version holds while `known_from` <= end of D < `known_to`, D ending in the
programme's time zone. Only approved states count; with `unverified=True` submitted and verified hazards, accidents and
finds come too, marked by `unverified` on the row."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from clearland.core.canonical import ZERO_HASH
from clearland.ledger.models import Claim, Commit, Entry, Note, Passage, Rendition, Source, Version
from clearland.ledger.opening import moment_of
from clearland.ledger.rtree import BoundingBox, versions_in_bbox
from clearland.ledger.scope import Scope
from clearland.ledger.store import ALIAS
from clearland.ledger.trails import EntryView, LinkView, entry, history, links
from clearland.ledger.vocabulary import kinds_shown_unverified
from clearland.ledger.workflow import UNVERIFIED

__all__ = [
    "BoundingBox", "EntryView", "LinkView", "claims", "commits", "ended_since", "entry", "head", "head_entries", "history",
    "links", "narrowed", "notes", "of_entries", "passages", "record", "rendition", "renditions", "rows", "sources", "within",
]  # fmt: skip


def _holding(as_known: date | None) -> Q:
    """Versions that hold at the end of D."""
    moment = moment_of(as_known)
    if moment is None:
        return Q(known_to__isnull=True)
    return Q(known_from__lt=moment) & (Q(known_to__isnull=True) | Q(known_to__gte=moment))


def rows(
    scope: Scope,
    kind: str | None = None,
    *,
    as_known: date | None = None,
    unverified: bool = False,
    states: Iterable[str] | None = None,
    bare: bool = False,
) -> QuerySet[Version]:
    """Versions within the scope that hold at the end of D (None: today), approved ones unless asked otherwise.

    Annotated with `record_uuid`, `entry_uuid`, `entry_digest`, `source_sha`, `origin`, `unverified`. `states` replaces the rule
    of what counts, for work lists (`states={"submitted"}`); one record may then stand twice, as approved and as
    drafted. `bare` leaves the annotations away, whose joins cost more than a count."""
    versions = Version.objects.using(ALIAS).filter(_holding(as_known))
    chosen = _chosen if bare else _annotated
    return chosen(versions, scope, kind, unverified, states)


def _chosen(
    versions: QuerySet[Version], scope: Scope, kind: str | None, unverified: bool, states: Iterable[str] | None
) -> QuerySet[Version]:
    counting = Q(state="approved") if states is None else Q(state__in=tuple(states))
    if unverified and states is None:
        counting |= Q(state__in=tuple(UNVERIFIED), kind__in=tuple(kinds_shown_unverified()))
    found = versions.filter(counting, sensitivity__in=tuple(scope.classes))
    if kind is not None:
        found = found.filter(kind=kind)
    if scope.kinds is not None:
        found = found.filter(kind__in=tuple(scope.kinds))
    return found


def _annotated(
    versions: QuerySet[Version], scope: Scope, kind: str | None, unverified: bool, states: Iterable[str] | None
) -> QuerySet[Version]:
    return _chosen(versions, scope, kind, unverified, states).annotate(
        record_uuid=F("record__id"),
        entry_uuid=F("entry__id"),
        entry_digest=F("entry__digest"),
        source_sha=F("entry__commit__source_id"),
        origin=F("entry__origin"),
        unverified=Case(When(state__in=tuple(UNVERIFIED), then=Value(True)), default=Value(False), output_field=BooleanField()),
    )


def of_entries(scope: Scope, entries: Iterable[UUID | str], *, as_known: date | None = None) -> QuerySet[Version]:
    """Rows that rest on one of these entries, found through their records."""
    wanted = list(entries)
    records = Entry.objects.using(ALIAS).filter(id__in=wanted).values("record_id")
    return rows(scope, as_known=as_known).filter(record__id__in=records, entry__id__in=wanted)


def ended_since(scope: Scope, kind: str, last: int) -> QuerySet[Version]:
    """Versions of a kind up to the id `last` that counted or showed as unverified until something newer ended them.

    Wrong for a record of which a state was declared for a time before one that was known (`ledger.tally`)."""
    newer = Version.objects.using(ALIAS).filter(id__gt=last)
    first = newer.filter(record_id=OuterRef("record_id")).order_by("known_from").values("known_from")[:1]
    older = Version.objects.using(ALIAS).filter(id__lte=last, record_id__in=newer.values("record_id"))
    ended = older.filter(known_to__gte=Subquery(first))
    return _chosen(ended, scope, kind, True, None)


def narrowed(
    found: QuerySet[Version],
    *,
    text: str = "",
    place: str = "",
    organisation: str = "",
    sensitivity: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    bbox: BoundingBox | None = None,
) -> QuerySet[Version]:
    """Rows of a list filter: `text` in local id or attributes, dates as a closed period, `bbox` in degrees, all
    joined."""
    for word in text.split():
        found = found.filter(Q(local_id__icontains=word) | Q(attributes__icontains=word))
    for name, value in (("place", place), ("organisation", organisation), ("sensitivity", sensitivity)):
        if value:
            found = found.filter(**{name: value})
    if valid_from:
        found = found.filter(Q(valid_to__gte=valid_from) | Q(valid_to__isnull=True, valid_from__gte=valid_from))
    if valid_to:
        found = found.filter(valid_from__lte=valid_to)
    return within(found, bbox) if bbox else found


def within(found: QuerySet[Version], bbox: BoundingBox, kind: str | None = None) -> QuerySet[Version]:
    """Rows whose bounding box meets a box (min x, min y, max x, max y in degrees).

    For the rows of one kind the map index finds them, which matters from some ten thousand records on.
    """
    min_x, min_y, max_x, max_y = bbox
    exact = found.filter(min_x__lte=max_x, max_x__gte=min_x, min_y__lte=max_y, max_y__gte=min_y)
    return exact.filter(id__in=versions_in_bbox(kind, bbox)) if kind else exact


def record(scope: Scope, record_id: UUID, as_known: date | None = None) -> Version | None:
    """One record as it stood at the end of D: approved, else withdrawn or superseded, else its newest draft; or
    None."""
    versions = Version.objects.using(ALIAS).filter(_holding(as_known), record__id=record_id)
    every = _annotated(versions, scope, None, False, list(_PREFERENCE))
    return min(every, key=lambda version: _PREFERENCE[version.state], default=None)


_PREFERENCE = {
    "approved": 0, "withdrawn": 1, "superseded": 1, "verified": 2, "submitted": 2, "returned": 3, "draft": 3,
}  # fmt: skip


def sources(scope: Scope) -> QuerySet[Source]:
    """Sources of the scope's classes. What is said of a sealed source is restricted; its bytes are opened for a reason only."""
    sealed = ("sealed",) if "restricted" in scope.classes else ()
    return Source.objects.using(ALIAS).filter(sensitivity__in=(*scope.classes, *sealed))


def renditions(scope: Scope, source_sha: str) -> QuerySet[Rendition]:
    """The renditions of a source, oldest first."""
    found = Rendition.objects.using(ALIAS).filter(source__sensitivity__in=tuple(scope.classes), source_id=source_sha)
    return found.order_by("commit_id", "sha256")


def rendition(scope: Scope, source_sha: str) -> Rendition | None:
    """The newest rendition of a source."""
    return renditions(scope, source_sha).last()


def passages(scope: Scope, rendition: Rendition | str) -> QuerySet[Passage]:
    """The passages of a rendition, in order."""
    key = rendition if isinstance(rendition, str) else rendition.sha256
    found = Passage.objects.using(ALIAS).filter(rendition__source__sensitivity__in=tuple(scope.classes), rendition_id=key)
    return found.order_by("number")


def notes(scope: Scope, rendition: Rendition | str) -> QuerySet[Note]:
    """The notes of a rendition with their markers, in order."""
    key = rendition if isinstance(rendition, str) else rendition.sha256
    found = Note.objects.using(ALIAS).filter(rendition__source__sensitivity__in=tuple(scope.classes), rendition_id=key)
    return found.order_by("id")


def claims(scope: Scope, **filters: Any) -> QuerySet[Claim]:
    """Claims read from sources of the scope's classes, in the order of their sources' characters."""
    found = Claim.objects.using(ALIAS).filter(rendition__source__sensitivity__in=tuple(scope.classes), **filters)
    return found.select_related("rendition").order_by("rendition_id", "start", "id")


def commits(scope: Scope) -> QuerySet[Commit]:
    """The commits, newest first: who wrote when and why. For members and above."""
    found = Commit.objects.using(ALIAS).order_by("-sequence")
    return found if "programme" in scope.classes else found.none()


def head() -> str:
    """The hash of the last commit: the name of everything the ledger holds. ZERO_HASH when it is empty."""
    return Commit.objects.using(ALIAS).order_by("-sequence").values_list("hash", flat=True).first() or ZERO_HASH


def head_entries(scope: Scope, kind: str, local_ids: Sequence[str] | None = None) -> dict[UUID, UUID]:
    """Record -> newest entry, of a kind within the scope: what an intake plan bases its drafts on."""
    newest = Version.objects.using(ALIAS).filter(kind=kind, entry_id=F("record__head_entry_id"))
    newest = newest.filter(sensitivity__in=tuple(scope.classes))
    if local_ids is not None:
        newest = newest.filter(local_id__in=local_ids)
    return dict(newest.values_list("record__id", "entry__id"))
