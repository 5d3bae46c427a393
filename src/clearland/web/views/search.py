"""Search over records and the sentences of sources, in any spelling the programme knows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.ledger import search as index
from clearland.web import labels
from clearland.web.access import reading
from clearland.web.views.records import widest

LIMIT = 60
_MOST_CHARACTERS = 200


def search(request: HttpRequest) -> HttpResponse:
    """Hits as known on the date, within what the reader may see."""
    read = reading(request)
    words = labels.dictionary()
    text = request.GET.get("q", "").strip()[:_MOST_CHARACTERS]
    hits = list(index.search(read.scope, text, as_known=read.known, limit=LIMIT)) if text else []
    kinds = {name: labels.kind_label(kind) for name, kind in words.kinds.items()}
    context = {
        "title": _("Search"),
        "q": text,
        "hits": hits,
        "limit": LIMIT,
        "kinds": kinds,
        "strip_class": widest(hit.sensitivity for hit in hits) if hits else "",
    }
    return render(request, "clearland/search.html", context)
