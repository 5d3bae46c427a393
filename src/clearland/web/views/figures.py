"""Figures: the list of all indicators in a scope, and the page of one figure with its whole lineage."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.dictionary.model import Dictionary
from clearland.figures.indicators import contributions, split_by
from clearland.figures.model import Figure, Scope
from clearland.ledger.rows import claims, of_entries
from clearland.web import claims_shown, figures_shown, labels
from clearland.web.access import Reading, reading, summed
from clearland.web.programme import about
from clearland.web.views import disagreements

LARGEST = 10
_SPLIT_ROWS = 40
_SHOWN_COLUMNS = ("digest", "entry", "amount", "place")


def listing(request: HttpRequest) -> HttpResponse:
    """Every indicator of the dictionary in the scope of the address."""
    read = reading(request)
    words = read.words
    scope = figures_shown.scope_of(request)
    found = figures_shown.computed(read, (), scope)
    unit = figures_shown.common_unit(found, about(read).area_unit)
    table = [
        {
            "code": figure.code,
            "title": figures_shown.title_of(words, figure.code),
            "definition": words.indicators[figure.code].definition,
            "shown": figures_shown.shown(read, words, figure, in_unit=unit),
        }
        for figure in found
    ]
    places = sorted(labels.named(read, "place").items(), key=lambda pair: pair[1])
    context = {"title": _("Figures"), "table": table, "scope": scope, "places": places}
    return render(request, "clearland/figures.html", context)


def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: value, scope, status, lineage and how it splits."""
    read = reading(request)
    words = read.words
    definition = figures_shown.definition(words, code)
    if definition is None:
        raise Http404
    scope = figures_shown.scope_of(request)
    if any(name not in scope.where for name in definition.requires):
        # A number for all members together would mix what must not be added: the reader chooses one of each first.
        return redirect(f"{reverse('figures_browse')}?{urlencode({'code': code, **scope.where})}")
    figure = figures_shown.computed(read, (code,), scope)[0]
    open_splits = [name for name in split_by(definition) if name not in scope.where and not (name == "place" and scope.place)]
    context = {
        "title": figures_shown.title_of(words, code),
        "figure": figure,
        "indicator": definition,
        "shown": figures_shown.shown(read, words, figure, in_unit=about(read).area_unit),
        "scope_rows": _scope_rows(read, words, definition.scope, scope),
        "largest": _largest(read, words, figure),
        "part_decimals": 2 if figure.unit == "m2" else None,
        "splits": [_split(read, words, figure, name) for name in open_splits],
        "places": sorted(labels.named(read, "place").items(), key=lambda pair: pair[1]),
        "published": disagreements.of_indicator(read, code) if definition.told_as else [],
    }
    return render(request, "clearland/figure.html", context)


def _scope_rows(read: Reading, words: Dictionary, own: Any, scope: Scope) -> list[tuple[str, str]]:
    """What the indicator always covers, then what was asked."""
    made = [
        (figures_shown.dimension_label(words, name).capitalize(), figures_shown.member_words(read, words, name, _text(value)))
        for name, value in own.items()
    ]
    made += [
        (figures_shown.dimension_label(words, name), figures_shown.member_words(read, words, name, value))
        for name, value in scope.where.items()
    ]
    if scope.place is not None:
        made.append((_("District"), figures_shown.member_words(read, words, "place", scope.place)))
    made.append((_("Period"), figures_shown.period_words(scope) or _("all that is dated or not")))
    return made


def _text(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)


def _largest(read: Reading, words: Dictionary, figure: Figure) -> list[dict[str, Any]]:
    """The ten largest contributors, each with its record or sentence where the reader may see it."""
    if figure.value is None:
        return []

    def look() -> list[dict[str, Any]]:
        found = contributions(read.snapshot, figure.code, figure.scope).slice(0, LARGEST)
        return found.select([name for name in _SHOWN_COLUMNS if name in found.column_names]).to_pylist()  # type: ignore[no-any-return]

    name = f"largest:{figure.code}:{figure.scope.query()}"
    top = summed(read, name, look)
    if figure.status == "claimed":
        return [_claim_row(read, words, row) for row in top]
    visible: Any = of_entries(read.scope, {row["entry"] for row in top}, as_known=read.known).defer("geometry")
    by_entry = {str(version.entry_uuid): version for version in visible}
    return [_record_row(read, words, row, by_entry.get(str(row["entry"]))) for row in top]


def _record_row(read: Reading, words: Dictionary, row: dict[str, Any], version: Any) -> dict[str, Any]:
    kind = words.kinds.get(version.kind) if version else None
    return {
        "amount": row["amount"],
        "place": labels.named(read, "place").get(row["place"], row["place"]),
        "version": version,
        "kind": labels.kind_label(kind) if kind else "",
        "digest": row["digest"],
    }


def _claim_row(read: Reading, words: Dictionary, row: dict[str, Any]) -> dict[str, Any]:
    found = claims(read.scope, ref=str(row.get("entry") or row["digest"])).first()
    line = claims_shown.claim_line(words, found.body) if found else ""
    return {"amount": row["amount"], "place": row["place"], "claim": found, "line": line, "digest": row["digest"]}


def _split(read: Reading, words: Dictionary, figure: Figure, name: str) -> dict[str, Any]:
    """The same figure by one dimension; the parts add up to it where each contribution has one member."""
    scope = replace(figure.scope, as_known=None)
    parts = figures_shown.computed(read, (figure.code,), scope, by=(name,))
    unit = figures_shown.common_unit([figure], about(read).area_unit)
    parts = sorted(parts, key=lambda part: -(part.value or 0))
    table = []
    for part in parts[:_SPLIT_ROWS]:
        member = (part.scope.place or "") if name == "place" else part.scope.where.get(name, "")
        label = figures_shown.member_words(read, words, name, member)
        table.append((label, figures_shown.shown(read, words, part, in_unit=unit)))
    return {
        "name": name,
        "label": figures_shown.dimension_label(words, name),
        "table": table,
        "more": max(0, len(parts) - _SPLIT_ROWS),
        "unit": unit if figure.unit == "m2" else figure.unit,
    }
