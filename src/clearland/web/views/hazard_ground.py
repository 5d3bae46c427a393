"""A hazard's ground: its derived status and why it is not closed, its pieces, and how they stood year by year.

Loaded after the record's page, from the newest finished count, so that the page itself waits for no sum.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clearland.figures.hazard_ground import PASSED, OwnGround, Part, YearEnd, own_ground
from clearland.figures.lifecycle import standings
from clearland.ledger.rows import record
from clearland.reports.theme import CLASS_COLOURS, PRODUCT_COLOURS
from clearland.web import formats, labels
from clearland.web.access import Reading, reading
from clearland.web.charts.bars import stacked
from clearland.web.charts.theme import draw
from clearland.web.programme import about

ORDER = ("remaining", *PRODUCT_COLOURS)


def ground_of(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The ground of one hazard; 404 where it is none, or not open to the reader."""
    read = reading(request)
    version: Any = record(read.scope, record_id, read.known)
    if version is None or version.kind != "hazard":
        raise Http404
    standing = standings(read.snapshot, str(record_id)).get(str(record_id))
    if standing is None:
        raise Http404
    unit = about(read).area_unit or "ha"
    ground = own_ground(read.snapshot, str(record_id))
    context = {
        "title": version.local_id, "record_id": record_id, "unit": unit,
        "status": labels.code_label(read.words, "hazard_status", standing.status),
        "reported": labels.code_label(read.words, "hazard_status", standing.reported) if standing.reported else "",
        "hindrances": standing.hindrances if ground else (),
        "drawn": ground is not None,
        "parts": _parts(read, ground, unit) if ground else [],
        "chart": _chart(read, record_id, version, ground.years, unit) if ground and ground.years else None,
        "strip_class": version.sensitivity,
    }  # fmt: skip
    page = "_hazard_ground.html" if getattr(request, "htmx", False) else "hazard_ground.html"
    return render(request, f"clearland/{page}", context)


def _states(read: Reading) -> dict[str, str]:
    named = {code: labels.code_label(read.words, "product_type", code) for code in PRODUCT_COLOURS}
    return {"remaining": _("remaining"), **named, PASSED: _("corrected or passed to another hazard")}


def _parts(read: Reading, ground: OwnGround, unit: str) -> list[dict[str, Any]]:
    """The parts with their products, of which only those open to the reader are named."""
    states = _states(read)
    made = []
    for part in ground.parts:
        product = record(read.scope, UUID(part.product), read.known) if part.product else None
        made.append({
            "state": states[part.state], "area": formats.area(part.area_m2, unit), "product": part.product if product else "",
            "local_id": part.local_id, "ended": part.ended if product else "",
            "by_redraw": part.product is None and part.state in PRODUCT_COLOURS, "covers": _covers(read, part, unit),
        })  # fmt: skip
    return made


def _covers(read: Reading, part: Part, unit: str) -> list[dict[str, str]]:
    """Other work on the part's ground that is open to the reader."""
    return [
        {"product": cover.product, "local_id": cover.local_id, "ended": cover.ended, "area": formats.area(cover.area_m2, unit)}
        for cover in part.covered_by if record(read.scope, UUID(cover.product), read.known)
    ]  # fmt: skip


def _chart(read: Reading, record_id: UUID, version: Any, years: tuple[YearEnd, ...], unit: str) -> SafeString:
    size = formats.unit_size(unit)
    states = _states(read)
    parts = [
        {"member": str(end.year), "part": state, "value": end.areas[state] / size, "href": f"{reverse('land')}?year={end.year}",
         "tip": f"{states[state]} {formats.area(end.areas[state], unit)} {end.year}"}
        for end in years for state in ORDER if end.areas.get(state)
    ]  # fmt: skip
    title = f"{_('Its ground through time')} ({formats.unit_sign(unit)})"
    colours = {"remaining": CLASS_COLOURS.get(version.attributes.get("area_type"), CLASS_COLOURS["SHA"]), **PRODUCT_COLOURS}
    spec = stacked(parts, title=title, order=ORDER, colours=colours, labels=states, upright=True, width=560)
    return draw(read, f"ground:{record_id}:{unit}", spec, title)
