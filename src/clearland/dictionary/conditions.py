"""When a conditional field (obligation C) must be given: `status = completed`, `fate in stored|retained`, `x filled`.

A condition is one or more clauses joined by ` and `. A clause is a field that must have one of the values, or a field
that must have any value at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_CLAUSE = re.compile(r"^(?P<field>[a-z][a-z0-9_]*)(?:\s*=\s*(?P<one>\S+)|\s+in\s+(?P<many>\S+)|\s+(?P<filled>filled))$")


@dataclass(frozen=True)
class Clause:
    """A field and the values that fulfil it; no values: any value does."""

    field: str
    values: tuple[str, ...]


@lru_cache(maxsize=1024)
def parse_condition(text: str) -> tuple[Clause, ...]:
    """The clauses of a condition; none for empty text. Raises ValueError when it has another form."""
    clauses = []
    for part in text.split(" and ") if text else ():
        match = _CLAUSE.match(part.strip())
        if match is None:
            raise ValueError(f"{part.strip()!r} is not `field = value`, `field in a|b` or `field filled`")
        values = match["one"] or match["many"] or ""
        clauses.append(Clause(match["field"], tuple(value for value in values.split("|") if value)))
    return tuple(clauses)


def _texts(value: object) -> set[str]:
    if isinstance(value, bool):
        return {"true" if value else "false"}
    if isinstance(value, (list, tuple)):
        return {str(each) for each in value}
    return {str(value)}


def holds(clauses: tuple[Clause, ...], attributes: Mapping[str, object]) -> bool:
    """Whether clean attributes fulfil every clause; an empty condition never holds."""
    return bool(clauses) and all(
        clause.field in attributes
        and (not clause.values or not _texts(attributes[clause.field]).isdisjoint(clause.values))
        for clause in clauses
    )
