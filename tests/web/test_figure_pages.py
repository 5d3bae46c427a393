"""Pages of figures: by place and year, a question in words, the way between two numbers, ledgers restated, reconciliation."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clearland.figures.files import FORMATS
from tests.web.conftest import Site

PAGES = (
    "browse/", "browse/?code=CONT-1N", "browse/?code=FIN-1", "ask/", "ask/?q=hectares+cleared+in+2022", "restated/", "reconcile/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_every_page_opens_in_every_language(site: Site, language: str) -> None:
    site.client.post("/language/", {"language": language, "next": "/"})
    for path in PAGES:
        answer = site.client.get(f"/figures/{path}")
        assert answer.status_code == 200, path
        assert f'<html lang="{language}">' in answer.content.decode()


def test_one_figure_by_place_and_year_leads_to_its_records(site: Site) -> None:
    page = site.client.get("/figures/browse/?code=CONT-1N&first=2024&last=2026").content.decode()
    assert "Hazards open, number" in page
    assert "<th class=\"n\">2025</th>" in page
    assert "/figure/CONT-1N/?" in page


def test_it_is_taken_away_as_a_file(site: Site) -> None:
    for form in FORMATS:
        answer = site.client.get(f"/figures/browse/file.{form}?code=CONT-1N&audience=public")
        assert answer.status_code == 200
        assert "-public-" in answer.headers["Content-Disposition"]
        assert answer.content
    assert site.client.get("/figures/browse/file.docx?code=CONT-1N").status_code == 404


def test_unknown_figures_are_not_found(site: Site) -> None:
    assert site.client.get("/figures/browse/?code=NONE").status_code == 404
    assert site.client.get("/figures/bridge/none/").status_code == 404


def test_the_public_reads_no_small_number_and_no_link_to_records(site: Site) -> None:
    page = site.client.get("/figures/browse/?code=CONT-1N&audience=public").content.decode()
    table = page[page.index("<tbody>") : page.index("</table>")]
    assert "withheld" in table
    assert "/figure/CONT-1N/" not in table


def test_a_money_figure_is_chosen_by_stage_and_currency_first(site: Site) -> None:
    answer = site.client.get("/figure/FIN-1/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/figures/browse/?code=FIN-1")


def test_a_word_gets_every_figure_that_fits_and_the_bridge_to_what_was_published(site: Site) -> None:
    page = site.client.get("/figures/ask/?q=cleared+in+2022").content.decode()
    assert "The question fits several figures" in page
    assert ">LR-3<" in page
    assert "3.52 km²" in page
    href = page[page.index("/figures/bridge/") :].split('"')[0]
    bridge = site.client.get(href).content.decode()
    assert "not explained" in bridge
    assert "<svg" in bridge


def test_answers_come_in_on_the_board_and_what_is_no_workbook_is_refused(site: Site) -> None:
    sheet = site.client.get("/figures/reconcile/sheet.xlsx")
    assert sheet.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    book["Reconciliation"]["J3"] = "yes"
    out = io.BytesIO()
    book.save(out)
    wrong = SimpleUploadedFile("a.xlsx", b"no workbook")
    page = site.client.post("/figures/reconcile/answers", {"file": wrong}, follow=True).content.decode()
    assert "no reconciliation workbook" in page
    right = SimpleUploadedFile("a.xlsx", out.getvalue())
    page = site.client.post("/figures/reconcile/answers", {"file": right}, follow=True).content.decode()
    assert "1 new answers" in page
    assert site.client.get("/figures/reconcile/answers").status_code == 405
