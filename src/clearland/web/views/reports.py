"""The report desk: what is due when, what a form needs and lacks, a draft, answers to slots, and the editions made of it."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clearland.core.clock import system_clock
from clearland.core.errors import ClearlandError, NotPermitted, RefusedInput
from clearland.dictionary.forms import AUDIENCES, ReportForm
from clearland.figures.report_editions import ReportEdition, report_editions
from clearland.ledger.opening import current_opening
from clearland.reports.answers import SLOT_STATUSES
from clearland.reports.classes import class_of
from clearland.reports.compile import compile_report
from clearland.reports.countries import countries, named_in
from clearland.reports.keeping import MEDIA_TYPES
from clearland.reports.needs import needs
from clearland.reports.periods import Period, containing, period
from clearland.reports.render import FORMATS
from clearland.reports.render import render as rendered
from clearland.reports.subjects import candidates
from clearland.reports.sums import agreements
from clearland.web import formats
from clearland.web.access import Reading, reading, summed
from clearland.work.report_answers import Given, answer

# A report is a document of its own: it brings its style with it, runs nothing and reaches nothing.
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
STEPS = {"frozen": gettext_lazy("frozen"), "signed": gettext_lazy("signed off"), "published": gettext_lazy("published")}
STATUSES = {
    "filled": gettext_lazy("filled"), "unchanged_since": gettext_lazy("unchanged"), "withheld": gettext_lazy("withheld"),
    "not_applicable": gettext_lazy("not applicable"), "not_known": gettext_lazy("not known"),
}  # fmt: skip
AUDIENCE_NAMES = {
    "public": gettext_lazy("the public"), "partner": gettext_lazy("partners"), "programme": gettext_lazy("the programme"),
}  # fmt: skip


def listing(request: HttpRequest) -> HttpResponse:
    """Every form with the period it is due for next, when, and how far its newest edition has come."""
    read = reading(request)
    lang = formats.language()
    today = system_clock().astimezone(current_opening().time_zone).date()
    made = editions_shown(read)
    rows = []
    for form in read.words.reports.values():
        covered = _next_period(form, today)
        newest = next((each for each in made if each.report == form.name), None)
        done = any(each.report == form.name and each.covers == covered.code and each.step == "published" for each in made)
        due = _due(form, covered)
        rows.append({
            "name": form.name, "title": form.titles.get(lang) or form.titles["en"], "covers": covered.label(lang), "due": due,
            "late": due is not None and due < today and not done, "newest": newest, "done": done,
            "step": STEPS[newest.step] if newest else "",
        })  # fmt: skip
    rows.sort(key=lambda row: (row["due"] is None, row["due"] or date.max, row["title"]))
    return render(request, "clearland/reports.html", {"title": _("Reports"), "rows": rows, "tab": "desk"})


def editions_shown(read: Reading) -> list[ReportEdition]:
    """The editions of a class that the reader may open, newest first."""
    found = summed(read, "report editions", lambda: report_editions(read.snapshot))
    return [each for each in found if each.attributes["sensitivity"] in read.scope.classes]


def _next_period(form: ReportForm, today: date) -> Period:
    """The newest period of the form's longest grain that is over."""
    return containing(form.grains[-1], today).before()


def _due(form: ReportForm, covered: Period) -> date | None:
    if form.due is None:
        return None
    if form.due.days:
        return covered.last + timedelta(days=form.due.days)
    return date(covered.last.year + 1, form.due.month, form.due.day)


def desk(request: HttpRequest, name: str) -> HttpResponse:
    """One form for one period: its checklist, draft, answers and editions."""
    read = reading(request)
    form = _form(read, name)
    lang = formats.language()
    asked = _asked(request, form)
    wrong, needed, sums = None, [], []
    if not form.subject or asked["about"]:
        try:
            needed = summed(
                read, f"needs:{name}:{asked['period']}:{asked['audience']}:{asked['about']}:{lang}",
                lambda: needs(read.snapshot, name, covers=asked["period"], language=lang, about=asked["about"],
                              audience=asked["audience"]),
            )  # fmt: skip
            sums = agreements(read.snapshot, form, covers=asked["period"], language=lang)
        except ClearlandError as error:
            wrong = error
    counts = Counter(need.status for need in needed)
    context = {
        "title": form.titles.get(lang) or form.titles["en"], "form": form, "asked": asked, "needs": needed, "wrong": wrong,
        "sums": sums,
        "counts": [(STATUSES[status], counts[status]) for status in STATUSES if counts[status]], "statuses": STATUSES.items(),
        "formats": FORMATS, "audiences": AUDIENCE_NAMES.items(), "lang": lang, "tab": "desk",
        "suggested": _suggested(form), "candidates": candidates(read.snapshot, form),
        "editions": [(each, STEPS[each.step]) for each in editions_shown(read) if each.report == name],
        **_country_choice(read, form, lang),
    }  # fmt: skip
    return render(request, "clearland/report_desk.html", context)


