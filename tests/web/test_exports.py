"""Lists taken away: what the screen shows, for whom it may, with a line that says so, and never a formula."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import python_calamine

from clearland.core.clock import fixed_clock
from clearland.exchange.cells import harmless
from clearland.ledger.rows import rows
from clearland.ledger.write import write
from clearland.work.demonstration.nation import synthetic_nation
from tests.web.conftest import DEMO, Site, reader


def table(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_filtered_list_is_exported_as_it_stands_with_a_line_that_says_so(site: Site) -> None:
    rows_ = table(site.client.get("/records/hazard/export.csv?area_type=CHA&sort=-id&page=2"))
    (note,), head, *records = rows_
    assert "area_type=CHA" in note
    assert "page" not in note
    assert "RESTRICTED" in note
    assert "SYNTHETIC" in note
    assert "not for field use" in note
    expected = rows(reader(), "hazard", unverified=True).filter(attributes__area_type="CHA")
    assert [row[0] for row in records] == sorted((hazard.local_id for hazard in expected), reverse=True)
    assert head[0] == "Number"
    assert {len(row) for row in records} == {len(head)}


def test_a_past_date_of_knowledge_holds_for_the_file(site: Site) -> None:
    (note,), _head, *records = table(site.client.get("/records/hazard/export.csv?known=2026-03-01"))
    assert "As known on 1 Mar 2026 – not for field use" in note
    assert not any("Re-surveyed" in cell for row in records for cell in row)
    (_note,), _head, *none = table(site.client.get("/records/hazard/export.csv?known=2025-01-01"))
    assert none == []


def test_text_that_a_spreadsheet_would_run_stays_text_in_both_files(site: Site) -> None:
    first = next(draft for _, draft in synthetic_nation(hazards=24).drafts if draft.local_id == "SYN-HAZARD-00003")
    standing = rows(reader(), "hazard").get(local_id=first.local_id)
    evil = replace(
        first, attributes={**first.attributes, "name": "=HYPERLINK(1)"}, based_on=standing.entry_uuid  # type: ignore[attr-defined]
    )
    write([evil], actor=DEMO, reason="A name", clock=fixed_clock(datetime(2026, 7, 1, tzinfo=UTC)))
    cells = [cell for row in table(site.client.get("/records/hazard/export.csv")) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
    book = b"".join(site.client.get("/records/hazard/export.xlsx").streaming_content)  # type: ignore[attr-defined]
    sheet = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any("'=HYPERLINK(1)" in row for row in sheet)
    assert len(sheet) == rows(reader(), "hazard", unverified=True).count() + 2
    numbers = [cell for row in sheet[2:] for cell in row if cell and not isinstance(cell, str)]
    assert {type(cell) for cell in numbers} == {float}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM", "\t=1", " =1", "\r=1"])
def test_what_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text).startswith("'")


def test_unknown_lists_and_forms_are_not_there_and_strangers_get_nothing(site: Site) -> None:
    for address in ("/records/programme/export.csv", "/records/nothing/export.xlsx", "/records/hazard/export.pdf"):
        assert site.client.get(address).status_code == 404
    from django.test import Client  # noqa: PLC0415

    assert Client().get("/records/hazard/export.csv").status_code == 302


def test_the_list_offers_its_own_filters_for_export(site: Site) -> None:
    page = site.client.get("/records/hazard/?area_type=CHA").content.decode()
    assert 'href="/records/hazard/export.csv?area_type=CHA"' in page
    part = site.client.get("/records/hazard/?area_type=SHA", headers={"HX-Request": "true"}).content.decode()
    assert 'href="/records/hazard/export.xlsx?area_type=SHA"' in part
