"""Figure and table slots: values in one unit, each with a footnote that leads back to its records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from clearland.core import formats
from clearland.dictionary.forms import Slot
from clearland.figures.disclosure import SealedLineage
from clearland.figures.indicators import contributions, figures, indicator
from clearland.figures.labels import member_label
from clearland.figures.land_tables import LAND_TABLES
from clearland.figures.model import Figure, Scope
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.reports.audience import told_day
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.periods import Period
from clearland.reports.phrases import phrases, say

LARGEST = 3


def figure_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """One line: title, value, footnote. Returns the slot's status and its Markdown."""
    assert slot.indicator is not None  # the form's loader requires it of figure slots
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    figure = figures(draft.snapshot, [slot.indicator], scope=narrowed(draft, slot))[0]
    draft.figures.append(figure)
    if figure.status == "not known":
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    unit = formats.area_unit([figure.value]) if figure.unit == "m2" else figure.unit
    note = draft.notes.marker(computed_note(draft, figure, title))
    status = "withheld" if draft.withholds(figure) else "filled"
    return status, [f"{escape(title)}: **{value_text(draft, figure, unit)}**{note}."]


def table_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """A table with one row per value of its dimensions and a total that agrees. Returns status and Markdown."""
    assert slot.indicator is not None  # the form's loader requires it of table slots
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    asked = narrowed(draft, slot)
    total = total_of(draft, slot, asked)
    if total is not None and total.status == "not known":
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    members = [row for row in figures(draft.snapshot, [slot.indicator], scope=asked, by=slot.by) if row.value is not None]
    if total is None and not members:
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    if total is not None and not members:  # recorded, but none of this period: one line says more than an empty table
        draft.figures.append(total)
        note = draft.notes.marker(computed_note(draft, total, title))
        return "filled", [f"{escape(title)}: {say(draft.language, 'nothing_in_scope')}{note}."]
    draft.figures.extend([*members, total] if total is not None else members)
    return "filled", ["\n".join([*_table(draft, slot, title, members, total), "", f": {escape(title)}"])]


def total_of(draft: Draft, slot: Slot, asked: Scope) -> Figure | None:
    """The figure of the whole scope; None where it would mix what must not be added (stages of money, currencies)."""
    definition = indicator(draft.snapshot, str(slot.indicator))
    if set(definition.requires) - set(asked.where):
        return None
    return figures(draft.snapshot, [definition.code], scope=asked)[0]


def _table(draft: Draft, slot: Slot, title: str, members: Sequence[Figure], total: Figure | None) -> list[str]:
    every = [*members, *([total] if total is not None else [])]
    unit = formats.area_unit([row.value for row in every]) if members[0].unit == "m2" else members[0].unit
    head = [*(say(draft.language, f"dimension_{name}") for name in slot.by), escape(value_head(draft, unit))]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(slot.by) + " ---: |"]
    for row in members:
        keys = [escape(member_of(draft, name, row)) for name in slot.by]
        note = draft.notes.marker(computed_note(draft, row, title))
        lines.append("| " + " | ".join([*keys, value_text(draft, row, unit, with_unit=False) + note]) + " |")
    if total is None:
        return lines
    blank = [""] * (len(slot.by) - 1)
    note = draft.notes.marker(computed_note(draft, total, title))
    total_text = f"**{value_text(draft, total, unit, with_unit=False)}**{note}"
    return [*lines, "| " + " | ".join([f"**{say(draft.language, 'total')}**", *blank, total_text]) + " |"]


def value_head(draft: Draft, unit: str) -> str:
    """The head of a column of values: `Value, ha`."""
    sign = _sign(draft, unit)
    return f"{say(draft.language, 'value')}, {sign}" if sign else say(draft.language, "value")


def unit_note(draft: Draft, unit: str) -> str:
    """The unit behind the title of a picture, as Markdown: `, ha`."""
    sign = _sign(draft, unit)
    return f", {escape(sign)}" if sign else ""


def _sign(draft: Draft, unit: str) -> str:
    if unit == "money":  # its currency is a column
        return ""
    return phrases(draft.language).get(f"unit_{unit}") or formats.unit_sign(unit, draft.language) or unit


def narrowed(draft: Draft, slot: Slot) -> Scope:
    """The scope of a slot: the report's own, with the slot's filter, of the report's subject or before its period."""
    return scope_of(slot, draft.scope, draft.period, draft.subject.local_id if draft.subject else "")


def scope_of(slot: Slot, base: Scope, covers: Period, subject: str = "") -> Scope:
    """The scope of a slot in a report of a scope and period, about a subject (its local id)."""
    where = {name: str(value) for name, value in slot.filter.items()}
    if slot.of and subject:
        where[slot.of] = subject
    if slot.at == "start":
        return replace(base, period_from=None, period_to=covers.first - timedelta(days=1), where=where)
    return replace(base, where=where)


