"""Report forms: sections and the slots in them that figures, tables, texts and overviews fill (design section 8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from clearland.dictionary.indicators import ScopeValue, read_scope
from clearland.dictionary.reading import Node, optional

SlotKind = Literal["figure", "table", "text", "overview"]
Audience = Literal["public", "partner", "programme"]
Content = Literal["claims", "allegations", "changes", "recommendations", "silence", "disagreements", "not_known"]
When = Literal["year", "latest", "until"]
About = Literal["country", "involved"]
SLOT_KINDS: tuple[str, ...] = get_args(SlotKind)
AUDIENCES: tuple[str, ...] = get_args(Audience)
CONTENTS: tuple[str, ...] = get_args(Content)
WHENS: tuple[str, ...] = get_args(When)
ABOUTS: tuple[str, ...] = get_args(About)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which claims: `attributes` are codes or what codes begin with (`treaty` takes `treaty.vote`), none means all.

    `definitions` keeps claims held to one of them (a treaty, say) or, with `-`, to none. `when` is `year` (told of the
    report's year), `latest` (the newest told of each matter up to its end) or `until` (all up to its end). `about` is
    `country` (its subject is not another country) or `involved` (the country is subject, claimant or place).
    """

    attributes: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    when: When = "year"
    about: About = "country"

    def takes(self, attribute: str) -> bool:
        """Whether an attribute's code is among those asked for."""
        return not self.attributes or any(attribute == one or attribute.startswith(f"{one}.") for one in self.attributes)


@dataclass(frozen=True, kw_only=True)
class OverviewRow:
    """A line of an overview table: one matter, as computed from records and as published."""

    titles: Mapping[str, str]
    indicator: str | None = None
    claims: Selection | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for one figure, table, text or overview.

    `by` are the dimensions of a table, `filter` narrows the indicator; `content` is what a text prints of which `claims`;
    `rows` are the lines of an overview. An `optional` text is left out where no claim fills it.
    """

    code: str
    kind: SlotKind
    titles: Mapping[str, str]
    indicator: str | None = None
    by: tuple[str, ...] = ()
    filter: Mapping[str, ScopeValue] = field(default_factory=dict)
    content: Content = "not_known"
    claims: Selection = Selection()
    optional: bool = False
    rows: tuple[OverviewRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its slots. `note` tells the compiler's user what the section asks for."""

    code: str
    titles: Mapping[str, str]
    note: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A report that can be compiled, for the audience whose rules of disclosure hold.

    `per_country`: it is about one country, and claims that name another are left out.
    """

    name: str
    titles: Mapping[str, str]
    audience: Audience
    sections: tuple[Section, ...]
    per_country: bool = False

    def slots(self) -> tuple[Slot, ...]:
        """All slots in order."""
        return tuple(slot for section in self.sections for slot in section.slots)

    def indicators(self) -> Iterator[tuple[str, str]]:
        """(slot, indicator) wherever the form names one."""
        for slot in self.slots():
            for code in (slot.indicator, *(row.indicator for row in slot.rows)):
                if code is not None:
                    yield slot.code, code

    def selections(self) -> Iterator[tuple[str, Selection]]:
        """(slot, selection) wherever the form asks for claims."""
        for slot in self.slots():
            for selection in (slot.claims, *(row.claims for row in slot.rows)):
                if selection is not None:
                    yield slot.code, selection


def _selection(node: Node) -> Selection:
    nodes = node.mapping("", "attributes definitions when about")
    return Selection(
        attributes=optional(nodes, "attributes", Node.texts) or (),
        definitions=optional(nodes, "definitions", Node.texts) or (),
        when=optional(nodes, "when", lambda each: each.choice(WHENS)) or "year",
        about=optional(nodes, "about", lambda each: each.choice(ABOUTS)) or "country",
    )


def _row(node: Node) -> OverviewRow:
    nodes = node.mapping("titles", "indicator claims")
    row = OverviewRow(
        titles=nodes["titles"].labels(), indicator=optional(nodes, "indicator", Node.text),
        claims=optional(nodes, "claims", _selection),
    )  # fmt: skip
    if row.indicator is None and row.claims is None:
        node.fail("A line of an overview needs an indicator or claims.", "Say what fills it.")
    return row


def _rows(node: Node) -> tuple[OverviewRow, ...]:
    return tuple(_row(each) for each in node.items())


def _slot(node: Node) -> Slot:
    nodes = node.mapping("code kind titles", "indicator by filter content claims optional rows")
    kind: SlotKind = nodes["kind"].choice(SLOT_KINDS)
    indicator = optional(nodes, "indicator", Node.text)
    rows = optional(nodes, "rows", _rows) or ()
    if kind in ("figure", "table") and indicator is None:
        node.fail(f"A {kind} slot needs an indicator.", "Say what fills it.")
    if (kind == "overview") != bool(rows):
        node.fail("Lines belong to an overview, and an overview needs them.", "Give `rows` to the overview.")
    return Slot(
        code=nodes["code"].text(), kind=kind, titles=nodes["titles"].labels(), indicator=indicator,
        by=optional(nodes, "by", Node.texts) or (), filter=optional(nodes, "filter", read_scope) or {},
        content=optional(nodes, "content", lambda each: each.choice(CONTENTS)) or "not_known",
        claims=optional(nodes, "claims", _selection) or Selection(), rows=rows,
        optional=optional(nodes, "optional", Node.flag) or False,
    )  # fmt: skip


def _section(node: Node) -> Section:
    nodes = node.mapping("code titles slots", "note")
    return Section(
        code=nodes["code"].text(), titles=nodes["titles"].labels(), note=optional(nodes, "note", Node.text) or "",
        slots=tuple(_slot(slot) for slot in nodes["slots"].items()),
    )


def read_form(node: Node) -> ReportForm:
    """One report form. Raises ClearlandError E-DICT-FORM with the place of what is wrong."""
    nodes = node.mapping("name titles audience sections", "per_country")
    form = ReportForm(
        name=nodes["name"].text(), titles=nodes["titles"].labels(), audience=nodes["audience"].choice(AUDIENCES),
        sections=tuple(_section(section) for section in nodes["sections"].items()),
        per_country=optional(nodes, "per_country", Node.flag) or False,
    )  # fmt: skip
    codes = [section.code for section in form.sections] + [f"slot {slot.code}" for slot in form.slots()]
    for code in codes:
        if codes.count(code) > 1:
            nodes["sections"].fail(f"The code {code!r} is given twice in one form.", "Give each its own code.")
    return form