def _form(read: Reading, name: str) -> ReportForm:
    """The form, for readers of the class it lists. Raises Http404, NotPermitted E-REPORT-CLASS."""
    form = read.words.reports.get(name)
    if form is None:
        raise Http404
    if class_of(read.words, form, "programme") not in read.scope.classes:
        raise NotPermitted(
            "E-REPORT-CLASS", _("This report lists records that are open to those only who may see where mines lie."),
            remedy=_("Ask an administrator of the programme for it."),
        )
    return form


def _asked(request: HttpRequest, form: ReportForm) -> dict[str, Any]:
    today = system_clock().astimezone(current_opening().time_zone).date()
    given = {key: request.GET.get(key, "").strip() for key in ("period", "audience", "about", "country", "lang")}
    if not given["period"]:
        given["period"] = request.GET.get("year", "").strip() or _next_period(form, today).code
    if given["audience"] not in AUDIENCES:
        given["audience"] = form.audience
    return given


def _suggested(form: ReportForm) -> list[str]:
    """The last periods of each length that the form is made for."""
    today = system_clock().astimezone(current_opening().time_zone).date()
    return [containing(grain, today).before(step).code for grain in form.grains for step in range(1, 6)]


def _country_choice(read: Reading, form: ReportForm, lang: str) -> dict[str, Any]:
    if not form.per_country:
        return {}
    told, others = _countries(read, lang)
    return {"told_of": told, "others": others}


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
    form = _form(read, name)
    target, lang = request.GET.get("format", "html"), request.GET.get("lang") or "en"
    asked_period = request.GET.get("period", "") or request.GET.get("year", "")
    if not asked_period.strip():
        raise RefusedInput("E-REPORT-YEAR", _("Choose a year."), remedy=_("Go back and choose a year."))
    asked = _asked(request, form)
    country = asked["country"] if form.per_country else ""
    covered = period(asked["period"]).code

    def make() -> Any:
        made = compile_report(
            read.snapshot, name, covers=covered, language=lang, country_code=country, audience=asked["audience"],
            about=asked["about"] if form.subject else "",
        )  # fmt: skip
        return rendered(made, target, read.snapshot)

    key = f"report:{name}:{covered}:{target}:{lang}:{country}:{asked['audience']}:{asked['about']}"
    data = summed(read, key, make)
    return document(data, target, "-".join(part for part in (name, country.lower(), covered, lang) if part))


def document(data: bytes, target: str, name: str) -> HttpResponse:
    """A file of a report: HTML shown under a policy of its own, PDF shown, the others handed over."""
    response = HttpResponse(data, content_type=MEDIA_TYPES[target])
    if target == "html":
        response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    else:
        safe = "".join(letter for letter in name if letter.isalnum() or letter in "-._")
        place = "inline" if target == "pdf" else "attachment"
        response.headers["Content-Disposition"] = f'{place}; filename="{safe}.{target}"'
    return response


@require_POST
def answer_slot(request: HttpRequest, name: str) -> HttpResponse:
    """A person answers a slot; back to the desk."""
    read = reading(request)
    read.refuse_past()
    form = _form(read, name)
    told = {key: request.POST.get(key, "").strip() for key in ("slot", "status", "words", "reason", "since", "period")}
    covered = told["period"] if request.POST.get("only") else ""
    given = Given(form.name, told["slot"], told["status"], told["words"], told["reason"], told["since"], covered)
    if given.status not in SLOT_STATUSES:
        raise RefusedInput("E-REPORT-ANSWER", _("Choose how the slot is answered."), remedy=_("Go back and choose."))
    answer(read.snapshot, given, actor=read.actor)
    return redirect(f"{reverse('report_desk', args=[name])}?period={told['period']}#slot-{given.slot}")