def value_text(draft: Draft, figure: Figure, unit: str, *, with_unit: bool = True) -> str:
    """The value in the table's unit and the report's language, or that it is withheld from the report's audience."""
    value = draft.value_of(figure)
    if value is None:
        return say(draft.language, "withheld" if draft.withholds(figure) else "not_known")
    if figure.unit == "m2":
        text = formats.area(round(value, 2), unit, draft.language)
    else:
        text = formats.number(round(value, 6), draft.language)
    sign = formats.unit_sign(unit, draft.language) if with_unit and figure.unit == "m2" else ""
    return f"{text}\N{NO-BREAK SPACE}{sign}" if sign else text


def computed_note(draft: Draft, figure: Figure, title: str) -> str:
    """The footnote of a computed figure: what, from how many records of which kinds, when known, largest, reference."""
    told = draft.disclosed.get(figure.lineage.ref)
    if told is not None and told.sealed is not None:
        return _sealed_note(draft, figure, told.sealed, title)
    language, asked = draft.language, figure.scope
    definition = indicator(draft.snapshot, figure.code)
    known = draft.snapshot.as_known
    phrase = "footnote_reported_only" if figure.status == "reported_only" else "footnote_computed"
    return say(
        language, phrase,
        title=escape(f"{title} ({figure.code})"), count=formats.number(figure.lineage.entries, language),
        kinds=escape(_kinds(draft, definition.sources)), period=_period(draft, asked),
        place=f", {escape(_place_name(draft, asked.place))}" if asked.place is not None else "",
        known=say(language, "known", day=formats.day(known, language)) if known else say(language, "known_now"),
        largest=_largest(draft, figure), ref=escape(figure.lineage.ref),
    )  # fmt: skip


def _period(draft: Draft, asked: Scope) -> str:
    """The days a figure covers; a whole year is its number."""
    first, last = asked.period_from, asked.period_to
    if first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return say(draft.language, "period", start=told_day(draft, first) or "…", end=told_day(draft, last) or "…")


def _sealed_note(draft: Draft, figure: Figure, sealed: SealedLineage, title: str) -> str:
    """The footnote for an audience that may not open the records: kind, number, organisations, months, sealed reference."""
    language = draft.language
    draft.sealed[sealed.reference] = figure.lineage.ref
    months = dict.fromkeys(formats.day(month, language) for month in (sealed.first_month, sealed.last_month) if month)
    return say(
        language, "footnote_sealed", title=escape(f"{title} ({figure.code})"),
        count=f"{sealed.records} " if sealed.records else "", kinds=escape(_kinds(draft, sealed.kinds)),
        organisations=f", {escape(', '.join(sealed.organisations))}" if sealed.organisations else "",
        period=" – ".join(months) or "…", ref=escape(sealed.reference),
    )  # fmt: skip


def _kinds(draft: Draft, sources: tuple[str, ...]) -> str:
    """What was counted, in the reader's words; land tables are made from hazards and released polygons."""
    dictionary = draft.snapshot.dictionary
    names = dict.fromkeys(
        name for source in sources for name in (("hazard", "land_release") if source in LAND_TABLES else (source,))
    )
    return ", ".join(
        dictionary.kind(name).plural_label(draft.language).lower() if name in dictionary.kinds else name for name in names
    )


def _largest(draft: Draft, figure: Figure) -> str:
    """The records that weigh most, by name, entry and row, so that a reader of the printed page can ask for them."""
    largest = contributions(draft.snapshot, figure.code, figure.scope).slice(0, LARGEST).to_pylist()
    entries = list(dict.fromkeys(row["entry"] for row in largest if row["entry"]))
    seen = scope(system_actor("figures"), "name what a figure rests on")
    found: Any = rows(seen, as_known=draft.snapshot.as_known).filter(entry__id__in=entries).defer("geometry", "attributes")
    named = {str(version.entry_uuid): version for version in found}
    items = "; ".join(_contributor(entry, named.get(entry)) for entry in entries)
    return say(draft.language, "largest", items=items) if items else ""


def _contributor(entry: str, version: Any) -> str:
    if version is None:
        return escape(f"entry:{entry}")
    place = f", {version.origin.replace('!', ' ')}" if version.origin else ""
    return escape(f"{version.local_id} (entry:{entry}{place})")


def member_of(draft: Draft, name: str, figure: Figure) -> str:
    """The value of a dimension in a row, in the reader's words where a code list has it."""
    if name == "place":
        return _place_name(draft, figure.scope.place)
    code = figure.scope.where.get(name, "")
    return member_label(draft.snapshot.dictionary, code, draft.language) if code else say(draft.language, "not_said")


def _place_name(draft: Draft, code: str | None) -> str:
    if not code:
        return say(draft.language, "outside_district")
    found = draft.snapshot.sql("SELECT name FROM place WHERE code = ? LIMIT 1", [code]).to_pylist()
    return str(found[0]["name"]) if found else code
