"""In and out on the site: a table brought in step by step, records taken out, versions chosen between."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from clearland.core.ids import record_id
from clearland.ledger.rows import rows
from tests.web.conftest import Site, reader

TABLE = (
    "Number,Name,Area type,Contamination,Identified on\nSYN-W-1,SYNTHETIC one,CHA,AP,2014-03-01\n"
    "SYN-W-2,=SUM(1),nonsense,AP,2014-03-01\n"
)


def hidden(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def handed_in(site: Site, text: str = TABLE) -> str:
    file = SimpleUploadedFile("areas.csv", text.encode())
    answer = site.client.post("/exchange/bring/", {"file": file, "kind": "hazard"})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_a_table_is_looked_at_corrected_and_added(site: Site) -> None:
    html = handed_in(site)
    assert "E-VALUE-CODE" in html
    assert 'value="add"' not in html
    html = handed_in(site, TABLE.replace("nonsense", "SHA"))
    assert "SYNTHETIC one" in html
    assert 'value="add"' in html
    form = {"token": hidden(html, "token"), "mapping": html_text(html), "action": "add"}
    before = rows(reader(), "hazard").count()
    answer = site.client.post("/exchange/bring/", form)
    assert answer.status_code == 200
    assert rows(reader(), "hazard").count() == before + 2
    # The token is the person's own and the file is gone after a day; a wrong one finds nothing, wherever it points.
    for token in ("0" * 32, "../../site.secret"):
        refused = site.client.post("/exchange/bring/", {**form, "token": token})
        assert refused.status_code == 400
        assert "E-UPLOAD-GONE" in refused.content.decode()


def html_text(html: str) -> str:
    """The YAML of the page."""
    from html import unescape  # noqa: PLC0415

    return unescape(html.split('aria-label="YAML">', 1)[1].split("</textarea>", 1)[0])


def test_a_column_chosen_by_hand_is_in_the_mapping_that_is_saved_and_taken(site: Site) -> None:
    html = handed_in(site, TABLE.replace("Area type", "kolonka"))
    number = 2
    form = {
        "token": hidden(html, "token"), "mapping": html_text(html), f"was-{number}": hidden(html, f"was-{number}"),
        f"column-{number}": "community",
    }  # fmt: skip
    yaml = site.client.post("/exchange/bring/", {**form, "action": "download"})
    assert "community: kolonka" in yaml.content.decode()
    saved = site.client.post("/exchange/bring/", {**form, "action": "save", "name": "weekly areas"})
    assert "weekly areas.yaml" in saved.content.decode()
    assert "weekly areas.yaml" in site.client.get("/exchange/bring/").content.decode()
    wrong = site.client.post("/exchange/bring/", {**form, "action": "save", "name": "../x"})
    assert "E-MAP-NAME" in wrong.content.decode()


def test_the_workbook_comes_back_with_notes(site: Site) -> None:
    html = handed_in(site)
    answer = site.client.post(
        "/exchange/bring/", {"token": hidden(html, "token"), "mapping": html_text(html), "action": "marked"}
    )
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    notes = [cell.comment.text for row in book.worksheets[0].iter_rows() for cell in row if cell.comment]
    assert any("E-VALUE-CODE" in note for note in notes)
    assert any(cell.value == "=SUM(1)" and cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_records_and_forms_are_taken_out_for_an_audience(site: Site) -> None:
    page = site.client.get("/exchange/take/").content.decode()
    assert "GeoParquet" in page
    file = site.client.get("/exchange/take/file?kind=hazard&format=geojson&audience=restricted")
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert '"RESTRICTED"' in text
    assert "SYNTHETIC" in text
    assert site.client.get("/exchange/take/file?kind=hazard&format=exe&audience=public").status_code == 404
    assert site.client.get("/exchange/take/file?kind=hazard&format=csv&audience=nobody").status_code == 400
    form = site.client.get("/exchange/take/form/hazard.xlsx")
    assert b"".join(form.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_no_conflict_is_an_empty_page_and_an_unknown_one_is_said(site: Site) -> None:
    assert "written apart" in site.client.get("/exchange/conflicts/").content.decode()
    gone = site.client.get(f"/exchange/conflicts/{record_id('no', 'such')}/")
    assert "E-CONFLICT-NONE" in gone.content.decode()
