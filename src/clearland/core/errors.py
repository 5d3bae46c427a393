"""Errors and findings for the person who can mend them.

    ClearlandError            anything that stops a command: exit 1, one sentence, a place and a remedy
    ├── RefusedInput          a file, row or value is refused; nothing of it landed
    ├── Conflict              a write was based on a state that is no longer the newest
    ├── NotPermitted          the actor may not do this
    └── BrokenLedger          verify found the book altered or incomplete

A `Finding` is not raised: it is collected, shown and kept. Codes are stable, never reused, and documented in
`docs/reference/errors.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "query", "info"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the input something stands. Rows count from 1 as a person sees them in the sheet."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file, f"sheet {self.sheet}" if self.sheet else None]
        parts += [f"row {self.row}" if self.row is not None else None, f"column {self.column}" if self.column else None]
        return ", ".join(part for part in parts if part)

    def as_json(self) -> dict[str, str | int]:
        """The parts that are known, for `--json` and the API."""
        pairs = {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column}
        return {name: value for name, value in pairs.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a person should look at. `rule` is the number in the rule list of the standards note, where one fits."""

    code: str
    severity: Severity
    sentence: str
    place: Place = field(default_factory=Place)
    remedy: str = ""
    rule: int | None = None
    values: Mapping[str, str | int | float | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Plain data with stable keys."""
        return {
            "code": self.code, "severity": self.severity, "sentence": self.sentence, "place": self.place.as_json(),
            "remedy": self.remedy, "rule": self.rule, "values": dict(self.values),
        }


class ClearlandError(Exception):
    """A command or request stops. Shown as: code, sentence, place, remedy."""

    def __init__(self, code: str, sentence: str, *, place: Place | None = None, remedy: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.place = place or Place()
        self.remedy = remedy

    def __str__(self) -> str:
        where = f" ({self.place})" if str(self.place) else ""
        return f"{self.code}: {self.sentence}{where}{' ' + self.remedy if self.remedy else ''}"

    def as_json(self) -> dict[str, object]:
        """Plain data with stable keys."""
        return {"code": self.code, "sentence": self.sentence, "place": self.place.as_json(), "remedy": self.remedy}


class RefusedInput(ClearlandError):
    """Input is refused as a whole; `findings` lists every reason found, not only the first."""

    def __init__(
        self, code: str, sentence: str, *, place: Place | None = None, remedy: str = "", findings: Sequence[Finding] = ()
    ) -> None:
        super().__init__(code, sentence, place=place, remedy=remedy)
        self.findings = tuple(findings)


class Conflict(ClearlandError):
    """Somebody else changed the record since it was read; both versions are kept for a person to decide."""


class NotPermitted(ClearlandError):
    """The actor's scope does not reach this."""


class BrokenLedger(ClearlandError):
    """The chain, a digest, a trigger or a projection is not as it must be."""
