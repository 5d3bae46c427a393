"""Moving from IMSMA: an export looked at and brought in; then both sides counted beside each other, each difference with its
cause, its records and its explanation.

It is for those who may read restricted records. A database is moved at the command line, where it can be reached.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.core.errors import ClearlandError, RefusedInput
from clearland.figures.parity import Line, Row
from clearland.intake.imsma.reading import hand_path
from clearland.intake.imsma.rules import load_rules
from clearland.web import formats, labels
from clearland.web.access import Reading, reading, remembered
from clearland.web.people import actor_name
from clearland.web.programme import about
from clearland.work import wizard
from clearland.work.moving import move
from clearland.work.moving_plan import SERIES, MoveOptions, plan_move
from clearland.work.parity import FACETS, Explained, ParityReport, explain, report, series_of_moves
from clearland.work.parity_sheet import write_parity

RESTRICTED = "restricted"
SHOWN_LINES = 50
DIMENSIONS = {
    "all": gettext_lazy("all"), "status": gettext_lazy("Status"), "type": gettext_lazy("Type"),
    "district": gettext_lazy("District"), "year": gettext_lazy("Year"),
}  # fmt: skip
CAUSES = {
    "not_here": gettext_lazy("Refused by a rule and left behind"),
    "waits": gettext_lazy("Waits here for a person to approve it or settle its outline"),
    "draft": gettext_lazy("Work that goes on: a draft here until it is done"),
    "no_kind": gettext_lazy("Of a type that becomes no kind of record"),
    "only_here": gettext_lazy("No longer in IMSMA"),
    "changed_here": gettext_lazy("Changed by a person here since"),
    "word": gettext_lazy("A word that is no code here"),
    "read_otherwise": gettext_lazy("Not what IMSMA says today: move again"),
    "outline": gettext_lazy("The drawn outline measures another size than was typed in"),
    "overlap": gettext_lazy("Ground under two records counts once"),
    "duplicate": gettext_lazy("The same ground as another record: perhaps entered twice"),
    "link_nowhere": gettext_lazy("A link to an item that is not there"),
    "link_no_role": gettext_lazy("A link that no field holds"),
    "table_not_moved": gettext_lazy("A table that is not moved"),
    "withheld": gettext_lazy("Left out, since it tells or may tell who a person is"),
}  # fmt: skip
NO_KIND = {
    "hazard": gettext_lazy("Items of IMSMA: land"), "hazreduc": gettext_lazy("Items of IMSMA: activities"),
    "link": gettext_lazy("Links"), "table": gettext_lazy("Tables"),
}  # fmt: skip


def page(request: HttpRequest) -> HttpResponse:
    """The parity of one series (`?series=`) as it is today, and the way in for an export."""
    return _page(request, {})


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Look at an export that was handed in, or move it: the token names what was looked at before."""
    read = reading(request)
    read.refuse_past()
    if RESTRICTED not in read.scope.classes:
        raise Http404
    context: dict[str, Any] = {}
    try:
        _bring(request, read, context)
    except ClearlandError as error:
        context["error"] = error
        context["findings"] = list(error.findings)[:SHOWN_LINES] if isinstance(error, RefusedInput) else []
    return _page(request, context)


def _bring(request: HttpRequest, read: Reading, context: dict[str, Any]) -> None:
    given, file = request.POST, request.FILES.get("file")
    name = file.name if file is not None and file.name else "export"
    upload = wizard.keep(file.read(), name, read.actor) if file else wizard.kept(given.get("token", ""), read.actor)
    leave_out = "leave_out" in given
    options = MoveOptions(series=given.get("series") or SERIES, identities="leave_out" if leave_out else "seal")
    handed = hand_path(upload.path, load_rules())
    context.update(token=upload.token, file=upload.path.name, leave_out=leave_out, into=options.series)
    if given.get("action") == "move":
        done = move(handed, load_rules(), options, actor=read.actor)
        upload.path.unlink(missing_ok=True)  # it may tell who people are
        context.update(done=done.receipt, token="", findings=list(done.planned.findings)[:SHOWN_LINES])
        return
    planned = plan_move(handed, load_rules(), options, actor=read.actor)
    context.update(planned=planned, states=sum(map(len, planned.turns)), items=len(planned.laid.placed),
                   findings=list(planned.findings)[:SHOWN_LINES])  # fmt: skip


