"""Policy in order of time: treaties, votes, meetings, positions, laws, reports, advice, and allegations with their reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clearland.dictionary.forms import Selection
from clearland.reports.allegations import events
from clearland.reports.book import ClaimBook, Told
from clearland.reports.sentences import together

FAMILIES: Mapping[str, Selection] = {
    "status": Selection(attributes=("treaty.status",)),
    "votes": Selection(attributes=("treaty.vote",)),
    "meetings": Selection(attributes=("treaty.attendance",)),
    "positions": Selection(attributes=("treaty.position", "treaty.reason", "treaty.condition", "use.position")),
    "allegations": Selection(attributes=("use.event", "use.attempt", "use.denial", "use.admission")),
    "law": Selection(attributes=("treaty.legislation", "policy.regulation", "va.law")),
    "reports": Selection(attributes=("treaty.report_submitted", "treaty.report_content")),
    "recommendations": Selection(attributes=("policy.recommendation",)),
}


@dataclass(frozen=True)
class PolicyEvent:
    """What happened or was said in one place of time. `told` holds groups of prints of one statement; `replies` answers to
    an accusation; `others` what others say of it. `day` is the first day it can have been, None where nothing dates it.
    """

    family: str
    day: date | None
    period: str | None
    told: tuple[tuple[Told, ...], ...]
    replies: tuple[tuple[Told, ...], ...] = ()
    others: tuple[tuple[Told, ...], ...] = ()

    def every(self) -> list[Told]:
        """All claims of the event."""
        return [each for part in (self.told, self.replies, self.others) for group in part for each in group]


def policy_events(book: ClaimBook) -> list[PolicyEvent]:
    """Every policy event that the claims tell of, newest first, undated ones last."""
    found: list[PolicyEvent] = []
    for family, selection in FAMILIES.items():
        told = [each for each in book.told if selection.takes(each.claim.attribute)]
        if family == "allegations":
            found.extend(_alleged(book, told))
        else:
            found.extend(PolicyEvent(family, _day(group), group[0].claim.period, (tuple(group),)) for group in together(told))
    return sorted(found, key=_newest_first)


def _alleged(book: ClaimBook, told: list[Told]) -> list[PolicyEvent]:
    found = []
    for event in events(book, told):
        parts = [_groups(part) for part in (event.accusations, event.replies, event.assessments)]
        found.append(PolicyEvent("allegations", _day(event.told()), event.period, *parts))
    return found


def _groups(part: list[Told]) -> tuple[tuple[Told, ...], ...]:
    return tuple(tuple(group) for group in together(part))


def _day(told: list[Told]) -> date | None:
    return min((each.days[0] for each in told if each.days), default=None)


def _newest_first(event: PolicyEvent) -> tuple[object, ...]:
    first = min(event.every(), key=lambda each: (each.claim.file, each.claim.start, each.claim.ref)).claim
    return -(event.day or date.min).toordinal(), list(FAMILIES).index(event.family), first.file, first.start, first.ref
