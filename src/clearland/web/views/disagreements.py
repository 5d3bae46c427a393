"""Disagreements: two claims on one scope that differ, side by side with their words."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.claims.compare import Comparison
from clearland.claims.model import Claim
from clearland.dictionary.model import Dictionary
from clearland.figures.disagreements import claims_of, found
from clearland.ledger.rows import rendition
from clearland.web import claims_shown
from clearland.web.access import Reading, known_sources, reading, remembered, summed

PAGE = 100
_AROUND = 240
_STOPS = (". ", "\n", "? ", "! ")
KINDS = {
    "contradicts": gettext_lazy("contradiction: same scope, different value"),
    "tension": gettext_lazy("tension: scope or definition differs"),
}


def listing(request: HttpRequest) -> HttpResponse:
    """All disagreements as known, contradictions first; filtered by kind and by what they are about."""
    read = reading(request)
    words = read.words
    pairs, details = compared(read)
    kind, attribute = request.GET.get("kind", ""), request.GET.get("attribute", "")
    chosen = [p for p in pairs if (not kind or p.kind == kind) and (not attribute or p.left.attribute == attribute)]
    chosen.sort(key=lambda pair: pair.kind != "contradicts")
    visible = {source.sha256: source for source in known_sources(read)}
    shown = [_pair(read, words, details, visible, pair) for pair in chosen[:PAGE]]
    about = Counter(pair.left.attribute for pair in pairs)
    context = {
        "title": _("Disagreements"),
        "pairs": [pair for pair in shown if pair],
        "count": len(chosen),
        "kinds": [(name, label, name == kind) for name, label in KINDS.items()],
        "attributes": [
            (code, claims_shown.attribute_label(words, code), n, code == attribute) for code, n in about.most_common()
        ],
        "filtered": bool(kind or attribute),
    }
    return render(request, "clearland/disagreements.html", context)


def compared(read: Reading) -> tuple[list[Comparison], dict[tuple[str, int, int, str], dict[str, object]]]:
    """All comparisons that differ, and for each claim of the snapshot its row."""
    return summed(read, "disagreements", lambda: _look(read))


def differing_claims(read: Reading, source: str) -> set[tuple[int, int, str]]:
    """Start, end and attribute of the claims of a source that some other claim differs from."""
    pairs, details = compared(read)
    sides = {_key(claim) for pair in pairs for claim in (pair.left, pair.right)}
    return {key[1:] for key in sides if key in details and details[key]["source"] == source}


def _look(read: Reading) -> tuple[list[Comparison], dict[tuple[str, int, int, str], dict[str, object]]]:
    """The comparisons, and for each claim of the snapshot its row (source, quote, page)."""
    details = {_key(claim): row for claim, row in claims_of(read.snapshot)}
    return list(found(read.snapshot)), details


def _key(claim: Claim) -> tuple[str, int, int, str]:
    return claim.file, claim.start, claim.end, claim.attribute


def _pair(read: Reading, words: Dictionary, details: Any, visible: dict[str, Any], pair: Comparison) -> dict[str, Any] | None:
    """One disagreement; nothing where a side stands in a source that is not open to the reader."""
    sides = [_side(read, details, visible, claim) for claim in (pair.left, pair.right)]
    if not all(sides):
        return None
    return {
        "kind": KINDS.get(pair.kind, pair.kind),
        "attribute": claims_shown.attribute_label(words, pair.left.attribute),
        "subject": pair.left.subject,
        "reason": pair.reason,
        "sides": sides,
    }


def _sentence(read: Reading, sha: str, claim: Claim) -> dict[str, str]:
    """The claim's characters with the words around them, up to the ends of its sentence or passage."""
    text = remembered(read, f"text:{sha}", lambda: getattr(rendition(read.scope, sha), "text", ""))
    start = max(text.rfind(end, max(0, claim.start - _AROUND), claim.start) + 1 for end in _STOPS)
    stops = [at for at in (text.find(end, claim.end, claim.end + _AROUND) for end in _STOPS) if at >= 0]
    start = start or max(0, claim.start - _AROUND)
    stop = min(stops) + 1 if stops else claim.end + _AROUND
    return {
        "before": text[start : claim.start].lstrip(),
        "quote": text[claim.start : claim.end],
        "after": text[claim.end : stop].rstrip(),
    }


def _side(read: Reading, details: Any, visible: dict[str, Any], claim: Claim) -> dict[str, Any] | None:
    row = details.get(_key(claim))
    source = visible.get(str(row["source"])) if row else None
    if row is None or source is None:
        return None
    body = claim.as_json()
    return {
        "value": claims_shown.value_words(body),
        "claimant": claim.claimant,
        "stance": claims_shown.STANCES.get(claim.stance, claim.stance),
        "period": claims_shown.period_words(body),
        "scope": claims_shown.scope_words(body),
        **_sentence(read, source.sha256, claim),
        "source": source,
        "start": claim.start,
    }
