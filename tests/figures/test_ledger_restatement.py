"""Two editions of a ledger: each line that differs has one cause, and what was moved is not lost and found."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.errors import ClearlandError
from clearland.dictionary.loader import builtin
from clearland.figures.ledger_restatement import CAUSES, default_key, restate_ledger
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import snapshot
from clearland.work.add import AddOptions, add_file
from clearland.work.foreign_ledgers import restate_files, restate_series, series_editions

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [EXAMPLES / "data" / f"colombia-land-release-{year}-edition.csv" for year in (2015, 2019)]
MAPPINGS = [EXAMPLES / "mappings" / f"colombia-land-release-{year}.yaml" for year in (2015, 2019)]
RETURN = builtin().kind("activity_report")
KEY = ("district", "period_from", "setting")


def row(district: str, month: str, area: float = 0, **items: int) -> dict[str, Any]:
    return {"district": district, "period_from": f"2010-{month}-01", "setting": "community", "cleared_m2": area,
            "ap_destroyed": items.get("ap", 0), "uxo_destroyed": items.get("uxo", 0)}  # fmt: skip


def test_the_colombian_ledger_up_to_2014():
    told = restate_files(
        FILES[0], FILES[1], MAPPINGS, builtin(), span=(None, date(2014, 12, 31)), today=date(2026, 1, 1)
    )
    assert told.key_fields == ("period_from", "period_to", "district", "setting")
    assert (told.keys_before, told.keys_after, told.new, told.gone) == (324, 472, 149, 1)
    said = told.as_json()
    assert said["causes"] == {
        "added": 148, "withdrawn": 0, "re-dated": 1, "reclassified": 87, "changed": 10, "rounded": 22,
    }  # fmt: skip
    assert said["added_all_zero"] == 148
    assert told.categories_differ == 95
    assert told.moves() == {
        ("ap_impro_destroyed", "ap_destroyed"): 86, ("ap_impro_destroyed", "ap_destroyed+uxo_destroyed"): 1,
    }  # fmt: skip
    assert sum(bool(line.categories) for line in told.of("changed")) == 8
    assert len(told.corrected("cleared_m2")) == 6
    assert told.same == 323 - 87 - 10 - 22
    moved = told.of("re-dated")[0]
    assert (moved.key[0], moved.key[2]) == ("2010-04-01", "valle del cauca/el cerrito")
    assert moved.moved_to is not None
    assert moved.moved_to[0] == "2010-06-01"
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before["cleared_m2"], moved.after["cleared_m2"]) == (7483.01, 7483)
    assert moved.before["items_destroyed"] == moved.after["items_destroyed"] == 145


def test_the_command_prints_the_same_without_a_programme():
    asked = ["restate", *map(str, FILES), "--mapping", str(MAPPINGS[0]), "--mapping", str(MAPPINGS[1]), "--to", "2014-12-31"]
    found = CliRunner().invoke(app, [*asked, "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["causes"]["re-dated"] == 1
    text = CliRunner().invoke(app, asked).output
    assert "added: 148, 148 of them all zero" in text
    assert "re-dated: 1 (proposed: a person decides)" in text


def test_the_programme_tells_the_same_from_what_it_knew_on_two_days(sqlite_programme):
    received = (date(2015, 4, 30), date(2019, 12, 31))
    for file, mapping, day in zip(FILES, MAPPINGS, received, strict=True):
        add_file(file, AddOptions(mapping=mapping, received=day, full=True), actor=system_actor("import"))
    editions = series_editions(snapshot())
    assert [(each["series"], each["kind"], tuple(each["received"])) for each in editions] == [
        ("colombia-land-release", "activity_report", received)
    ]
    told = restate_series("activity_report", "colombia-land-release", received, span=(None, date(2014, 12, 31)))
    assert told.key_fields == ("district", "period_from", "period_to", "setting")
    assert {cause: len(told.of(cause)) for cause in CAUSES} == {
        "added": 148, "withdrawn": 0, "re-dated": 1, "reclassified": 87, "changed": 10, "rounded": 22,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ([row("N", "01", 10, ap=2)], [row("N", "01", 10, ap=2), row("S", "01", 5)], "added"),
        ([row("N", "01", 10, ap=2), row("S", "01", 7, ap=1)], [row("N", "01", 10, ap=2)], "withdrawn"),
        ([row("N", "01", 10, ap=2)], [row("N", "02", 10, ap=2)], "re-dated"),
        ([row("N", "01", 10, ap=2, uxo=1)], [row("N", "01", 10, ap=1, uxo=2)], "reclassified"),
        ([row("N", "01", 10, ap=2, uxo=1)], [row("N", "01", 10, ap=3, uxo=1)], "changed"),
        ([row("N", "01", 10, ap=2, uxo=1)], [row("N", "01", 11, ap=1, uxo=2)], "changed"),
        ([row("N", "01", 10.75)], [row("N", "01", 10)], "rounded"),
        ([row("N", "01", 10.75)], [row("N", "01", 11)], "changed"),
    ],
)
def test_each_cause(before, after, cause):
    told = restate_ledger(before, after, kind=RETURN, key=KEY)
    assert [line.cause for line in told.lines] == [cause]


def test_two_lines_that_may_have_moved_to_one_are_for_a_person():
    """Which of two equal lines was re-dated cannot be told: both are withdrawn, the new one is added."""
    told = restate_ledger(
        [row("N", "01", 10, ap=2), row("N", "02", 10, ap=2)], [row("N", "03", 10, ap=2)], kind=RETURN, key=KEY
    )
    assert [line.cause for line in told.lines] == ["added", "withdrawn", "withdrawn"]


def test_lines_of_nothing_are_never_taken_for_moved():
    told = restate_ledger([row("N", "01")], [row("N", "02")], kind=RETURN, key=KEY)
    assert [line.cause for line in told.lines] == ["added", "withdrawn"]


def test_rows_of_one_key_are_one_line_and_a_number_of_one_edition_only_says_nothing():
    told = restate_ledger(
        [row("N", "01", 10, ap=1), row("N", "01", 5, ap=1)], [{**row("N", "01", 15, ap=2), "nts_count": 4}], kind=RETURN, key=KEY
    )
    assert (told.lines, told.same) == ((), 1)
    assert "nts_count" not in told.compared


def test_a_field_that_is_none_is_refused():
    with pytest.raises(ClearlandError) as refused:
        restate_ledger([], [], kind=RETURN, key=("colour",))
    assert refused.value.code == "E-DICT-FIELD"


def test_two_ledgers_of_different_kinds_are_not_editions_of_one():
    with pytest.raises(ClearlandError) as refused:
        restate_files(
            FILES[0], EXAMPLES / "data" / "azerbaijan-districts.geojson",
            [MAPPINGS[0], EXAMPLES / "mappings" / "azerbaijan-districts.yaml"], builtin(), today=date(2026, 1, 1),
        )  # fmt: skip
    assert refused.value.code == "E-RESTATE-KIND"


small = st.integers(0, 3)
rows = st.lists(
    st.builds(row, st.sampled_from("NS"), st.sampled_from(["01", "02", "03"]), st.integers(0, 9), ap=small), max_size=6
)


@given(rows, rows)
def test_every_line_is_told_once_and_sums_follow_from_the_lines(before, after):
    told = restate_ledger(before, after, kind=RETURN, key=KEY)
    moved = len(told.of("re-dated"))
    assert told.keys_after - told.keys_before == told.new - told.gone
    assert (len(told.of("added")) + moved, len(told.of("withdrawn")) + moved) == (told.new, told.gone)
    change = sum(now - then for line in told.lines for then, now in [line.differs.get("cleared_m2", (0, 0))])
    if "cleared_m2" in told.compared:
        assert change == sum(r["cleared_m2"] for r in after) - sum(r["cleared_m2"] for r in before)


@given(rows)
def test_an_edition_is_no_restatement_of_itself(edition):
    assert restate_ledger(edition, edition, kind=RETURN, key=default_key(RETURN, [edition, edition])).lines == ()