def _page(request: HttpRequest, brought: dict[str, Any]) -> HttpResponse:
    read = reading(request)
    may_see = RESTRICTED in read.scope.classes
    series = series_of_moves(read.scope) if may_see else []
    chosen = _chosen(request, series)
    made = _report(read, chosen) if chosen else None
    context = {
        "title": _("Moving from IMSMA"), "may_see": may_see, "series": [(name, name == chosen) for name in series],
        "chosen": chosen, "made": made, "may_decide": read.known is None, "strip_class": RESTRICTED,
        "rows": [_row(read, row) for row in made.parity.rows] if made else [],
        "differences": [_difference(read, each) for each in made.differences] if made else [],
        "open": len(made.open) if made else 0, "unit": formats.unit_sign(about(read).area_unit or "ha"),
        **brought,
    }  # fmt: skip
    return render(request, "clearland/moving.html", context, status=400 if "error" in brought else 200)


def workbook(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    read = reading(request)
    chosen = _chosen(request, series_of_moves(read.scope)) if RESTRICTED in read.scope.classes else ""
    if not chosen:
        raise Http404
    with TemporaryDirectory() as folder:
        target = Path(folder) / "parity.xlsx"
        write_parity(_report(read, chosen), target)
        # Open still, the file outlives its name and folder.
        return FileResponse(target.open("rb"), as_attachment=True, filename="parity.xlsx")


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Explain a difference, or take the explanation back; then the page again."""
    read = reading(request)
    read.refuse_past()
    chosen = _chosen(request, series_of_moves(read.scope) if RESTRICTED in read.scope.classes else [])
    if not chosen:
        raise Http404
    explain(_report(read, chosen), request.POST.get("mark", ""), request.POST.get("reason", ""), actor=read.actor)
    return redirect(f"{reverse('moving')}?{urlencode({'series': chosen})}#differences")


def _chosen(request: HttpRequest, series: list[str]) -> str:
    wanted = request.GET.get("series") or request.POST.get("series") or ""
    return wanted if wanted in series else series[-1] if series and not wanted else ""


def _report(read: Reading, series: str) -> ParityReport:
    return remembered(read, f"parity:{series}", lambda: report(load_rules(), actor=read.actor, series=series))


def _row(read: Reading, row: Row) -> dict[str, Any]:
    return {
        "kind": _kind(read, row.kind), "first": row.dimension == "all", "dimension": DIMENSIONS[row.dimension],
        "value": _value(read, row), "imsma": row.imsma, "here": row.here, "count": _signed(row.here - row.imsma),
        "imsma_area": _area(read, row.imsma_m2), "here_area": _area(read, row.here_m2),
        "area": _signed_area(read, row.here_m2 - row.imsma_m2) if row.differs else "", "differs": row.differs,
    }  # fmt: skip


def _difference(read: Reading, each: Explained) -> dict[str, Any]:
    one = each.difference
    return {
        "kind": _kind(read, one.kind), "cause": CAUSES[one.cause], "mark": one.mark, "number": len(one.lines),
        "count": _signed(one.count), "area": _signed_area(read, one.area_m2), "open": each.is_open, "reason": each.reason,
        "who": actor_name(each.actor) if each.actor else "", "on": each.answered_on,
        "lines": [_line(read, line) for line in one.lines[:SHOWN_LINES]], "more": max(0, len(one.lines) - SHOWN_LINES),
    }  # fmt: skip


def _line(read: Reading, line: Line) -> dict[str, Any]:
    return {"name": line.name, "record": line.record, "said": line.said, "area": _signed_area(read, line.area_m2)}


def _kind(read: Reading, kind: str) -> str:
    if kind in read.words.kinds and kind not in ("link", "table"):
        return labels.kind_label(read.words.kind(kind), many=True)
    return str(NO_KIND.get(kind, kind))


def _value(read: Reading, row: Row) -> str:
    """The value of a dimension in the reader's words; what is no code stands as IMSMA wrote it."""
    if row.dimension not in ("status", "type") or row.kind not in FACETS:
        return row.value
    status, type_, _years = FACETS[row.kind]
    field = read.words.kind(row.kind).by_name.get(status if row.dimension == "status" else type_)
    known = field is not None and field.code_list and row.value in read.words.lists[field.code_list].by_code
    return labels.code_label(read.words, str(field.code_list), row.value) if field is not None and known else row.value


def _signed(number: int) -> str:
    return "" if not number else f"{'+' if number > 0 else '−'}{formats.number(abs(number))}"


def _area(read: Reading, area_m2: float) -> str:
    return formats.area(area_m2, about(read).area_unit or "ha") if area_m2 else ""


def _signed_area(read: Reading, area_m2: float) -> str:
    return f"{'+' if area_m2 > 0 else '−'}{_area(read, abs(area_m2))}" if abs(area_m2) >= 1 else ""
