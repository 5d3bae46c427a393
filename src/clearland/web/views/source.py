"""One source: what is known about it, and a reader with its claims marked in place and its notes bound."""

import re
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from clearland.dictionary.model import Dictionary
from clearland.ledger.readings import MODEL
from clearland.ledger.rows import claims, commits, notes, passages, rendition, rows
from clearland.ledger.sources import read_source, source_path
from clearland.web import claims_shown
from clearland.web.access import Reading, known_sources, reading
from clearland.web.people import actor_name
from clearland.web.reading_marks import Marked, Marker, Span, blocks
from clearland.web.sums import StillCounting
from clearland.web.views.disagreements import differing_claims
from clearland.work.citing import cited_words

PASSAGES_A_PAGE = 1200
_LANGUAGE_CODE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")
_RECORDS_SHOWN = 20


def _source(read: Reading, sha: str) -> Any:
    found = known_sources(read).filter(sha256=sha).first()
    if found is None:
        raise Http404
    return found


def reader(request: HttpRequest, sha: str) -> HttpResponse:
    """The source with its reader. `?at=N` opens the page that holds character N."""
    read = reading(request)
    source = _source(read, sha)
    words = read.words
    text = rendition(read.scope, sha)
    made = rows(read.scope, as_known=read.known).filter(entry__commit__source_id=sha)
    count = made.count()
    context = {
        "title": source.title or source.filename,
        "source": source,
        "language_code": language_code(source),
        "rendition": text,
        "commits": [(commit, actor_name(commit.actor)) for commit in commits(read.scope).filter(source_id=sha)],
        "records": list(made.order_by("kind", "local_id").defer("geometry")[:_RECORDS_SHOWN]) if count else [],
        "record_count": count,
        "strip_class": source.sensitivity,
    }
    if text is not None:
        context |= _page(read, words, sha, text, at_character(request))
    return render(request, "clearland/source.html", context)


def language_code(source: Any) -> str:
    """The source's language for the page's markup; empty where what was given is no code."""
    return str(source.language) if _LANGUAGE_CODE.match(source.language) else ""


def at_character(request: HttpRequest) -> int:
    """The character that `?at=` names; the first where it names none."""
    text = request.GET.get("at", "0")
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def _page(read: Reading, words: Dictionary, source: str, text: Any, at: int) -> dict[str, Any]:
    """One page of passages with the claims and notes that belong to it."""
    every = passages(read.scope, text)
    before = every.filter(start__lte=at).count()
    first = max(0, before - 1) // PASSAGES_A_PAGE * PASSAGES_A_PAGE
    shown = list(every[first : first + PASSAGES_A_PAGE])
    if not shown:
        return {"blocks": [], "claims": [], "claim_count": 0}
    start, end = shown[0].start, shown[-1].end
    found = list(claims(read.scope, rendition=text, end__gt=start, start__lt=end).exclude(extractor_version__startswith=MODEL))
    all_notes = list(notes(read.scope, text))
    spans = [
        Span(span_start, span_end, str(number), claims_shown.claim_line(words, claim.body))
        for number, claim in enumerate(found, start=1)
        for span_start, span_end in [(claim.start, claim.end), *map(tuple, claim.body.get("evidence") or [])]
    ]
    bodies = {note.body_start: note.label for note in all_notes if note.body_start is not None}
    marked = Marked(text.text, spans, note_markers(all_notes), bodies)
    labels = {str(claim.body.get("footnote") or claim.body.get("in_footnote") or "") for claim in found} - {""}
    differing, cited = _differing(read, source), cited_words(text, labels)
    following = every[first + PASSAGES_A_PAGE : first + PASSAGES_A_PAGE + 1]
    return {
        "blocks": list(blocks(marked, shown)),
        "claims": [_margin(words, number, claim, differing, cited) for number, claim in enumerate(found, start=1)],
        "claim_count": claims(read.scope, rendition=text).count(),
        "following": following[0].start if following else None,
        "previous": every[max(0, first - PASSAGES_A_PAGE)].start if first else None,
    }


def _differing(read: Reading, source: str) -> set[tuple[int, int, str]]:
    """Claims that others differ from. A source opens before the first comparison is finished; its marks come later."""
    try:
        return differing_claims(read, source)
    except StillCounting:
        return set()


def note_markers(all_notes: list[Any]) -> list[Marker]:
    """The markers of a rendition's notes, counted per label."""
    return [
        Marker(start, end, note.label, number, note.body_start is None)
        for note in all_notes
        for number, (start, end) in enumerate(note.markers, start=1)
    ]


def _margin(
    words: Dictionary, number: int, claim: Any, differing: set[tuple[int, int, str]], cited: dict[str, str]
) -> dict[str, Any]:
    body = claim.body
    label = str(body.get("footnote") or body.get("in_footnote") or "")
    return {
        "differs": claim.attribute if (claim.start, claim.end, claim.attribute) in differing else "",
        "number": number,
        "start": claim.start,
        "ref": claim.ref,
        "attribute": claims_shown.attribute_label(words, claim.attribute),
        "value": claims_shown.value_words(body),
        "claimant": claim.claimant,
        "stance": claims_shown.STANCES.get(claim.stance, claim.stance),
        "period": claims_shown.period_words(body),
        "scope": claims_shown.scope_words(body),
        "footnote": label,
        "cited": cited.get(label, ""),
    }


def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """A claim's own address: to its characters in the reader."""
    read = reading(request)
    found = claims(read.scope, ref=ref).first()
    if found is None:
        raise Http404
    return redirect(f"{reverse('source', args=[found.rendition.source_id])}?at={found.start}#c-{found.start}")


def download(request: HttpRequest, sha: str) -> FileResponse:
    """The bytes as they were handed in. Always as an attachment: an HTML source must not run here."""
    read = reading(request)
    source = _source(read, sha)
    path = source_path(sha)
    if not path.is_file():
        raise Http404
    if source.sensitivity == "sealed":
        read_source(sha)  # refuses, and says how it is opened
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=source.filename, content_type="application/octet-stream"
    )
