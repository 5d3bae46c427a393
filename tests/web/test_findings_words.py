"""Findings and questions of efficiency speak the page's language."""

from pathlib import Path

import clearland.figures.efficiency as module
from clearland.figures.finding_words import said
from clearland.web import catalogue
from tests.web.conftest import Site


def test_findings_in_russian(site: Site) -> None:
    english = site.client.get("/findings/").content.decode()
    site.client.post("/language/", {"language": "ru", "next": "/"})
    page = site.client.get("/findings/").content.decode()
    wanted = ("L-PRODUCT-OVERLAP", "L-HAZARDS-OVERLAP", "L-FIND-NO-HAZARD", "L-CLEARED-NO-FIND")
    codes = {code for code in wanted if code in english}
    assert codes
    for code in codes:
        words = said(code, "ru")
        assert words is not None
        assert words[0] in page


def test_every_question_of_efficiency_is_in_the_catalogues() -> None:
    source = Path(module.__file__).read_text(encoding="utf-8")
    for language in ("az", "ru"):
        text = (catalogue.LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
        known = [key for key, _ in catalogue.entries(text) if key.endswith("?")]
        assert sum(f'"{key}"' in source for key in known) >= source.count('?"')
