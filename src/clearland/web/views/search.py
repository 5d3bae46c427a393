"""Search over records, claims and the sentences of sources, in any spelling and under any name the programme knows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.ledger import search as index
from clearland.web import labels, sums
from clearland.web.access import reading
from clearland.web.hits import marked

LIMIT = 60
_MOST_CHARACTERS = 200
SORTS = {
    "record": gettext_lazy("records"), "claim": gettext_lazy("claims"), "passage": gettext_lazy("sentences of sources"),
}  # fmt: skip


def search(request: HttpRequest) -> HttpResponse:
    """Hits as known on the date, within what the reader may see."""
    read = reading(request)
    sums.desk.indexed()
    words = read.words
    text = request.GET.get("q", "").strip()[:_MOST_CHARACTERS]
    chosen = [name for name in index.SORTS if name == request.GET.get("in")]
    kind = request.GET.get("kind", "") if request.GET.get("kind") in words.kinds else ""
    found = index.search(read.scope, text, as_known=read.known, limit=LIMIT, sorts=chosen or index.SORTS, kind=kind)
    hits = list(found) if text else []
    kinds = {name: labels.kind_label(kind) for name, kind in words.kinds.items()}
    context = {
        "title": _("Search"),
        "q": text,
        "hits": [(hit, _href(hit), marked(hit.snippet, hit.marks)) for hit in hits],
        "limit": LIMIT,
        "kinds": kinds,
        "sorts": [(name, label, name in chosen) for name, label in SORTS.items()],
        "kind": kind,
        "found_kinds": sorted({(hit.kind, kinds[hit.kind]) for hit in hits if hit.kind in kinds}, key=lambda each: str(each[1])),
    }
    return render(request, "clearland/search.html", context)


def _href(hit: index.Hit) -> str:
    """Where a hit leads: the record, the claim, or the passage in its source's reader."""
    if hit.record is not None:
        return reverse("record", args=[hit.record])
    if hit.kind == "claim":
        return reverse("claim", args=[hit.ref.removeprefix("claim:")])
    start = hit.ref.partition("#")[2].partition("-")[0]
    return f"{reverse('source', args=[hit.source])}?at={start}#p-{start}"
