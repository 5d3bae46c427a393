"""Who a person is, on the page of a record: sealed; opened for a reason by an administrator; entered field by field."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from clearland.core.errors import ClearlandError
from clearland.ledger.rows import record, rows, sources
from clearland.ledger.sealing_keys import needed_key
from clearland.web import labels
from clearland.web.access import Reading, reading
from clearland.web.people import actor_name
from clearland.work import identities

_PAGE = 100
_LONGEST_NUMBER = 6
FIELD = "sealed-"  # before the names of sealed fields in a form: they are told from the others there


def section(read: Reading, record_id: UUID) -> dict[str, Any] | None:
    """What the page of a record says of its sealed fields; None for a record that has none. Nothing is opened."""
    found = identities.sealed_fields(read.scope, record_id)
    if not found.fields:
        return None
    words = {each.name: labels.field_label(each) for each in found.fields}
    return {
        "held": [words[name] for name in found.held],
        "gone": [words[name] for name in found.gone],
        "inputs": [{"name": f"{FIELD}{each.name}", "label": words[each.name], "help": each.definition} for each in found.fields],
        "no_key": _key_missing(),
        "may_open": read.actor is not None and read.actor.is_admin and bool(found.held),
        "may_redact": read.actor is not None and read.actor.is_admin and bool(found.held),
        "held_inputs": [{"name": name, "label": words[name]} for name in found.held],
        "may_enter": read.actor is not None and not read.actor.is_system,
        "accesses": [_shown(read, each, words) for each in identities.accesses(read.scope, record_id)],
    }  # fmt: skip


def _shown(read: Reading, each: identities.Access, words: Mapping[str, str]) -> dict[str, Any]:
    """One deed, in words."""
    return {
        "about": each.about, "actor": actor_name(each.actor), "moment": each.moment,
        "deed": labels.code_label(read.words, "sealed_deed", each.deed),
        "fields": ", ".join(words.get(name, name) for name in each.fields), "reason": each.reason,
    }  # fmt: skip


@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """Every opening, refusal and redaction in the programme, newest first."""
    read = reading(request)
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < _LONGEST_NUMBER else 1
    words = {each.name: labels.field_label(each) for kind in read.words.kinds.values() for each in kind.fields}
    found = identities.accesses(read.scope, first=(number - 1) * _PAGE, most=_PAGE + 1)
    table = [_shown(read, each, words) for each in found[:_PAGE]]
    called = _called(read, [each["about"] for each in table])
    for each in table:
        each["called"], each["address"] = called.get(each["about"], (each["about"].removeprefix("source:")[:12], ""))
    context = {
        "title": _("Accesses to identities"), "table": table, "page": number, "more": len(found) > _PAGE,
        "strip_class": "restricted",
    }  # fmt: skip
    return render(request, "clearland/identities.html", context)


def _called(read: Reading, about: list[str]) -> dict[str, tuple[str, str]]:
    """What a deed is about -> how that is called here, and its page."""
    ids = {UUID(each) for each in about if not each.startswith("source:")}
    found: dict[str, tuple[str, str]] = {}
    for record_id, local_id in rows(read.scope).filter(record__id__in=ids).values_list("record__id", "local_id"):
        found[str(record_id)] = (local_id, reverse("record", args=[record_id]))
    kept = [each.removeprefix("source:") for each in about if each.startswith("source:")]
    for sha256, filename in sources(read.scope).filter(sha256__in=kept).values_list("sha256", "filename"):
        found[f"source:{sha256}"] = (filename, reverse("source", args=[sha256]))
    return found


def _key_missing() -> str:
    """Why nothing can be sealed or opened here; empty where it can."""
    try:
        needed_key()
    except ClearlandError as error:
        return f"{error.sentence} {error.remedy}"
    return ""


@never_cache
@require_POST
def open_identity(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The values, on a page that no browser keeps. Who asked, when and why stands in the ledger."""
    read = reading(request)
    version: Any = record(read.scope, record_id)
    if version is None:
        raise Http404
    opened = identities.identity(read.actor, record_id, request.POST.get("reason", ""))
    kind = read.words.kind(version.kind)
    facts = [
        {"label": labels.field_label(field), "text": labels.value_text(read, read.words, field, opened[field.name])}
        for field in kind.fields
        if field.name in opened
    ]
    context = {
        "title": _("Identity of %s") % version.local_id, "record_id": record_id, "local_id": version.local_id, "facts": facts,
        "strip_class": "sealed",
    }  # fmt: skip
    return render(request, "clearland/identity.html", context)


@require_POST
def redact_identity(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Delete the values of chosen fields for ever; who did, when and why stays."""
    read = reading(request)
    identities.redact(read.actor, record_id, request.POST.getlist("field"), request.POST.get("reason", ""))
    return redirect("record", record_id=record_id)


@sensitive_post_parameters()
@require_POST
def enter_identity(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Seal what was typed; fields left empty stay as they are."""
    read = reading(request)
    given = {name.removeprefix(FIELD): request.POST.get(name, "") for name in request.POST if name.startswith(FIELD)}
    identities.enter(read.actor, record_id, given, request.POST.get("reason", ""))
    return redirect("record", record_id=record_id)
