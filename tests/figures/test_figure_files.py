"""Figures as files, and the bridge from our number to a published one: nothing is lost, nothing is a formula."""

import csv
import io
import json
from datetime import UTC, date, datetime
from uuid import uuid4

import openpyxl
import pyarrow.parquet as pq
import pytest
import shapely
from typer.testing import CliRunner

from clearland.cli.main import app
from clearland.core.clock import fixed_clock
from clearland.core.errors import ClearlandError
from clearland.figures.bridge import bridge
from clearland.figures.disclosing import disclosed
from clearland.figures.files import file_bytes, file_format
from clearland.figures.indicators import figures
from clearland.figures.model import Scope
from clearland.figures.trace import trace
from clearland.ledger.drafts import Draft
from clearland.ledger.scope import system_actor
from clearland.ledger.snapshot import Snapshot, snapshot
from clearland.ledger.write import write

ACTOR = system_actor("demo")
CLOCK = fixed_clock(datetime(2026, 3, 1, tzinfo=UTC))
IN_2024 = Scope(period_from=date(2024, 1, 1), period_to=date(2024, 12, 31))
OUTLINE = shapely.box(-31.0, 39.0, -29.0, 41.0)


def strip(number: int) -> shapely.Polygon:
    """A piece of ground, about 8,500 m² each."""
    west = -30.0 + number * 0.001
    return shapely.box(west, 40.0, west + 0.001, 40.0009)


def nation() -> Snapshot:
    """A district with an outline (SYNTHETIC), two hazards, three operators' products and accidents."""
    ap, cmr = uuid4(), uuid4()
    wide = shapely.union_all([strip(number) for number in range(4)])

    def product(number: int, kind: str, operator: str, target: str, hazard: object) -> Draft:
        return Draft(record=uuid4(), kind="land_release", local_id=f"SYNTHETIC-P{number}", geometry=strip(number),
                     links={"hazards": (hazard,)}, attributes={  # type: ignore[dict-item]
                         "product_type": kind, "release_date": "2024-05-05", "organisation": operator, "targets": [target],
                         "district": "D-1"})  # fmt: skip

    accidents = [
        Draft(record=uuid4(), kind="accident", local_id=f"SYNTHETIC-A{n}", attributes={
            "date": f"2024-0{n + 1}-10", "district": "D-1", "device_category": "AP", "killed": killed, "injured": 3,
        })
        for n, killed in enumerate([1, 0, 0])
    ]  # fmt: skip
    write([
        Draft(record=uuid4(), kind="place", local_id="D-1", geometry=OUTLINE, attributes={
            "name": "=District (SYNTHETIC)", "place_type": "admin2", "code": "D-1",
        }),
        Draft(record=ap, kind="hazard", local_id="SYNTHETIC-H1", geometry=wide, attributes={
            "area_type": "CHA", "contamination": ["AP"], "identified_on": "2020-01-01", "district": "D-1",
        }),
        Draft(record=cmr, kind="hazard", local_id="SYNTHETIC-H2", geometry=strip(5), attributes={
            "area_type": "CHA", "contamination": ["CMR"], "identified_on": "2020-01-01", "district": "D-1",
        }),
        product(0, "cleared", "OP", "AP", ap), product(1, "cleared", "OTHER", "AP", ap), product(2, "reduced", "OP", "AP", ap),
        product(5, "cleared", "OP", "CMR", cmr),
        Draft(record=uuid4(), kind="activity_report", local_id="SYNTHETIC-R", attributes={
            "period_from": "2024-01-01", "period_to": "2024-12-31", "cleared_m2": "1000", "organisation": "OP",
        }),
        *accidents,
    ], actor=ACTOR, reason="SYNTHETIC records", clock=CLOCK)  # fmt: skip
    return snapshot()


def test_files_and_bridge(sqlite_programme):
    shot = nation()
    made = figures(shot, ["CAS-1"], scope=IN_2024) + figures(shot, ["CAS-1"], scope=IN_2024, by=["place"])
    comma(shot, made)
    workbook(shot, made)
    parquet(shot, made)
    public(shot, made)
    steps(shot)
    command(sqlite_programme.folder)


def comma(shot, made):
    text = file_bytes(shot, made, "csv", about="what it is").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["what it is"]
    assert (rows[2][0], rows[2][rows[1].index("value")], rows[2][rows[1].index("from")]) == ("CAS-1", "10.0", "2024-01-01")
    assert rows[3][rows[1].index("place_name")] == "'=District (SYNTHETIC)", "no cell is a formula"
    assert list(trace(rows[3][rows[1].index("reference")]))
    tagged = list(csv.reader(io.StringIO(file_bytes(shot, made, "hxl.csv").decode())))
    assert tagged[0][0] == "code"
    assert tagged[1][:4] == ["#indicator+code", "#indicator+name", "#adm+code", "#adm+name"]
    assert {"#meta+scope", "#meta+head", "#meta+ref"} <= set(tagged[1])
    assert all(tag.startswith("#") for tag in tagged[1])


def workbook(shot, made):
    sheet = openpyxl.load_workbook(io.BytesIO(file_bytes(shot, made, "xlsx", about="what")))["Figures"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "what"
    assert rows[2][rows[1].index("value")] == 10
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def parquet(shot, made):
    table = pq.read_table(io.BytesIO(file_bytes(shot, made, "parquet")))
    assert json.loads(table.schema.metadata[b"geo"])["primary_column"] == "geometry"
    rows = table.to_pylist()
    assert rows[0]["geometry"] is None
    assert shapely.from_wkb(rows[1]["geometry"]).equals(OUTLINE)
    assert (rows[1]["value"], rows[1]["from"]) == (10.0, date(2024, 1, 1))


def public(shot, made):
    split = made + figures(shot, ["CAS-1"], scope=IN_2024, by=["outcome"])
    text = file_bytes(shot, disclosed(shot, split, "public"), "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["value"] for row in rows] == ["10.0", "10.0", "", ""]
    assert [row["status"] for row in rows] == ["computed", "computed", "withheld", "withheld"]
    assert all(row["reference"].startswith("sealed:") for row in rows)


def steps(shot):
    told = bridge(shot, 100_000.0, scope=IN_2024, device="AP", operator="OP")
    by_name = {step.name: step.m2 for step in told}
    assert sum(step.m2 for step in told[:-1]) == pytest.approx(100_000.0)
    for name in ("narrow", "other_types", "other_actors", "reduced"):
        assert by_name[name] == pytest.approx(8_530, rel=0.02), name
    assert by_name["cancelled"] == 0
    assert by_name["reported_only"] == 1000
    assert by_name["unexplained"] == pytest.approx(100_000 - 1000 - 4 * 8_530, rel=0.02)
    assert all(step.figure is not None and step.figure.lineage.ref for step in told[:-2])


def command(folder):
    target = folder / "casualties.hxl.csv"
    found = CliRunner().invoke(app, ["--programme", str(folder), "figures", "CAS-1", "-o", str(target)])
    assert found.exit_code == 0, found.output
    assert target.read_text(encoding="utf-8").startswith("code,")


def test_a_format_that_is_none_is_refused():
    assert file_format("a.HXL.csv") == "hxl.csv"
    with pytest.raises(ClearlandError) as refused:
        file_format("a.docx")
    assert refused.value.code == "E-EXPORT-FORMAT"
