"""Search over records and the sentences of sources, in any spelling the programme knows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.ledger import search as index
from clearland.web import labels
from clearland.web.access import reading
from clearland.web.hits import marked

LIMIT = 60
_MOST_CHARACTERS = 200


def search(request: HttpRequest) -> HttpResponse:
    """Hits as known on the date, within what the reader may see."""
    read = reading(request)
    words = read.words
    text = request.GET.get("q", "").strip()[:_MOST_CHARACTERS]
    hits = list(index.search(read.scope, text, as_known=read.known, limit=LIMIT)) if text else []
    kinds = {name: labels.kind_label(kind) for name, kind in words.kinds.items()}
    context = {
        "title": _("Search"),
        "q": text,
        "hits": [(hit, _href(hit), marked(hit.snippet, hit.marks)) for hit in hits],
        "limit": LIMIT,
        "kinds": kinds,
    }
    return render(request, "clearland/search.html", context)


def _href(hit: index.Hit) -> str:
    """Where a hit leads: the record, or the passage in its source's reader."""
    if hit.record is not None:
        return reverse("record", args=[hit.record])
    start = hit.ref.partition("#")[2].partition("-")[0]
    return f"{reverse('source', args=[hit.source])}?at={start}#p-{start}"
