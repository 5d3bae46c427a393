"""The claim: what somebody says in a source, with the exact characters it was read from (design section 7).

A claim is never overwritten and never truth: contradicting claims stay side by side. `None` in a scope field means *not
said* and never equals a code.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal, get_args

from clearland.core.canonical import canonical_bytes, sha256_hex
from clearland.core.errors import ClearlandError, Place

NoteLabel = int | str
Value = bool | int | float | str | None
ValueStatus = Literal["known", "unknown", "none", "not_answered", "withheld"]
Polarity = Literal["affirmed", "negated"]
Modality = Literal["asserted", "possible", "planned", "promised", "conditional", "recommended", "not_ruled_out"]
Stance = Literal["reported", "alleged", "denied", "acknowledged", "estimated"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "value_status": get_args(ValueStatus),
    "polarity": get_args(Polarity),
    "modality": get_args(Modality),
    "stance": get_args(Stance),
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a value covers, in dictionary codes or names as written. `place` and `actor` are sets, joint where not split."""

    place: tuple[str, ...] = ()
    device: str | None = None
    actor: tuple[str, ...] = ()
    activity: str | None = None
    method: str | None = None
    population: str | None = None
    outcome: str | None = None
    definition: str | None = None

    def as_json(self) -> dict[str, object]:
        """Plain data; an empty set is null, which means *not said*."""
        return {
            item.name: (list(value) or None) if isinstance(value, tuple) else value
            for item in fields(self)
            for value in [getattr(self, item.name)]
        }


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One link of the chain of who quotes whom, outermost first."""

    agent: str
    role: Literal["asserts", "quotes", "reports"]
    mode: Literal["quoted", "paraphrased"]

    def as_json(self) -> dict[str, str]:
        """Plain data."""
        return {"agent": self.agent, "role": self.role, "mode": self.mode}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A proposed claim. `start` and `end` count Unicode code points of the rendition's text, end exclusive.

    `period` is ISO 8601: a date of any precision, `from/to` with either side open, or `as-of DATE`; None is *not
    stated*. `footnote` is the label of the marker (its number, or its sign) that closes the claim's own
    sentence; `in_footnote` the label of the note the claim stands in. Raises ClearlandError E-CLAIM-… on construction when it
    cannot be a claim.
    """

    file: str
    start: int
    end: int
    subject: str
    attribute: str
    value: Value
    value_status: ValueStatus = "known"
    unit: str | None = None
    qualifier: str | None = None
    base: str | None = None
    scope: Scope = field(default_factory=Scope)
    period: str | None = None
    as_of: str | None = None
    polarity: Polarity = "affirmed"
    modality: Modality = "asserted"
    claimant: str | None = None
    chain: tuple[Voice, ...] = ()
    stance: Stance = "reported"
    quoted: bool = False
    evidence: tuple[tuple[int, int], ...] = ()
    question: str | None = None
    table_cell: str | None = None
    footnote: NoteLabel | None = None
    in_footnote: NoteLabel | None = None
    cited_source: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ClearlandError(
                "E-CLAIM-SPAN", f"A claim needs characters; {self.start} to {self.end} has none.", place=Place(file=self.file)
            )
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ClearlandError(
                    "E-CLAIM-CODE",
                    f"{getattr(self, name)!r} is no {name} of a claim.",
                    place=Place(file=self.file),
                    remedy=f"Use one of {', '.join(allowed)}.",
                )
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise ClearlandError("E-CLAIM-VALUE", "A claim's number must be finite.", place=Place(file=self.file))
        if self.value is None and self.value_status == "known":
            raise ClearlandError(
                "E-CLAIM-VALUE",
                "A known value cannot be empty.",
                place=Place(file=self.file),
                remedy="Say unknown, none, not_answered or withheld.",
            )

    @cached_property
    def ref(self) -> str:
        """Sixteen hexadecimal digits that name this claim on every machine: file, span, attribute, subject and value."""
        return sha256_hex(
            canonical_bytes(
                [self.file, self.start, self.end, self.subject, self.attribute, _plain(self.value), self.unit, self.polarity]
            )
        )[:16]

    def resolve(self, text: str) -> str:
        """The characters of the source. Raises ClearlandError E-CLAIM-SPAN when the text does not reach that far."""
        spans = ((self.start, self.end), *self.evidence)
        if any(not 0 <= start < end <= len(text) for start, end in spans):
            raise ClearlandError(
                "E-CLAIM-SPAN",
                f"A claim points at {self.start} to {self.end} of {len(text)} characters.",
                place=Place(file=self.file),
                remedy="Read the document again; the claim is refused.",
            )
        return text[self.start : self.end]

    def as_json(self) -> dict[str, object]:
        """Exactly the keys of design section 7, in its order, as plain data."""
        plain: dict[str, object] = {item.name: getattr(self, item.name) for item in fields(self)}
        plain["scope"] = self.scope.as_json()
        plain["chain"] = [voice.as_json() for voice in self.chain]
        plain["evidence"] = [list(span) for span in self.evidence]
        return plain


def _plain(value: Value) -> Value:
    """Integers beyond what canonical JSON carries are told as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 else value


def from_json(plain: Mapping[str, object]) -> Claim:
    """The claim of its own `as_json`. Raises ClearlandError E-CLAIM-… or TypeError for other data."""
    data = dict(plain)
    scope = data.pop("scope", None) or {}
    chain = data.pop("chain", None) or []
    evidence = data.pop("evidence", None) or []
    if not isinstance(scope, Mapping) or not isinstance(chain, list) or not isinstance(evidence, list):
        raise ClearlandError("E-CLAIM-SHAPE", "scope, chain and evidence of a claim must be an object and two lists.")
    said = {name: value for name, value in scope.items() if value is not None}
    sets: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Claim(
        **data,  # type: ignore[arg-type]
        scope=Scope(**sets),
        chain=tuple(Voice(**voice) for voice in chain),
        evidence=tuple((int(start), int(end)) for start, end in evidence),
    )
