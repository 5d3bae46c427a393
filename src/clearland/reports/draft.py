"""What the slots of a report write into while it is compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clearland.dictionary.forms import Audience, ReportForm
from clearland.dictionary.model import SENSITIVITIES
from clearland.figures.disclosure import Disclosed
from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.answers import Answer
from clearland.reports.book import ClaimBook
from clearland.reports.footnotes import Footnotes
from clearland.reports.periods import Period


@dataclass(frozen=True)
class Picture:
    """A chart or map: the file's name in the document, its SVG and what it shows, for those who cannot see it."""

    name: str
    svg: str
    alt: str


@dataclass(frozen=True)
class Subject:
    """The one record that a report is about."""

    kind: str
    record: str
    local_id: str
    label: str
    sensitivity: str


@dataclass
class Draft:
    """A report in the making. `computes` is false where the programme's records are of another country than asked.

    `disclosed` tells per reference of a figure what the audience reads; it is empty while figures are gathered, because what
    may be said of one depends on all. `sealed` gathers what the references of an audience stand for.
    """

    snapshot: Snapshot
    scope: Scope
    language: str
    book: ClaimBook
    period: Period
    form: ReportForm
    computes: bool = True
    audience: Audience = "programme"
    subject: Subject | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    disclosed: Mapping[str, Disclosed] = field(default_factory=dict)
    notes: Footnotes = field(default_factory=Footnotes)
    figures: list[Figure] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    slots: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    sealed: dict[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The calendar year that the report's period ends in."""
        return self.period.last.year

    def reads(self, sensitivity: str | None) -> bool:
        """Whether the audience may read something of a class. A report for the programme may hold what is restricted; its
        edition is then of that class (`classes.class_of`), and so is who may read it."""
        highest = "restricted" if self.audience == "programme" else self.audience
        return SENSITIVITIES.index(sensitivity or "public") <= SENSITIVITIES.index(highest)

    def value_of(self, figure: Figure) -> float | None:
        """What the audience reads: None where it is withheld or not known."""
        told = self.disclosed.get(figure.lineage.ref)
        return figure.value if told is None else told.value

    def withholds(self, figure: Figure) -> bool:
        """Whether the audience does not read this figure."""
        told = self.disclosed.get(figure.lineage.ref)
        return told is not None and told.withheld
