"""A write in portions, most of them waiting in a file, does what a write in one piece does, in memory that does not grow."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connections

from clearland.core.errors import RefusedInput
from clearland.ledger import spool as spools
from clearland.ledger import staging, store
from clearland.ledger.drafts import Draft
from clearland.ledger.history import StaleWrite
from clearland.ledger.rows import head, links, rows
from clearland.ledger.spool import Shelf, Spool
from clearland.ledger.store import ALIAS, store_of
from clearland.ledger.verify import verify
from clearland.ledger.write import write
from tests.ledger.book import MEMBER, day, everything, hazard, put, source


@pytest.fixture
def small_portions(monkeypatch):
    monkeypatch.setattr(staging, "PORTION", 3)
    monkeypatch.setattr(spools, "HELD", 6)


def linked(key: int) -> Draft:
    """Every second one links to one that comes ten places later."""
    return replace(hazard(f"{key}"), links={"parent_hazard": (hazard(f"{key + 10}").record,)} if key % 2 else {})


def test_a_spool_gives_back_what_was_added_more_than_once(small_portions):
    spool: Spool[int] = Spool()
    portions = [[1, 2, 3], [4, 5, 6], [7], [8, 9, 10], []]
    for portion in portions:
        spool.add(portion)
    assert [list(spool), list(spool)] == [portions, portions]
    assert [spool.portion(3), spool.portion(1)] == [[8, 9, 10], [4, 5, 6]]
    shelf = Shelf(spool)
    assert (len(shelf), list(shelf), shelf[6], shelf[-1], shelf[2:9:3]) == (10, list(range(1, 11)), 7, 10, [3, 6, 9])
    with pytest.raises(IndexError):
        shelf[10]
    spool.close()


def test_what_waits_in_a_file_says_nothing(small_portions, monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr("tempfile.TemporaryFile", lambda prefix: written)
    spool: Spool[str] = Spool()
    for _ in range(4):
        spool.add(["Name Nameson"] * 3)
    assert len(written.getvalue()) > 20
    assert b"Nameson" not in written.getvalue()
    assert list(spool) == [["Name Nameson"] * 3] * 4


def test_many_portions_are_one_commit(programme, small_portions):
    first = put([linked(key) for key in range(30)] + [hazard(f"{key}") for key in range(30, 41)])
    assert (first.new, first.commit) == (41, 2)
    assert {link.record for link in links(everything(), hazard("17").record)} == {hazard("7").record, hazard("27").record}
    again = put([replace(linked(key), state="withdrawn") if key > 24 else linked(key) for key in range(30)], clock=day(1))
    assert (again.new, again.changed, again.unchanged, again.commit) == (0, 5, 25, 3)
    assert rows(everything(), "hazard").count() == 36
    assert verify().ok


def test_an_edition_in_portions_supersedes_what_none_of_them_repeats(programme, small_portions):
    book = source("ledger 2020", date(2024, 2, 1), series="ledger", full_edition=True)
    put([hazard(f"{key}") for key in range(20)], source=book, supersede_missing_of="ledger")
    later = source("ledger 2021", date(2024, 2, 20), series="ledger", full_edition=True)
    receipt = put([hazard(f"{key}") for key in range(12)], source=later, supersede_missing_of="ledger", clock=day(1))
    assert (receipt.new, receipt.unchanged, receipt.superseded) == (0, 12, 8)
    assert verify().ok


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (hazard("2"), "E-LEDGER-TWICE"),
        (replace(hazard("90"), links={"parent_hazard": (uuid4(),)}), "E-LEDGER-LINK"),
        (replace(hazard("90"), based_on=uuid4()), "E-LEDGER-BASE"),
        (hazard("90", unheard_of=1), "E-LEDGER-FIELD"),
    ],
)
def test_what_is_wrong_in_the_last_portion_refuses_the_first(programme, small_portions, wrong, code):
    before = head()
    with pytest.raises(RefusedInput) as caught:
        write([*(hazard(f"{key}") for key in range(20)), wrong], actor=MEMBER, reason="test", clock=day(0))
    assert caught.value.code == code
    assert (head(), rows(everything(), "hazard").count()) == (before, 0)


def test_all_stale_drafts_of_all_portions_are_named(programme, small_portions):
    put([hazard(f"{key}") for key in range(0, 20, 5)])
    before = head()
    with pytest.raises(StaleWrite) as caught:
        write([hazard(f"{key}", name="Other") for key in range(20)], actor=MEMBER, reason="test", clock=day(1))
    assert [each.local_id for each in caught.value.ours] == ["HA-0", "HA-5", "HA-10", "HA-15"]
    assert (head(), rows(everything(), "hazard").count()) == (before, 4)


def test_a_large_write_has_a_large_cache_and_gives_it_back(sqlite_programme, monkeypatch):
    monkeypatch.setattr(store, "_MANY", 5)
    with connections[ALIAS].cursor() as cursor:
        sizes = {}
        for rows_written in (4, 5):
            with store_of(cursor).roomy(rows_written):
                sizes[rows_written] = cursor.execute("PRAGMA cache_size").fetchone()[0]
        assert cursor.execute("PRAGMA cache_size").fetchone()[0] == sizes[4]
    assert sizes[5] < 4 * sizes[4] < 0  # negative: KiB


def many(count: int) -> Iterator[Draft]:
    return (hazard(f"{count} {key}") for key in range(count))


def peak_bytes(count: int) -> int:
    tracemalloc.start()
    try:
        write(many(count), actor=MEMBER, reason="test", clock=day(0))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_a_write(programme, monkeypatch):
    monkeypatch.setattr(staging, "PORTION", 500)
    monkeypatch.setattr(spools, "HELD", 500)
    peak_bytes(10)
    assert peak_bytes(6_000) < 1.3 * peak_bytes(3_000)
