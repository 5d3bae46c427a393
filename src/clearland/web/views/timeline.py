"""The timeline of policy: what was joined, voted, attended, said, alleged, answered, enacted, reported and advised, by date."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.reports.book import ClaimBook, Told
from clearland.reports.timeline import PolicyEvent, policy_events
from clearland.reports.words import CALENDAR, words
from clearland.web import claims_shown
from clearland.web.access import Reading, known_sources, reading, summed
from clearland.web.views.records import widest

PAGE = 200
FAMILIES = {
    "status": gettext_lazy("treaty status"), "votes": gettext_lazy("votes"), "meetings": gettext_lazy("meetings"),
    "positions": gettext_lazy("statements and positions"), "allegations": gettext_lazy("allegations and replies"),
    "law": gettext_lazy("law and regulation"), "reports": gettext_lazy("reports submitted"),
    "recommendations": gettext_lazy("recommendations"),
}  # fmt: skip
_ASKED = ("family", "claimant", "source", "from", "to")


def listing(request: HttpRequest) -> HttpResponse:
    """Events newest first, by year; filtered by kind, claimant, source and years, all in the address."""
    read = reading(request)
    visible = {source.sha256: source for source in known_sources(read)}
    every = [event for event in summed(read, "policy-events", lambda: _look(read)) if _open(event, visible)]
    asked = {name: request.GET.get(name, "").strip() for name in _ASKED}
    chosen = [event for event in every if _fits(event, asked)]
    page = max(1, _whole(request.GET.get("page", "")) or 1)
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    sources = {str(told.row["source"]) for event in every for told in event.every()}
    context = {
        "title": _("Timeline of policy"),
        "years": [(year, [_row(read, event, visible) for event in group]) for year, group in groupby(shown, key=_year)],
        "count": len(chosen),
        "page": page,
        "pages": -(-len(chosen) // PAGE),
        "families": [(name, label, name == asked["family"]) for name, label in FAMILIES.items()],
        "claimants": [(name, n, name == asked["claimant"]) for name, n in _claimants(every)],
        "sources": [(visible[sha], sha == asked["source"]) for sha in sorted(sources, key=lambda sha: visible[sha].title or "")],
        "asked": asked,
        "filtered": any(asked.values()),
        "strip_class": widest(visible[str(told.row["source"])].sensitivity for event in shown for told in event.every()),
    }
    return render(request, "clearland/timeline.html", context)


def _look(read: Reading) -> list[PolicyEvent]:
    return policy_events(ClaimBook(read.snapshot))


def _open(event: PolicyEvent, visible: dict[str, Any]) -> bool:
    """Whether every source of the event is open to the reader; half an exchange would mislead."""
    return all(str(told.row["source"]) in visible for told in event.every())


def _fits(event: PolicyEvent, asked: dict[str, str]) -> bool:
    told = event.every()
    first, last = _whole(asked["from"]), _whole(asked["to"])
    year = event.day.year if event.day else None
    return (
        (not asked["family"] or event.family == asked["family"])
        and (not asked["claimant"] or any(each.claim.claimant == asked["claimant"] for each in told))
        and (not asked["source"] or any(each.row["source"] == asked["source"] for each in told))
        and (first is None or (year is not None and year >= first))
        and (last is None or (year is not None and year <= last))
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _year(event: PolicyEvent) -> int | None:
    return event.day.year if event.day else None


def _claimants(every: list[PolicyEvent]) -> list[tuple[str, int]]:
    counted = Counter(told.claim.claimant for event in every for told in event.every() if told.claim.claimant)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _row(read: Reading, event: PolicyEvent, visible: dict[str, Any]) -> dict[str, Any]:
    """One event for the template: when, what sort, and its statements in their roles."""
    roles = (("", event.told), (_("reply"), event.replies), (_("others say"), event.others))
    return {
        "family": FAMILIES[event.family],
        "when": claims_shown.period_words({"period": event.period}),
        "dated_by_source": event.period is None,
        "lines": [{"role": role, **_line(read, group, visible)} for role, part in roles for group in part],
    }


def _line(read: Reading, group: tuple[Told, ...], visible: dict[str, Any]) -> dict[str, Any]:
    told = group[0]
    body = told.claim.as_json()
    said = f"“{words(told)}”" if isinstance(told.claim.value, bool) or told.claim.unit in CALENDAR else ""
    return {
        "attribute": claims_shown.attribute_label(read.words, told.claim.attribute),
        "definition": told.claim.scope.definition,
        "subject": told.claim.subject if told.claim.subject not in ("document", told.claim.claimant) else "",
        "value": said or claims_shown.value_words(body),
        "claimant": told.claim.claimant,
        "stance": claims_shown.STANCES.get(told.claim.stance, told.claim.stance),
        "decided": told.decided,
        "prints": [(visible[str(each.row["source"])], each.claim.start) for each in group],
    }
