"""A snapshot made new after some entries says what one says that is built from nothing."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
import shapely
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.errors import RefusedInput
from clearland.ledger import snapshot_delta, snapshot_reuse
from clearland.ledger.drafts import Draft
from clearland.ledger.rebuild import rebuild
from clearland.ledger.snapshot import Snapshot, snapshot, snapshots_folder
from tests.ledger.book import day, hazard, put, source

KINDS = ("hazard", "accident", "programme")
STATES = ("draft", "submitted", "approved", "withdrawn")
BEFORE = date(2013, 6, 1)
_serial = count()


@pytest.fixture(autouse=True)
def every_kind_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small kinds are written anew: here they take the way of large ones, and are merged after a few records."""
    monkeypatch.setattr(snapshot_delta, "LEAST_BASE_ROWS", 0)
    monkeypatch.setattr(snapshot_delta, "LEAST_MERGED", 4)
    monkeypatch.setattr(snapshot_delta, "MERGED_SHARE", 0.0)


def content(made: Snapshot) -> dict[str, list[str]]:
    """Every row of the tables written here, in an order of its own."""
    names = [*(name for kind in KINDS for name in snapshot_delta.names(kind)), "source", "claim"]
    return {name: sorted(repr(row) for row in made.sql(f'SELECT * FROM "{name}"').to_pylist()) for name in names}


def is_what_a_new_one_says(known: date | None) -> None:
    refreshed = content(snapshot(as_known=known))
    aside = snapshots_folder().with_name(f"aside-{next(_serial)}")
    snapshots_folder().rename(aside)
    assert content(snapshot(as_known=known)) == refreshed
    shutil.rmtree(snapshots_folder())
    aside.rename(snapshots_folder())


STEPS = st.one_of(
    st.tuples(st.just("state"), st.integers(0, 6), st.sampled_from(STATES)),
    st.tuples(st.just("accident"), st.integers(0, 3), st.sampled_from(STATES)),
    st.tuples(st.just("edition"), st.sets(st.integers(0, 6), min_size=1), st.integers(2010, 2016)),
    st.tuples(st.just("full"), st.sets(st.integers(0, 6), min_size=1), st.integers(2010, 2016)),
    st.tuples(st.just("rebuild"), st.none(), st.none()),
)


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=9))
@pytest.mark.usefixtures("sqlite_programme")
def test_after_any_writes_a_refreshed_snapshot_is_what_a_new_one_says(steps: list[tuple[str, Any, Any]]) -> None:
    run = next(_serial)
    for number, (step, which, how) in enumerate(steps):
        with suppress(RefusedInput):  # a step that the workflow does not have
            take(f"{run}", number, step, which, how)
        snapshot()
        snapshot(as_known=BEFORE)
    is_what_a_new_one_says(None)
    is_what_a_new_one_says(BEFORE)


def take(run: str, number: int, step: str, which: Any, how: Any) -> None:
    def area(key: int, **rest: Any) -> Draft:
        return hazard(f"{run}-{key}", geometry=shapely.Point(47 + number / 10, 40), name=f"step {number}", **rest)

    clock = day(int(run) * 20 + number)
    if step == "state":
        put(area(which, state=how), clock=clock)
    elif step == "accident":
        put(replace(area(which), kind="accident", attributes={}, local_id=f"A-{which}", state=how,
                    record=hazard(f"{run}-A{which}").record), clock=clock)  # fmt: skip
    elif step == "rebuild":
        rebuild()
    else:
        series = f"series-{run}"
        handed = source(f"{run}-{number}-{how}", date(how, 1, 1), series=series, full_edition=step == "full")
        put([area(key) for key in sorted(which)], source=handed, clock=clock,
            supersede_missing_of=series if step == "full" else None)  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_one_more_entry_is_one_more_row_beside_the_base() -> None:
    put([hazard(f"{n}") for n in range(20)])
    first = snapshot()
    put(hazard("3", name="new"), clock=day(1))
    second = snapshot()
    for table in snapshot_delta.names("hazard"):
        base = snapshot_delta.base_path(second.folder, table)
        assert base.samefile(snapshot_delta.base_path(first.folder, table))
    assert snapshot_delta.newer_path(second.folder, "hazard").exists()
    said = second.sql("SELECT name FROM hazard WHERE local_id = 'HA-3'").to_pylist()
    assert (said, second.table("hazard").num_rows) == ([{"name": "new"}], 20)
    assert second.sql("SELECT count(*) AS n FROM hazard_history").to_pylist() == [{"n": 21}]
    put([hazard(f"{n}", name="again") for n in range(9)], clock=day(2))
    third = snapshot()
    assert not snapshot_delta.newer_path(third.folder, "hazard").exists()
    assert third.sql("SELECT count(*) AS n FROM hazard WHERE name = 'again'").to_pylist() == [{"n": 9}]
    is_what_a_new_one_says(None)


