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
from datetime import date
from pathlib import Path
from typing import Any, cast

from clearland.core.errors import ClearlandError
from clearland.dictionary.indicators import Indicator
from clearland.figures.asking import refuse_word
from clearland.figures.groups import Group, groups
from clearland.figures.inventory import any_rows, may_tell_again
from clearland.figures.land_tables import LAND_TABLES, prepare_land
from clearland.figures.model import Figure, Lineage, Scope, Status, figure_ref
from clearland.figures.paid_by import with_payer
from clearland.figures.years import calendar_year, each_year
from clearland.ledger.snapshot import Snapshot

_MOST_ANSWERS = 16_384
_NOTHING = Group(key=(), value=None, rows=0, digest=hashlib.sha256(b"").hexdigest(), again=0)
_Key = tuple[Path, str, str, tuple[str, ...]]
_answers: OrderedDict[_Key, tuple[Figure, ...]] = OrderedDict()
_lock = threading.Lock()


def indicator(snapshot: Snapshot, code: str) -> Indicator:
    """The definition of an indicator. Raises ClearlandError E-FIG-CODE for a code the dictionary does not have,
    E-FIG-AMBIGUOUS for a word of the field in its place (*cleared*), which several figures answer."""
    found = snapshot.dictionary.indicators.get(code)
    if found is None:
        raise refuse_word(code, snapshot.dictionary.indicators)
    return found


def figures(
    snapshot: Snapshot, codes: Sequence[str] = (), *, scope: Scope | None = None, by: Sequence[str] = ()
) -> list[Figure]:
    """Values of indicators in a scope, split by dimensions that the indicator has (others are left unsplit).

    Without codes, every indicator of the dictionary, each split by what it requires. Raises ClearlandError E-FIG-CODE or
    E-FIG-DIMENSION for an unknown code or dimension, E-FIG-AMBIGUOUS where one that is named mixes what must not be mixed.
    """
    asked = replace(scope or Scope(), as_known=snapshot.as_known)
    chosen = [indicator(snapshot, code) for code in codes] or list(snapshot.dictionary.indicators.values())
    _refuse_unknown_dimensions(chosen, [*by, *asked.where])
    found: list[Figure] = []
    for definition in chosen:
        own = tuple(name for name in by if name in split_by(definition))
        missing = [name for name in definition.requires if name not in own and name not in asked.where]
        if missing and codes:
            raise ambiguous(definition, missing)
        split = _kept(snapshot, definition, asked, (*own, *missing))
        if missing and not own and not split:
            split = (_figure(snapshot, definition, asked, _NOTHING),)
        found.extend(split)
    return found


def nothing_told(snapshot: Snapshot, code: str, scope: Scope) -> Figure:
    """The figure of a scope in which no contribution lies, for whoever has looked already.

    Raises ClearlandError E-FIG-CODE for an unknown code."""
    return _figure(snapshot, indicator(snapshot, code), replace(scope, as_known=snapshot.as_known), _NOTHING)


def ambiguous(definition: Indicator, missing: Sequence[str]) -> ClearlandError:
    """The refusal of a number that would mix members of these dimensions."""
    names = ",".join(missing)
    return ClearlandError(
        "E-FIG-AMBIGUOUS", f"{definition.code} for every {' and '.join(missing)} together would mix what must not be added.",
        remedy=f"Split it (--by {names}) or choose one member of each.",
    )  # fmt: skip


