"""Reports: the forms of the dictionary, compiled for a year and language in one click."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clearland.core.errors import RefusedInput
from clearland.reports.compile import compile_report
from clearland.reports.countries import countries, named_in
from clearland.reports.render import FORMATS
from clearland.reports.render import render as rendered
from clearland.web import figures_shown, formats
from clearland.web.access import Reading, reading, summed

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
         "slots": len(form.slots()), "per_country": form.per_country,
         "sections": [s.titles.get(lang) or s.titles["en"] for s in form.sections]}
        for form in words.reports.values()
    ]  # fmt: skip
    years = figures_shown.years_of_work(read)[::-1]
    told_of, others = _countries(read, lang)
    context = {
        "title": _("Reports"), "forms": forms, "years": years, "formats": FORMATS, "lang": lang, "told_of": told_of,
        "others": others,
    }  # fmt: skip
    return render(request, "clearland/reports.html", context)


def _countries(read: Reading, lang: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of the countries that claims are about, the most told of first, and of all others by name."""
    def count() -> list[str]:
        rows = read.snapshot.sql("SELECT subject, count(*) AS n FROM claim GROUP BY subject ORDER BY subject").to_pylist()
        found: Counter[str] = Counter()
        for row in rows:
            for code in named_in(row["subject"]):
                found[code] += row["n"]
        return [code for code, _n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]

    told = summed(read, "countries told of", count)
    names = {code: each.name(lang) for code, each in countries().items()}
    others = sorted((pair for pair in names.items() if pair[0] not in told), key=lambda pair: pair[1])
    return [(code, names[code]) for code in told], others


def download(request: HttpRequest, name: str) -> HttpResponse:
    """One report as a file; HTML opens in the browser. Compiled again only when the ledger has grown."""
    read = reading(request)
    if name not in read.words.reports:
        raise Http404
    year, target, lang = request.GET.get("year", ""), request.GET.get("format", "html"), request.GET.get("lang", "en")
    if not year.isdecimal():
        raise RefusedInput("E-REPORT-YEAR", _("Choose a year."), remedy=_("Go back and choose a year."))

    country = request.GET.get("country", "") if read.words.reports[name].per_country else ""

    def make() -> Any:
        made = compile_report(read.snapshot, name, year=int(year), language=lang, country_code=country)
        return rendered(made, target, read.snapshot)

    data = summed(read, f"report:{name}:{year}:{target}:{lang}:{country}", make)
    response = HttpResponse(data, content_type=_TYPES[target])
    if target == "html":
        response.headers["Content-Security-Policy"] = _DOCUMENT_POLICY
    else:
        response.headers["Content-Disposition"] = f'attachment; filename="{_filename(name, country, year, lang)}.{target}"'
    return response


def _filename(name: str, country: str, year: str, lang: str) -> str:
    return "-".join(part for part in (name, country.lower(), year, lang) if part and part.replace("-", "").isalnum())
