"""Names: whose a name in the sources is. Proposals by likeness, decided by a person, each decision to be taken back."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.web.access import reading
from clearland.web.asked import uuid_or_nil
from clearland.web.people import actor_name
from clearland.work import naming

PAGE = 100
SORTS = {
    "organisation": gettext_lazy("Organisations"), "ordnance": gettext_lazy("Models of ordnance"),
    "place": gettext_lazy("Places"),
}  # fmt: skip
HOW = {
    "spelling": gettext_lazy("alike in spelling"), "initials": gettext_lazy("its initials"),
    "part": gettext_lazy("shares telling words"), "stated": gettext_lazy("stated by a person"),
}  # fmt: skip
VERDICTS = {"accepted": gettext_lazy("is a name of"), "rejected": gettext_lazy("is no name of")}


def listing(request: HttpRequest) -> HttpResponse:
    """Proposed and decided matches of one sort of names (`?sort=`)."""
    read = reading(request)
    sort = next((name for name in naming.SORTS if name == request.GET.get("sort")), naming.SORTS[0])
    found = naming.table(read.snapshot, sort, actor=read.actor)
    by_code = {bearer.code: bearer for bearer in found.bearers}
    context = {
        "title": _("Names"),
        "sort": sort,
        "sorts": [(name, label, name == sort) for name, label in SORTS.items()],
        "proposals": [_proposed(one, found.counts[one.written]) for one in found.proposals[:PAGE]],
        "count": len(found.proposals),
        "decided": [_decided(one, by_code.get(one.bearer)) for one in found.decided],
        "bearers": [(bearer.code, bearer.names[0].text) for bearer in found.bearers],
        "written": list(found.counts)[:PAGE],
        "may_decide": read.known is None,
        "strip_class": "programme",
    }
    return render(request, "clearland/names.html", context)


def _proposed(one: Any, count: int) -> dict[str, Any]:
    names = [name.text for name in one.bearer.names]
    return {
        "written": one.written, "bearer": one.bearer.code, "name": names[0], "others": names[1:6], "score": f"{one.score:.2f}",
        "how": HOW.get(one.how, one.how), "count": count,
    }  # fmt: skip


def _decided(one: naming.Decided, bearer: Any) -> dict[str, Any]:
    return {
        "one": one, "name": bearer.names[0].text if bearer else one.bearer, "verdict": VERDICTS[one.verdict],
        "score": "" if one.score is None else f"{one.score:.2f}", "how": HOW.get(one.how, one.how), "who": actor_name(one.actor),
    }  # fmt: skip


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Accept or reject a match, state one, or take a decision back; then the list again."""
    read = reading(request)
    given = request.POST
    read.refuse_past()
    if given.get("action") == "undo":
        naming.undo(uuid_or_nil(given.get("record", "")), actor=read.actor)
    else:
        naming.decide(
            given.get("written", ""), given.get("sort", ""), given.get("bearer", ""), given.get("verdict", ""), actor=read.actor,
            borne_from=given.get("borne_from", ""), borne_to=given.get("borne_to", ""), reason=given.get("reason", ""),
        )  # fmt: skip
    return redirect(f"{reverse('names')}?{urlencode({'sort': given.get('sort', '')})}")

