"""A page of a list is found in an index, on both databases, as soon as a large import has ended."""

import re
from typing import Any

import pytest
import shapely
from django.db import connections

from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.store import ALIAS
from clearland.ledger.write import write
from tests.conftest import TestProgramme

READER = system_actor("web")


def place(number: int) -> Draft:
    """One of many settlements, on open ocean."""
    return Draft(
        record=record_id("plans", str(number)), kind="place", local_id=f"P-{number:05d}",
        geometry=shapely.Point(-30, number / 1e3),
        attributes={"code": f"P-{number:05d}", "name": f"SYNTHETIC {number}", "place_type": "settlement"},
    )  # fmt: skip


@pytest.fixture
def many_places(programme: TestProgramme) -> TestProgramme:
    write([place(number) for number in range(4_000)], actor=READER, reason="Many places")
    return programme


@pytest.mark.parametrize(("order", "index"), [
    (("local_id", "id"), "version_list"), (("-local_id", "-id"), "version_list"), (("known_from", "id"), "version_known"),
    (("-known_from", "-id"), "version_known"),
])  # fmt: skip
def test_a_page_is_found_in_an_index(many_places: TestProgramme, order: tuple[str, str], index: str) -> None:
    found = rows(scope(READER, "test"), "place", unverified=True, bare=True).order_by(*order)
    plan = found.values_list("id", "entry_id")[:50].explain()
    assert index in plan
    if index == "version_known":
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan
    assert ("Index Only Scan" if many_places.database_url else "COVERING INDEX") in plan


WALKS = re.compile(r"SCAN (record|version|entry|link|[rvne])\b|record_id<|_local_id \(kind=\?\)$")
FEW = ("'overlay'", "'merge_conflict'")  # kinds of which there are never many


def test_a_single_write_walks_through_no_table(sqlite_programme: TestProgramme) -> None:
    """What one click writes must cost the same in a book of a million."""
    write([place(number) for number in range(50)], actor=READER, reason="Places")
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not many and not any(kind in sql for kind in FEW) and sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE")):
            asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connections[ALIAS].execute_wrapper(listen):
        write([place(99)], actor=READER, reason="One more")
    assert len(asked) > 5
    with connections[ALIAS].cursor() as cursor:
        for sql, parameters in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            steps = [str(row[-1]) for row in cursor.fetchall()]
            assert not [step for step in steps if WALKS.search(step)], (sql, steps)
