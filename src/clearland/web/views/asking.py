"""Ask for a number: the figures that fit a question, what each counts, what was said before, and the way between two numbers."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.claims.bounds import base_value
from clearland.claims.comparison import bare, is_number
from clearland.claims.model import Claim
from clearland.claims.periods import interval
from clearland.core.units import AREA_M2
from clearland.figures.asking import Asked, understood
from clearland.figures.bridge import Step, bridge
from clearland.figures.disagreements import claims_of
from clearland.figures.model import Figure, Scope
from clearland.web import claims_shown, figures_shown, formats, labels
from clearland.web.access import Reading, known_sources, reading, summed
from clearland.web.charts.bars import waterfall
from clearland.web.charts.theme import draw
from clearland.web.figure_browser import members, required
from clearland.web.programme import about
from clearland.web.views import disagreements

_RELEASED = "release."
_MOST_CLAIMS = 40
_MOST_PUBLISHED = 8
_NARROW = "AP"


def page(request: HttpRequest) -> HttpResponse:
    """`?q=` in words; `from`, `to` and `place` overrule what was read from them."""
    read = reading(request)
    asked_in_words = request.GET.get("q", "").strip()
    places = labels.named(read, "place")
    asked = understood(asked_in_words, read.words.indicators, places) if asked_in_words else Asked(candidates=(), scope=Scope())
    scope = _overruled(request, asked.scope)
    claims = _area_claims(read)
    context = {
        "title": _("Ask for a number"), "q": asked_in_words, "scope": scope,
        "places": sorted(places.items(), key=lambda pair: pair[1]),
        "answers": [_answer(read, indicator.code, scope) for indicator in asked.candidates],
        "claims": claims if any(one.unit == "m2" for one in asked.candidates) or not asked_in_words else [],
    }  # fmt: skip
    return render(request, "clearland/ask.html", context)


def _overruled(request: HttpRequest, said: Scope) -> Scope:
    given = Scope.parse("&".join(f"{name}={request.GET[name]}" for name in ("from", "to", "place") if request.GET.get(name)))
    return replace(
        said, period_from=given.period_from or said.period_from, period_to=given.period_to or said.period_to,
        place=given.place or said.place,
    )  # fmt: skip


def _answer(read: Reading, code: str, scope: Scope) -> dict[str, Any]:
    indicator = read.words.indicators[code]
    chosen = replace(scope, where=required(read, indicator, {}))
    complete = all(name in chosen.where for name in indicator.requires)
    found = figures_shown.computed(read, (code,), chosen) if complete else []
    unit = about(read).area_unit if indicator.unit == "m2" else ""
    return {
        "code": code, "title": figures_shown.title_of(read.words, code), "definition": indicator.definition,
        "covers": [figures_shown.member_words(read, read.words, name, str(value)) for name, value in indicator.scope.items()],
        "figures": [figures_shown.shown(read, read.words, figure, in_unit=unit) for figure in found],
        "published": disagreements.of_indicator(read, code)[:_MOST_PUBLISHED] if indicator.told_as else [],
        "browse": f"{reverse('figures_browse')}?code={code}",
    }  # fmt: skip


def _area_claims(read: Reading) -> list[dict[str, Any]]:
    """Published areas of release, each of which a bridge can lead to; those in sources that are open to the reader."""
    every = summed(read, "released-claims", lambda: [
        (str(row["ref"]), claim, str(row["source"])) for claim, row in claims_of(read.snapshot)
        if claim.attribute.startswith(_RELEASED) and is_number(claim) and claim.unit in AREA_M2 and row["judgement"] != "rejected"
    ])  # fmt: skip
    visible = {source.sha256: source for source in known_sources(read)}
    told = []
    for ref, claim, sha in every:
        if sha not in visible:
            continue
        body = claim.as_json()
        told.append({
            "ref": ref, "value": claims_shown.value_words(body), "claimant": claim.claimant,
            "attribute": claims_shown.attribute_label(read.words, claim.attribute), "scope": claims_shown.scope_words(body),
            "period": claims_shown.period_words(body), "source": visible[sha], "m2": base_value(claim), "claim": claim,
        })
    return sorted(told, key=lambda one: -one["m2"])[:_MOST_CLAIMS]


def between(request: HttpRequest, ref: str) -> HttpResponse:
    """The bridge from one agency's cleared ground of one type to a published area: `?device=&operator=`."""
    read = reading(request)
    claims = _area_claims(read)
    found = next((one for one in claims if one["ref"] == ref), None)
    if found is None:
        raise Http404
    narrower = [one for one in claims if one["m2"] < found["m2"] and _alike(one["claim"], found["claim"])]
    start = next((one for one in narrower if one["ref"] == request.GET.get("start")), None)
    lr3 = read.words.indicators["LR-3"]
    devices, operators = members(read, lr3, "device"), [name for name in members(read, lr3, "operator") if name]
    device = request.GET.get("device", _NARROW if _NARROW in devices else "")
    operator = request.GET.get("operator", operators[0] if operators else "")
    scope = _scope_of(read, found["claim"])
    name = f"bridge:{ref}:{device}:{operator}:{start['ref'] if start else ''}"
    steps = summed(read, name, lambda: bridge(
        read.snapshot, found["m2"], scope=scope, device=device, operator=operator, start_m2=start["m2"] if start else None
    ))  # fmt: skip
    unit = formats.area_unit([found["m2"]])
    rows = [_step(read, step, unit, device, operator) for step in steps]
    if start:
        rows[0]["label"] = " · ".join(part for part in (start["value"], start["claimant"], start["scope"]) if part)
    spec = waterfall(_bars(steps, rows, unit), title=_("From our figure to the published one, %s") % formats.unit_sign(unit))
    context = {
        "title": _("From one number to the other"), "found": found, "narrower": narrower, "start": start,
        "rows": rows, "unit": unit, "device": device,
        "operator": operator, "period": figures_shown.period_words(scope) or _("all that is dated or not"),
        "devices": [(one, figures_shown.member_words(read, read.words, "device", one)) for one in devices],
        "operators": [(one, figures_shown.member_words(read, read.words, "operator", one)) for one in operators],
        "chart": draw(read, f"{name}:{unit}", spec, _("From our figure to the published one")),
    }  # fmt: skip
    return render(request, "clearland/bridge.html", context)


