"""What the programme can record: kinds under their themes, a list for each, and where the minimum requirements are held."""

import re

from clearland.dictionary.loader import builtin
from tests.web.conftest import Site


def page(site: Site, address: str) -> str:
    answer = site.client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_kind_stands_under_its_theme_with_a_list_of_its_own(site: Site) -> None:
    shown = page(site, "/data/")
    for theme, kinds in builtin().groups():
        assert f'id="{theme.code}"' in shown
        for kind in kinds:
            assert f'href="/records/{kind.name}/"' in shown, kind.name
    for kind in builtin().layers():
        assert kind.plural_label("en") in page(site, f"/records/{kind.name}/")


def test_navigation_shows_the_kinds_of_one_theme_only(site: Site) -> None:
    shown = page(site, "/records/accident/")
    tabs = shown[shown.index('class="tabs sub"'):].partition("</nav>")[0]
    linked = re.findall(r"/records/(\w+)/", tabs)
    victims = next(kinds for theme, kinds in builtin().groups() if theme.code == "victims")
    assert linked == [kind.name for kind in victims]
    assert len(linked) <= 10


def test_the_conformity_page_names_the_field_of_each_item_and_shows_no_sealed_value(site: Site) -> None:
    shown = page(site, "/data/conformity/")
    assert "52 of 52 items held" in shown
    assert len(re.findall(r">MDR-[A-Z]\d+<", shown)) == 52
    assert 'title="hazard.benchmark_lon"' in shown
    assert re.search(r'title="victim.full_name">[^<]+</a> <span class="quiet">\(sealed\)', shown)
    assert "lost:" not in shown


def test_the_pages_speak_the_readers_language(site: Site) -> None:
    site.client.post("/language/", {"language": "az", "next": "/"})
    assert "Zərərçəkən" in page(site, "/data/conformity/")
    site.client.post("/language/", {"language": "ru", "next": "/"})
    assert "Опасности и доказательства" in page(site, "/data/")
    site.client.post("/language/", {"language": "en", "next": "/"})


def test_a_record_titled_by_a_code_is_titled_in_words(site: Site) -> None:
    site.client.post("/language/", {"language": "az", "next": "/"})
    shown = page(site, "/records/evidence/")
    site.client.post("/language/", {"language": "en", "next": "/"})
    assert "Birbaşa" in shown
    assert ">direct<" not in shown
