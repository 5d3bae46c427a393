"""What people decided about claims: judgements as known on a date, read through the scoped door.

A judgement names source, start, end and attribute, never a claim's row, and carries the words and the claim it was made
of, so that it stands by itself when the source is read again (`ledger.carrying`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from clearland.ledger.models import Version
from clearland.ledger.rows import rows
from clearland.ledger.scope import Scope
from clearland.ledger.store import ALIAS

KIND = "judgement"
PROPOSED, ACCEPTED, CORRECTED, REJECTED, ADDED = "proposed", "accepted", "corrected", "rejected", "added"
Body = Mapping[str, Any]
_PREFIX = 16
_COLUMNS = ("attributes", "record__id", "entry__id", "entry__commit__actor", "entry__commit__recorded_at")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One decision as it stands. `start` and `end` count code points of `rendition`; `quote`, `before` and `after` are
    those characters with runs of white space as one space. `proposed` is the claim it was made of, `correction` what the
    person put in its place, both in the shape of design section 7, without what is not said."""

    record: UUID
    entry: UUID
    source: str
    start: int
    end: int
    attribute: str
    part: int
    verdict: str
    rendition: str
    quote: str
    before: str
    after: str
    proposed: Body | None
    correction: Body | None
    reason: str
    actor: str
    decided_at: datetime

    @property
    def stated(self) -> Body | None:
        """The claim that stands by this judgement; None after a rejection."""
        return None if self.verdict == REJECTED else self.correction or self.proposed


def local_id(source: str, start: int, end: int, attribute: str, part: int = 1) -> str:
    """How a judgement is called: the source's first digits, so that those of one source are found by the index."""
    return f"{source[:_PREFIX]}:{start}-{end}:{attribute}{f'#{part}' if part > 1 else ''}"


def judgements(scope: Scope, source: str, *, as_known: date | None = None) -> list[Judgement]:
    """The judgements on a source that hold at the end of D, in the order of their characters."""
    # A digit follows the prefix and its colon, and sorts before "g" in every collation.
    found = rows(scope, KIND, as_known=as_known, bare=True)
    found = found.filter(local_id__gte=source[:_PREFIX], local_id__lt=f"{source[:_PREFIX]}g")
    return [each for each in _read(found) if each.source == source]


def newest_entries(scope: Scope, records: Iterable[UUID]) -> dict[UUID, UUID]:
    """Record -> newest entry, also of judgements that were taken back: what a new decision is based on."""
    newest = Version.objects.using(ALIAS).filter(kind=KIND, entry_id=F("record__head_entry_id"), record__id__in=list(records))
    return dict(newest.filter(sensitivity__in=tuple(scope.classes)).values_list("record__id", "entry__id"))


def judgements_until(until: datetime) -> list[Judgement]:
    """Every judgement that held just before a moment, for the snapshot, which is not scoped."""
    holding = Q(known_from__lt=until) & (Q(known_to__isnull=True) | Q(known_to__gte=until))
    return _read(Version.objects.using(ALIAS).filter(holding, kind=KIND, state="approved"))


def _read(found: QuerySet[Version]) -> list[Judgement]:
    made = [_judgement(*row) for row in found.values_list(*_COLUMNS)]
    return sorted(made, key=lambda each: (each.source, each.start, each.end, each.attribute, each.part))


def _judgement(values: Body, record: UUID, entry: UUID, actor: str, decided_at: datetime) -> Judgement:
    return Judgement(
        record=record, entry=entry, source=values["source_sha256"], start=values["start"], end=values["end"],
        attribute=values["attribute"], part=values.get("part", 1), verdict=values["verdict"],
        rendition=values.get("rendition", ""), quote=values.get("quote", ""), before=values.get("before", ""),
        after=values.get("after", ""), proposed=_body(values.get("proposed")), correction=_body(values.get("correction")),
        reason=values.get("reason", ""), actor=actor, decided_at=decided_at,
    )  # fmt: skip


def _body(text: str | None) -> Body | None:
    return json.loads(text) if text else None


def body_text(claim: Body) -> str:
    """A claim as an attribute keeps it: JSON in ASCII, so that characters that a field refuses or folds stay as they are."""
    said = {name: value for name, value in claim.items() if value not in (None, [], {})}
    return json.dumps(said, sort_keys=True, separators=(",", ":"))