@pytest.mark.usefixtures("sqlite_programme")
def test_many_small_changes_are_merged_into_a_new_base() -> None:
    put([hazard(f"{n}") for n in range(10)])
    first = snapshot()
    for n in range(6):
        put(hazard(f"{n}", name="new"), clock=day(n + 1))
        last = snapshot()
    manifest = json.loads((last.folder / snapshot_reuse.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["tables"]["hazard"]["newer"] < 4
    assert not snapshot_delta.base_path(last.folder, "hazard").samefile(snapshot_delta.base_path(first.folder, "hazard"))
    assert first.sql("SELECT count(*) AS n FROM hazard WHERE name = 'new'").to_pylist() == [{"n": 0}]
    is_what_a_new_one_says(None)


@pytest.mark.usefixtures("sqlite_programme")
def test_a_snapshot_of_another_past_gives_nothing() -> None:
    """A programme restored from a backup may hold other entries under the same numbers."""
    put(hazard("1", name="lost"))
    made = snapshot()
    manifest = made.folder / snapshot_reuse.MANIFEST
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**said, "head": "f" * 64}), encoding="utf-8")
    put(hazard("2"), clock=day(1))
    other = snapshot()
    for table in snapshot_delta.names("hazard"):
        assert not snapshot_delta.base_path(other.folder, table).samefile(snapshot_delta.base_path(made.folder, table))


@pytest.mark.usefixtures("sqlite_programme")
def test_a_field_added_to_one_kind_rebuilds_that_kind_alone() -> None:
    put([hazard("1")])
    first = snapshot()
    words = replace(first.dictionary, version="0" * 64, kinds={
        **first.dictionary.kinds, "hazard": replace(first.dictionary.kind("hazard"), fields=(
            *first.dictionary.kind("hazard").fields,
            replace(first.dictionary.kind("hazard").field("name"), name="extra_note"),
        )),
    })  # fmt: skip
    second = snapshot(dictionary=words)
    assert "extra_note" in second.table("hazard").column_names
    assert snapshot_delta.base_path(second.folder, "accident").samefile(snapshot_delta.base_path(first.folder, "accident"))


@pytest.mark.usefixtures("sqlite_programme")
def test_several_may_refresh_at_once() -> None:
    put([hazard(f"{n}") for n in range(10)])
    snapshot()
    put(hazard("3", name="new"), clock=day(1))

    def ask(_: int) -> int:
        try:
            return int(snapshot().sql("SELECT count(*) AS n FROM hazard WHERE name = 'new'").to_pylist()[0]["n"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(8))) == [1] * 8
    assert [path.name for path in snapshots_folder().iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("sqlite_programme")
def test_a_newer_part_cut_short_is_not_believed() -> None:
    put([hazard(f"{n}") for n in range(10)])
    snapshot()
    put(hazard("3", name="new"), clock=day(1))
    made = snapshot()
    newer = snapshot_delta.newer_path(made.folder, "hazard")
    newer.write_bytes(newer.read_bytes()[:-9])
    assert not snapshot_reuse.is_whole(made.folder)
    put(hazard("4", name="new"), clock=day(2))
    assert snapshot().sql("SELECT count(*) AS n FROM hazard WHERE name = 'new'").to_pylist() == [{"n": 2}]
