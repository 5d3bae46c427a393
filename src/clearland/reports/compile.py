"""A report form and a snapshot become one document: Pandoc Markdown with real footnotes, and the same content as data.

Nothing invents text: what is printed is a figure with its lineage, a record, a claim with its claimant, a person's signed
answer, or a phrase of the wording files. Each slot says whether it is filled, and what is not known is listed at the end.

For an audience below the programme the form is gone through twice: what may be said of one figure depends on all that are
printed with it (`figures.disclosure`), so they are gathered first (design section 8).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import Audience, ReportForm, Section, Slot
from clearland.dictionary.model import SENSITIVITIES
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.answered import answered
from clearland.reports.answers import answers
from clearland.reports.asking import applies
from clearland.reports.audience import coarse, disclosed
from clearland.reports.book import ClaimBook
from clearland.reports.charts import chart_slot
from clearland.reports.countries import Country, countries, country
from clearland.reports.draft import Draft, Picture
from clearland.reports.footnotes import Footnotes, escape
from clearland.reports.front import Front, front, programme_row
from clearland.reports.maps import map_slot
from clearland.reports.overview import overview_slot
from clearland.reports.periods import Period, period
from clearland.reports.phrases import say
from clearland.reports.records import records_slot
from clearland.reports.slots import figure_slot, table_slot
from clearland.reports.subjects import subject
from clearland.reports.texts import text_slot

Written = tuple[str, list[str]]


@dataclass(frozen=True)
class Compiled:
    """A compiled report: `markdown` for rendering, `data` for JSON, `figures` for the annex.

    `body` is the Markdown without its front. `told` is what the audience reads of each of `figures`, as plain data. `sealed`
    names what sealed references stand for: the programme's own, never rendered.
    """

    name: str
    language: str
    title: str
    front: Front
    body: str
    markdown: str
    data: dict[str, Any]
    figures: tuple[Figure, ...]
    told: tuple[dict[str, Any], ...]
    pictures: tuple[Picture, ...]
    sealed: Mapping[str, str]


def report_form(snapshot: Snapshot, name: str) -> ReportForm:
    """The form by name. Raises ClearlandError E-REPORT-NAME."""
    form = snapshot.dictionary.reports.get(name)
    if form is None:
        known = ", ".join(sorted(snapshot.dictionary.reports))
        raise ClearlandError("E-REPORT-NAME", f"There is no report form “{name}”.", remedy=f"Choose one of: {known}.")
    return form


def compile_report(
    snapshot: Snapshot, name: str, *, year: int | None = None, covers: str = "", language: str = "en", country_code: str = "",
    audience: Audience | None = None, about: str = "",
) -> Compiled:
    """Compile a form for a period, as known on the snapshot's date.

    `covers` is the period as `2025`, `2025-Q3`, `2025-09` or `2025-W36`; `year` alone means a calendar year. `country_code`
    is an ISO 3166-1 code for forms about one country; the programme's own when left out. Figures are computed for the
    programme's country only. `audience` is the form's own when left out. `about` names the one record of forms about one.
    Raises ClearlandError for an unknown form, language, period, country or record.
    """
    form = report_form(snapshot, name)
    asked = _period(form, covers or str(year))
    draft = _draft(snapshot, form, asked, language, country_code)
    draft.audience = audience or form.audience
    if draft.audience != "programme":
        readable = SENSITIVITIES[: SENSITIVITIES.index(draft.audience) + 1]
        draft.book = ClaimBook(snapshot, draft.book.country, frozenset(readable))
    draft.subject = subject(snapshot, form, about)
    if draft.subject is not None and not draft.reads(draft.subject.sensitivity):
        raise ClearlandError(
            "E-REPORT-SUBJECT", f"The record this report is about is not open to its audience ({draft.audience}).",
            remedy="Make it for the programme.",
        )
    if draft.subject is not None and draft.subject.kind == "place":
        draft.scope = replace(draft.scope, place=_place_code(snapshot, draft.subject.record))
    draft.answers = answers(snapshot, name, asked)
    if draft.audience != "programme":
        gathered = replace(draft, notes=Footnotes(), figures=[], pictures=[], slots=[], unknown=[], sealed={})
        _body(gathered, form)
        draft.disclosed = disclosed(gathered)
    told_of = draft.book.country
    name_of = f": {told_of.name(language)}" if told_of and form.per_country else ""
    title = f"{_label(form.titles, language)}{name_of}, {asked.label(language)}"
    body = _body(draft, form)
    head = front(draft, form, title)
    markdown = "\n\n".join([*head.markdown(language), body]) + "\n"
    return Compiled(
        name, language, title, head, body, markdown, _data(draft, form), tuple(draft.figures), tuple(_told(draft)),
        tuple(draft.pictures), draft.sealed,
    )  # fmt: skip


def _period(form: ReportForm, text: str) -> Period:
    found = period(text)
    if found.grain not in form.grains:
        raise ClearlandError(
            "E-REPORT-PERIOD", f"“{form.name}” is not made for a {found.grain}.", remedy=f"Give a {' or a '.join(form.grains)}.",
        )
    return found


def _draft(snapshot: Snapshot, form: ReportForm, asked: Period, language: str, country_code: str) -> Draft:
    own = str(programme_row(snapshot).get("country") or "").upper()
    told_of = _country(form, country_code, own)
    scope = Scope(period_from=asked.first, period_to=asked.last, as_known=snapshot.as_known)
    computes = not form.per_country or told_of is None or told_of.code == own
    return Draft(snapshot, scope, language, ClaimBook(snapshot, told_of), asked, form, computes)


def _country(form: ReportForm, asked: str, own: str) -> Country | None:
    """The country a form is about; None for forms about the programme, and where the programme's is none of the list's."""
    if not form.per_country:
        if asked:
            raise ClearlandError(
                "E-REPORT-COUNTRY", f"“{form.name}” is about the programme, not about a country.", remedy="Leave the country out."
            )
        return None
    return country(asked) if asked else countries().get(own)


def _place_code(snapshot: Snapshot, record: str) -> str:
    found = snapshot.sql("SELECT coalesce(code, local_id) AS code FROM place WHERE record = ?", [record]).to_pylist()
    return str(found[0]["code"])


def _label(labels: Mapping[str, str], language: str) -> str:
    return str(labels.get(language) or labels["en"])


def _body(draft: Draft, form: ReportForm) -> str:
    parts = [part for section in form.sections for part in _section(draft, section)]
    body = "\n\n".join([*parts, draft.notes.markdown()])
    return coarse(body) if draft.audience == "public" else body


def _data(draft: Draft, form: ReportForm) -> dict[str, Any]:
    snapshot, told_of = draft.snapshot, draft.book.country
    return {
        "report": form.name, "year": draft.year, "period": draft.period.code, "language": draft.language,
        "audience": draft.audience, "country": told_of.code if told_of and form.per_country else None,
        "about": draft.subject.local_id if draft.subject else None, "head": snapshot.head,
        "as_known": str(snapshot.as_known) if snapshot.as_known else None,
        "dictionary": snapshot.dictionary.version, "slots": draft.slots,
    }  # fmt: skip


def _told(draft: Draft) -> list[dict[str, Any]]:
    """The figures as the audience reads them, each once, in the order they were printed."""
    every = {figure.lineage.ref: figure for figure in draft.figures}
    return [(draft.disclosed.get(ref) or figure).as_json() for ref, figure in every.items()]


def _section(draft: Draft, section: Section) -> list[str]:
    title = _label(section.titles, draft.language)
    heading = f"{section.item}. {title}" if section.item else title
    slots = [part for slot in section.slots for part in _slot(draft, slot, title)]
    return [f"# {escape(heading)}", *slots] if slots else []


def _slot(draft: Draft, slot: Slot, section_title: str) -> list[str]:
    title = _label(slot.titles, draft.language)
    if slot.item:
        title = f"{slot.item} {title}"
    if slot.asked_if is not None and not applies(draft, slot):
        word = say(draft.language, "not_applicable")
        draft.slots.append({"slot": slot.code, "title": title, "status": "not_applicable", "indicator": slot.indicator})
        return [f"## {escape(title)}", f"*{word}.*"]
    by_person = answered(draft, slot, title)
    if by_person is not None and (by_person[0] != "filled" or slot.kind == "answer"):
        status, parts = by_person
    elif slot.kind == "answer":
        status, parts = "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    else:
        status, parts = _filled(draft, slot, title)
        if by_person is not None:
            status, parts = "filled", [*by_person[1], *(parts if status != "not_known" else [])]
    if slot.optional and status == "not_known":
        return []
    if slot.asks:  # under the title where it has a line of its own
        place = 1 if parts[0].startswith("## ") else 0
        parts = [*parts[:place], f"*{escape(_label(slot.asks, draft.language))}*", *parts[place:]]
    draft.slots.append({"slot": slot.code, "title": title, "status": status, "indicator": slot.indicator})
    if status == "not_known":
        draft.unknown.append((section_title, title))
    return parts


def _filled(draft: Draft, slot: Slot, title: str) -> Written:
    """What records, figures and claims fill the slot with."""
    return _WRITERS[slot.kind](draft, slot, title)


_WRITERS: dict[str, Callable[[Draft, Slot, str], Written]] = {
    "figure": figure_slot, "table": table_slot, "text": text_slot, "overview": overview_slot, "chart": chart_slot,
    "map": map_slot, "records": records_slot,
}  # fmt: skip