def _kept(snapshot: Snapshot, definition: Indicator, scope: Scope, by: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures of one indicator, computed once per process: a snapshot never changes."""
    key = (snapshot.folder, definition.code, scope.query(), by)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    return _keep(key, _values(snapshot, definition, scope, by))


def _keep(key: _Key, made: tuple[Figure, ...]) -> tuple[Figure, ...]:
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
    if may_tell_again(snapshot, definition):
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
    snapshot: Snapshot, definition: Indicator, scope: Scope, by: Sequence[str] = (), *, timed: bool = True
) -> tuple[str, list[Any]]:
    """The indicator's SQL with the scope laid over it; `timed` False leaves the choice by time to the caller.

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
    if timed and definition.timing == "stock":
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
    asked = {*definition.linked} & {*by, *scope.where}
    sql = with_payer(snapshot, definition.sql) if asked else definition.sql
    return f"SELECT * FROM ({sql}) AS counted{where}", params


def _marked(definition: Indicator, sql: str) -> str:
    """Contributions with `again`: whether another one of them, or another record, tells of the same thing.

    Of hazards with ground left one counts, whichever of them holds the ground; of other things the record that was chosen.
    """
    if "land_open" not in definition.sources:
        return f"SELECT told.*, entry IN (SELECT entry FROM duplicate) AS again FROM ({sql}) AS told"
    split = "".join(f', told."{name}"' for name in split_by(definition) if name not in definition.linked)
    return f"""
        SELECT told.*, row_number() OVER (
            PARTITION BY coalesce(known.kept_entry, told.entry){split} ORDER BY known.entry IS NOT NULL, told.entry) > 1 AS again
        FROM ({sql}) AS told LEFT JOIN duplicate AS known ON known.entry = told.entry"""


def _values(snapshot: Snapshot, definition: Indicator, scope: Scope, by: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures of one indicator in one scope; of a calendar year they are taken from those of all years at once."""
    if not any_rows(snapshot, definition):
        return (_figure(snapshot, definition, scope, _NOTHING),) if not by else ()
    year = calendar_year(scope)
    if year is None or may_tell_again(snapshot, definition):
        sql, params = _selection(snapshot, definition, scope, by)
        found = groups(snapshot.sql(_columns(snapshot, definition, sql, by), params), by, definition.aggregate)
        return _figures(snapshot, definition, scope, by, found)
    unbounded = replace(scope, period_from=None, period_to=None)
    sql, params = _selection(snapshot, definition, unbounded, by, timed=False)
    years = each_year(snapshot, definition, sql, params, lambda chosen: _columns(snapshot, definition, chosen, by), by, year)
    kept: tuple[Figure, ...] = ()
    for each, found_of_year in years.items():
        of_year = replace(scope, period_from=date(each, 1, 1), period_to=date(each, 12, 31))
        made = _figures(snapshot, definition, of_year, by, found_of_year)
        if each == year:
            kept = made
        else:
            _keep((snapshot.folder, definition.code, of_year.query(), by), made)
    return kept


def _columns(snapshot: Snapshot, definition: Indicator, sql: str, by: Sequence[str]) -> str:
    """What `groups` reads of the chosen contributions."""
    names = "".join(f'CAST("{name}" AS VARCHAR) AS "{name}", ' for name in by)
    weight = ", CAST(weight AS DOUBLE) AS weight" if definition.aggregate == "ratio" else ""
    again = ""
    if may_tell_again(snapshot, definition):
        again, sql = ", again", _marked(definition, sql)
    return f"SELECT {names}digest, CAST(amount AS DOUBLE) AS amount{weight}{again} FROM ({sql}) AS chosen"


def _figures(
    snapshot: Snapshot, definition: Indicator, scope: Scope, by: Sequence[str], found: Iterable[Group]
) -> tuple[Figure, ...]:
    made = []
    for group in found:
        said = dict(zip(by, group.key, strict=True))
        own = replace(scope, where={**scope.where, **{name: said[name] or "" for name in by if name != "place"}})
        if "place" in by:
            own = replace(own, place=said["place"] or "")
        made.append(_figure(snapshot, definition, own, group))
    return tuple(made)


def _figure(snapshot: Snapshot, definition: Indicator, scope: Scope, group: Group) -> Figure:
    value, status = group.value, cast(Status, definition.status_rule)
    if value is None:
        # Zero is a digit, unknown is a word: nothing in this scope is 0 only if such things are recorded at all.
        anything = any_rows(snapshot, definition) and definition.aggregate == "sum"
        value, status = (0.0, status) if anything else (None, "not known")
    from_claims = definition.status_rule == "claimed"
    lineage = Lineage(
        head=snapshot.head,
        as_known=snapshot.as_known,
        dictionary=snapshot.dictionary.version,
        query=" ".join(definition.sql.split()),
        entries=0 if from_claims else group.rows,
        claims=group.rows if from_claims else 0,
        digest=group.digest,
        ref=figure_ref(definition.code, scope, snapshot.head),
    )
    return Figure(
        code=definition.code, value=value, unit=definition.unit, scope=scope, status=status, lineage=lineage,
        told_again=group.again,
    )  # fmt: skip
