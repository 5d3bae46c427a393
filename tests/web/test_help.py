"""Each page says what it is for, in the reader's language; terms of the field carry their definition."""

import pytest
from django.utils import translation

from clearland.web.help import PAGES, TERMS
from tests.web.conftest import Site

ADDRESSES = ("/", "/map/", "/map/table/", "/records/hazard/", "/land/", "/figures/", "/figure/CONT-1/", "/sources/",
             "/disagreements/", "/reports/", "/search/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_says_what_it_is_for(site: Site, address: str) -> None:
    assert 'class="pop help"' in site.client.get(address).content.decode()


def test_terms_are_explained_where_they_stand(site: Site) -> None:
    page = site.client.get("/map/").content.decode()
    for name in ("CHA", "SHA", "cancelled", "reduced", "cleared", "released", "residual"):
        assert f'title="{TERMS[name]}"' in page, name
    assert f'title="{TERMS["cleared"]}"' in site.client.get("/land/?year=2022").content.decode()


@pytest.mark.parametrize("language", ["az", "ru"])
def test_help_speaks_the_readers_language(language: str) -> None:
    english = {text: str(text) for text in (*PAGES.values(), *TERMS.values())}
    with translation.override(language):
        assert not [text for text in english.values() if str(translation.gettext(text)) == text]
