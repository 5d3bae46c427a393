"""Versions of one record that were written apart: both shown, with their outlines on one map; a person lets one stand."""

from typing import Any
from uuid import UUID

import shapely
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Kind
from clearland.ledger.trails import EntryView
from clearland.web import labels
from clearland.web.access import Reading, reading
from clearland.web.people import actor_name
from clearland.web.shapes import measures
from clearland.web.views.records import widest
from clearland.work import conflicts

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def listing(request: HttpRequest) -> HttpResponse:
    """Every open conflict within the reader's scope."""
    read = reading(request)
    found = conflicts.open_conflicts(read.scope, read.known)
    rows = [
        {"conflict": each, "kind": labels.kind_label(read.words.kind(each.latest.kind)), "count": len(each.versions)}
        for each in found
    ]
    context = {"title": _("Conflicts"), "rows": rows, "strip_class": widest(each.latest.sensitivity for each in found)}
    return render(request, "clearland/conflicts.html", context)


def detail(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The versions side by side; what differs is marked."""
    read = reading(request)
    conflict = conflicts.open_conflict(read.scope, record_id)
    kind = read.words.kind(conflict.latest.kind)
    entries = [*conflict.versions, *([conflict.standing] if conflict.standing not in (None, *conflict.versions) else [])]
    versions = [_version(number, entry, conflict.standing) for number, entry in enumerate(entries) if entry is not None]
    context = {
        "title": _("Versions of %s") % conflict.latest.local_id,
        "record_id": record_id,
        "kind": kind,
        "kind_label": labels.kind_label(kind),
        "versions": versions,
        "facts": _facts(read, kind, [version["entry"] for version in versions]),
        "shapes": [{"letter": each["letter"], "geometry": each["geojson"]} for each in versions if each["geojson"]],
        "may_decide": read.known is None,
        "strip_class": conflict.latest.sensitivity,
    }
    return render(request, "clearland/conflict.html", context)


def _version(number: int, entry: EntryView, standing: EntryView | None) -> dict[str, Any]:
    return {
        "letter": LETTERS[number % len(LETTERS)], "entry": entry, "actor": actor_name(entry.actor), "stands": entry == standing,
        "geojson": shapely.to_geojson(entry.geometry) if entry.geometry is not None else "", "measures": measures(entry.geometry),
    }  # fmt: skip


def _facts(read: Reading, kind: Kind, entries: list[EntryView]) -> list[dict[str, Any]]:
    """One row per field that any version says, with the text of each; `differs` where they do not agree."""
    rows = []
    for field in labels.readable(read, kind):
        if field.is_link:
            values: list[Any] = [entry.links.get(field.name) for entry in entries]
            texts = [_("%s links") % len(value) if value else "" for value in values]
        else:
            values = [entry.attributes.get(field.name) for entry in entries]
            texts = [labels.value_text(read, read.words, field, value) if value is not None else "" for value in values]
        if any(value is not None for value in values):
            rows.append(
                {"label": labels.field_label(field), "texts": texts, "differs": any(value != values[0] for value in values)}
            )
    states = [entry.state for entry in entries]
    rows.append({"label": _("State"), "texts": states, "differs": len(set(states)) > 1, "is_state": True})
    return sorted(rows, key=lambda row: not row["differs"])


@require_POST
def decide(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Let one version stand, with a reason; the decision is an entry like any other."""
    read = reading(request)
    try:
        chosen = UUID(request.POST.get("version", ""))
    except ValueError as error:
        raise RefusedInput("E-CONFLICT-CHOICE", _("No version was chosen."), remedy=_("Choose one that is shown.")) from error
    conflicts.decide(record_id, chosen, request.POST.get("reason", ""), actor=read.actor)
    return redirect("record", record_id=record_id)
