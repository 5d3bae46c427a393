"""The list of sources: everything that was handed to the programme, newest first."""

from datetime import date

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.ledger.opening import current_opening
from clearland.ledger.rows import claims, sources
from clearland.web.access import reading
from clearland.web.views.records import widest

PAGE = 100


def _known_by(day: date) -> Q:
    """Recorded by the end of the day or, before the programme was opened, received by then."""
    opening = current_opening()
    back_loaded = Q(received__lte=day, received__lt=opening.opened_on)
    return Q(recorded_at__lt=opening.end_of(day)) | back_loaded


def listing(request: HttpRequest) -> HttpResponse:
    """Sources with publisher, dates, language and how many claims were read from each."""
    read = reading(request)
    found = sources(read.scope)
    if read.known:
        found = found.filter(_known_by(read.known))
    text = request.GET.get("q", "").strip()
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(publisher__icontains=text) | Q(filename__icontains=text) | Q(symbol__icontains=text)
        )
    page = list(found.order_by("-received", "title", "sha256")[:PAGE])
    counted = claims(read.scope, rendition__source__in=[source.sha256 for source in page]).order_by()
    per_source = dict(counted.values_list("rendition__source_id").annotate(n=Count("id")))
    context = {
        "title": _("Sources"),
        "table": [(source, per_source.get(source.sha256, 0)) for source in page],
        "count": found.count(),
        "q": text,
        "strip_class": widest(source.sensitivity for source in page),
    }
    return render(request, "clearland/sources.html", context)
