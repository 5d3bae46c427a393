"""The list of sources: everything that was handed to the programme, newest first."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.ledger.rows import claims
from clearland.web.access import known_sources, reading
from clearland.web.views.records import widest
from clearland.work import quarantine

PAGE = 100


def listing(request: HttpRequest) -> HttpResponse:
    """Sources with publisher, dates, language and how many claims were read from each, and what lies in quarantine."""
    read = reading(request)
    found = known_sources(read)
    text = request.GET.get("q", "").strip()
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(publisher__icontains=text) | Q(filename__icontains=text) | Q(symbol__icontains=text)
        )
    number = int(asked) if (asked := request.GET.get("page", "1")).isdecimal() and 0 < len(asked) < 6 else 1
    page = list(found.order_by("-received", "title", "sha256")[max(0, number - 1) * PAGE : max(1, number) * PAGE])
    count = found.count()
    counted = claims(read.scope, rendition__source__in=[source.sha256 for source in page]).order_by()
    per_source = dict(counted.values_list("rendition__source_id").annotate(n=Count("id")))
    context = {
        "title": _("Sources"),
        "table": [(source, per_source.get(source.sha256, 0)) for source in page],
        "count": count,
        "page": number,
        "pages": max(1, -(-count // PAGE)),
        "quarantined": quarantine.listed() if "programme" in read.scope.classes else [],
        "q": text,
        "strip_class": widest(source.sensitivity for source in page),
    }
    return render(request, "clearland/sources.html", context)
