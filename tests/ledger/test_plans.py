"""A page of a list is found in an index, on both databases, as soon as a large import has ended."""

import pytest

from clearland.core.ids import record_id
from clearland.ledger.drafts import Draft
from clearland.ledger.rows import rows
from clearland.ledger.scope import scope, system_actor
from clearland.ledger.write import write
from tests.conftest import TestProgramme

READER = system_actor("web")


@pytest.fixture
def many_places(programme: TestProgramme) -> TestProgramme:
    drafts = [
        Draft(
            record=record_id("plans", str(number)), kind="place", local_id=f"P-{number:05d}",
            attributes={"code": f"P-{number:05d}", "name": f"SYNTHETIC {number}", "place_type": "settlement"},
        )
        for number in range(4_000)
    ]  # fmt: skip
    write(drafts, actor=READER, reason="Many places")
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
