"""Reports: the forms of the dictionary, compiled for a year and language in one click."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.core.errors import RefusedInput
from clearland.reports.compile import compile_report
from clearland.reports.render import FORMATS
from clearland.reports.render import render as rendered
from clearland.web import figures_shown, formats
from clearland.web.access import reading, summed

_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
# A report is a document of its own: it brings its style with it, runs nothing and reaches nothing.
_DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


def listing(request: HttpRequest) -> HttpResponse:
    """The forms that can be compiled here."""
    read = reading(request)
    words = read.words
    lang = formats.language()
    forms = [
        {"name": form.name, "title": form.titles.get(lang) or form.titles["en"], "audience": form.audience,
         "slots": len(form.slots()), "sections": [s.titles.get(lang) or s.titles["en"] for s in form.sections]}
        for form in words.reports.values()
    ]  # fmt: skip
    years = figures_shown.years_of_work(read)[::-1]
    context = {"title": _("Reports"), "forms": forms, "years": years, "formats": FORMATS, "lang": lang}
    return render(request, "clearland/reports.html", context)


def download(request: HttpRequest, name: str) -> HttpResponse:
    """One report as a file; HTML opens in the browser. Compiled again only when the ledger has grown."""
    read = reading(request)
    if name not in read.words.reports:
        raise Http404
    year, target, lang = request.GET.get("year", ""), request.GET.get("format", "html"), request.GET.get("lang", "en")
    if not year.isdecimal():
        raise RefusedInput("E-REPORT-YEAR", _("Choose a year."), remedy=_("Go back and choose a year."))

    def make() -> Any:
        return rendered(compile_report(read.snapshot, name, year=int(year), language=lang), target)

    data = summed(read, f"report:{name}:{year}:{target}:{lang}", make)
    response = HttpResponse(data, content_type=_TYPES[target])
    if target == "html":
        response.headers["Content-Security-Policy"] = _DOCUMENT_POLICY
    else:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-{year}-{lang}.{target}"'
    return response
