"""Review: a person reads the document with its proposed claims in the margin and decides, by keyboard if they like.

Every decision is a form of its own, so that the page works without scripts; with them the same forms are sent in the
background and answered by the claim's new state.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearland.core.errors import ClearlandError, Conflict, NotPermitted
from clearland.ledger.carrying import Standing
from clearland.ledger.rows import notes, passages, rendition
from clearland.web import claim_forms, claims_shown, review_items
from clearland.web.access import Reading, known_sources, reading
from clearland.web.reading_marks import Marked, Span, blocks
from clearland.web.views.source import PASSAGES_A_PAGE, at_character, language_code, note_markers
from clearland.work import judging

BACKGROUND = "X-Review"
VERDICTS = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
_SPLIT_PREFIXES = ("a_", "b_")
_SENTENCE = re.compile(r"[^.!?\n]*[^.!?\n\s][^.!?\n]*")


def page(request: HttpRequest, sha: str) -> HttpResponse:
    """The document with its claims as they stand. `?at=N` opens the part that holds character N."""
    read = reading(request)
    source = _source(read, sha)
    at = judging.desk(sha, actor=read.actor, as_known=read.known)
    every = passages(read.scope, at.rendition)
    first = max(0, every.filter(start__lte=at_character(request)).count() - 1) // PASSAGES_A_PAGE * PASSAGES_A_PAGE
    shown = list(every[first : first + PASSAGES_A_PAGE])
    start, end = (shown[0].start, shown[-1].end) if shown else (0, 0)
    items = [item for item in review_items.items(read.words, at.standing, at.models) if start <= item.claim.start < end]
    following = every[first + PASSAGES_A_PAGE : first + PASSAGES_A_PAGE + 1]
    return render(request, "clearland/review.html", {
        "title": _("Review: %s") % (source.title or source.filename),
        "source": source,
        "language_code": language_code(source),
        "blocks": list(blocks(_marked(read, at, items), shown)),
        "items": items,
        "progress": review_items.progress(at.standing),
        "lost": review_items.lost_items(read.words, at.lost),
        "following": following[0].start if following else None,
        "previous": every[max(0, first - PASSAGES_A_PAGE)].start if first else None,
        "strip_class": source.sensitivity,
        "may_decide": read.known is None,
    })  # fmt: skip


def _source(read: Reading, sha: str) -> Any:
    found = known_sources(read).filter(sha256=sha).first()
    if found is None or rendition(read.scope, sha) is None:
        raise Http404
    return found


def _marked(read: Reading, at: judging.Desk, items: list[review_items.Item]) -> Marked:
    spans = [
        Span(start, end, str(item.number), item.line)
        for item in items
        for start, end in [(item.claim.start, item.claim.end), *map(tuple, item.claim.body.get("evidence") or [])]
    ]
    found = list(notes(read.scope, at.rendition))
    bodies = {note.body_start: note.label for note in found if note.body_start is not None}
    return Marked(at.text, spans, note_markers(found), bodies)


def form(request: HttpRequest, sha: str) -> HttpResponse:
    """The form that corrects or splits a claim (`?start=&end=&attribute=&ref=`) or adds one (`?words=&near=`)."""
    read = reading(request)
    source = _source(read, sha)
    at = judging.desk(sha, actor=read.actor)
    action = request.GET.get("action", "")
    if action == "add":
        words = request.GET.get("words", "").strip()
        near = _number(request.GET, "near")
        claim, body = None, {"claimant": source.publisher}
        sections = [("", claim_forms.inputs(body, claim_forms.FIRST), words or _sentence(at.text, near))]
    else:
        claim = _claim(at, request.GET)
        if action not in ("correct", "split"):
            raise Http404
        near, body = claim.start, dict(claim.body)
        quote = at.text[claim.start : claim.end]
        if action == "correct":
            sections = [("", claim_forms.inputs(body, claim_forms.FIRST), "")]
        else:
            sections = [(each, claim_forms.inputs(body, claim_forms.SHORT, each), quote) for each in _SPLIT_PREFIXES]
    context = {
        "title": {"add": _("New claim"), "correct": _("Correct the claim"), "split": _("Split into two claims")}[action],
        "source": source, "action": action, "claim": claim, "near": near, "sections": sections,
        "more": claim_forms.inputs(body, claim_forms.MORE) if action != "split" else (),
        "quote": at.text[claim.start : claim.end] if claim else "",
        "seen": claim.judgement.entry if claim and claim.judgement else "",
        "attributes": sorted((code, claims_shown.attribute_label(read.words, code)) for code in read.words.attributes),
        "strip_class": source.sensitivity,
    }  # fmt: skip
    template = "clearland/_review_form.html" if BACKGROUND in request.headers else "clearland/review_form.html"
    return render(request, template, context)


def _sentence(text: str, near: int) -> str:
    """The words around a character, to be cut down to those of the claim."""
    start = max((text.rfind(stop, 0, near) + len(stop) for stop in (". ", "\n") if stop in text[:near]), default=0)
    found = _SENTENCE.search(text, start)
    return found.group().strip() if found else ""


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 12 else 0


def _entry(given: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(given.get(name, ""))
    except ValueError:
        return None


def _claim(at: judging.Desk, given: Mapping[str, str]) -> Standing:
    """The claim a form is about; where the form has a field `attribute` of its own, `key` is the one it is found by."""
    attribute = given.get("key") or given.get("attribute", "")
    return at.find(_number(given, "start"), _number(given, "end"), attribute, given.get("ref", ""))


@require_POST
def decide(request: HttpRequest, sha: str) -> HttpResponse:
    """One decision, or the bulk acceptance. Sent in the background it is answered as JSON: `item` and `progress` as HTML,
    or `url` where the list of claims changed, or `error`."""
    read = reading(request)
    _source(read, sha)
    try:
        read.refuse_past()
        near = _decide(read, sha, request.POST)
    except ClearlandError as error:
        if BACKGROUND not in request.headers:
            raise
        status = 409 if isinstance(error, Conflict) else 403 if isinstance(error, NotPermitted) else 400
        return JsonResponse({"error": error.sentence, "remedy": error.remedy, "code": error.code}, status=status)
    if BACKGROUND in request.headers:
        return _answer(request, read, sha, near)
    return redirect(_address(sha, near or _number(request.POST, "start")))


def _address(sha: str, at: int) -> str:
    return f"{reverse('review', args=[sha])}?{urlencode({'at': at})}#c-{at}"


def _decide(read: Reading, sha: str, given: Mapping[str, str]) -> int | None:
    """Do what was asked; the character to go to where claims came or went, None where one claim only changed its state."""
    action, seen = given.get("action", ""), _entry(given, "seen")
    if action == "accept_safe":
        judging.accept_safe(sha, actor=read.actor)
        return _number(given, "start")
    at = judging.desk(sha, actor=read.actor)
    if action == "add":
        new = _new(read, at, given, {})
        judging.add_claim(sha, new, actor=read.actor, reason=given.get("reason", ""))
        return new.start
    if action == "undo_lost":
        record = _entry(given, "record")
        judging.undo(record or UUID(int=0), sha, actor=read.actor, seen=seen)
        return _number(given, "start")
    claim = _claim(at, given)
    if action == "undo":
        judging.undo(claim.judgement.record if claim.judgement else UUID(int=0), sha, actor=read.actor, seen=seen)
        return None if claim.ref else claim.start
    key = (claim.start, claim.end, claim.attribute)
    if action == "split":
        parts = [_new(read, at, given, claim.body, prefix) for prefix in _SPLIT_PREFIXES]
        judging.split(sha, *key, parts, actor=read.actor, ref=claim.ref, seen=seen)
        return claim.start
    correction = claim_forms.fields_of(read.words, given, claim.body) if action == "correct" else None
    judging.judge(
        sha, *key, VERDICTS.get(action, action), correction=correction, reason=given.get("reason", ""), ref=claim.ref,
        actor=read.actor, seen=seen,
    )  # fmt: skip
    return None if claim.ref or action != "reject" else claim.start


def _new(
    read: Reading, at: judging.Desk, given: Mapping[str, str], before: Mapping[str, Any], prefix: str = ""
) -> judging.NewClaim:
    """A new claim from a form: its words are looked for nearest to where the person was."""
    start, end = judging.words_in(at, given.get(f"{prefix}words", ""), _number(given, "near"))
    kept = {name: value for name, value in before.items() if name not in ("start", "end", "evidence", "file")}
    return judging.NewClaim(start, end, claim_forms.fields_of(read.words, given, kept, prefix))


def _answer(request: HttpRequest, read: Reading, sha: str, near: int | None) -> JsonResponse:
    if near is not None:
        return JsonResponse({"url": _address(sha, near)})
    at = judging.desk(sha, actor=read.actor)
    claim = _claim(at, request.POST)
    item = review_items.items(read.words, at.standing, at.models)[at.standing.index(claim)]
    context = {"item": item, "sha": sha, "progress": review_items.progress(at.standing), "may_decide": True}
    return JsonResponse({
        "item": render_to_string("clearland/_review_item.html", context, request),
        "progress": render_to_string("clearland/_review_progress.html", context, request),
        "verdict": item.verdict, "said": item.verdict_label,
    })  # fmt: skip
