"""The list of sources: everything that was handed to the programme, newest first."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.ledger.rows import claims
from clearland.web.access import known_sources, reading
from clearland.web.views.records import widest

PAGE = 100


def listing(request: HttpRequest) -> HttpResponse:
    """Sources with publisher, dates, language and how many claims were read from each."""
    read = reading(request)
    found = known_sources(read)
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
