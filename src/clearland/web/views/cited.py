"""Cited, not held: the sources that held ones lean on, with how many claims rest on each, and what a person says of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.ledger.rows import sources
from clearland.web import formats
from clearland.web.access import Reading, reading, remembered
from clearland.web.asked import uuid_or_nil
from clearland.web.people import actor_name
from clearland.work import citing
from clearland.work.cited_book import CitedSource

PAGE = 100
HOLDINGS = {
    citing.HELD: gettext_lazy("held"), citing.NOT_HELD: gettext_lazy("not held"), "requested": gettext_lazy("asked for"),
    "not_obtainable": gettext_lazy("cannot be had"),
}  # fmt: skip
HOW = {"symbol": gettext_lazy("same symbol"), "url": gettext_lazy("same address"), "title": gettext_lazy("alike title")}


def listing(request: HttpRequest) -> HttpResponse:
    """Cited sources by how many claims rest on them; `?all=1` shows those that are held as well, `?page=` goes on."""
    read = reading(request)
    found = remembered(read, "cited sources", lambda: citing.cited_sources(read.scope, as_known=read.known))
    everything = request.GET.get("all") == "1"
    chosen = [one for one in found if everything or one.holding != citing.HELD]
    page = int(number) if (number := request.GET.get("page", "1")).isdecimal() and len(number) < 6 else 1
    shown = citing.with_matches(read.scope, chosen[(page - 1) * PAGE : page * PAGE])
    held = sources(read.scope).filter(sha256__in=[one.held_as for one in shown if one.held_as])
    titles = {source.sha256: source.title or source.filename for source in held}
    context = {
        "title": _("Cited, not held"),
        "rows": [_shown(one, titles) for one in shown],
        "count": len(chosen),
        "page": page,
        "pages": max(1, -(-len(chosen) // PAGE)),
        "all": everything,
        "may_decide": _may_decide(read),
    }
    return render(request, "clearland/cited.html", context)


def _may_decide(read: Reading) -> bool:
    return read.known is None and "programme" in read.scope.classes


def _shown(one: CitedSource, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "one": one,
        "published": formats.day(one.cited.published) if one.cited and one.cited.published else "",
        "notes": one.notes[:5],
        "more": max(0, len(one.notes) - 5),
        "doubtful": any(note.doubtful for note in one.notes),
        "held": [(each, HOW[each.how], f"{each.score:.2f}") for each in one.held],
        "holding": HOLDINGS.get(one.holding, one.holding),
        "held_title": titles.get(one.held_as, one.held_as[:16]),
        "who": actor_name(one.actor) if one.actor else "",
    }


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Say how a cited source is held, or take that back; then the list again."""
    read = reading(request)
    given = request.POST
    read.refuse_past()
    if given.get("action") == "undo":
        citing.undo(uuid_or_nil(given.get("record", "")), actor=read.actor)
    else:
        held_as = given.get("held_as", "")
        citing.decide(given.get("key", ""), given.get("holding", ""), actor=read.actor, held_as=held_as)
    return redirect("cited")

