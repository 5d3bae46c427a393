"""Bringing a table in: hand in a file, see which column is which field, look at the first rows, save the mapping, add."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.dictionary.model import Kind
from clearland.intake.mapping import parse_mappings
from clearland.intake.plan import Plan
from clearland.intake.tables import Table
from clearland.web import labels
from clearland.web.access import Reading, reading
from clearland.work import wizard

_SHOWN_ROWS, _SHOWN_CELLS, _SHOWN_FINDINGS = 8, 3, 40
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponseBase:
    """The wizard. Every step is a form that holds the whole state, so that going back is going back."""
    read = reading(request)
    context: dict[str, Any] = {"title": _("Bring a table in"), "kinds": _kinds(read), "mappings": wizard.saved_mappings()}
    if request.method == "POST":
        try:
            answer = _step(request, read, context)
        except ClearlandError as error:
            context["error"] = error
            context["findings"] = list(error.findings)[:_SHOWN_FINDINGS] if isinstance(error, RefusedInput) else []
        else:
            if answer is not None:
                return answer
    return render(request, "clearland/bring.html", context, status=400 if "error" in context else 200)


def _kinds(read: Reading) -> list[tuple[str, str]]:
    return sorted(((kind.name, labels.kind_label(kind, many=True)) for kind in read.words.layers()), key=lambda pair: pair[1])


def _step(request: HttpRequest, read: Reading, context: dict[str, Any]) -> HttpResponseBase | None:
    """Do what was asked and fill the context; an answer of its own for downloads."""
    read.scope  # noqa: B018 -- refuses nobody in particular
    given, file = request.POST, request.FILES.get("file")
    if file is not None:
        upload = wizard.keep(file.read(), file.name or "table", read.actor)
        text = wizard.proposed(upload, given.get("kind") or None)
    else:
        upload = wizard.kept(given.get("token", ""), read.actor)
        text = given.get("mapping", "").replace("\r\n", "\n")
    context.update(token=upload.token, file=upload.path.name, mapping=text)
    table = _table(upload, text)
    kind = read.words.kind(parse_mappings(text, wizard.MAPPING_FILE)[0].kind)
    text = wizard.changed(text, kind, _choices(given, table), given.get("local_id", ""))
    context.update(mapping=text, kind=kind, kind_label=labels.kind_label(kind), columns=_columns(read, kind, table, text))
    context["local_id"] = parse_mappings(text, wizard.MAPPING_FILE)[0].local_id or ""
    context["fields"] = [(each.name, labels.field_label(each)) for each in labels.readable(read, kind)]
    return _action(given.get("action", "look"), given.get("name", ""), upload, read, context)


def _action(action: str, name: str, upload: wizard.Upload, read: Reading, context: dict[str, Any]) -> HttpResponseBase | None:
    text = context["mapping"]
    if action == "download":
        answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{context["kind"].name}.yaml"'
        return answer
    if action == "marked":
        with TemporaryDirectory() as folder:
            marked = Path(folder) / "marked.xlsx"
            wizard.look(upload, text, actor=read.actor, marked=marked)
            # Open still, the file outlives its name and folder.
            return FileResponse(
                marked.open("rb"), as_attachment=True, filename=f"{upload.path.stem}-marked.xlsx", content_type=_XLSX
            )
    if action == "save":
        context["saved"] = wizard.save_mapping(text, name or context["kind"].name).name
    if action == "add":
        context["added"] = wizard.bring(upload, text, actor=read.actor)
        return None
    plan = wizard.look(upload, text, actor=read.actor)
    context.update(plan=plan, rows=_rows(read, context["kind"], plan), findings=plan.findings[:_SHOWN_FINDINGS])
    return None


def _table(upload: wizard.Upload, text: str) -> Table:
    tables = wizard.tables_of(upload)
    sheet = parse_mappings(text, wizard.MAPPING_FILE)[0].sheet
    return next((table for table in tables if table.sheet == sheet), max(tables, key=len))


def _choices(given: Mapping[str, str], table: Table) -> dict[str, tuple[str, str]]:
    """Column -> the field it had and the field the person chose; empty while nothing was chosen yet."""
    return {
        column: (given.get(f"was-{number}", ""), given[f"column-{number}"])
        for number, column in enumerate(table.columns)
        if f"column-{number}" in given
    }


def _columns(read: Reading, kind: Kind, table: Table, text: str) -> list[dict[str, Any]]:
    """Each column with its first values and the field it is read as."""
    chosen = wizard.field_of_columns(text)
    return [
        {
            "number": number, "name": column, "field": chosen.get(column, ""),
            "values": [str(cell) for cell in table.cells[column] if cell is not None][:_SHOWN_CELLS],
        }
        for number, column in enumerate(table.columns)
    ]  # fmt: skip


def _rows(read: Reading, kind: Kind, plan: Plan) -> list[dict[str, Any]]:
    """The first rows as records, each with what is wrong with it."""
    drafts = {draft.origin: draft for draft in plan.drafts[:_SHOWN_ROWS]}  # the first rows are those of the first drafts
    shown = []
    for row in plan.rows[:_SHOWN_ROWS]:
        draft = drafts.get(f"{row.place.sheet or ''}!{row.place.row}")
        attributes = draft.attributes if draft else {}
        said = [
            (labels.field_label(each), labels.value_text(read, read.words, each, attributes[each.name]))
            for each in labels.readable(read, kind)
            if each.name in attributes
        ]
        wrong = [
            finding for finding in plan.findings if finding.place.row == row.place.row and finding.place.sheet == row.place.sheet
        ]
        shape = draft.geometry.geom_type if draft is not None and draft.geometry is not None else ""
        shown.append({"row": row, "said": said, "wrong": wrong, "shape": shape})
    return shown
