"""A report form and a snapshot become one document: Pandoc Markdown with real footnotes, and the same content as data.

Nothing invents text: what is printed is a figure with its lineage, a claim with its claimant, or a phrase of the wording
files. Each slot says whether it is filled, and what is not known is listed at the end (design section 8).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clearland.core import formats
from clearland.core.errors import ClearlandError
from clearland.dictionary.forms import ReportForm, Section, Slot
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.footnotes import Footnotes, escape
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


@dataclass
class Draft:
    """What the slots write into while a report is compiled."""

    snapshot: Snapshot
    scope: Scope
    language: str
    notes: Footnotes = field(default_factory=Footnotes)
    figures: list[Figure] = field(default_factory=list)
    slots: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def report_form(snapshot: Snapshot, name: str) -> ReportForm:
    """The form by name. Raises ClearlandError E-REPORT-NAME."""
    form = snapshot.dictionary.reports.get(name)
    if form is None:
        known = ", ".join(sorted(snapshot.dictionary.reports))
        raise ClearlandError("E-REPORT-NAME", f"There is no report form “{name}”.", remedy=f"Choose one of: {known}.")
    return form


def compile_report(snapshot: Snapshot, name: str, *, year: int, language: str = "en") -> Compiled:
    """Compile a form for a calendar year, as known on the snapshot's date.

    Raises ClearlandError for an unknown form, language or year.
    """
    form = report_form(snapshot, name)
    if not 1900 <= year <= 9998:
        raise ClearlandError("E-REPORT-YEAR", f"{year} is no year of mine action.", remedy="Give a year such as 2026.")
    scope = Scope(period_from=date(year, 1, 1), period_to=date(year, 12, 31), as_known=snapshot.as_known)
    draft = Draft(snapshot, scope, language)
    title = f"{_label(form.titles, language)}, {year}"
    body = [part for section in form.sections for part in _section(draft, section)]
    markdown = "\n\n".join([*_front(draft, title, year), *body, draft.notes.markdown()]) + "\n"
    data = {
        "report": name, "year": year, "language": language, "head": snapshot.head,
        "as_known": str(snapshot.as_known) if snapshot.as_known else None, "dictionary": snapshot.dictionary.version,
        "slots": draft.slots,
    }  # fmt: skip
    return Compiled(name, language, title, markdown, data, tuple(draft.figures))


def _label(labels: Any, language: str) -> str:
    return str(labels.get(language) or labels["en"])


def _front(draft: Draft, title: str, year: int) -> list[str]:
    """Title block: programme, year, date of knowledge, head, and a warning where synthetic records are counted."""
    snapshot, language = draft.snapshot, draft.language
    programme = snapshot.sql("SELECT name FROM programme ORDER BY known_from DESC LIMIT 1").to_pylist()
    lines = [say(language, "year", year=year)]
    if programme:
        lines.insert(0, say(language, "programme", name=escape(programme[0]["name"])))
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
            status, parts = text_slot(draft, slot, title)
    draft.slots.append({"slot": slot.code, "title": title, "status": status, "indicator": slot.indicator})
    if status == "not_known":
        draft.unknown.append((section_title, title))
    return parts
