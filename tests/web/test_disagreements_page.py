"""The page of disagreements: published figures beside ours, corrections, witnesses, reasons in the page's language."""

from tests.figures.told import paper
from tests.web.conftest import Site

SAID = {"attribute": "casualty.total", "subject": "Talmere", "period": "2020/2025"}


def test_a_published_figure_stands_beside_ours_here_and_on_the_figures_page(site: Site) -> None:
    paper("Talmere: 9999 people.", {"at": "9999 people", "value": 9999, **SAID}, filename="a.txt")
    page = site.client.get("/disagreements/?kind=figure_differs").content.decode()
    assert "9,999" in page
    assert "computed from our records" in page
    assert "They differ by" in page
    assert "What sources publish, beside ours" in site.client.get("/figure/CAS-1/").content.decode()
    site.client.post("/language/", {"language": "ru", "next": "/"})
    page = site.client.get("/disagreements/?kind=figure_differs").content.decode()
    assert "Разница:" in page
    assert "рассчитано по нашим записям" in page


def test_a_correction_and_the_witnesses_of_a_side(site: Site) -> None:
    text = "The Office first said that 31 people were hurt. It corrected this: 16 people, after a review."
    other = {"attribute": "casualty.total", "subject": "Elsewhere", "period": "2024"}
    paper(text, {"at": "31 people", "value": 31, **other}, {"at": "16 people", "value": 16, **other}, filename="a.txt")
    paper("Elsewhere: 16 people.", {"at": "16 people", "value": 16, "claimant": "Hospital", **other}, filename="b.txt")
    page = site.client.get("/disagreements/?kind=corrects").content.decode()
    assert "corrects its own figure: 16 people instead of 31 people" in page
    assert "2 independent witnesses" in page
