"""Rows to drafts: values, keys, links, conflicts, legacy sources, geometry; errors by sheet, row and column."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from clearland.core.errors import RefusedInput
from clearland.dictionary.model import Dictionary
from clearland.intake.existing import Content, ExistingState
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, Plan, plan
from tests.intake import files

RETURNS = """
kind: activity_report
series: returns
key: {columns: [district, month], order: [cleared desc]}
fields:
  period_from: {column: month, take: first_day}
  period_to: {column: month, take: last_day}
  district: district
  cleared_m2: {column: cleared, unit: ha}
  ap_destroyed: mines
"""
PLACES = """
kind: place
local_id: code
geometry: {longitude: lon, latitude: lat}
fields: {name: name, code: code, place_type: {constant: settlement}}
"""
HAZARDS = """
kind: hazard
series: hazards
local_id: name
legacy: true
fields: {name: name}
"""


def planned(
    folder: Path,
    text: str,
    mapping: str,
    dictionary: Dictionary,
    circumstances: Circumstances,
    existing: dict[UUID, ExistingState] | None = None,
) -> Plan:
    path = files.csv_file(folder, text)
    tables, mappings = open_file(path, parse_mappings(mapping, "m"), dictionary)
    return plan(tables, mappings, dictionary, existing or {}, circumstances)


def states(found: Plan) -> dict[UUID, ExistingState]:
    return {
        draft.record: ExistingState(
            content=Content(kind=draft.kind, local_id=draft.local_id, attributes=draft.attributes),
            head=uuid4(),
            state=draft.state,
        )
        for draft in found.drafts
    }


def codes(found: Plan) -> set[str]:
    return {finding.code for finding in found.findings}


TWO_RETURNS = "district,month,cleared,mines\nŞuşa,2014-03,1.5,2\nAğdam,2014-03,0,0\n"


def test_values_units_and_periods(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    first, second = planned(tmp_path, TWO_RETURNS, RETURNS, dictionary, circumstances).drafts
    assert first.attributes == {
        "period_from": "2014-03-01",
        "period_to": "2014-03-31",
        "district": "Şuşa",
        "cleared_m2": "15000",
        "ap_destroyed": 2,
    }
    assert second.attributes["cleared_m2"] == "0"
    assert first.local_id == "susa/2014-03"


def test_new_same_changed(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    before = planned(tmp_path, TWO_RETURNS, RETURNS, dictionary, circumstances)
    known = states(before)
    text = TWO_RETURNS.replace("Şuşa,2014-03,1.5,2", "SUSA,2014-03,1.5,3") + "Xocalı,2014-03,0,0\n"
    after = planned(tmp_path, text, RETURNS, dictionary, circumstances, known)
    assert [(row.status, row.differs) for row in after.rows] == [
        ("changed", ("ap_destroyed", "district")),
        ("same", ()),
        ("new", ()),
    ]
    assert after.drafts[0].based_on == known[after.drafts[0].record].head
    assert after.as_json()["changed"] == 1


def test_equal_keys_pair_by_content_in_any_order(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    lines = ["A,2014-03,1,1", "A,2014-03,3,1", "A,2014-03,2,1"]
    head = "district,month,cleared,mines\n"
    before = planned(tmp_path, head + "\n".join(lines), RETURNS, dictionary, circumstances)
    after = planned(tmp_path, head + "\n".join(reversed(lines)), RETURNS, dictionary, circumstances, states(before))
    assert (after.same, after.changed) == (3, 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8),
    seed=st.randoms(),
)
def test_the_order_of_a_file_never_changes_what_it_says(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances, rows, seed
):
    mapping = RETURNS.replace("order: [cleared desc]", "order: [cleared desc, mines]")
    head = "district,month,cleared,mines\n"
    lines = [f"{district},2014-03,{cleared},{mines}" for district, cleared, mines in rows]
    before = planned(tmp_path, head + "\n".join(lines), mapping, dictionary, circumstances)
    seed.shuffle(lines)
    after = planned(tmp_path, head + "\n".join(lines), mapping, dictionary, circumstances)
    assert {d.record: d.attributes for d in before.drafts} == {d.record: d.attributes for d in after.drafts}


def test_exact_duplicates_count_and_are_findings(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    found = planned(tmp_path, TWO_RETURNS + "Ağdam,2014-03,0,0\n", RETURNS, dictionary, circumstances)
    assert (found.new, found.duplicate_rows) == (3, 1)
    (finding,) = found.findings
    assert (finding.code, finding.place.row) == ("W-ROW-DUPLICATE", 4)
    assert len({draft.record for draft in found.drafts}) == 3


def test_a_persons_correction_is_a_conflict_and_stays_when_the_file_says_nothing_new(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
):
    before = planned(tmp_path, TWO_RETURNS, RETURNS, dictionary, circumstances)
    known = states(before)
    record = before.drafts[0].record
    imported = known[record].content
    mended = replace(imported, attributes={**imported.attributes, "ap_destroyed": 9})
    known[record] = replace(known[record], content=mended, imported=imported)
    again = planned(tmp_path, TWO_RETURNS, RETURNS, dictionary, circumstances, known)
    assert again.same == 2
    assert again.drafts[0].attributes["ap_destroyed"] == 9
    other = TWO_RETURNS.replace("1.5,2", "1.5,4")
    clash = planned(tmp_path, other, RETURNS, dictionary, circumstances, known)
    assert (clash.conflicting, codes(clash)) == (1, {"E-PLAN-CONFLICT"})
    with pytest.raises(RefusedInput):
        clash.refuse_if_wrong()
    decisions: list[tuple[Literal["keep", "take"], int]] = [("keep", 9), ("take", 4)]
    for decision, mines in decisions:
        decided = planned(tmp_path, other, RETURNS, dictionary, replace(circumstances, on_conflict=decision), known)
        decided.refuse_if_wrong()
        assert decided.drafts[0].attributes["ap_destroyed"] == mines


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("A,2014-03,abc,1", "E-VALUE-NUMBER", "cleared"),
        ("A,2014-03,1 ha,1", "E-VALUE-NUMBER", "cleared"),
        ("A,March,1,1", "E-VALUE-DATE", "month"),
        ("A,,1,1", "E-VALUE-MISSING", "month"),
        ("A,2014-03,1,1.5", "E-VALUE-TYPE", "mines"),
        ("A,2014-03,1,-4", "E-VALUE-RANGE", "mines"),
        (",,1,1", "E-KEY-BLANK", "district"),
    ],
)
def test_one_wrong_cell_refuses_the_file_with_its_place(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances, line: str, code: str, column: str
):
    found = planned(tmp_path, TWO_RETURNS + line + "\n", RETURNS, dictionary, circumstances)
    errors = [finding for finding in found.errors if finding.code == code]
    assert errors
    assert (errors[0].place.file, errors[0].place.row, errors[0].place.column) == ("table.csv", 4, column)
    assert found.refused == 1
    with pytest.raises(RefusedInput) as caught:
        found.refuse_if_wrong()
    assert "Nothing of the file was added" in caught.value.sentence


def test_ambiguous_marks_and_hidden_units_are_refused(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    found = planned(tmp_path, 'district,month,cleared,mines\nA,2014-03,"1,234",1\n', RETURNS, dictionary, circumstances)
    assert "E-NUMBER-MARKS" in codes(found)
    mapping = RETURNS.replace("{column: cleared, unit: ha}", "cleared_ha").replace("cleared desc", "cleared_ha desc")
    found = planned(tmp_path, TWO_RETURNS.replace("cleared", "cleared_ha"), mapping, dictionary, circumstances)
    assert "E-MAP-UNIT" in codes(found)


def test_dates_must_be_in_order_and_past(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    mapping = RETURNS.replace("period_from: {column: month, take: first_day}", "period_from: start").replace(
        "period_to: {column: month, take: last_day}", "period_to: month"
    )
    text = "district,start,month,cleared,mines\nA,2014-03-02,2014-03-01,1,1\nB,2099-01-01,2099-02-01,1,1\n"
    found = planned(tmp_path, text, mapping, dictionary, circumstances)
    assert {(finding.code, finding.place.row) for finding in found.errors} == {
        ("E-DATE-REVERSED", 2),
        ("E-DATE-FUTURE", 3),
    }


def test_legacy_gaps_are_counted_and_block_nothing(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    found = planned(tmp_path, "name\nH-1\nH-2\n", HAZARDS, dictionary, circumstances)
    assert (found.new, found.errors) == (2, ())
    assert found.legacy_gaps > 0
    many = planned(tmp_path, "name\n" + "\n".join(f"H-{n}" for n in range(90)), HAZARDS, dictionary, circumstances)
    assert many.legacy_gaps == 45 * found.legacy_gaps
    assert len(many.findings) < many.legacy_gaps
    assert {finding.values["rows"] for finding in many.findings if finding.code == "I-LEGACY-GAPS"} == {90}
    strict = planned(tmp_path, "name\nH-1\nH-2\n", HAZARDS.replace("legacy: true\n", ""), dictionary, circumstances)
    assert strict.refused == 2


def test_repeated_local_ids_are_refused(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    text = "code,name,lon,lat\nA,a,46.9,39.8\nA,b,46.8,39.8\n,c,46.8,39.8\n"
    found = planned(tmp_path, text, PLACES, dictionary, circumstances)
    assert {("E-ID-TWICE", 3), ("E-KEY-BLANK", 4)} <= {(f.code, f.place.row) for f in found.errors}


def test_a_row_known_by_its_local_id_is_the_record_that_bears_it(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
):
    record = uuid4()
    known = replace(circumstances, linked=lambda kind, ids: {"A": record} if kind == "place" and "A" in ids else {})
    (draft,) = planned(tmp_path, "code,name,lon,lat\nA,a,46.9,39.8\n", PLACES, dictionary, known).drafts
    assert draft.record == record


def test_links_by_local_id_within_the_file_and_in_the_ledger(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances
):
    mapping = RETURNS + "links:\n  hazards: {column: hazards, kind: hazard, by: local_id}\n"
    text = "district,month,cleared,mines,hazards\nA,2014-03,1,1,H-1; H-2\nB,2014-03,1,1,H-3\n"
    ids = {"H-1": uuid4(), "H-2": uuid4()}
    known = replace(circumstances, linked=lambda kind, names: {n: ids[n] for n in names if n in ids and kind == "hazard"})
    found = planned(tmp_path, text, mapping, dictionary, known)
    assert set(found.drafts[0].links["hazards"]) == set(ids.values())
    (error,) = found.errors
    assert (error.code, error.place.row, error.place.column) == ("E-LINK-NONE", 3, "hazards")


def test_swapped_zero_and_foreign_points(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    text = (
        "code,name,lon,lat\nA,a,39.8,46.9\nB,b,0,0\nC,c,2.3,48.8\nD,d,46.9,39.8\nE,e,,\nF,f,46.9,\nG,g,x,39.8\nH,h,39.8,146.9\n"
    )
    found = planned(tmp_path, text, PLACES, dictionary, circumstances)
    said = {(finding.code, finding.place.row) for finding in found.findings}
    assert {
        ("G-SWAPPED", 2),
        ("G-ZERO-ZERO", 3),
        ("W-GEOM-OUTSIDE", 4),
        ("E-GEOM-COORDINATE", 7),
        ("E-GEOM-COORDINATE", 8),
        ("G-SWAPPED", 9),
    } == said - {("E-GEOM-COORDINATE", 6)}
    assert found.refused == 5
    mended = PLACES.replace("latitude: lat}", "latitude: lat, swapped: true}")
    (draft,) = planned(tmp_path, text.split("B,b", maxsplit=1)[0], mended, dictionary, circumstances).drafts
    assert draft.geometry is not None
    assert (draft.geometry.x, draft.geometry.y) == (46.9, 39.8)


def test_columns_in_metres_are_transformed(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    found = planned(tmp_path, "code,name,lon,lat\nA,a,660000,4400000\n", PLACES + "crs: EPSG:32638\n", dictionary, circumstances)
    (draft,) = found.drafts
    assert draft.geometry is not None
    assert draft.geometry.x == pytest.approx(46.866, abs=0.01)
    unknown = PLACES + "crs: EPSG:999999\n"
    with pytest.raises(RefusedInput, match="is not known"):
        planned(tmp_path, "code,name,lon,lat\nA,a,1,1\n", unknown, dictionary, circumstances)


def layered(
    folder: Path,
    geometries: list[BaseGeometry | None],
    dictionary: Dictionary,
    circumstances: Circumstances,
    more: str = "",
) -> Plan:
    path = folder / "areas.gpkg"
    path.unlink(missing_ok=True)
    files.layer(path, geometries, driver="GPKG", layer_name="areas")
    tables, mappings = open_file(path, parse_mappings(HAZARDS + more, "m"), dictionary)
    return plan(tables, mappings, dictionary, {}, circumstances)


def test_null_and_broken_polygons(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    sliver = shapely.Polygon([(46.9, 39.8), (46.91, 39.81), (46.9, 39.8), (46.9, 39.8)])
    found = layered(tmp_path, [files.SQUARE, None, files.BOW_TIE, sliver], dictionary, circumstances)
    said = {(finding.code, finding.place.row) for finding in found.findings}
    assert {("G-NULL", 2), ("G-CROSSES-ITSELF", 3)} <= said
    assert {row for code, row in said if code in ("G-ZERO-AREA", "G-NO-AREA", "G-DOUBLE-VERTEX")} == {4}
    assert [row.status for row in found.rows] == ["new", "refused", "new", "refused"]
    mended = found.drafts[1].geometry
    assert mended is not None
    assert mended.is_valid
    allowed = layered(tmp_path, [None], dictionary, circumstances, "geometry: {missing: allow}\n")
    assert allowed.errors == ()


def test_same_polygon_twice_and_sizes_out_of_range(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    speck, country = shapely.box(46.9, 39.8, 46.90001, 39.80001), shapely.box(46, 39, 47, 40)
    found = layered(tmp_path, [files.SQUARE, files.SQUARE, speck, country], dictionary, circumstances)
    assert {("W-GEOM-TWICE", 2), ("W-AREA-SIZE", 3), ("W-AREA-SIZE", 4)} <= {(f.code, f.place.row) for f in found.findings}


@pytest.mark.parametrize(
    ("stated", "code"),
    [("950827", None), ("1100000", "W-AREA-STATED"), ("2000000", "E-AREA-STATED"), ("95", "E-AREA-UNIT")],
)
def test_stated_area_against_the_polygon(
    tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances, stated: str, code: str | None
):
    wkt = files.SQUARE.wkt  # 950,827 m²
    mapping = HAZARDS.replace("{name: name}", "{name: name, area_reported_m2: stated}") + "geometry: {wkt: wkt}\n"
    found = planned(tmp_path, f'name,stated,wkt\nH-1,{stated},"{wkt}"\n', mapping, dictionary, circumstances)
    said = {finding.code for finding in found.findings if "AREA" in finding.code}
    assert said == ({code} if code else set())


def test_skipped_rows_blanks_and_templates(tmp_path: Path, dictionary: Dictionary, circumstances: Circumstances):
    mapping = RETURNS + "skip: {where: {district: TOTAL}, rows: [2]}\nblanks: ['-']\nlocal_id: 'R/{district}/{occurrence}'\n"
    text = "district,month,cleared,mines\nx,2014-03,1,1\nA,2014-03,-,1\nTOTAL,,9,9\n"
    (draft,) = planned(tmp_path, text, mapping, dictionary, circumstances).drafts
    assert draft.local_id == "R/A/1"
    assert "cleared_m2" not in draft.attributes


def test_full_editions_say_what_they_do_not_repeat(tmp_path: Path, dictionary: Dictionary):
    before = planned(tmp_path, TWO_RETURNS, RETURNS, dictionary, Circumstances(today=date(2026, 1, 1)))
    records = frozenset(draft.record for draft in before.drafts)
    after = planned(
        tmp_path,
        TWO_RETURNS.splitlines()[0] + "\nŞuşa,2014-03,1.5,2\n",
        RETURNS,
        dictionary,
        Circumstances(today=date(2026, 1, 1), in_series=records),
        states(before),
    )
    assert after.missing == (before.drafts[1].record,)
