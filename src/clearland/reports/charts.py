"""Charts of a report: columns over the last periods, stacked by a dimension, or bars by place; drawn by vl-convert as SVG.

Every bar is a figure of the annex; the caption's footnote names the indicator and what it counts. What is withheld from the
audience has no bar, and the caption says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import vl_convert

from clearland.core import formats
from clearland.core.units import AREA_M2
from clearland.dictionary.forms import Slot
from clearland.figures.indicators import figures
from clearland.figures.model import Figure
from clearland.reports.draft import Draft, Picture
from clearland.reports.footnotes import escape
from clearland.reports.phrases import say
from clearland.reports.slots import computed_note, member_of, narrowed, unit_note
from clearland.reports.theme import CLASS_COLOURS, LOCALES, PAPER_FONT, PRODUCT_COLOURS, SERIES_COLOURS, config

_WIDTH, _HEIGHT, _BAR = 560, 230, 20
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def chart_slot(draft: Draft, slot: Slot, title: str) -> tuple[str, list[str]]:
    """The chart as an image with a caption. Not known where the indicator has no records at all."""
    assert slot.indicator is not None  # the form's loader requires it of charts
    if not draft.computes:
        return "not_applicable", [f"{escape(title)}: *{say(draft.language, 'not_applicable')}*."]
    total = figures(draft.snapshot, [slot.indicator], scope=_whole(draft, slot))[0]
    draft.figures.append(total)
    if total.status == "not known":
        return "not_known", [f"{escape(title)}: *{say(draft.language, 'not_known')}*."]
    bars = _over_time(draft, slot) if slot.years > 1 else _by_member(draft, slot)
    draft.figures.extend(figure for _label, figure in bars)
    shown = [(label, figure) for label, figure in bars if draft.value_of(figure)]
    note = draft.notes.marker(computed_note(draft, total, title))
    if not shown:
        return "filled", [f"{escape(title)}: {say(draft.language, 'nothing_in_scope')}{note}."]
    unit = formats.area_unit(draft.value_of(figure) for _label, figure in shown) if total.unit == "m2" else total.unit
    picture = Picture(f"{slot.code}.svg", _draw(draft, slot, shown, unit), title)
    draft.pictures.append(picture)
    caption = f"{escape(title)}{unit_note(draft, unit)}{note}"
    if any(draft.withholds(figure) for _label, figure in bars):
        caption += f" ({say(draft.language, 'some_withheld')})"
    return "filled", [f"![{caption}]({picture.name})"]


def _whole(draft: Draft, slot: Slot) -> Any:
    """The scope of the whole chart: from the first of the periods it shows."""
    return replace(narrowed(draft, slot), period_from=draft.period.before(slot.years - 1).first)


def _over_time(draft: Draft, slot: Slot) -> list[tuple[str, Figure]]:
    """One column a period, oldest first, split by the slot's first dimension."""
    found = []
    for step in reversed(range(slot.years)):
        at = draft.period.before(step)
        scope = replace(narrowed(draft, slot), period_from=at.first, period_to=at.last)
        for figure in figures(draft.snapshot, [str(slot.indicator)], scope=scope, by=slot.by[:1]):
            if figure.value is not None:
                found.append((at.label(draft.language), figure))
    return found


def _by_member(draft: Draft, slot: Slot) -> list[tuple[str, Figure]]:
    made = figures(draft.snapshot, [str(slot.indicator)], scope=narrowed(draft, slot), by=slot.by)
    return [(member_of(draft, slot.by[0], figure), figure) for figure in made if figure.value is not None]


def _draw(draft: Draft, slot: Slot, shown: Sequence[tuple[str, Figure]], unit: str) -> str:
    part = slot.by[0] if slot.years > 1 and slot.by else slot.by[1] if len(slot.by) > 1 else ""
    factor = float(AREA_M2[unit]) if unit in AREA_M2 else 1.0
    rows: list[dict[str, Any]] = [
        {"member": label, "value": (draft.value_of(figure) or 0.0) / factor, "code": figure.scope.where.get(part, ""),
         "part": member_of(draft, part, figure) if part else ""}
        for label, figure in shown
    ]  # fmt: skip
    parts = list(dict.fromkeys(row["part"] for row in rows))
    codes = {row["part"]: str(row["code"]) for row in rows}
    upright = slot.years > 1
    members = [draft.period.before(step).label(draft.language) for step in reversed(range(slot.years))] if upright else list(
        dict.fromkeys(row["member"] for row in rows))  # fmt: skip
    length = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 5, "format": ",~f"}}
    member = {"field": "member", "type": "nominal", "title": None, "sort": members, "scale": {"domain": members},
              "axis": {"labelAngle": 0}}  # fmt: skip
    encoding: dict[str, Any] = {"x": member, "y": length} if upright else {"x": length, "y": member}
    if part:
        legend = {"legend": {"columns": 2 if max(len(name) for name in parts) > 24 else 4}} if len(parts) > 1 else {}
        colours = [_colour(codes[name], place) for place, name in enumerate(parts)]
        scale = {"domain": parts, "range": colours}
        encoding["color"] = {"field": "part", "type": "nominal", "sort": parts, "scale": scale, **legend}
    size: dict[str, Any] = {"width": _WIDTH, "height": _HEIGHT if upright else {"step": _BAR + 8}}
    spec = {"$schema": _SCHEMA, "config": config(PAPER_FONT), "data": {"values": rows}, "encoding": encoding, **size,
            "mark": {"type": "bar", "size": min(_BAR * 2, _WIDTH // (2 * len(members))) if upright else _BAR}}  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec, format_locale=LOCALES[draft.language]))


def _colour(code: str, place: int) -> str:
    """Colours with a meaning keep it; others go in order."""
    return PRODUCT_COLOURS.get(code) or CLASS_COLOURS.get(code) or SERIES_COLOURS[place % len(SERIES_COLOURS)]
