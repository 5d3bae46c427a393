"""Report forms: sections and the slots in them that figures, tables and texts fill (design section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from clearland.dictionary.indicators import ScopeValue, read_scope
from clearland.dictionary.reading import Node, optional

SlotKind = Literal["figure", "table", "text"]
Audience = Literal["public", "partner", "programme"]
SLOT_KINDS: tuple[str, ...] = get_args(SlotKind)
AUDIENCES: tuple[str, ...] = get_args(Audience)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for one figure, table or text. `by` are the dimensions of a table, `filter` narrows the indicator."""

    code: str
    kind: SlotKind
    titles: Mapping[str, str]
    indicator: str | None = None
    by: tuple[str, ...] = ()
    filter: Mapping[str, ScopeValue] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its slots. `note` tells the compiler's user what the section asks for."""

    code: str
    titles: Mapping[str, str]
    note: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A report that can be compiled, for the audience whose rules of disclosure hold."""

    name: str
    titles: Mapping[str, str]
    audience: Audience
    sections: tuple[Section, ...]

    def slots(self) -> tuple[Slot, ...]:
        """All slots in order."""
        return tuple(slot for section in self.sections for slot in section.slots)


def _slot(node: Node) -> Slot:
    nodes = node.mapping("code kind titles", "indicator by filter")
    kind: SlotKind = nodes["kind"].choice(SLOT_KINDS)
    indicator = optional(nodes, "indicator", Node.text)
    narrowed = optional(nodes, "filter", read_scope) or {}
    if kind != "text" and indicator is None and not narrowed:
        node.fail(f"A {kind} slot needs an indicator or a filter.", "Say what fills it.")
    return Slot(
        code=nodes["code"].text(), kind=kind, titles=nodes["titles"].labels(), indicator=indicator,
        by=optional(nodes, "by", Node.texts) or (), filter=narrowed,
    )


def _section(node: Node) -> Section:
    nodes = node.mapping("code titles slots", "note")
    return Section(
        code=nodes["code"].text(), titles=nodes["titles"].labels(), note=optional(nodes, "note", Node.text) or "",
        slots=tuple(_slot(slot) for slot in nodes["slots"].items()),
    )


def read_form(node: Node) -> ReportForm:
    """One report form. Raises ClearlandError E-DICT-FORM with the place of what is wrong."""
    nodes = node.mapping("name titles audience sections")
    form = ReportForm(
        name=nodes["name"].text(), titles=nodes["titles"].labels(), audience=nodes["audience"].choice(AUDIENCES),
        sections=tuple(_section(section) for section in nodes["sections"].items()),
    )
    codes = [section.code for section in form.sections] + [f"slot {slot.code}" for slot in form.slots()]
    for code in codes:
        if codes.count(code) > 1:
            nodes["sections"].fail(f"The code {code!r} is given twice in one form.", "Give each its own code.")
    return form
