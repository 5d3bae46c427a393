"""Indicators over a snapshot: each is an SQL selection of contributions, so a value and its lineage are one query.

The SQL of an indicator (DuckDB, over the tables of the snapshot and of `figures.land_tables`) returns one row per
contribution with the columns

    digest, entry   of the ledger entry it rests on (or `claim` digests where `claims` is true)
    amount          DOUBLE, in the indicator's unit; a count gives 1
    place           code of the stored district, '' where not said
    first, last     DATE, the days the event can have happened on (null: not said)
    until           DATE, for a stock: the day from which it stands no more (null: it still does)
    and one column per dimension.

What a person said another record tells already (`figures.duplicates`) is left out and counted beside: `told_again`.

A flow counts where the whole of [first, last] lies in the period; a stock counts where it stands at the end of the
period. Rows whose date is not said never count in a period (design section 6: *period not said*).
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from clearland.core.errors import ClearlandError
from clearland.dictionary.indicators import Indicator
from clearland.figures.duplicates import any_told_again
from clearland.figures.land_tables import LAND_TABLES, prepare_land
from clearland.figures.model import Figure, Lineage, Scope, Status, figure_ref
from clearland.ledger.snapshot import Snapshot

_MOST_ANSWERS = 4_096
_BY_GROUND = frozenset({"land_line", "land_stock"})  # m² that the partition counts once, whoever drew them how often
_answers: OrderedDict[tuple[Path, str, str, tuple[str, ...]], tuple[Figure, ...]] = OrderedDict()
_lock = threading.Lock()


def indicator(snapshot: Snapshot, code: str) -> Indicator:
    """The definition of an indicator. Raises ClearlandError E-FIG-CODE for a code the dictionary does not have."""
    found = snapshot.dictionary.indicators.get(code)
    if found is None:
        known = ", ".join(sorted(snapshot.dictionary.indicators))
        raise ClearlandError("E-FIG-CODE", f"There is no indicator {code}.", remedy=f"Choose one of: {known}.")
    return found


def figures(
    snapshot: Snapshot, codes: Sequence[str] = (), *, scope: Scope | None = None, by: Sequence[str] = ()
) -> list[Figure]:
    """Values of indicators in a scope, split by dimensions that the indicator has (others are left unsplit).

    Without codes, every indicator of the dictionary. Raises ClearlandError for an unknown code or dimension.
    """
    asked = replace(scope or Scope(), as_known=snapshot.as_known)
    chosen = [indicator(snapshot, code) for code in codes] or list(snapshot.dictionary.indicators.values())
    _refuse_unknown_dimensions(chosen, [*by, *asked.where])
    found: list[Figure] = []
    for definition in chosen:
        found.extend(_kept(snapshot, definition, asked, tuple(name for name in by if name in split_by(definition))))
    return found


def _kept(snapshot: Snapshot, definition: Indicator, scope: Scope, by: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures of one indicator, computed once per process: a snapshot never changes."""
    key = (snapshot.folder, definition.code, scope.query(), by)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    made = tuple(_values(snapshot, definition, scope, by))
    with _lock:
        while len(_answers) >= _MOST_ANSWERS:
            _answers.popitem(last=False)
        return _answers.setdefault(key, made)


def split_by(definition: Indicator) -> tuple[str, ...]:
    """What an indicator can be split by: its own dimensions, and the district."""
    return (*definition.dimensions, "place")


def contributions(snapshot: Snapshot, code: str, scope: Scope) -> Any:
    """The contributions of one figure, largest first: an Arrow table of digest, entry, amount, place, first, last."""
    definition = indicator(snapshot, code)
    _refuse_unknown_dimensions([definition], scope.where)
    sql, params = _selection(snapshot, definition, scope)
    if _may_tell_again(snapshot, definition):
        sql = f"SELECT * EXCLUDE (again) FROM ({_marked(definition, sql)}) WHERE NOT again"
    return snapshot.sql(f"SELECT * FROM ({sql}) ORDER BY amount DESC NULLS LAST, digest", params)


def _refuse_unknown_dimensions(chosen: Sequence[Indicator], names: Iterable[str]) -> None:
    known = {dimension for definition in chosen for dimension in split_by(definition)}
    for name in names:
        if name not in known:
            raise ClearlandError(
                "E-FIG-DIMENSION", f"“{name}” is no dimension of the indicators asked for.",
                remedy=f"Split or filter by: {', '.join(sorted(known))}.",
            )


