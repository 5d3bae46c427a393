"""How many records stand today, kept up to date from what was written since: lists and maps count on every page.

A count over 100,000 rows takes longer than the page that shows it, and every write makes the last one old. So a process
counts once by kind, state and class, and from then on looks only at the records that have new versions: versions are
only ever added, in the order of their ids, and one that ends another comes with it (`known_to` of the old is `known_from`
of the new). A state declared for a time before one that is known moves windows in the middle: then all is counted again.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Max, QuerySet

from clearland.ledger.models import Version
from clearland.ledger.rows import ended_since, rows
from clearland.ledger.scope import Scope
from clearland.ledger.snapshot_build import one_moment
from clearland.ledger.store import ALIAS
from clearland.ledger.vocabulary import kinds_shown_unverified
from clearland.ledger.workflow import UNVERIFIED

_GROUP = "v.kind, v.state, v.sensitivity, CASE WHEN v.min_x IS NULL THEN 0 ELSE 1 END"
_MARKED = "CASE WHEN substr(v.local_id, 1, 3) = 'SYN' THEN 1 ELSE 0 END"
_WHOLE = f"""
SELECT {_GROUP}, {_MARKED}, sum(CASE WHEN v.known_to IS NULL THEN 1 ELSE 0 END), 0, max(v.id)
FROM version v GROUP BY 1, 2, 3, 4, 5"""
_SINCE = f"""
WITH news AS MATERIALIZED (SELECT record_id, known_from FROM version WHERE id > %s),
     fresh AS (SELECT record_id, min(known_from) AS since FROM news GROUP BY record_id)
SELECT {_GROUP}, {_MARKED},
       sum(CASE WHEN v.known_to IS NULL THEN 1 ELSE 0 END)
       - sum(CASE WHEN v.id <= %s AND (v.known_to IS NULL OR v.known_to >= f.since) THEN 1 ELSE 0 END),
       max(CASE WHEN v.id <= %s AND v.known_from >= f.since THEN 1 ELSE 0 END), max(v.id)
FROM fresh f JOIN version v ON v.record_id = f.record_id GROUP BY 1, 2, 3, 4, 5"""
_KEPT = 4
_lock = threading.Lock()
_held: dict[str, "Tally"] = {}
Group = tuple[str, str, str, int, int]


@dataclass(frozen=True)
class Tally:
    """Standing versions per (kind, state, class, drawn, marked synthetic), at the head of the ledger it was made for.

    `newest` is the id of the newest version of each kind: it changes with every write to the kind. `era` changes when
    all was counted again, because what was written since could not be told from new versions alone.
    """

    era: float
    head: str
    counts: Mapping[Group, int]
    newest: Mapping[str, int]

    def records(self, scope: Scope, *, unverified: bool = False, drawn: bool = False) -> dict[str, int]:
        """Kind -> number of records within the scope, as `rows.rows` chooses them today; `drawn`: with a shape."""
        found: Counter[str] = Counter()
        shown = kinds_shown_unverified() if unverified else frozenset()
        for (kind, state, sensitivity, has_shape, _), count in self.counts.items():
            counts = state == "approved" or (state in UNVERIFIED and kind in shown)
            if counts and _open(scope, kind, sensitivity) and (has_shape or not drawn):
                found[kind] += count
        return dict(found)

    def synthetic(self, scope: Scope) -> bool:
        """Whether any record within the scope that counts today says in its local id that it is invented."""
        return any(
            marked and count and state == "approved" and _open(scope, kind, sensitivity)
            for (kind, state, sensitivity, _, marked), count in self.counts.items()
        )


def _open(scope: Scope, kind: str, sensitivity: str) -> bool:
    return sensitivity in scope.classes and (scope.kinds is None or kind in scope.kinds)


def covers(scope: Scope) -> bool:
    """Whether classes and kinds are all that the scope asks for, so that a tally can tell its records."""
    return scope == Scope(scope.actor, scope.purpose, scope.classes, scope.kinds)


def tally(head: str) -> Tally:
    """The tally at this head of the ledger or a later one."""
    connection = connections[ALIAS]
    key = repr([connection.settings_dict.get(name) for name in ("NAME", "HOST", "PORT")])
    with _lock:
        held = _held.get(key)
        if held is not None and held.head == head:
            return held
        with connection.cursor() as cursor:
            made = _moved_on(cursor, held, head) or _counted(cursor, head)
        if len(_held) > _KEPT:
            _held.clear()
        _held[key] = made
        return made


def _counted(cursor: Any, head: str) -> Tally:
    cursor.execute(_WHOLE, [])
    return _with(cursor.fetchall(), Tally(time.monotonic(), head, {}, {}), head)


def _moved_on(cursor: Any, held: Tally | None, head: str) -> Tally | None:
    """The tally with what was written since; None where it cannot be told from the new versions alone."""
    if held is None or not held.newest:
        return None
    last = max(held.newest.values())
    cursor.execute(
        'SELECT (SELECT count(*) FROM version WHERE id = %s), (SELECT count(*) FROM "commit" WHERE hash = %s)', [last, held.head]
    )
    if cursor.fetchone() != (1, 1):  # another book under this name, or one that was rebuilt: ids are never used again
        return None
    cursor.execute(_SINCE, [last, last, last])
    rows = cursor.fetchall()
    return None if any(back for *_, back, _ in rows) else _with(rows, held, head)


def _with(rows: list[tuple[Any, ...]], held: Tally, head: str) -> Tally:
    counts, newest = Counter(dict(held.counts)), dict(held.newest)
    for *group, change, _, last in rows:
        counts[tuple(group)] += int(change)
        newest[group[0]] = max(last, newest.get(group[0], 0))
    return Tally(held.era, head, dict(counts), newest)


@dataclass(frozen=True)
class Fitting:
    """How many records of a kind fit a filter, with all versions up to `newest` taken in."""

    count: int
    newest: int
    era: float


def fitting(
    scope: Scope, kind: str, narrow: Callable[[QuerySet[Version]], QuerySet[Version]], held: Fitting | None, whole: Tally
) -> Fitting:
    """The number of records that fit a filter today, moved on from an earlier one by what was written since.

    `narrow` lays the filter over rows; it must ask for nothing that is brought up to date apart from the rows, as the
    search index is. `whole` is a tally that this process made not before `held`.
    """
    standing = rows(scope, kind, unverified=True, bare=True)
    with one_moment(connections[ALIAS]):
        newest = Version.objects.using(ALIAS).aggregate(newest=Max("id"))["newest"] or 0
        if held is None or held.era != whole.era or newest < held.newest:
            return Fitting(narrow(standing).count(), newest, whole.era)
        if newest == held.newest:
            return held
        newer = Version.objects.using(ALIAS).filter(id__gt=held.newest)
        came = narrow(standing.filter(id__in=newer.values("id"))).count()  # as a list of ids, else the planner walks the kind
        went = narrow(ended_since(scope, kind, held.newest)).count()
    return Fitting(held.count + came - went, newest, held.era)