def _alike(one: Claim, other: Claim) -> bool:
    """Whether two claims tell of one country and of periods that touch."""
    days, others = interval(one.period), interval(other.period)
    return bare(one.subject) == bare(other.subject) and days is not None and others is not None and (
        days[0] <= others[1] and others[0] <= days[1]
    )  # fmt: skip


def _scope_of(read: Reading, claim: Claim) -> Scope:
    """The claim's own period and country; the whole programme where the country is no place of its own here."""
    names = labels.named(read, "place").items()
    country = next((code for code, name in names if bare(name.split(" (")[0]) == bare(claim.subject)), None)
    days = interval(claim.period)
    if days is None:
        return Scope(place=country)
    opened, ended = days[0], days[1]
    as_of = (claim.period or "").startswith("as-of")
    return Scope(
        period_from=None if as_of or opened.year <= 1 else opened, period_to=None if ended.year >= 9999 else ended,
        place=country,
    )  # fmt: skip


def _step(read: Reading, step: Step, unit: str, device: str, operator: str) -> dict[str, Any]:
    who = figures_shown.member_words(read, read.words, "operator", operator) if operator else _("all organisations")
    what = figures_shown.member_words(read, read.words, "device", device) if device else _("all types")
    labels_of = {
        "narrow": _("cleared: %(what)s, %(who)s") % {"what": what, "who": who}, "other_types": _("other types"),
        "other_actors": _("other organisations"), "reduced": _("reduced"), "cancelled": _("cancelled"),
        "outside": _("outside recorded hazards"), "reported_only": _("reported, no outline"),
        "unexplained": _("not explained"), "published": _("published"),
    }  # fmt: skip
    figure: Figure | None = step.figure
    return {
        "name": step.name, "label": labels_of[step.name], "m2": step.m2, "text": formats.area(step.m2, unit),
        "href": figures_shown.figure_href(figure.code, figure.scope) if figure else "",
    }  # fmt: skip


def _bars(steps: list[Step], rows: list[dict[str, Any]], unit: str) -> list[dict[str, Any]]:
    size, height, bars = formats.unit_size(unit), 0.0, []
    for step, row in zip(steps, rows, strict=True):
        level = step.name in ("narrow", "published")
        start = 0.0 if level else height
        end = step.m2 if level else height + step.m2
        kind = "level" if level else "more" if step.m2 >= 0 else "less"
        bars.append({"label": row["label"], "start": start / size, "end": end / size, "kind": kind, "text": row["text"],
                     "href": row["href"] or reverse("figures_ask")})  # fmt: skip
        height = end
    return bars
