"""Records of one kind: one line a row, the filter in the address, sorted, counted, walked with j, k and enter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clearland.dictionary.model import Dictionary, Field, Kind
from clearland.ledger.rows import rows
from clearland.ledger.search import holding_words
from clearland.ledger.tally import covers, fitting
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, recalled, remembered
from clearland.web.kept import MISSING, Kept
from clearland.web.kinds_shown import themes
from clearland.web.record_rows import is_number, joined, rendered
from clearland.web.sums import programme_key

PAGE = 50
_SORTS = {"id": "local_id", "date": "valid_from", "place": "place", "organisation": "organisation", "known": "known_from"}
_FILTERED_CODES = 3
NOT_FILTERS = frozenset({"page", "sort", "known"})
_fitting = Kept(500)


@dataclass(frozen=True)
class Filter:
    """One select above the list: parameter name, label, the value in the address and the choices."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]]


def first_kind(request: HttpRequest) -> HttpResponse:
    """The list most people came for."""
    return redirect("record_list", kind="hazard")


def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """One page of the list; HTMX asks for the table alone."""
    read = reading(request)
    words = read.words
    if kind not in words.kinds or not words.kinds[kind].layer:
        raise Http404
    model = words.kind(kind)
    chosen = filtered(read, rows(read.scope, kind, as_known=read.known, unverified=True, bare=True), model, request)
    count = _count(read, model, chosen, request)
    number = max(1, min(_page_number(request), -(-count // PAGE) or 1))
    columns = _columns(read, model)
    page = rendered(read, model, columns, _page(in_order(chosen, request), number, count))
    context = {
        "title": labels.kind_label(model, many=True),
        "kind": model,
        "themes": (tabs := themes(read, kind)),
        "theme": next((each for each in tabs if each.here), None),
        "filters": _filters(read, words, model, request),
        "q": request.GET.get("q", ""),
        "from": request.GET.get("from", ""),
        "to": request.GET.get("to", ""),
        "count": count,
        "columns": [(field.name, labels.field_label(field), is_number(field)) for field in columns],
        "sort": request.GET.get("sort", "id"),
        "table": joined(page),
        "number": number,
        "previous": number - 1 if number > 1 else None,
        "following": number + 1 if number * PAGE < count else None,
        "pages": -(-count // PAGE),
        "strip_class": widest(row.sensitivity for row in page),
        "filtered": any(value for key, value in request.GET.items() if key not in NOT_FILTERS),
    }
    template = "clearland/_record_table.html" if getattr(request, "htmx", False) else "clearland/record_list.html"
    return render(request, template, context)


def _count(read: Reading, model: Kind, chosen: QuerySet[Any], request: HttpRequest) -> int:
    """How many records fit. Today it is known without looking at all of them again after every write."""
    asked = _filter_key(request)
    if read.known is not None or not covers(read.scope) or request.GET.get("q"):
        return remembered(read, f"count:{model.name}:{asked}", chosen.count, kinds=(model.name,))
    if not asked:
        return read.tally.records(read.scope, unverified=True).get(model.name, 0)
    key = (programme_key(), model.name, asked, read.scope.classes, read.scope.kinds, read.words.version)
    held = _fitting.get(key)
    found = fitting(
        read.scope, model.name, lambda some: filtered(read, some, model, request), None if held is MISSING else held, read.tally
    )
    _fitting.put(key, found)
    return found.count


def _page(chosen: QuerySet[Any], number: int, count: int) -> list[tuple[int, int]]:
    """Version and entry of each row of one page, read from the nearer end."""
    start, stop = (number - 1) * PAGE, min(number * PAGE, count)
    keys = chosen.values_list("id", "entry_id")
    if start <= count // 2:
        return list(keys[start:stop])
    return list(keys.reverse()[count - stop : count - start])[::-1]


def widest(classes: Any) -> str:
    """The strictest sensitivity class among what is on screen."""
    order = ("public", "partner", "programme", "restricted", "sealed")
    return max(classes, key=order.index, default="")


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def _filter_key(request: HttpRequest) -> str:
    return "&".join(f"{k}={v}" for k, v in sorted(request.GET.items()) if v and k not in NOT_FILTERS)


def _coded(read: Reading, model: Kind) -> list[Field]:
    """The code fields a list can be filtered by: mandatory ones first."""
    fields = [each for each in labels.readable(read, model) if each.type in {"code", "codes"} and each.code_list]
    return sorted(fields, key=lambda field: field.obligation != "M")[:_FILTERED_CODES]


def filtered(read: Reading, found: QuerySet[Any], model: Kind, request: HttpRequest) -> QuerySet[Any]:
    """The rows that fit the filters of the address."""
    get = request.GET
    if place := get.get("place"):
        found = found.filter(place=place)
    if organisation := get.get("organisation"):
        found = found.filter(organisation=organisation)
    if (first := get.get("from", "")) and _is_day(first):
        found = found.filter(valid_from__gte=first)
    if (last := get.get("to", "")) and _is_day(last):
        found = found.filter(valid_from__lte=last)
    for field in _coded(read, model):
        if value := get.get(field.name):
            key = f"key_{field.name}"
            found = found.alias(**{key: _text_of(field.name)})
            found = found.filter(**({f"{key}__contains": f'"{value}"'} if field.type == "codes" else {key: value}))
    if text := get.get("q", "").strip():
        found = holding_words(found, read.scope, text)
    return found


def _text_of(name: str) -> Cast:
    """An attribute as text; the cast keeps Django from comparing it as JSON."""
    return Cast(KT(f"attributes__{name}"), TextField())


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def in_order(found: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The rows in the order of the address."""
    asked = request.GET.get("sort", "id")
    column = _SORTS.get(asked.lstrip("-"), "local_id")
    sign = "-" if asked.startswith("-") else ""
    # Equals stand in the order in which they were recorded, or against it: a tie-break that an index has without sorting.
    return found.order_by(f"{sign}{column}", f"{sign}id")


def _columns(read: Reading, model: Kind) -> list[Field]:
    """What stands in the row beside id, title, place, organisation and date: codes first, then one quantity."""
    own = {model.title_field, model.place_field, model.organisation_field, model.valid_from_field}
    codes = [field for field in _coded(read, model) if field.name not in own][:2]
    numbers = [field for field in labels.readable(read, model) if is_number(field) and field.name not in own]
    return codes + sorted(numbers, key=lambda field: (field.unit != "m2", field.obligation != "M"))[:1]


def _filters(read: Reading, words: Dictionary, model: Kind, request: HttpRequest) -> list[Filter]:
    choices = recalled(
        read, f"filters:{model.name}:{formats.language()}:{words.version}", lambda: _choices(read, words, model)
    )
    return [Filter(name, label, request.GET.get(name, ""), offered) for name, label, offered in choices]


def _choices(read: Reading, words: Dictionary, model: Kind) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, label and choices of each filter; they may be a minute late."""
    made = []
    for column, kind, label in (("place", "place", _("District")), ("organisation", "organisation", _("Organisation"))):
        present = _present(read, model.name, column)
        names = labels.named(read, kind)
        choices = sorted(((value, names.get(value, value)) for value in present), key=lambda pair: pair[1])
        if choices:
            made.append((column, label, choices))
    for field in _coded(read, model):
        choices = [(code.code, labels.code_label(words, field.code_list, code.code)) for code in words.codes_of(field)]
        made.append((field.name, labels.field_label(field), choices))
    return made


def _present(read: Reading, kind: str, column: str) -> list[str]:
    """The values that occur in a column of the kind, as known."""
    found = rows(read.scope, kind, as_known=read.known, bare=True).order_by().values_list(column, flat=True).distinct()
    return sorted(filter(None, found))
