"""A long table read in portions gives the plan it gives in one piece, in memory that does not grow with it."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from clearland.dictionary.model import Dictionary
from clearland.intake import identity, tables
from clearland.intake import plan as plans
from clearland.intake.mapping import parse_mappings
from clearland.intake.opening import open_file
from clearland.intake.plan import Circumstances, Plan, plan
from clearland.ledger import spool
from tests.intake import files

MAPPING = """
kind: accident
series: portions
local_id: "{id}-{occurrence}"
key: {columns: [id], order: [killed]}
geometry: {longitude: lon, latitude: lat, swapped: where_outside}
fields: {date: date, device_category: device, killed: killed, injured: injured, district: district, demining: {constant: false}}
skip: {where: {id: [Total]}}
"""
DATED = """
kind: accident
series: s
local_id: id
fields: {date: date, device_category: device, demining: {constant: false}}
geometry: {missing: allow}
"""
LINKED = """
tables:
  - {kind: hazard, series: s, local_id: id, fields: {name: name, area_type: type, contamination: what}, geometry: {wkt: shape},
     links: {parent_hazard: {column: parent, kind: hazard}}}
"""


@pytest.fixture(params=[20_000, 7, 1])
def portion(request, monkeypatch) -> int:
    monkeypatch.setattr(tables, "PORTION", request.param)
    monkeypatch.setattr(spool, "HELD", request.param)
    return int(request.param)


def planned(path: Path, mapping: str, dictionary: Dictionary, circumstances: Circumstances) -> Plan:
    found, mappings = open_file(path, parse_mappings(mapping, "m"), dictionary)
    return plan(found, mappings, dictionary, {}, circumstances)


def told(found: Plan) -> tuple[object, ...]:
    drafts = [
        (draft.record, draft.local_id, draft.attributes, draft.links, str(draft.geometry), draft.origin) for draft in found.drafts
    ]
    rows = [(row.place.row, row.status, row.local_id) for row in found.rows]
    return drafts, rows, sorted(str(finding.as_json()) for finding in found.findings)


SHEET = "\n".join([
    "id,date,device,killed,injured,district,lon,lat",
    *(
        f"A-{number // 2},{13 + number % 9}/01/2019,AP,{number % 3},1,D{number % 4},{46 + number / 100},{40 + number / 100}"
        for number in range(20)
    ),
    "A-9,19/01/2019,AP,0,1,D1,40.2,46.2",  # its axes the other way round
    "Total,,,60,,,,",
    "A-30,3/4/2019,AV,1,,D1,46.5,40.5,a stray cell",
    "A-30,3/4/2019,AV,1,,D1,46.5,40.5,a stray cell",
    ",1/2/2019,AV,1,,D1,46.5,40.5",
    "A-31,1/2/2019,spoon,many,,D1,46.5,40.5",
])  # fmt: skip


def test_a_sheet_gives_one_plan_whatever_its_portions(tmp_path, dictionary, circumstances, portion):
    setting = replace(circumstances, box=None)
    found = planned(files.csv_file(tmp_path, SHEET), MAPPING, dictionary, setting)
    assert {finding.code for finding in found.findings} >= {
        "E-KEY-BLANK", "E-VALUE-CODE", "E-VALUE-NUMBER", "G-EXCHANGED", "W-ROW-DUPLICATE", "W-TABLE-CELL-BEYOND-HEADER",
    }  # fmt: skip
    assert (len(found.rows), found.refused, found.new, found.duplicate_rows) == (25, 2, 23, 1)
    whole = told(found)
    with pytest.MonkeyPatch.context() as again:
        again.setattr(tables, "PORTION", 20_000)
        one = told(planned(files.csv_file(tmp_path, SHEET), MAPPING, dictionary, setting))
    assert whole[:2] == one[:2]
    assert whole[2] == one[2]


def test_links_lead_to_other_portions_and_outlines_that_stand_twice_are_found(tmp_path, dictionary, circumstances, portion):
    shape = '"POLYGON ((46 40, 46.01 40, 46.01 40.01, 46 40))"'
    rows = [f"H-{number},N{number},SHA,AP,H-{(number + 9) % 12},{shape}" for number in range(12)]
    lines = ["id,name,type,what,parent,shape", *rows]
    found = planned(files.csv_file(tmp_path, "\n".join(lines)), LINKED, dictionary, circumstances)
    assert found.errors == ()
    by_name = {draft.local_id: draft for draft in found.drafts}
    assert by_name["H-5"].links == {"parent_hazard": (by_name["H-2"].record,)}
    assert [finding.place.row for finding in found.findings if finding.code == "W-GEOM-TWICE"] == list(range(3, 14))


def test_a_date_order_that_one_row_tells_holds_for_all_portions(tmp_path, dictionary, circumstances, portion):
    lines = ["id,date,device", *(f"A-{number},3/4/2019,AP" for number in range(20)), "A-20,25/4/2019,AP"]
    found = planned(files.csv_file(tmp_path, "\n".join(lines)), DATED, dictionary, circumstances)
    assert {draft.attributes["date"] for draft in found.drafts} == {"2019-04-03", "2019-04-25"}
    unsaid = files.csv_file(tmp_path, "\n".join(lines[:-1]))
    refused = planned(unsaid, DATED, dictionary, circumstances)
    assert [finding.code for finding in refused.findings if finding.code == "E-DATE-ORDER"] == ["E-DATE-ORDER"]


def test_findings_that_nobody_could_read_are_counted(tmp_path, dictionary, circumstances, monkeypatch):
    monkeypatch.setattr(plans, "MOST_LISTED", 3)
    lines = ["id,date,device", *(f"A-{number},soon,AP" for number in range(8))]
    found = planned(files.csv_file(tmp_path, "\n".join(lines)), DATED, dictionary, circumstances)
    assert [finding.values for finding in found.findings if finding.code == "I-PLAN-MORE"] == [{"findings": 8}] * 2
    # Each day is neither read nor, then, there.
    assert (len(found.errors), found.error_count, found.refused) == (6, 16, 8)


MOST_BYTES_A_ROW = 1_000  # its line of the file, four digests and a number; its cells, values and geometry take four times that


def peak_bytes(folder: Path, rows: int, dictionary: Dictionary, circumstances: Circumstances) -> int:
    lines = ["id,date,device,killed,injured,district,lon,lat"]
    lines += [f"A-{number},2019-01-02,AP,1,{number},D{number % 60},46.{number:06d},40.5" for number in range(rows)]
    path = files.csv_file(folder, "\n".join(lines))
    tracemalloc.start()
    try:
        assert planned(path, MAPPING, dictionary, circumstances).new == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_sheet(tmp_path, dictionary, circumstances, monkeypatch):
    monkeypatch.setattr(tables, "PORTION", 500)
    monkeypatch.setattr(spool, "HELD", 500)
    monkeypatch.setattr(plans, "PORTION", 500)
    monkeypatch.setattr(identity, "PORTION", 500)
    few, many = (peak_bytes(tmp_path, rows, dictionary, circumstances) for rows in (2_000, 8_000))
    assert (many - few) / 6_000 < MOST_BYTES_A_ROW
