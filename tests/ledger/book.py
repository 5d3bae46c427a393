"""Short ways to write to a programme in tests, and to look behind the ledger's back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import shapely
from django.db import connections

from clearland.core.clock import Clock, fixed_clock
from clearland.core.ids import record_id
from clearland.ledger import guards
from clearland.ledger.drafts import Draft, NewSource, Receipt
from clearland.ledger.rows import head_entries, history
from clearland.ledger.scope import Actor, Scope, scope
from clearland.ledger.write import write

MEMBER = Actor("user:1", "A member")
CLERK = Actor("user:3", "Who enters reports")
ADMINISTRATOR = Actor("user:2", "An administrator", is_admin=True)
GROUND = shapely.Point(47.5, 40.5)
START = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def everything() -> Scope:
    """The scope of an administrator."""
    return scope(ADMINISTRATOR, "test")


def day(number: int) -> Clock:
    """A clock standing on the n-th day after the start."""
    return fixed_clock(START + timedelta(days=number))


def hazard(key: str, *, state: str = "approved", geometry: Any = GROUND, **attributes: Any) -> Draft:
    """A hazardous area with a name of its own."""
    values = {"name": f"Area {key}", "area_type": "SHA", "contamination": ["AP"], "district": "D1", **attributes}
    return Draft(
        record=record_id("tests", key),
        kind="hazard",
        local_id=f"HA-{key}",
        attributes=values,
        geometry=geometry,
        state=state,
    )


def put(drafts: Draft | Iterable[Draft], *, clock: Clock | None = None, **rest: Any) -> Receipt:
    """Write drafts, each based on the newest entry of its record; what waits for approval is another's than what approves."""
    listed = [drafts] if isinstance(drafts, Draft) else list(drafts)
    heads: dict[UUID, UUID] = {}
    for kind in {draft.kind for draft in listed}:
        heads |= head_entries(everything(), kind)
    based = [replace(draft, based_on=heads.get(draft.record)) for draft in listed]
    author = MEMBER if any(draft.state == "approved" for draft in listed) else CLERK
    return write(based, actor=rest.pop("actor", author), reason="test", clock=clock or day(0), **rest)


def source(name: str, received: date, **rest: Any) -> NewSource:
    """A small file handed in on a day."""
    return NewSource(data=f"content of {name}".encode(), filename=f"{name}.csv", media_type="text/csv", received=received, **rest)


def states(draft: Draft) -> list[str]:
    """The states of a record's entries, oldest first."""
    return [entry.state for entry in history(everything(), draft.record)]


def execute(sql: str, parameters: Iterable[Any] = ()) -> None:
    """Run one statement on the programme's database."""
    with connections["programme"].cursor() as cursor:
        cursor.execute(sql, list(parameters))


def value(sql: str) -> Any:
    """The first value of a query."""
    with connections["programme"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@contextmanager
def behind_the_guards() -> Iterator[None]:
    """Take the triggers away, as the owner of a file can, and put them back so that only the deed is left to find."""
    connection = connections["programme"]
    for table in guards.KEYS:
        for event in ("insert", "update", "delete", "truncate"):
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{on}')
    yield
    guards.install(connection)
