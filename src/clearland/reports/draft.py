"""What the slots of a report write into while it is compiled."""

from dataclasses import dataclass, field
from typing import Any

from clearland.figures.model import Figure, Scope
from clearland.ledger.snapshot import Snapshot
from clearland.reports.book import ClaimBook
from clearland.reports.footnotes import Footnotes


@dataclass
class Draft:
    """A report in the making. `computes` is false where the programme's records are of another country than asked."""

    snapshot: Snapshot
    scope: Scope
    language: str
    book: ClaimBook
    computes: bool = True
    notes: Footnotes = field(default_factory=Footnotes)
    figures: list[Figure] = field(default_factory=list)
    slots: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)

    @property
    def year(self) -> int:
        """The calendar year reported on."""
        assert self.scope.period_to is not None  # a report always has its year
        return self.scope.period_to.year
