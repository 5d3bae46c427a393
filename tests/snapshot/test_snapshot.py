"""The snapshot: what was known on a day, typed, on both databases."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearland.core.errors import ClearlandError
from clearland.core.partial_dates import PartialDate
from clearland.dictionary import loader
from clearland.ledger import snapshot_columns, snapshot_delta, snapshot_reuse, snapshot_sources
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.readings import store_reading
from clearland.ledger.rows import head
from clearland.ledger.snapshot import Snapshot, prune, snapshot, snapshots_folder
from tests.layers.records import NOON, attributes_of, draft, fresh_id, geometries, put

WORDS = loader.builtin()
LATER = NOON + timedelta(days=40)
SQUARE = shapely.box(47, 40, 47.01, 40.01)


def rows(query: str, *params: object, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = snapshot(**options).sql(query, params).to_pylist()
    return found


def file_of(made: Snapshot, table: str) -> Path:
    return snapshot_delta.base_path(made.folder, table)


@pytest.mark.usefixtures("programme")
def test_every_kind_has_a_table_and_a_history_also_without_records() -> None:
    made = snapshot()
    assert set(made.tables()) == {"source", "claim"} | {n + end for n in WORDS.kinds for end in ("", "_history")}
    for name, kind in WORDS.kinds.items():
        assert made.table(name).num_rows == (1 if name == "programme" else 0)
        described = {row["column_name"]: row["column_type"] for row in rows(f'DESCRIBE "{name}_history"')}
        assert list(described.items()) == snapshot_columns.history_columns(kind)
        now = [name for name in described if name not in snapshot_columns.HISTORY_ONLY]
        assert now == made.table(name).column_names
    assert (made.head, made.as_known, made.dictionary) == (head(), None, WORDS)
    with pytest.raises(ClearlandError, match="E-DICT-KIND"):
        made.table("unicorn")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.usefixtures("programme")
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(WORDS.layers(), key=lambda each: each.name)))
    attributes = data.draw(attributes_of(WORDS, kind))
    geometry = data.draw(geometries()) if kind.geometry != "none" else None
    record = fresh_id()
    put(draft(kind.name, f"local {record}", attributes, geometry, record=record))
    (row,) = rows(f'SELECT * FROM "{kind.name}" WHERE record = ?', str(record))
    assert (row["local_id"], row["state"], row["source"]) == (f"local {record}", "approved", None)
    assert row["known_from"] == NOON.replace(tzinfo=None)
    assert row["geometry"] == (shapely.to_wkb(geometry, byte_order=1) if geometry is not None else None)
    for field in snapshot_columns.open_fields(kind):
        if field.is_link:
            continue
        value, column = attributes.get(field.name), snapshot_columns.column_name(field)
        assert row[column] == _typed(field.type, value), column
        if field.type == "partial_date":
            partial = PartialDate.parse(value) if value else None
            assert row[f"{column}_first"] == (partial and partial.first)
            assert row[f"{column}_last"] == (partial and partial.last)


def _typed(type_: str, value: Any) -> Any:
    if value is None:
        return None
    if type_ == "decimal":
        return float(value)
    if type_ == "date":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value.removesuffix("Z")) if type_ == "datetime" else value


@pytest.mark.usefixtures("programme")
def test_links_and_the_ledgers_own_columns() -> None:
    hazard = draft("hazard", "H-1", {"district": "D-1", "organisation": "ORG", "identified_on": "2020-02"}, SQUARE)
    put(hazard)
    put(draft("land_release", "L-1", {"release_date": "2021"}, SQUARE, links={"hazards": (hazard.record,)}))
    (row,) = rows("SELECT place, organisation, valid_from, length(digest) AS digits FROM hazard")
    assert row == {"place": "D-1", "organisation": "ORG", "valid_from": date(2020, 2, 1), "digits": 64}
    (row,) = rows("SELECT h.local_id FROM land_release r, hazard h WHERE list_contains(r.hazards, h.record)")
    assert row == {"local_id": "H-1"}


@pytest.mark.usefixtures("programme")
def test_now_and_on_a_day_are_one_code() -> None:
    put(draft("hazard", "H-1", {"name": "first"}))
    put(draft("hazard", "H-1", {"name": "second"}), at=LATER)
    put(draft("hazard", "H-1", {"name": "third"}, state="draft"), at=LATER + timedelta(days=1))
    assert rows("SELECT name FROM hazard") == [{"name": "second"}]
    assert rows("SELECT name FROM hazard", as_known=NOON.date()) == [{"name": "first"}]
    assert rows("SELECT name FROM hazard", as_known=NOON.date() - timedelta(days=1)) == []
    both = rows("SELECT name, known_to, revision FROM hazard_history ORDER BY known_from")
    assert [(row["name"], row["known_to"]) for row in both] == [("first", LATER.replace(tzinfo=None)), ("second", None)]
    assert [row["revision"] for row in both] == sorted({row["revision"] for row in both})
    assert rows("SELECT known_to FROM hazard_history", as_known=NOON.date()) == [{"known_to": None}]


@pytest.mark.usefixtures("programme")
def test_a_day_ends_in_the_time_zone_of_the_programme() -> None:
    put(draft("hazard", "H-1"), at=datetime.fromisoformat("2024-03-01T20:30:00Z"))  # 00:30 of the next day in Baku
    assert rows("SELECT * FROM hazard", as_known=date(2024, 3, 1)) == []
    assert len(rows("SELECT * FROM hazard", as_known=date(2024, 3, 2))) == 1


@pytest.mark.usefixtures("programme")
def test_what_was_withdrawn_counts_no_more_and_stays_in_the_history() -> None:
    put(draft("hazard", "H-1"))
    put(draft("hazard", "H-1", state="withdrawn"), at=LATER)
    assert rows("SELECT * FROM hazard") == []
    assert len(rows("SELECT * FROM hazard", as_known=NOON.date())) == 1
    assert [row["known_to"] for row in rows("SELECT known_to FROM hazard_history")] == [LATER.replace(tzinfo=None)]


CLAIM = {
    "file": "a.txt", "start": 6, "end": 14, "subject": "Azerbaijan", "attribute": "cleared.area", "value": 12.5,
    "value_status": "known", "unit": "km2", "period": "2020", "claimant": "ORG", "stance": "reported",
    "polarity": "affirmed", "modality": "asserted", "footnote": "3",
    "scope": {"place": ["Here", "There"], "device": "AP", "actor": None, "activity": None, "method": None},
}  # fmt: skip


def put_claims(version: str = "1", received: date = date(2024, 3, 1), claims: Any = (CLAIM,)) -> None:
    text = "Title\n12.5 km2 were cleared."
    put(
        source=NewSource(data=f"{received}".encode(), filename="a.txt", media_type="text/plain", received=received,
                         publisher="Publisher", published="2021-05"),
        renditions=(NewRendition(text=text, extractor="t", extractor_version=version, claims=claims, passages=[
            {"number": 1, "kind": "title", "start": 0, "end": 5, "page": 1},
            {"number": 2, "kind": "paragraph", "start": 6, "end": 28, "page": 2},
        ]),),
    )  # fmt: skip


@pytest.mark.usefixtures("programme")
def test_claims_come_with_their_scope_source_and_page() -> None:
    put_claims()
    (row,) = rows("SELECT * FROM claim")
    expected = {
        "file": "a.txt", "start": 6, "end": 14, "subject": "Azerbaijan", "attribute": "cleared.area",
        "value_number": 12.5, "value_text": "12.5", "value_status": "known", "unit": "km2", "period": "2020",
        "claimant": "ORG", "stance": "reported", "polarity": "affirmed", "modality": "asserted", "footnote": "3",
        "place": ["Here", "There"], "actor": None, "device": "AP", "method": None, "page": 2,
        "publisher": "Publisher", "published": "2021-05",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert rows("SELECT sha256, received, may_pass_on FROM source") == [
        {"sha256": row["source"], "received": date(2024, 3, 1), "may_pass_on": False}
    ]


@pytest.mark.usefixtures("programme")
def test_claims_of_a_new_reading_make_a_new_snapshot_under_the_same_head() -> None:
    put_claims()
    before = snapshot()
    (rendition,) = {row["rendition"] for row in rows("SELECT rendition FROM claim")}
    store_reading(rendition, [], [CLAIM, {**CLAIM, "value": 13}])
    after = snapshot()
    assert after.head == before.head
    assert before.sql("SELECT count(*) AS n FROM claim").to_pylist() == [{"n": 1}]
    assert after.sql("SELECT count(*) AS n FROM claim").to_pylist() == [{"n": 2}]


@pytest.mark.usefixtures("programme")
def test_a_source_is_known_when_recorded_or_received_before_the_opening() -> None:
    put_claims(received=date(2015, 4, 30))
    put_claims(received=date(2024, 2, 1))  # from the opening on, recorded is what counts: 2024-03-01
    known = {day: len(rows("SELECT * FROM claim", as_known=day)) for day in (
        date(2015, 4, 29), date(2015, 4, 30), date(2024, 2, 29), date(2024, 3, 1),
    )}  # fmt: skip
    assert list(known.values()) == [0, 1, 1, 2]


@pytest.mark.usefixtures("sqlite_programme")
def test_a_snapshot_is_made_once_and_never_changes() -> None:
    put(draft("hazard", "H-1", geometry=SQUARE))
    first = snapshot()
    stamp = file_of(first, "hazard").stat().st_mtime_ns
    assert snapshot() is first
    put(draft("hazard", "H-2"), at=LATER)
    assert snapshot().folder != first.folder
    assert first.table("hazard").num_rows == 1
    assert file_of(first, "hazard").stat().st_mtime_ns == stamp


@pytest.mark.usefixtures("programme")
def test_kinds_that_did_not_change_are_taken_over() -> None:
    put(draft("hazard", "H-1"), draft("accident", "A-1"))
    first = snapshot()
    put(draft("hazard", "H-2"), at=LATER)
    second = snapshot()
    assert file_of(second, "accident").samefile(file_of(first, "accident"))
    assert file_of(second, "claim").samefile(file_of(first, "claim"))
    assert not file_of(second, "hazard").samefile(file_of(first, "hazard"))
    assert (first.table("hazard").num_rows, second.table("hazard").num_rows) == (1, 2)


@pytest.mark.usefixtures("sqlite_programme")
def test_a_folder_cut_short_is_made_anew() -> None:
    put(draft("hazard", "H-1"))
    made = snapshot()
    copy = made.folder.parent / "kept"
    shutil.copytree(made.folder, copy)
    whole = file_of(made, "hazard").read_bytes()
    for damage in (whole[:-20], b""):
        file_of(made, "hazard").write_bytes(damage)
        assert not snapshot_reuse.is_whole(made.folder)
    assert snapshot_reuse.is_whole(copy)
    shutil.rmtree(made.folder)
    assert snapshot().table("hazard").num_rows == 1


@pytest.mark.usefixtures("sqlite_programme")
def test_a_build_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise duckdb.Error("full")

    monkeypatch.setattr(snapshot_sources, "write_files", fail)
    with pytest.raises(duckdb.Error):
        snapshot()
    assert list(snapshots_folder().iterdir()) == []


@pytest.mark.usefixtures("sqlite_programme")
def test_old_folders_go_and_used_ones_stay() -> None:
    made = []
    for day in range(1, 5):
        put(draft("hazard", f"H-{day}"), at=NOON + timedelta(days=day))
        made.append(snapshot().folder)
    leftover = snapshots_folder() / ".half-made"
    leftover.mkdir()
    assert prune(keep=2) == 0
    long_ago = NOON.timestamp()
    for folder in made:
        os.utime(folder / snapshot_reuse.MANIFEST, (long_ago, long_ago))
    os.utime(leftover, (long_ago, long_ago))
    os.utime(made[0] / snapshot_reuse.MANIFEST)
    assert prune(keep=2) == 3
    assert made[0].is_dir()
    assert snapshot().table("hazard").num_rows == 4
    assert not leftover.exists()


@pytest.mark.usefixtures("sqlite_programme")
def test_files_are_geoparquet_for_others() -> None:
    put(draft("hazard", "H-1", geometry=SQUARE), draft("organisation", "O-1"))
    made = snapshot()
    geo = json.loads(pq.read_metadata(file_of(made, "hazard")).metadata[b"geo"])
    assert geo["primary_column"] == "geometry"
    assert geo["columns"]["geometry"] == {"encoding": "WKB", "geometry_types": [], "bbox": [47.0, 40.0, 47.01, 40.01]}
    assert b"geo" not in pq.read_metadata(file_of(made, "organisation")).metadata


@pytest.mark.usefixtures("sqlite_programme")
def test_several_threads_may_ask() -> None:
    put(*(draft("hazard", f"H-{n}") for n in range(50)))
    made = snapshot()

    def count(_: int) -> pa.Table:
        return made.sql("SELECT count(*) AS n FROM hazard WHERE local_id <> $not", {"not": "H-1"})

    with ThreadPoolExecutor(8) as pool:
        assert {table.to_pylist()[0]["n"] for table in pool.map(count, range(40))} == {49}


def test_sealed_fields_have_no_column() -> None:
    kind = WORDS.kind("accident")
    sealed = replace(kind, fields=tuple(replace(field, sensitivity="sealed") for field in kind.fields))
    assert snapshot_columns.field_columns(sealed) == []
