"""What people decided, put into the rows of the snapshot's table `claim`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from clearland.claims.corrections import AROUND
from clearland.ledger.carrying import Standing, settle
from clearland.ledger.judgements import judgements_until
from clearland.ledger.models import Claim, Rendition
from clearland.ledger.readings import MODEL, claim_row
from clearland.ledger.store import ALIAS

Row = tuple[Any, ...]
_ABOUT = ("publisher", "published", "title", "sensitivity")


@dataclass
class Decided:
    """`changed`: reference of a proposal -> what stands in its place; `rows`: whole rows of claims that nobody proposes."""

    changed: dict[str, tuple[Standing, Row, str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def apply(self, row: Row) -> Row:
        """The raw row of a proposal as people decided about it; columns as `snapshot_sources` selects them."""
        found = self.changed.get(row[0])
        if found is None:
            return row
        claim, columns, near = found
        return (*row[:4], *columns, *row[14:18], near, claim.verdict)


def decided_until(until: datetime, received_before: date) -> Decided:
    """Decisions known before `until`, on the readings known then (by now for sources received before the second)."""
    found = Decided()
    for source, judged in groupby(judgements_until(until), key=lambda each: each.source):
        known = Q(commit__recorded_at__lt=until) | Q(source__received__lt=received_before)
        readings = Rendition.objects.using(ALIAS).filter(known, source_id=source).select_related("source")
        newest = readings.order_by("commit_id", "sha256").last()
        if newest is None:
            continue
        read = Claim.objects.using(ALIAS).filter(rendition=newest).exclude(extractor_version__startswith=MODEL)
        proposals = read.order_by("start", "id").values_list("ref", "body")
        standing, _lost = settle(newest.text, newest.sha256, list(proposals), list(judged))
        for claim in standing:
            if claim.judgement is not None:
                _take(found, newest, claim)
    return found


def _take(found: Decided, reading: Rendition, claim: Standing) -> None:
    ref, columns = _columns(reading, claim)
    near = reading.text[max(0, claim.start - AROUND) : claim.end + AROUND]
    if claim.ref:
        found.changed[claim.ref] = (claim, columns, near)
        return
    source = reading.source
    about: Sequence[str] = [getattr(source, name) for name in _ABOUT]
    found.rows.append((ref, source.sha256, reading.sha256, source.filename, *columns, *about, near, claim.verdict))


def _columns(reading: Rendition, claim: Standing) -> tuple[str, Row]:
    """A reference, and start, end, subject, attribute, unit, period, claimant, stance, number and body."""
    row = claim_row(reading.sha256, reading.extractor_version, claim.body, len(reading.text))
    return row[2], (*row[3:7], *row[9:13], row[8], row[13])
