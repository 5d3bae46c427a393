"""Editions of reports at their permanent address: files, citation, definitions, what changed, and the pack that proves them.

A published edition for the public is open to everybody, signed in or not; every other to readers of its class.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearland.core.errors import NotPermitted
from clearland.figures.report_editions import COMPILED, ReportEdition, report_edition, report_editions
from clearland.figures.report_restatement import ReportRestatement
from clearland.ledger.snapshot import snapshot
from clearland.reports.compile import report_form
from clearland.reports.front import programme_row
from clearland.web import formats
from clearland.web.access import actor_of, reading
from clearland.web.people import actor_name
from clearland.web.views.reports import AUDIENCE_NAMES, STEPS, document, editions_shown
from clearland.work.evidence_pack import evidence_pack
from clearland.work.report_editions import Asked, freeze_report, publish, rerender, restate_report, sign

MOST_LINES = 200


def listing(request: HttpRequest) -> HttpResponse:
    """Every edition that the reader may open, newest first."""
    read = reading(request)
    lang = formats.language()
    forms = read.words.reports
    rows = [
        {"edition": each, "step": STEPS[each.step], "audience": AUDIENCE_NAMES[each.audience],
         "title": forms[each.report].titles.get(lang) or each.report if each.report in forms else each.report}
        for each in editions_shown(read)
    ]  # fmt: skip
    return render(request, "clearland/editions.html", {"title": _("Editions"), "rows": rows, "tab": "editions"})


def _open(request: HttpRequest, name: str) -> ReportEdition:
    """The edition, for whoever may open it. Raises Http404, NotPermitted E-EDITION-ACTOR."""
    found = next((each for each in report_editions(snapshot()) if each.name == name), None)
    if found is None:
        raise Http404
    if found.audience == "public" and found.step == "published":
        return found
    actor = actor_of(request.user)
    if actor is None:
        raise NotPermitted("E-EDITION-ACTOR", _("This edition is not public."), remedy=_("Log in."))
    if found.attributes["sensitivity"] not in reading(request).scope.classes:
        raise Http404
    return found


@login_not_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    """The permanent address of an edition."""
    if not request.user.is_authenticated and not _is_public(name):
        return redirect(f"{reverse('login')}?next={request.path}")
    edition = _open(request, name)
    shot = snapshot()
    lang = formats.language()
    kept = edition.kept(COMPILED)
    form = report_form(shot, edition.report)
    others = [each for each in report_editions(shot, edition.report) if each.name != name and each.covers == edition.covers]
    codes = dict.fromkeys(each["code"] for each in kept["told"])
    context = {
        "title": kept["title"], "edition": edition, "step": STEPS[edition.step], "audience": AUDIENCE_NAMES[edition.audience],
        "form_title": form.titles.get(lang) or form.titles["en"], "citation": citation(request, edition, kept["title"]),
        "frozen_by": actor_name(edition.frozen_by), "signed_by": actor_name(edition.signed_by) if edition.signed_by else "",
        "definitions": [
            (code, shot.dictionary.indicators[code].title(lang), shot.dictionary.indicators[code].definition)
            for code in codes if code in shot.dictionary.indicators
        ],
        "others": others, "warnings": kept["front"]["warnings"], "member": request.user.is_authenticated, "tab": "editions",
        "lang": lang,
    }  # fmt: skip
    return render(request, "clearland/edition.html", context)


def _is_public(name: str) -> bool:
    return any(e.name == name and e.audience == "public" and e.step == "published" for e in report_editions(snapshot()))


def citation(request: HttpRequest, edition: ReportEdition, title: str) -> str:
    """How the edition is cited: who, title, edition, day, address, and the first digits of what its PDF hashes to."""
    programme = str(programme_row(snapshot()).get("name") or _("Programme"))
    day = formats.day(edition.published_on or edition.as_known)
    address = request.build_absolute_uri(reverse("edition", args=[edition.name]))
    return f"{programme}. {title}. {edition.name}, {day}. {address} (SHA-256 {edition.file('pdf').sha256[:16]}…)"


@login_not_required
def file(request: HttpRequest, name: str, target: str) -> HttpResponse:
    """A file of the edition, byte for byte as frozen."""
    if not request.user.is_authenticated and not _is_public(name):
        return redirect(f"{reverse('login')}?next={request.path}")
    edition = _open(request, name)
    if target not in {each.format for each in edition.files}:
        raise Http404
    return document(edition.data(target), target, name)


@login_not_required
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """The evidence pack."""
    if not request.user.is_authenticated and not _is_public(name):
        return redirect(f"{reverse('login')}?next={request.path}")
    response = HttpResponse(evidence_pack(_open(request, name)), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-evidence.zip"'
    return response


def compare(request: HttpRequest, name: str) -> HttpResponse:
    """What changed from an edition to another of the same report and period, or to what is known now."""
    edition = _open(request, name)
    with_name = request.GET.get("with", "")
    told = restate_report(edition, report_edition(snapshot(), with_name) if with_name else None)
    context = {
        "title": _("What changed"), "edition": edition, "told": told, "lines": _lines(told), "tab": "editions",
        "records": len(told.records()), "left_out": max(0, len(told.lines) - MOST_LINES),
    }  # fmt: skip
    return render(request, "clearland/edition_compare.html", context)


def _lines(told: ReportRestatement) -> list[dict[str, Any]]:
    causes = {
        "added": _("added"), "withdrawn": _("withdrawn"), "re-dated": _("re-dated"), "reclassified": _("reclassified"),
        "changed": _("changed"), "recounted": _("recounted beside its neighbours"),
    }  # fmt: skip
    return [
        {"line": line, "moved": [(one, causes[one.cause], one.after - one.before) for one in line.moved[:MOST_LINES]]}
        for line in told.lines[:MOST_LINES]
    ]


@require_POST
def freeze(request: HttpRequest, name: str) -> HttpResponse:
    """Freeze the draft of a form as an edition."""
    read = reading(request)
    read.refuse_past()
    told = {key: request.POST.get(key, "").strip() for key in ("edition", "period", "lang", "audience", "about", "country")}
    asked = Asked(name, told["period"], told["lang"] or "en", told["audience"] or None, told["about"], told["country"])  # type: ignore[arg-type]
    made = freeze_report(told["edition"], asked, actor=read.actor)
    return redirect("edition", name=made.name)


@require_POST
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Sign the edition off, or publish it."""
    read = reading(request)
    read.refuse_past()
    _open(request, name)
    if request.POST.get("step") == "sign":
        sign(name, actor=read.actor)
    else:
        publish(name, actor=read.actor)
    return redirect("edition", name=name)


def again(request: HttpRequest, name: str) -> HttpResponse:
    """Render the edition again and tell file by file whether the bytes are those frozen."""
    edition = _open(request, name)
    made = rerender(edition)
    context = {"title": _("Rendered again"), "edition": edition, "same": made.same.items(), "tools": made.tools.items(),
               "holds": made.holds, "tab": "editions"}  # fmt: skip
    return render(request, "clearland/edition_again.html", context)
