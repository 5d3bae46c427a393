"""The overview table: each matter as computed from the programme's records and as published, never added together."""

from dataclasses import replace

from clearland.core import formats
from clearland.dictionary.forms import OverviewRow, Slot
from clearland.figures.indicators import figures
from clearland.reports.draft import Draft
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.sentences import PROPOSED, mark, notes, period, together, value, voice
from clearland.reports.slots import computed_note, value_text

MOST_VOICES = 3


def overview_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """A table with one line per matter. It is *not known* only where no line is known."""
    language = draft.language
    heads = [say(language, "overview_matter"), say(language, "overview_records"), say(language, "overview_published")]
    lines = ["| " + " | ".join(heads) + " |", "| ------ | ---- | -------- |"]
    known = False
    for row in slot.rows:
        matter = row.titles.get(language) or row.titles["en"]
        records, published = _records(draft, row, matter), _published(draft, row)
        known = known or bool(published) or "[^" in records
        lines.append(f"| {escape(matter)} | {records} | {published or _word(draft, 'not_known')} |")
    key = [f"*{PROPOSED} {say(language, 'proposed')}*"] if any(PROPOSED in line for line in lines) else []
    return ("filled" if known else "not_known"), ["\n".join([*lines, "", f": {escape(title)}"]), *key]


def _word(draft: Draft, name: str) -> str:
    return f"*{say(draft.language, name)}*"


def _records(draft: Draft, row: OverviewRow, matter: str) -> str:
    if row.indicator is None:
        return "–"
    if not draft.computes:
        return _word(draft, "not_applicable")
    figure = figures(draft.snapshot, [row.indicator], scope=replace(draft.scope, where={}))[0]
    draft.figures.append(figure)
    if figure.status == "not known" or figure.value is None:
        return _word(draft, "not_known")
    unit = formats.area_unit([figure.value]) if figure.unit == "m2" else figure.unit
    return f"**{value_text(draft, figure, unit)}**{draft.notes.marker(computed_note(draft, figure, matter))}"


def _published(draft: Draft, row: OverviewRow) -> str:
    """The first voices on the matter, with a word where another claim contradicts one of them."""
    if row.claims is None:
        return "–"
    groups = together(draft.book.choose(row.claims, draft.year, counted=True))
    shown = []
    for group in groups[:MOST_VOICES]:
        claim = group[0].claim
        treaty = claim.scope.definition if len(row.claims.definitions) > 1 else None
        said = f"{escape(treaty)}: " if treaty else ""
        said += f"{escape(value(group[0], draft.language))}{mark(group[0])} ({voice(draft, claim)}"
        said += f", {escape(period(claim.period, draft.language))})" if claim.period else ")"
        if any(each.claim.ref in draft.book.contradicted for each in group):
            said += f" *({say(draft.language, 'contradicted')})*"
        shown.append(said + notes(draft, group[:1]))
    if len(groups) > MOST_VOICES:
        shown.append(say(draft.language, "further_voices", count=len(groups) - MOST_VOICES))
    return "; ".join(shown)
