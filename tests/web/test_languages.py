"""The site in three languages: catalogues compiled and whole, numbers and dates as each language writes them."""

import gettext
import io
import re
from pathlib import Path

import pytest
from django.utils import translation

from clearland.web import catalogue, formats
from clearland.web.shown import Shown
from tests.web.conftest import Site

LANGUAGES = ("az", "ru")


def po(language: str) -> str:
    return (catalogue.LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = (catalogue.LOCALE / language / "LC_MESSAGES" / "django.mo").read_bytes()
    assert compiled == catalogue.compile_catalogue(po(language)), "run: python -m clearland.web.catalogue"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_and_placeholders_agree(language: str) -> None:
    assert not re.findall(r'\nmsgid "(.+)"\nmsgstr ""\n(?!")', po(language))
    for key, value in catalogue.entries(po(language)):
        if key:
            wanted = set(re.findall(r"%\(\w+\)s|%s", key.split("\0")[0]))
            for form in value.split("\0"):
                assert set(re.findall(r"%\(\w+\)s|%s", form)) == wanted, key


def test_python_reads_what_was_compiled() -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    text = head + 'msgid "a\\n"\n"b"\nmsgstr "x\\"y"\n\n#, fuzzy\nmsgid "c"\nmsgstr "z"\n'
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compile_catalogue(text)))
    assert read.gettext("a\nb") == 'x"y'
    assert read.gettext("c") == "c"


def test_words_of_the_templates_are_in_the_catalogues() -> None:
    known = {key.split("\0")[0] for key, _ in catalogue.entries(po("az"))}
    for template in (Path(catalogue.__file__).parent / "templates").rglob("*.html"):
        for quoted in re.findall(r"{% translate (\"[^\"]+\"|'[^']+')", template.read_text(encoding="utf-8")):
            assert quoted[1:-1] in known, template.name


def test_the_language_switch_holds_for_the_visit(site: Site) -> None:
    answer = site.client.post("/language/", {"language": "az", "next": "/records/hazard/"})
    assert answer.headers["Location"] == "/records/hazard/"
    page = site.client.get("/records/hazard/").content.decode()
    assert '<html lang="az">' in page
    assert "Təhlükəli sahələr" in page
    assert "Qeydlər" in page
    site.client.post("/language/", {"language": "ru", "next": "/"})
    page = site.client.get("/land/?year=2022").content.decode()
    assert "на начало" in page
    assert "невязка" in page


@pytest.mark.parametrize(
    ("language", "number", "day", "area"),
    [
        ("en", "1,234.5", "21 Nov 2026", "12.35\N{NO-BREAK SPACE}ha"),
        ("az", "1.234,5", "21 noyabr 2026", "12,35\N{NO-BREAK SPACE}ha"),
        ("ru", "1\N{NO-BREAK SPACE}234,5", "21 ноября 2026", "12,35\N{NO-BREAK SPACE}га"),
    ],
)
def test_numbers_dates_and_units(language: str, number: str, day: str, area: str) -> None:
    with translation.override(language):
        assert formats.number("1234.5") == number
        assert formats.day("2026-11-21") == day
        shown = Shown(value=123_456, unit="m2", href="/", line="")
        assert f"{shown.text()}\N{NO-BREAK SPACE}{formats.unit_sign(shown.in_unit)}" == area


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (4, "< 0.01"), (-4, "> \N{MINUS SIGN}0.01"), (123_456, "12.35")])
def test_columns_keep_equal_decimals_and_never_print_nought_for_something(value: float, text: str) -> None:
    assert Shown(value=value, unit="m2", in_unit="ha", href="/", line="").text(2) == text