def _selection(
    snapshot: Snapshot, definition: Indicator, scope: Scope, by: Sequence[str] = ()
) -> tuple[str, list[Any]]:
    """The indicator's SQL with the scope laid over it.

    Where members of a dimension overlap, its `whole` member stands for all of them unless the scope splits or filters it.
    """
    if any(table in definition.sources for table in LAND_TABLES):
        prepare_land(snapshot)
    conditions: list[str] = []
    params: list[Any] = []
    if definition.timing == "flow" and scope.period_from:
        conditions.append("first >= ?")
        params.append(scope.period_from)
    if scope.period_to:
        conditions.append("last <= ?")
        params.append(scope.period_to)
    if definition.timing == "stock":
        conditions.append("(until IS NULL OR until > ?)" if scope.period_to else "until IS NULL")
        params += [scope.period_to] if scope.period_to else []
    for name, member in definition.whole.items():
        conditions.append(f'"{name}" {"<>" if name in {*by, *scope.where} else "="} ?')
        params.append(member)
    if scope.place is not None:
        conditions.append(
            "place IN (WITH RECURSIVE below(code, record) AS (SELECT ?, (SELECT any_value(record) FROM place WHERE code = ?) "
            "UNION SELECT p.code, p.record FROM place p JOIN below ON p.parent = below.record) SELECT code FROM below)"
        )
        params += [scope.place, scope.place]
    for name, value in scope.where.items():
        if name in split_by(definition):
            conditions.append(f'CAST("{name}" AS VARCHAR) = ?')
            params.append(value)
        else:  # the indicator has no such dimension: nothing of it can be in that scope
            conditions.append("false")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM ({definition.sql}) AS contribution{where}", params


def _may_tell_again(snapshot: Snapshot, definition: Indicator) -> bool:
    """Whether contributions are records of which some may be told twice."""
    of_records = definition.status_rule != "claimed" and not _BY_GROUND.intersection(definition.sources)
    return of_records and any_told_again(snapshot)


def _marked(definition: Indicator, sql: str) -> str:
    """Contributions with `again`: whether another one of them, or another record, tells of the same thing.

    Of hazards with ground left one counts, whichever of them holds the ground; of other things the record that was chosen.
    """
    if "land_open" not in definition.sources:
        return f"SELECT told.*, entry IN (SELECT entry FROM duplicate) AS again FROM ({sql}) AS told"
    split = "".join(f', told."{name}"' for name in split_by(definition))
    return f"""
        SELECT told.*, row_number() OVER (
            PARTITION BY coalesce(known.kept_entry, told.entry){split} ORDER BY known.entry IS NOT NULL, told.entry) > 1 AS again
        FROM ({sql}) AS told LEFT JOIN duplicate AS known ON known.entry = told.entry"""


def _values(snapshot: Snapshot, definition: Indicator, scope: Scope, by: Sequence[str]) -> list[Figure]:
    sql, params = _selection(snapshot, definition, scope, by)
    columns = "".join(f'CAST("{name}" AS VARCHAR) AS "{name}", ' for name in by)
    group = f" GROUP BY {', '.join(str(n + 1) for n in range(len(by)))} ORDER BY ALL" if by else ""
    # Sorting and hashing the digests in Python takes two thirds of what DuckDB takes for it (measured at 1,000,000 rows).
    kept, again = "", "0"
    if _may_tell_again(snapshot, definition):
        kept, again, sql = " FILTER (NOT again)", "count(DISTINCT entry) FILTER (again)", _marked(definition, sql)
    summed = f"sum(CAST(amount AS DOUBLE)){kept} AS value, list(DISTINCT digest){kept} AS digests, {again} AS again"
    rows = snapshot.sql(f"SELECT {columns}{summed} FROM ({sql}) AS chosen{group}", params).to_pylist()
    made = []
    for row in rows:
        own = replace(scope, where={**scope.where, **{name: row[name] or "" for name in by if name != "place"}})
        if "place" in by:
            own = replace(own, place=row["place"] or "")
        made.append(_figure(snapshot, definition, own, row["value"], row["digests"] or [], row["again"]))
    return made


def _figure(
    snapshot: Snapshot, definition: Indicator, scope: Scope, value: float | None, digests: Sequence[str], again: int
) -> Figure:
    status: Status = definition.status_rule
    if value is None:
        # Zero is a digit, unknown is a word: nothing in this scope is 0 only if such things are recorded at all.
        anything = snapshot.sql(f"SELECT count(*) AS n FROM ({definition.sql}) AS contribution").to_pylist()[0]["n"]
        value, status = (0.0, status) if anything else (None, "not known")
    from_claims = definition.status_rule == "claimed"
    lineage = Lineage(
        head=snapshot.head,
        as_known=snapshot.as_known,
        dictionary=snapshot.dictionary.version,
        query=" ".join(definition.sql.split()),
        entries=0 if from_claims else len(digests),
        claims=len(digests) if from_claims else 0,
        digest=hashlib.sha256("".join(sorted(digests)).encode()).hexdigest(),
        ref=figure_ref(definition.code, scope, snapshot.head),
    )
    return Figure(
        code=definition.code, value=value, unit=definition.unit, scope=scope, status=status, lineage=lineage, told_again=again
    )
