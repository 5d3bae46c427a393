"""A report form and a snapshot become one document: Pandoc Markdown with real footnotes, and the same content as data.

Nothing invents text: what is printed is a figure with its lineage, a claim with its claimant, or a phrase of the wording
files. Each slot says whether it is filled, and what is not known is listed at the end (design section 8).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from clearland.core import formats
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import ReportForm, Section, Slot
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.book import ClaimBook
from clearland.reports.countries import Country, countries, country
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.overview import overview_slot
from clearland.reports.phrases import say
from clearland.reports.slots import figure_slot, table_slot
from clearland.reports.texts import text_slot


@dataclass(frozen=True)
class Compiled:
    """A compiled report: `markdown` for rendering, `data` for JSON, `figures` for the annex."""

    name: str
    language: str
    title: str
    markdown: str
    data: dict[str, Any]
    figures: tuple[Figure, ...]


def report_form(snapshot: Snapshot, name: str) -> ReportForm:
    """The form by name. Raises ClearlandError E-REPORT-NAME."""
    form = snapshot.dictionary.reports.get(name)
    if form is None:
        known = ", ".join(sorted(snapshot.dictionary.reports))
        raise ClearlandError("E-REPORT-NAME", f"There is no report form “{name}”.", remedy=f"Choose one of: {known}.")
    return form


def compile_report(snapshot: Snapshot, name: str, *, year: int, language: str = "en", country_code: str = "") -> Compiled:
    """Compile a form for a calendar year, as known on the snapshot's date.

    `country_code` is an ISO 3166-1 code for forms about one country; the programme's own when left out. Figures are computed
    for the programme's country only. Raises ClearlandError for an unknown form, language, year or country.
    """
    form = report_form(snapshot, name)
    if not 1900 <= year <= 9998:
        raise ClearlandError("E-REPORT-YEAR", f"{year} is no year of mine action.", remedy="Give a year such as 2026.")
    own = str(_programme(snapshot).get("country") or "").upper()
    told_of = _country(form, country_code, own)
    scope = Scope(period_from=date(year, 1, 1), period_to=date(year, 12, 31), as_known=snapshot.as_known)
    computes = not form.per_country or told_of is None or told_of.code == own
    draft = Draft(snapshot, scope, language, ClaimBook(snapshot, told_of), computes)
    name_of = f": {told_of.name(language)}" if told_of else ""
    title = f"{_label(form.titles, language)}{name_of}, {year}"
    body = [part for section in form.sections for part in _section(draft, section)]
    markdown = "\n\n".join([*_front(draft, title, year), *body, draft.notes.markdown()]) + "\n"
    data = {
        "report": name, "year": year, "language": language, "country": told_of.code if told_of else None,
        "head": snapshot.head, "as_known": str(snapshot.as_known) if snapshot.as_known else None,
        "dictionary": snapshot.dictionary.version, "slots": draft.slots,
    }  # fmt: skip
    return Compiled(name, language, title, markdown, data, tuple(draft.figures))


def _country(form: ReportForm, asked: str, own: str) -> Country | None:
    """The country a form is about; None for forms about the programme, and where the programme's is none of the list's."""
    if not form.per_country:
        if asked:
            raise ClearlandError(
                "E-REPORT-COUNTRY", f"“{form.name}” is about the programme, not about a country.", remedy="Leave the country out."
            )
        return None
    return country(asked) if asked else countries().get(own)


def _programme(snapshot: Snapshot) -> dict[str, Any]:
    found = snapshot.sql("SELECT name, country FROM programme ORDER BY known_from DESC LIMIT 1").to_pylist()
    return dict(found[0]) if found else {}


def _label(labels: Any, language: str) -> str:
    return str(labels.get(language) or labels["en"])


def _front(draft: Draft, title: str, year: int) -> list[str]:
    """Title block: programme, year, date of knowledge, head, and a warning where synthetic records are counted."""
    snapshot, language = draft.snapshot, draft.language
    programme = _programme(snapshot)
    lines = [say(language, "year", year=year)]
    if programme:
        lines.insert(0, say(language, "programme", name=escape(programme["name"])))
    lines.append(
        say(language, "known", day=formats.day(snapshot.as_known, language)) if snapshot.as_known else say(language, "known_now")
    )
    lines.append(say(language, "head", head=snapshot.head[:12]))
    lines.append(say(language, "made_by"))
    front = [f"---\ntitle: {_yaml_text(title)}\nlang: {language}\n---", "  \n".join(lines)]
    if snapshot.sql("SELECT count(*) AS n FROM hazard WHERE starts_with(local_id, 'SYN')").to_pylist()[0]["n"]:
        front.append(f"**{say(language, 'synthetic')}**")
    return front


def _yaml_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _section(draft: Draft, section: Section) -> list[str]:
    title = _label(section.titles, draft.language)
    parts = [f"# {escape(title)}"]
    for slot in section.slots:
        parts.extend(_slot(draft, slot, title))
    return parts


def _slot(draft: Draft, slot: Slot, section_title: str) -> list[str]:
    title = _label(slot.titles, draft.language)
    match slot.kind:
        case "figure":
            status, parts = figure_slot(draft, slot, title)
        case "table":
            status, parts = table_slot(draft, slot, title)
        case "text":
            if slot.optional and not draft.book.choose(slot.claims, draft.year):
                return []
            status, parts = text_slot(draft, slot, title)
        case "overview":
            status, parts = overview_slot(draft, slot, title)
    draft.slots.append({"slot": slot.code, "title": title, "status": status, "indicator": slot.indicator})
    if status == "not_known":
        draft.unknown.append((section_title, title))
    return parts
