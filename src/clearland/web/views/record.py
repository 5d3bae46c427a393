"""One record: map left, facts right; then links, findings and the history of its entries."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import shapely
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clearland.dictionary.model import Dictionary, Kind
from clearland.ledger.opening import moment_of
from clearland.ledger.rows import record, sources
from clearland.ledger.trails import EntryView, history, links
from clearland.web import formats, labels
from clearland.web.access import Reading, reading
from clearland.web.history import steps
from clearland.web.people import actor_name
from clearland.web.programme import SYNTHETIC_PREFIX
from clearland.web.published_shown import lines
from clearland.web.shapes import measures, style_of
from clearland.web.views import identity


def detail(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The record as known on the date; 404 where it was not known or is not open to the reader."""
    read = reading(request)
    words = read.words
    version: Any = record(read.scope, record_id, read.known)
    if version is None or version.kind not in words.kinds:
        raise Http404
    kind = words.kind(version.kind)
    past = _known_entries(read, record_id)
    titles = source_titles(read, {step.source for step in past} | {version.source_sha})
    context = {
        "title": labels.title_of(read, kind, version),
        "version": version,
        "record_id": record_id,
        "kind": kind,
        "kind_label": labels.kind_label(kind),
        "facts": _facts(read, words, kind, version),
        "measures": measures(version.geometry),
        "links": _links(read, words, version, record_id),
        "steps": steps(read, words, kind, past),
        "actors": {step.actor: actor_name(step.actor) for step in past},
        "shape": _shape(version),
        "published": lines(read, _code(kind, version)) if version.kind == "place" else [],
        "identity": identity.section(read, record_id) if read.known is None else None,
        "source_title": titles.get(version.source_sha or "", ""),
        "source_titles": titles,
        "synthetic": version.local_id.startswith(SYNTHETIC_PREFIX),
        "strip_class": version.sensitivity,
    }
    return render(request, "clearland/record.html", context)


def _code(kind: Kind, version: Any) -> str:
    """What scopes and addresses call a place by."""
    return str(version.attributes.get(kind.key_field or "") or version.local_id)


def source_titles(read: Reading, shas: Iterable[str | None]) -> dict[str, str]:
    """SHA-256 → what a source is called, for those the reader may see."""
    found = sources(read.scope).filter(sha256__in=[sha for sha in shas if sha])
    return {source.sha256: source.title or source.filename for source in found}


def _known_entries(read: Reading, record_id: UUID) -> list[EntryView]:
    """The record's entries that were known on the date, oldest first."""
    moment = moment_of(read.known)
    return [entry for entry in history(read.scope, record_id) if moment is None or entry.known_at < moment]


def _facts(read: Reading, words: Dictionary, kind: Kind, version: Any) -> list[dict[str, str]]:
    """Every field that is said, and every mandatory one that is not."""
    made = []
    for field in labels.readable(read, kind):
        value = version.attributes.get(field.name)
        if value is None and field.obligation != "M":
            continue
        text = labels.value_text(read, words, field, value)
        made.append({"label": labels.field_label(field), "text": text, "definition": field.definition, "name": field.name})
    return made


def _links(read: Reading, words: Dictionary, version: Any, record_id: UUID) -> list[dict[str, Any]]:
    made = []
    for link in links(read.scope, record_id, read.known):
        kind = words.kinds.get(link.kind)
        role = labels.role_label(words, version.kind, link)
        made.append({"link": link, "role": role, "kind": labels.kind_label(kind) if kind else link.kind})
    return sorted(made, key=lambda row: (not row["link"].outgoing, row["kind"], row["link"].local_id))


def _shape(version: Any) -> dict[str, Any] | None:
    """The geometry as GeoJSON with what decides its symbol."""
    if version.geometry is None:
        return None
    geometry = shapely.to_geojson(version.geometry)
    return {"geometry": geometry, "style": style_of(version.kind, version.attributes), "lang": formats.language()}
