"""Figures of the indicators as pages show them: in words, with a link to the figure's own page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from clearland.dictionary.indicators import Indicator
from clearland.dictionary.model import Dictionary
from clearland.figures.indicators import figures
from clearland.figures.labels import member_label
from clearland.figures.model import Figure, Scope
from clearland.web import formats, labels
from clearland.web.access import Reading, summed
from clearland.web.shown import Shown, sentences

_YEARS = 8
_RESERVED = frozenset({"known", "as_known", "page", "year", "by", "next"})


def scope_of(request: HttpRequest) -> Scope:
    """The figure scope in an address. Raises ClearlandError E-FIG-SCOPE for a date that is none."""
    pairs = {key: value for key, value in request.GET.items() if value and key not in _RESERVED}
    return Scope.parse(urlencode(pairs))


def year_scope(year: int | None, **where: str) -> Scope:
    """A calendar year; without one, everything until now."""
    if year is None:
        return Scope(where=where)
    return Scope(period_from=date(year, 1, 1), period_to=date(year, 12, 31), where=where)


def computed(read: Reading, codes: Sequence[str], scope: Scope, by: Sequence[str] = ()) -> list[Figure]:
    """Figures, kept until the snapshot changes."""
    name = f"figures:{','.join(codes)}:{scope.query()}:{','.join(by)}"
    return summed(read, name, lambda: figures(read.snapshot, codes, scope=scope, by=by))


def figure_href(code: str, scope: Scope) -> str:
    """The address of a figure's page; the date of knowledge rides in the visit, not in the scope."""
    query = replace(scope, as_known=None).query()
    return f"{reverse('figure', args=[code])}{'?' + query if query else ''}"


def scope_line(read: Reading, words: Dictionary, title: str, scope: Scope) -> str:
    """The scope in one line: `Area cleared · AP · Füzuli · 1 Jan 2022 – 31 Dec 2022 · as known today`."""
    parts = [title, *(member_words(read, words, name, value) for name, value in scope.where.items())]
    if scope.place is not None:
        parts.append(labels.named(read, "place").get(scope.place, scope.place) if scope.place else _("place not said"))
    parts.append(period_words(scope))
    parts.append(_("as known on %s") % formats.day(read.known) if read.known else _("as known today"))
    return " · ".join(part for part in parts if part)


def period_words(scope: Scope) -> str:
    """A calendar year as its number, any other period by its two days."""
    first, last = scope.period_from, scope.period_to
    if first and last and first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    if first and last:
        return f"{formats.day(first)} – {formats.day(last)}"
    if first:
        return _("from %s") % formats.day(first)
    return _("until %s") % formats.day(last) if last else ""


def member_words(read: Reading, words: Dictionary, dimension: str, value: str) -> str:
    """A member of a dimension in words."""
    if not value:
        return _("not said")
    if dimension == "operator":
        names = labels.named(read, "organisation")
        return " + ".join(names.get(part, part) for part in value.split("+"))
    if dimension == "place":
        return labels.named(read, "place").get(value, value)
    return member_label(words, value, formats.language())


def title_of(words: Dictionary, code: str) -> str:
    """An indicator's title."""
    found = words.indicators.get(code)
    return found.title(formats.language()) if found else code


def shown(read: Reading, words: Dictionary, figure: Figure, *, in_unit: str = "") -> Shown:
    """One figure ready for `{% figure %}`."""
    return Shown(
        value=figure.value,
        unit=figure.unit,
        href=figure_href(figure.code, figure.scope),
        line=scope_line(read, words, title_of(words, figure.code), figure.scope),
        status=figure.status,
        behind=sentences(figure.lineage.entries, figure.lineage.claims),
        in_unit=in_unit if figure.unit == "m2" else "",
    )


def dimension_label(words: Dictionary, name: str) -> str:
    """What a dimension is called."""
    spoken: Mapping[str, str] = {
        "device": _("Ordnance"), "area_type": _("Class"), "operator": _("Organisation"), "method": _("Method"),
        "outcome": _("Outcome"), "activity": _("Activity"), "demining": _("Demining accident"), "place": _("District"),
        "bound": _("Bound"), "author": _("Author"), "gender": _("Sex"), "sex": _("Sex"), "age": _("Age"),
        "group": _("Sex and age"),
        "category": _("Status of the person"), "stage": _("Stage"), "currency": _("Currency"), "sector": _("Sector"),
        "donor": _("Donor"), "form": _("Form"), "status": _("Status"), "counting": _("Counted as"), "reach": _("Reach"),
        "custody": _("Custody"), "coverage": _("Coverage"), "treaty": _("Treaty"), "step": _("Step"), "vote": _("Vote"),
        "claimant": _("Claimant"), "event": _("Event"), "search": _("Search"), "unit_level": _("Level"), "holder": _("Holder"),
        "result": _("Result"), "severity": _("Severity"), "requester": _("Requester"), "reason": _("Reason"),
        "inspected": _("Organisation visited"), "cause": _("Cause"), "accessibility": _("Access"), "marking": _("Marking"),
        "fate": _("Fate"), "basis": _("Basis"), "law_type": _("Kind of document"), "document": _("Kind of document"),
        "survey_type": _("Kind of survey"), "team_type": _("Kind of team"), "asset_type": _("Kind of asset"),
        "accreditation_type": _("Kind of accreditation"), "course_type": _("Kind of course"), "task_type": _("Kind of task"),
        "visit_type": _("Kind of visit"), "strategy_type": _("Kind of strategy"), "agreement_type": _("Kind of agreement"),
        "pillar": _("Pillar"), "service": _("Service"), "beneficiary": _("Beneficiary"), "displacement": _("Displacement"),
        "land_use": _("Land use"), "source_register": _("Register"),
    }  # fmt: skip
    if name not in spoken and name in words.kinds:  # split by records of a kind, such as contributions
        return words.kinds[name].label(formats.language())
    return spoken.get(name, name.replace("_", " "))


def common_unit(found: Iterable[Figure], wanted: str = "") -> str:
    """One unit for all areas of a table."""
    return wanted or formats.area_unit(figure.value for figure in found if figure.unit == "m2")


def definition(words: Dictionary, code: str) -> Indicator | None:
    """The indicator's recipe."""
    return words.indicators.get(code)


def years_of_work(read: Reading) -> list[int]:
    """The last years in which work ended, as known."""

    def look() -> list[int]:
        years = "SELECT DISTINCT year(valid_from) AS year FROM land_release WHERE valid_from IS NOT NULL ORDER BY year"
        return [row["year"] for row in read.snapshot.sql(years).to_pylist()][-_YEARS:]

    return summed(read, "years", look)
