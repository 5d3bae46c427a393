"""Recommendations tracker: each advice with what became of it in the adviser's next edition, and the programme's answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearland.core.errors import RefusedInput
from clearland.reports.book import ClaimBook
from clearland.reports.changes import Advice, advice_followed
from clearland.web.access import Reading, reading, summed
from clearland.work.advice import advice_answers, answer_advice


def listing(request: HttpRequest) -> HttpResponse:
    """Every recommendation held, newest edition of each adviser first."""
    read = reading(request)
    given = advice_answers(read.snapshot)
    found = summed(read, "advice", lambda: advice_followed(ClaimBook(read.snapshot)))
    rows = [_row(one, given) for one in found if _readable(read, one)]
    return render(request, "clearland/recommendations.html", {
        "title": _("Recommendations"), "rows": rows, "tab": "recommendations",
    })  # fmt: skip


def _readable(read: Reading, one: Advice) -> bool:
    source = str(one.told.row["source"])
    held = summed(read, "source classes", lambda: dict(
        read.snapshot.sql("SELECT sha256, sensitivity FROM source").to_pandas().itertuples(index=False, name=None)
    ))  # fmt: skip
    return held.get(source) in read.scope.classes


def _row(one: Advice, given: dict[str, Any]) -> dict[str, Any]:
    claim = one.told.claim
    words = {
        "repeated": _("repeated since %(year)s") % {"year": one.since}, "new": _("new in this edition"),
        "first": _("no earlier edition is held"), "dropped": _("not repeated in %(year)s") % {"year": one.since},
    }  # fmt: skip
    return {
        "ref": claim.ref, "action": claim.value, "to": claim.subject, "by": one.adviser, "year": one.year,
        "status": words[one.status], "decided": one.told.decided, "answer": given.get(claim.ref),
    }  # fmt: skip


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """A person answers what was done about a recommendation."""
    read = reading(request)
    read.refuse_past()
    ref, words = request.POST.get("ref", ""), request.POST.get("words", "").strip()
    if not words:
        raise RefusedInput("E-REPORT-ANSWER", _("Say what was done."), remedy=_("Go back and write it."))
    answer_advice(read.snapshot, ref, words, actor=read.actor)
    return redirect(f"{reverse('recommendations')}#advice-{ref}")
