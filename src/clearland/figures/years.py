"""All calendar years of an indicator in one query: a scan per kind of record, not one per year."""

from collections.abc import Callable, Sequence
from typing import Any

from clearland.dictionary.indicators import Indicator
from clearland.figures.groups import Group, groups
from clearland.figures.model import Scope
from clearland.ledger.snapshot import Snapshot

_MOST_YEARS = 60  # a register that reaches back further is asked year by year, or one wrong date would cost every year since
_EARLIEST = 1900


def calendar_year(scope: Scope) -> int | None:
    """The year that a scope's period is; None for any other period."""
    first, last = scope.period_from, scope.period_to
    whole = first and last and first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return first.year if first and whole else None


def each_year(
    snapshot: Snapshot, definition: Indicator, sql: str, params: Sequence[Any], columns: Callable[[str], str],
    by: Sequence[str], asked: int,
) -> dict[int, list[Group]]:
    """The groups of every calendar year that has any, and of the year asked for.

    A flow belongs to the year in which all its days lie; a stock stands in every year at whose end it stands.
    """
    if definition.timing == "flow":
        dated = f"SELECT year(first) AS in_year, * FROM ({sql}) AS c WHERE first IS NOT NULL AND year(first) = year(last)"
    else:
        first, last = _years_of(snapshot, sql, params, asked)
        dated = (
            f"SELECT y.in_year, c.* FROM ({sql}) AS c JOIN (SELECT unnest(range({first}, {last + 1})) AS in_year) AS y "
            "ON c.last <= make_date(y.in_year, 12, 31) AND (c.until IS NULL OR c.until > make_date(y.in_year, 12, 31))"
        )
    query = columns(dated).replace("SELECT ", "SELECT in_year, ", 1)
    told: dict[int, list[Group]] = {asked: []}
    table = snapshot.sql(query, list(params))
    for group in groups(table, ("in_year", *by), definition.aggregate):
        year = group.key[0]
        told.setdefault(year, []).append(
            Group(key=group.key[1:], value=group.value, rows=group.rows, digest=group.digest, again=group.again)
        )
    if not by and not told[asked]:
        told[asked] = list(groups(table.slice(0, 0), (), definition.aggregate))
    return told


def _years_of(snapshot: Snapshot, sql: str, params: Sequence[Any], asked: int) -> tuple[int, int]:
    """The years worth asking a stock for: from its first to its last change, the one asked for among them."""
    query = f"SELECT year(min(last)) AS a, year(max(greatest(last, coalesce(until, last)))) AS b FROM ({sql}) AS c"
    found = snapshot.sql(query, list(params)).to_pylist()[0]
    if found["a"] is None:
        return asked, asked
    first, last = max(found["a"], _EARLIEST), max(found["b"], asked)
    if asked < first or last - first >= _MOST_YEARS:
        return asked, asked
    return first, last
