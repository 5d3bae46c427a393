"""Disagreements: two claims on one scope that differ, side by side with their words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearland.claims.comparison import Comparison, Key, key
from clearland.claims.model import Claim
from clearland.dictionary.model import Dictionary
from clearland.figures import disagreements
from clearland.figures.published_beside import Beside, published_beside
from clearland.ledger.rows import rendition
from clearland.web import claims_shown, figures_shown, formats
from clearland.web.access import Reading, known_sources, reading, remembered, summed

PAGE = 100
_AROUND = 240
_STOPS = (". ", "\n", "? ", "! ")
KINDS = {
    "contradicts": gettext_lazy("contradiction: same scope, different value"),
    "denies": gettext_lazy("denial: the accused answers"),
    "retracts": gettext_lazy("taken back by its claimant"),
    "corrects": gettext_lazy("corrected by its claimant"),
    "explains": gettext_lazy("difference that a source explains"),
    "tension": gettext_lazy("tension: scope or definition differs"),
    "figure_differs": gettext_lazy("published and computed differ"),
    "figure_scope": gettext_lazy("published and computed, other scope"),
    "figure_same": gettext_lazy("published and computed agree"),
}
_FIGURES = "figure_"
Found = tuple[list[Comparison], dict[Key, dict[str, object]], dict[Key, int]]


def listing(request: HttpRequest) -> HttpResponse:
    """All disagreements as known, contradictions first; filtered by kind and by what they are about."""
    read = reading(request)
    words = read.words
    pairs, details, voices = _compared(read)
    ours = beside(read)
    kind, attribute = request.GET.get("kind", ""), request.GET.get("attribute", "")
    chosen = [p for p in pairs if (not kind or p.kind == kind) and (not attribute or p.left.attribute == attribute)]
    chosen.sort(key=lambda pair: list(KINDS).index(pair.kind))
    held = [
        one for one in ours
        if (f"{_FIGURES}{one.lie}" == kind or (not kind and one.lie == "differs")) and attribute in ("", one.claim.attribute)
    ]  # fmt: skip
    visible = {source.sha256: source for source in known_sources(read)}
    shown = [
        *(_pair(read, words, details, visible, pair, voices) for pair in chosen[:PAGE]),
        *(_figure_pair(read, words, visible, one) for one in held[:PAGE]),
    ]
    about = Counter([pair.left.attribute for pair in pairs] + [one.claim.attribute for one in ours])
    context = {
        "title": _("Disagreements"),
        "pairs": [pair for pair in shown if pair],
        "count": len(chosen) + len(held),
        "kinds": [(name, label, name == kind) for name, label in KINDS.items()],
        "attributes": [
            (code, claims_shown.attribute_label(words, code), n, code == attribute) for code, n in about.most_common()
        ],
        "filtered": bool(kind or attribute),
    }
    return render(request, "clearland/disagreements.html", context)


def compared(read: Reading) -> tuple[list[Comparison], dict[Key, dict[str, object]]]:
    """All comparisons that differ, and for each claim of the snapshot its row."""
    return _compared(read)[:2]


def _compared(read: Reading) -> Found:
    return summed(read, "disagreements", lambda: _look(read))


def beside(read: Reading) -> list[Beside]:
    """Published figures held against ours."""
    return summed(read, "published beside", lambda: published_beside(read.snapshot))


def differing_claims(read: Reading, source: str) -> set[tuple[int, int, str]]:
    """Start, end and attribute of the claims of a source that some other claim differs from."""
    pairs, details = compared(read)
    sides = [claim for pair in pairs for claim in (pair.left, pair.right)]
    return {(one.start, one.end, one.attribute) for one in sides if key(one) in details and details[key(one)]["source"] == source}


def _look(read: Reading) -> Found:
    """The comparisons, for each claim of the snapshot its row (source, quote, page), and the witnesses of each side."""
    details = {key(claim): row for claim, row in disagreements.claims_of(read.snapshot)}
    every = disagreements.compared(read.snapshot)
    pairs = [pair for pair in every if pair.kind in disagreements.SHOWN]
    return pairs, details, disagreements.witnessed(every, (side for pair in pairs for side in (pair.left, pair.right)))


def _pair(
    read: Reading, words: Dictionary, details: Mapping[Key, Mapping[str, object]], visible: dict[str, Any], pair: Comparison,
    voices: Mapping[Key, int],
) -> dict[str, Any] | None:
    """One disagreement; nothing where a side stands in a source that is not open to the reader."""
    sides = [_side(read, details.get(key(claim)), visible, claim) for claim in (pair.left, pair.right)]
    if not all(sides):
        return None
    for side, claim in zip(sides, (pair.left, pair.right), strict=True):
        assert side is not None
        side["witnesses"] = voices.get(key(claim), 1)
    return {
        "kind": KINDS.get(pair.kind, pair.kind),
        "attribute": claims_shown.attribute_label(words, pair.left.attribute),
        "subject": pair.left.subject,
        "reason": disagreements.in_words(pair.why, words, formats.language()),
        "sides": sides,
    }


def _figure_pair(read: Reading, words: Dictionary, visible: dict[str, Any], one: Beside) -> dict[str, Any] | None:
    """A published figure with ours on the other side; nothing where its source is not open to the reader."""
    side = _side(read, one.row, visible, one.claim)
    if side is None:
        return None
    ours = [figures_shown.shown(read, words, figure, in_unit=one.claim.unit or figure.unit) for figure in one.ours]
    return {
        "kind": KINDS[f"{_FIGURES}{one.lie}"],
        "attribute": claims_shown.attribute_label(words, one.claim.attribute),
        "subject": one.claim.subject,
        "reason": disagreements.in_words(one.why, words, formats.language()),
        "sides": [side],
        "ours": ours,
        "title": figures_shown.title_of(words, one.indicator),
        "href": reverse("figure", args=[one.indicator]),
    }


def of_indicator(read: Reading, code: str) -> list[dict[str, Any]]:
    """What sources publish of an indicator, each beside ours, for the indicator's own page."""
    visible = {source.sha256: source for source in known_sources(read)}
    made = [_figure_pair(read, read.words, visible, one) for one in beside(read) if one.indicator == code]
    return [pair for pair in made if pair][:PAGE]


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


def _side(
    read: Reading, row: Mapping[str, object] | None, visible: dict[str, Any], claim: Claim
) -> dict[str, Any] | None:
    source = visible.get(str(row["source"])) if row else None
    if source is None:
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
