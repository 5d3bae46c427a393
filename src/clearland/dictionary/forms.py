"""Report forms: sections and the slots in them that figures, tables, records, claims and answers fill (design section 8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from clearland.dictionary.indicators import ScopeValue, read_scope
from clearland.dictionary.reading import Node, optional

SlotKind = Literal["figure", "table", "text", "overview", "chart", "map", "records", "answer"]
Grain = Literal["year", "quarter", "month", "week"]
Audience = Literal["public", "partner", "programme"]
Content = Literal["claims", "allegations", "changes", "recommendations", "silence", "disagreements", "scores", "not_known"]
When = Literal["year", "latest", "until"]
About = Literal["country", "involved"]
Dated = Literal["period", "until", "standing"]
At = Literal["start", "end"]
SLOT_KINDS: tuple[str, ...] = get_args(SlotKind)
AUDIENCES: tuple[str, ...] = get_args(Audience)
CONTENTS: tuple[str, ...] = get_args(Content)
WHENS: tuple[str, ...] = get_args(When)
ABOUTS: tuple[str, ...] = get_args(About)
GRAINS: tuple[str, ...] = get_args(Grain)
DATEDS: tuple[str, ...] = get_args(Dated)
ATS: tuple[str, ...] = get_args(At)
COUNTED_KINDS = frozenset({"figure", "table", "chart", "map"})


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which claims: `attributes` are codes or what codes begin with (`treaty` takes `treaty.vote`), none means all.

    `definitions` keeps claims held to one of them (a treaty, say) or, with `-`, to none. `when` is `year` (told of the
    report's year), `latest` (the newest told of each matter up to its end) or `until` (all up to its end). `about` is
    `country` (its subject is not another country) or `involved` (the country is subject, claimant or place). `questions`
    keeps what was said in answer to one of them (`AP-10`, or `AP-8` for all its parts).
    """

    attributes: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    when: When = "year"
    about: About = "country"
    questions: tuple[str, ...] = ()

    def takes(self, attribute: str) -> bool:
        """Whether an attribute's code is among those asked for."""
        return not self.attributes or any(attribute == one or attribute.startswith(f"{one}.") for one in self.attributes)


@dataclass(frozen=True, kw_only=True)
class RecordChoice:
    """Which records a table lists: of a `kind`, with the columns `fields`, where fields have the values of `where`.

    `dated` is `period` (their date lies in it), `until` (up to its end) or `standing` (all that hold at its end). `of` names
    the link by which a record hangs on the report's subject; `self` lists the subject itself, `paid_by` what was done under
    orders that the contribution pays for. A link of the subject's own kind is followed both ways to its end (the stages of
    one sum). `sample` takes no more than so many, which nobody can choose: who may not read them gets their references.
    """

    kind: str
    fields: tuple[str, ...]
    where: Mapping[str, ScopeValue] = field(default_factory=dict)
    dated: Dated = "until"
    of: str = ""
    sample: int = 0


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a report is due: day and month of the year after the one reported on, or days after the period's end."""

    month: int = 0
    day: int = 0
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class OverviewRow:
    """A line of an overview table: one matter, as computed from records and as published."""

    titles: Mapping[str, str]
    indicator: str | None = None
    claims: Selection | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place for one figure, table, chart, map, text, overview, list of records or answer.

    `item` is what the treaty or questionnaire calls it, `asks` says in our words what it asks for. `by` are the dimensions of
    a table, `filter` narrows the indicator, `years` is how many periods a chart looks back; `content` is what a text prints
    of which `claims`; `rows` are the lines of an overview; `records` what is listed. An `optional` slot is left out where
    nothing fills it. A person may answer every slot (kind `report_answer`); an `answer` slot is filled by nothing else.
    `asked_if` names a slot and the words of its answer (`yes`, `no`) on which alone this one applies.
    `weight` is that of a score among the scores of a form, in percent. `of` names the dimension whose member the report's
    subject is; `at` the `start` reads a stock as it stood before the period began.
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
    item: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)
    years: int = 1
    records: RecordChoice | None = None
    asked_if: tuple[str, str] | None = None
    weight: int = 0
    of: str = ""
    at: At = "end"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its slots. `item` is what the treaty calls it; `note` tells the compiler's user what it asks for."""

    code: str
    titles: Mapping[str, str]
    note: str
    slots: tuple[Slot, ...]
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Figures of a form that must agree: the totals of the slots `plus` less those of `minus` are that of `equals`."""

    code: str
    titles: Mapping[str, str]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    equals: str


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A report that can be compiled, for the audience whose rules of disclosure hold.

    `per_country`: it is about one country, and claims that name another are left out. `grains` are the lengths of period it
    is made for; `due` says when; `treaty` is the code of the treaty it is made under (a State that is no party reports
    voluntarily), `told_as` what claims call it; `subject` is the kind of the one record it is about (`place`, `accident`),
    none where it is about all. `sums` are the checks of its figures against one another.
    """

    name: str
    titles: Mapping[str, str]
    audience: Audience
    sections: tuple[Section, ...]
    per_country: bool = False
    grains: tuple[Grain, ...] = ("year",)
    due: Due | None = None
    treaty: str = ""
    told_as: str = ""
    subject: str = ""
    sums: tuple[Sum, ...] = ()

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
    nodes = node.mapping("", "attributes definitions when about questions")
    return Selection(
        attributes=optional(nodes, "attributes", Node.texts) or (),
        definitions=optional(nodes, "definitions", Node.texts) or (),
        when=optional(nodes, "when", lambda each: each.choice(WHENS)) or "year",
        about=optional(nodes, "about", lambda each: each.choice(ABOUTS)) or "country",
        questions=optional(nodes, "questions", Node.texts) or (),
    )


