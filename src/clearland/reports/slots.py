"""Figure and table slots: values in one unit, each with a footnote that leads back to its records."""

from dataclasses import replace
from typing import Any

from clearland.core import formats
from clearland.dictionary.forms import Slot
from clearland.figures.indicators import contributions, figures, indicator
from clearland.figures.labels import member_label
from clearland.figures.land_tables import LAND_TABLES
from clearland.figures.model import Figure, Scope
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say

LARGEST = 3


def figure_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """One line: title, value, footnote. Returns the slot's status and its Markdown."""
    assert slot.indicator is not None  # the form's loader requires it of figure slots
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    figure = figures(draft.snapshot, [slot.indicator], scope=_narrowed(draft, slot))[0]
    draft.figures.append(figure)
    if figure.status == "not known":
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    unit = formats.area_unit([figure.value]) if figure.unit == "m2" else figure.unit
    text = value_text(draft, figure, unit)
    return "filled", [f"{escape(title)}: **{text}**{draft.notes.marker(computed_note(draft, figure, title))}."]


def table_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """A table with one row per value of its dimensions and a total that agrees. Returns status and Markdown."""
    assert slot.indicator is not None  # the form's loader requires it of table slots
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    asked = _narrowed(draft, slot)
    total = figures(draft.snapshot, [slot.indicator], scope=asked)[0]
    if total.status == "not known":
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    members = [row for row in figures(draft.snapshot, [slot.indicator], scope=asked, by=slot.by) if row.value is not None]
    if not members:  # such things are recorded, but none of this year: one line says more than an empty table
        draft.figures.append(total)
        note = draft.notes.marker(computed_note(draft, total, title))
        return "filled", [f"{escape(title)}: {say(draft.language, 'nothing_in_scope')}{note}."]
    draft.figures.extend([*members, total])
    unit = formats.area_unit([total.value, *(row.value for row in members)]) if total.unit == "m2" else total.unit
    sign = formats.unit_sign(unit, draft.language) or unit
    head = [*(say(draft.language, f"dimension_{name}") for name in slot.by), escape(f"{say(draft.language, 'value')}, {sign}")]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(slot.by) + " ---: |"]
    for row in members:
        keys = [escape(_member(draft, name, row)) for name in slot.by]
        note = draft.notes.marker(computed_note(draft, row, title))
        lines.append("| " + " | ".join([*keys, value_text(draft, row, unit, with_unit=False) + note]) + " |")
    blank = [""] * (len(slot.by) - 1)
    note = draft.notes.marker(computed_note(draft, total, title))
    total_text = f"**{value_text(draft, total, unit, with_unit=False)}**{note}"
    lines.append("| " + " | ".join([f"**{say(draft.language, 'total')}**", *blank, total_text]) + " |")
    return "filled", ["\n".join([*lines, "", f": {escape(title)}"])]


def _narrowed(draft: Draft, slot: Slot) -> Scope:
    return replace(draft.scope, where={name: str(value) for name, value in slot.filter.items()})


def value_text(draft: Draft, figure: Figure, unit: str, *, with_unit: bool = True) -> str:
    """The value in the table's unit and the report's language."""
    assert figure.value is not None  # callers have met *not known* before
    if figure.unit == "m2":
        text = formats.area(round(figure.value, 2), unit, draft.language)
    else:
        text = formats.number(round(figure.value, 6), draft.language)
    sign = formats.unit_sign(unit, draft.language) if with_unit and figure.unit == "m2" else ""
    return f"{text}\N{NO-BREAK SPACE}{sign}" if sign else text


def computed_note(draft: Draft, figure: Figure, title: str) -> str:
    """The footnote of a computed figure: what, from how many records of which kinds, when known, largest, reference."""
    language, asked = draft.language, figure.scope
    definition = indicator(draft.snapshot, figure.code)
    known = draft.snapshot.as_known
    period = say(language, "period", start=asked.period_from, end=asked.period_to)
    phrase = "footnote_reported_only" if figure.status == "reported_only" else "footnote_computed"
    return say(
        language, phrase,
        title=escape(f"{title} ({figure.code})"), count=figure.lineage.entries,
        kinds=escape(_kinds(draft, definition.sources)), period=period,
        place=f", {escape(_place_name(draft, asked.place))}" if asked.place is not None else "",
        known=say(language, "known", day=formats.day(known, language)) if known else say(language, "known_now"),
        head=figure.lineage.head[:12], largest=_largest(draft, figure), ref=escape(figure.lineage.ref),
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
    place = f", source:{version.source_sha}!{version.origin}" if version.source_sha and version.origin else ""
    return escape(f"{version.local_id} (entry:{entry}{place})")


def _member(draft: Draft, name: str, figure: Figure) -> str:
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
