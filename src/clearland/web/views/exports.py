"""A list taken away as a file: the same filters, sorting and scope as on the screen, and a line that says what it is."""

from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from clearland.dictionary.model import Kind
from clearland.ledger.rows import rows
from clearland.web import formats, labels, list_export
from clearland.web.access import Reading, reading
from clearland.web.programme import about
from clearland.web.views.records import NOT_FILTERS, filtered, in_order, widest

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: HttpRequest, kind: str, form: str) -> HttpResponseBase:
    """The whole list of a kind, as filtered and sorted in the address, as `csv` (streamed) or `xlsx`."""
    read = reading(request)
    words = read.words
    if kind not in words.kinds or not words.kinds[kind].layer or form not in {"csv", "xlsx"}:
        raise Http404
    model = words.kind(kind)
    chosen = filtered(read, rows(read.scope, kind, as_known=read.known, unverified=True), model, request)
    notes = _notes(request, read, model, chosen)
    found = in_order(chosen, request).defer("geometry").iterator(chunk_size=list_export.CHUNK_ROWS)
    heads, cells = list_export.head(read, model), list_export.cells(read, words, model, found)
    name = f"{kind}-{read.known or date.today()}.{form}"  # noqa: DTZ011  # a file's name, not a date of record
    if form == "csv":
        answer = StreamingHttpResponse(list_export.as_csv(notes, heads, cells), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    book = list_export.as_xlsx(notes, heads, cells, chosen.count())
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


def _notes(request: HttpRequest, read: Reading, model: Kind, chosen: Any) -> list[str]:
    """What the file is: kind, programme, filters, class, date of knowledge, head."""
    facts = about(read)
    chosen_values = [f"{name}={value}" for name, value in sorted(request.GET.items()) if value and name not in NOT_FILTERS]
    classes = [*chosen.order_by().values_list("sensitivity", flat=True).distinct()]
    classes += [field.sensitivity for field in labels.readable(read, model)] if classes else []
    known = formats.day(read.known or date.today())  # noqa: DTZ011  # today is what the reader's page says too
    return [
        labels.kind_label(model, many=True), facts.name, *(["SYNTHETIC"] if facts.synthetic else []),
        _("filtered: %s") % ", ".join(chosen_values) if chosen_values else _("all records"),
        widest(classes).upper() or _("no records"), _("As known on %s – not for field use") % known,
        f"{_('ledger head')} {read.head[:12]}",
    ]  # fmt: skip