def _records(node: Node) -> RecordChoice:
    nodes = node.mapping("kind fields", "where dated of sample")
    return RecordChoice(
        kind=nodes["kind"].text(), fields=nodes["fields"].texts(), where=optional(nodes, "where", read_scope) or {},
        dated=optional(nodes, "dated", lambda each: each.choice(DATEDS)) or "until", of=optional(nodes, "of", Node.text) or "",
        sample=optional(nodes, "sample", Node.whole) or 0,
    )  # fmt: skip


def _due(node: Node) -> Due:
    nodes = node.mapping("", "month day days")
    return Due(**{name: each.whole() for name, each in nodes.items()})


def _asked_if(node: Node) -> tuple[str, str]:
    nodes = node.mapping("slot said")
    return nodes["slot"].text(), nodes["said"].text()


def _grains(node: Node) -> tuple[Grain, ...]:
    return tuple(each.choice(GRAINS) for each in node.items())


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
    nodes = node.mapping(
        "code kind titles", "indicator by filter content claims optional rows item asks years records asked_if weight of at"
    )
    kind: SlotKind = nodes["kind"].choice(SLOT_KINDS)
    indicator = optional(nodes, "indicator", Node.text)
    rows = optional(nodes, "rows", _rows) or ()
    records = optional(nodes, "records", _records)
    if kind in COUNTED_KINDS and indicator is None:
        node.fail(f"A {kind} slot needs an indicator.", "Say what fills it.")
    if (kind == "overview") != bool(rows):
        node.fail("Lines belong to an overview, and an overview needs them.", "Give `rows` to the overview.")
    if (kind == "records") != (records is not None):
        node.fail("Records belong to a slot that lists them, and it needs them.", "Give `records` to the slot of that kind.")
    return Slot(
        code=nodes["code"].text(), kind=kind, titles=nodes["titles"].labels(), indicator=indicator,
        by=optional(nodes, "by", Node.texts) or (), filter=optional(nodes, "filter", read_scope) or {},
        content=optional(nodes, "content", lambda each: each.choice(CONTENTS)) or "not_known",
        claims=optional(nodes, "claims", _selection) or Selection(), rows=rows,
        optional=optional(nodes, "optional", Node.flag) or False, item=optional(nodes, "item", Node.text) or "",
        asks=optional(nodes, "asks", Node.labels) or {}, years=optional(nodes, "years", Node.whole) or 1, records=records,
        asked_if=optional(nodes, "asked_if", _asked_if), weight=optional(nodes, "weight", Node.whole) or 0,
        of=optional(nodes, "of", Node.text) or "", at=optional(nodes, "at", lambda each: each.choice(ATS)) or "end",
    )  # fmt: skip


def _section(node: Node) -> Section:
    nodes = node.mapping("code titles slots", "note item")
    return Section(
        code=nodes["code"].text(), titles=nodes["titles"].labels(), note=optional(nodes, "note", Node.text) or "",
        slots=tuple(_slot(slot) for slot in nodes["slots"].items()), item=optional(nodes, "item", Node.text) or "",
    )


def _sum(node: Node) -> Sum:
    nodes = node.mapping("code titles plus minus equals")
    return Sum(
        code=nodes["code"].text(), titles=nodes["titles"].labels(), plus=nodes["plus"].texts(), minus=nodes["minus"].texts(),
        equals=nodes["equals"].text(),
    )  # fmt: skip


def _sums(node: Node) -> tuple[Sum, ...]:
    return tuple(_sum(each) for each in node.items())


def read_form(node: Node) -> ReportForm:
    """One report form. Raises ClearlandError E-DICT-FORM with the place of what is wrong."""
    nodes = node.mapping("name titles audience sections", "per_country grains due treaty told_as subject sums")
    form = ReportForm(
        name=nodes["name"].text(), titles=nodes["titles"].labels(), audience=nodes["audience"].choice(AUDIENCES),
        sections=tuple(_section(section) for section in nodes["sections"].items()),
        per_country=optional(nodes, "per_country", Node.flag) or False, grains=optional(nodes, "grains", _grains) or ("year",),
        due=optional(nodes, "due", _due), treaty=optional(nodes, "treaty", Node.text) or "",
        told_as=optional(nodes, "told_as", Node.text) or "", subject=optional(nodes, "subject", Node.text) or "",
        sums=optional(nodes, "sums", _sums) or (),
    )  # fmt: skip
    named = {slot.asked_if[0] for slot in form.slots() if slot.asked_if}
    named |= {code for each in form.sums for code in (*each.plus, *each.minus, each.equals)}
    if missing := named - {slot.code for slot in form.slots()}:
        nodes["sections"].fail(f"No slot bears the code {min(missing)!r} that the form names.", "Name a slot of this form.")
    codes = [section.code for section in form.sections] + [f"slot {slot.code}" for slot in form.slots()]
    for code in codes:
        if codes.count(code) > 1:
            nodes["sections"].fail(f"The code {code!r} is given twice in one form.", "Give each its own code.")
    return form
