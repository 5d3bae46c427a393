"""A figure is a value with its scope and its lineage; a figure without both does not exist here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

from clearland.core.errors import ClearlandError

Status = Literal["computed", "reported_only", "claimed", "not known"]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a figure is asked for: a closed period, one place (its descendants included) and values of dimensions.

    `as_known` is the date of knowledge; None means now. A stock (contamination) is read at the end of `period_to`.
    """

    period_from: date | None = None
    period_to: date | None = None
    place: str | None = None
    as_known: date | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, str]:
        """Only what was asked, as text, in a stable order."""
        pairs: dict[str, str] = {}
        for name, value in (("from", self.period_from), ("to", self.period_to), ("place", self.place)):
            if value is not None:
                pairs[name] = str(value)
        pairs.update({name: self.where[name] for name in sorted(self.where)})
        if self.as_known is not None:
            pairs["as_known"] = str(self.as_known)
        return pairs

    def query(self) -> str:
        """The scope as it stands in a reference: `from=2022-01-01&to=2022-12-31&device=AP`."""
        return urlencode(self.as_json(), quote_via=quote)

    @classmethod
    def parse(cls, query: str) -> "Scope":
        """Read what `query` wrote. Raises ClearlandError E-FIG-SCOPE for a date that is none."""
        pairs = dict(parse_qsl(query))
        return cls(
            period_from=_day(pairs.pop("from", None)),
            period_to=_day(pairs.pop("to", None)),
            place=pairs.pop("place", None),
            as_known=_day(pairs.pop("as_known", None)),
            where=pairs,
        )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ClearlandError(
            "E-FIG-SCOPE", f"“{text}” is not a date.", remedy="Write dates as YYYY-MM-DD."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """Where a value comes from: counts and one digest over the sorted digests, never the list (`trace` streams it)."""

    head: str
    as_known: date | None
    dictionary: str
    query: str
    entries: int
    claims: int
    digest: str
    ref: str

    def as_json(self) -> dict[str, Any]:
        """The stable shape of design section 9."""
        return {
            "head": self.head, "as_known": str(self.as_known) if self.as_known else None, "dictionary": self.dictionary,
            "query": self.query, "entries": self.entries, "claims": self.claims, "digest": self.digest, "ref": self.ref,
        }


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One value of one indicator in one scope. `value` is None exactly when `status` is *not known*.

    `told_again` records of the scope are not in it: a person said that another record tells of the same thing.
    """

    code: str
    value: float | None
    unit: str
    scope: Scope
    status: Status
    lineage: Lineage
    told_again: int = 0

    def as_json(self) -> dict[str, Any]:
        """The stable shape of design section 9; `told_again` only where something is."""
        made = {
            "code": self.code, "value": self.value, "unit": self.unit, "scope": self.scope.as_json(),
            "status": self.status, "lineage": self.lineage.as_json(),
        }
        return made | ({"told_again": self.told_again} if self.told_again else {})


def figure_ref(code: str, scope: Scope, head: str) -> str:
    """`figure:CODE?SCOPE@HEAD`, twelve characters of the head are enough to name it."""
    query = scope.query()
    return f"figure:{code}{'?' + query if query else ''}@{head[:12]}"
